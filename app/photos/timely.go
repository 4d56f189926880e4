package photos

import (
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// unbegun are the states of a treatment of which nothing was done yet.
var unbegun = []term.TreatmentState{term.TreatmentScheduled, term.TreatmentSignedIn, term.TreatmentTimedOut}

// ofTreating are the kinds that show what a treatment does: they are taken by those who treat,
// at the time that their name says.
var ofTreating = []string{"baseline", "immediate"}

// ofNothing are the kinds that a cancelled treatment, of which nothing was done, may still get:
// portraits and papers.
var ofNothing = withoutConsent

// Scene is what decides whether a picture can show what its kind says. It is one rule for every
// way in: the album, the treatment's own page and the record.
type Scene struct {
	visit     store.Visit
	treatment store.Treatment // the zero row for a picture of the visit as a whole
	begun     bool            // something that leaves a trace was begun
	injected  bool            // the place of the treatment was injected today
}

// SceneOf reads the scene of a visit, or of one of its treatments.
func SceneOf(r *store.Read, v store.Visit, t store.Treatment) (Scene, error) {
	s := Scene{visit: v, treatment: t}
	if t.ID == 0 {
		return s, s.whole(r)
	}
	s.begun = !slices.Contains(unbegun, t.State)
	if s.begun {
		return s, nil
	}
	item, err := r.Item(t.Item)
	if err != nil {
		return s, err
	}
	done, err := TouchedBy(r, t, item)
	s.injected = done.injected()
	return s, err
}

// whole looks whether any treatment of the visit has left a trace.
func (s *Scene) whole(r *store.Read) error {
	list, err := r.TreatmentsOf(s.visit.ID)
	if err != nil {
		return err
	}
	items, err := itemsOf(r, list)
	s.begun = slices.ContainsFunc(list, func(x store.Treatment) bool {
		return !x.StartedAt.IsZero() && !defaults.LeavesNothing(items[x.Item].Kind)
	})
	return err
}

// May refuses a picture of a visit that is over, of a treatment that was called off, by somebody
// who does not treat, and one that cannot show what its kind says: a baseline is taken before
// anything was done (S4-06), an immediate picture after it (S5-02).
func (s Scene) May(by access.Actor, kind string) error {
	if !s.visit.Open() {
		return fault.Refuse("S1-03", "consultation.visit.closed", s.visit.Number, fault.Word(s.visit.State.Key())).At(s.path())
	}
	if s.treatment.State == term.TreatmentCancelled && !slices.Contains(ofNothing, kind) {
		return s.refuseState(kind)
	}
	if kind == "review" && s.treatment.ID != 0 && !s.begun { // there is nothing yet to look at again
		return s.refuseState(kind)
	}
	if !slices.Contains(ofTreating, kind) {
		return nil
	}
	if !by.May(access.TreatmentPhoto) {
		return fault.Forbidden(string(access.TreatmentPhoto))
	}
	if kind == "baseline" {
		return s.mayBefore()
	}
	return s.mayAfter()
}

// kinds lists what the actor may take now; where that is nothing, it says why.
func (s Scene) kinds(by access.Actor) ([]string, error) {
	if err := s.May(by, "attachment"); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(Kinds), func(kind string) bool { return s.May(by, kind) != nil }), nil
}

func (s Scene) mayBefore() error {
	switch {
	case s.begun && s.treatment.ID == 0:
		return fault.Refuse("S4-06", "media.refuse.baseline_visit").At(s.path())
	case s.begun:
		return fault.Refuse("S4-06", "procedure.refuse.baseline_late").At(s.path())
	case s.injected:
		return fault.Refuse("S4-06", "procedure.refuse.baseline_injected").At(s.path())
	}
	return nil
}

func (s Scene) mayAfter() error {
	switch {
	case s.begun:
		return nil
	case s.treatment.ID == 0:
		return fault.Refuse("S5-02", "media.refuse.immediate_visit").At(s.path())
	}
	return s.refuseState("immediate")
}

func (s Scene) refuseState(kind string) error {
	return fault.Refuse("S5-02", "procedure.refuse.state", s.treatment.Number, fault.Word(s.treatment.State.Key()),
		fault.Word("media.kind."+kind)).At(s.path())
}

func (s Scene) path() string {
	if s.treatment.ID == 0 {
		return fmt.Sprintf("/visit/%d", s.visit.ID)
	}
	return fmt.Sprintf("/procedure/%d", s.treatment.ID)
}
