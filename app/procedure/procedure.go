// Package procedure is the treatment room: the pre-op gate, the three checks (sign-in,
// time-out, sign-out), the procedure itself with its record, counts and observation (SOP
// stages S4 and S5). A treatment walks the state machine of rules.go; every way through it is
// a deed, and the gates hold in the deeds, whatever a screen shows.
package procedure

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/media"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/inventory"
	"meixu/app/live"
	"meixu/app/people"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of evidence that this room gives to the SOP.
const (
	ProveIdentity  = "identity.checked"         // S4-01
	ProveMark      = "site.marked"              // S4-02
	ProveToday     = "form.today"               // S4-03
	ProveSkinTest  = "skintest.passed"          // S4-04
	ProveClear     = "contraindication.cleared" // S4-05
	ProvePhoto     = "photo.baseline"           // S4-06
	ProveLot       = "lot.taken"                // S4-07
	ProveToxin     = "toxin.two_person"         // S4-08
	ProveCompanion = "companion.confirmed"      // S4-12
	ProveTimeOut   = "form.timeout"             // S5-01
	ProveStarted   = "procedure.started"        // S5-02
	ProveRecord    = "form.procedure"           // S5-03
	ProveReaction  = "reaction.observed"        // S5-04
	ProveStopped   = "procedure.stopped"        // S5-05
	ProveWaste     = "waste.destroyed"          // S5-06
	ProveCounts    = "counts.matched"           // S5-07
	ProveSignOut   = "form.signout"             // S5-08
	ProveSigned    = "record.signed"            // S5-09
	ProveObserved  = "observation.over"         // S5-10
)

// Signals that other rooms may hang on (sop.Engine.On).
const (
	// SignalFinished is given when a treatment was signed out, of every depth.
	SignalFinished = "procedure.finished"
	// SignalCancelled is given when a treatment was called off before it began.
	SignalCancelled = "treatment.cancelled"
	// SignalReleased is given when the client may leave after a treatment.
	SignalReleased = "treatment.released"
)

// ConfirmPIN checks that a person typed the own PIN; slow on purpose, so it is called before
// a write. The administration's office has it.
type ConfirmPIN func(ctx context.Context, by access.Actor, staff term.StaffID, pin string) error

// Suite is the service of the treatment rooms.
type Suite struct {
	deed.Doer
	flow    *sop.Engine
	shelf   *media.Shelf
	confirm ConfirmPIN
	back    *feedback.Office
}

// House is what the suite needs of other rooms.
type House struct {
	Confirm  ConfirmPIN
	Feedback *feedback.Office
}

// New makes the suite and tells the SOP engine what it proves and what it waits for.
func New(d deed.Doer, flow *sop.Engine, shelf *media.Shelf, house House) *Suite {
	s := &Suite{Doer: d, flow: flow, shelf: shelf, confirm: house.Confirm, back: house.Feedback}
	s.prove()
	s.listen()
	return s
}

// Report begins the adverse event form (F11) of a treatment that was stopped (S5-05).
func (s *Suite) Report(ctx context.Context, by access.Actor, id term.TreatmentID) (term.AnswerID, error) {
	return s.back.ReportTreatment(ctx, by, id)
}

// Path is the page of a treatment.
func Path(id term.TreatmentID) string { return fmt.Sprintf("/procedure/%d", id) }

// work is one deed on one treatment: what every deed of this room reads first.
type work struct {
	s    *Suite
	tx   *store.Tx
	by   access.Actor
	t    store.Treatment
	item store.Item
	// flags are the red flags that a sign-out has answered for.
	flags []feedback.Sighting
}

// do opens a write on a treatment, checks that its state allows the deed, runs fn and saves
// the treatment when fn changed it.
func (s *Suite) do(
	ctx context.Context, by access.Actor, p access.Permission, id term.TreatmentID, fn func(*work) error,
) error {
	return s.WriteOn(ctx, by, p, ref(id), func(tx *store.Tx) error {
		t, err := read(tx.Read, id)
		if err != nil {
			return err
		}
		if err := may(t, p); err != nil {
			return s.overtaken(tx.Read, t, p, err)
		}
		item, err := tx.Item(t.Item)
		if err != nil {
			return err
		}
		w := &work{s: s, tx: tx, by: by, t: t, item: item}
		tx.Result("treatment", int64(id))
		w.news()
		return fn(w)
	})
}

// overtaken says to the loser of a race who did what was to be done, and when: the newest
// step that was stamped on the treatment.
func (s *Suite) overtaken(r *store.Read, t store.Treatment, p access.Permission, refusal error) error {
	stamps, err := r.SOPStamps(t.Visit)
	if err != nil {
		return err
	}
	var last store.SOPStamp
	for _, x := range stamps {
		if x.Treatment == t.ID && x.State == store.StampDone && x.Staff != 0 && !x.DoneAt.Before(last.DoneAt) {
			last = x
		}
	}
	if last.ID == 0 || slices.Contains(before[:1], t.State) {
		return refusal
	}
	who, err := r.Staff(last.Staff)
	if err != nil {
		return err
	}
	return fault.Refuse(orderRule(p), "procedure.refuse.overtaken", t.Number, fault.Word(t.State.Key()), who.Name,
		last.DoneAt.Clock(r.Zone()), last.Step, fault.Word("procedure.deed."+string(p))).At(Path(t.ID))
}

func read(r *store.Read, id term.TreatmentID) (store.Treatment, error) {
	t, err := r.Treatment(id)
	if errors.Is(err, store.ErrNotFound) {
		return t, fault.NotFound("treatment").Because(err)
	}
	return t, err
}

func ref(id term.TreatmentID) store.Subject { return store.Subject{Noun: "treatment", ID: int64(id)} }

func (w *work) on() sop.Subject { return sop.Subject{Visit: w.t.Visit, Treatment: w.t.ID} }

// prove stamps the steps of a kind; the evidence is the treatment itself unless another row
// is named.
func (w *work) prove(kind string, evidence store.Subject) error {
	if evidence.Noun == "" {
		evidence = ref(w.t.ID)
	}
	return w.s.flow.Prove(w.tx, w.by, w.on(), kind, evidence)
}

// note adds a note around the treatment and gives its subject, to prove with.
func (w *work) note(kind string, second term.StaffID, body store.NoteBody) (store.Subject, error) {
	n := store.TreatmentNote{
		Treatment: w.t.ID, Client: w.t.Client, Kind: kind, Staff: w.by.Staff, Second: second, Body: body,
	}
	err := w.tx.AddTreatmentNote(&n)
	return store.Subject{Noun: "treatment_note", ID: n.ID}, err
}

func (w *work) save() error { return w.tx.SaveTreatment(&w.t) }

// refuse names this treatment's page as the place to mend.
func (w *work) refuse(rule, key string, args ...any) *fault.Error {
	return fault.Refuse(rule, key, args...).At(Path(w.t.ID))
}

func (w *work) news() {
	w.tx.Publish(live.Board)
	w.tx.Publish(fmt.Sprintf("visit:%d", w.t.Visit))
}

// Second is the other person of a two-person check, confirmed by the own PIN.
type Second struct {
	Staff term.StaffID
	PIN   string
}

// second confirms the second person before the write: somebody else, of a medical duty, with
// the right PIN. Wrong input is added to f; an error is anything else. Who may not do p is told so
// first: nobody learns about another's PIN by a deed that is not theirs.
func (s *Suite) second(ctx context.Context, by access.Actor, p access.Permission, in Second, f *fault.Fields) error {
	if !by.May(p) {
		return fault.Forbidden(string(p))
	}
	if in.Staff == 0 {
		f.Add("second", "procedure.second.missing")
		return nil
	}
	if in.Staff == by.Staff {
		f.Add("second", "procedure.second.same")
		return nil
	}
	err := s.confirm(ctx, by, in.Staff, in.PIN)
	if bad, wrong := fault.FieldsOf(err); wrong {
		f.Add("second_pin", bad[0].Key, bad[0].Args...)
		return nil
	}
	return err
}

// witness reads whether the second person may be one (after the PIN was right): of a medical
// duty, at work here, with papers that are good today (REG-STF-04, REG-STF-07).
func (w *work) witness(second term.StaffID, rule string) error {
	who, err := w.tx.Staff(second)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err != nil || !who.Active || !holds(who, access.ProcedureWitness) {
		return w.refuse(rule, "procedure.second.duty", who.Name)
	}
	return people.CheckWitness(w.tx.Read, second)
}

// handler reads whether the second person may witness a toxic drug; nobody named is nobody
// asked, and a suspended paper is told by name instead of "a second person is missing".
func (w *work) handler(second term.StaffID) error {
	if second == 0 {
		return nil
	}
	ok, err := inventory.MayWitness(w.tx.Read, w.by.Staff, second)
	if err != nil || ok {
		return err
	}
	who, err := w.tx.Staff(second)
	if err != nil {
		return err
	}
	if holds(who, access.ProcedureWitness) {
		return people.CheckWitness(w.tx.Read, second)
	}
	return w.refuse("REG-DRG-03", "procedure.second.drug", who.Name)
}
