package photos

import (
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// unbegun are the states of a treatment of which nothing was done yet.
var unbegun = []term.TreatmentState{term.TreatmentScheduled, term.TreatmentSignedIn, term.TreatmentTimedOut}

// timely refuses a picture of a treatment that cannot show what its kind says: a baseline is
// taken before the start (S4-06), an immediate picture after it (S5-02). Both are taken by those
// who treat. A picture of the visit as a whole has no treatment.
func timely(by access.Actor, t store.Treatment, kind string) error {
	if t.ID == 0 || kind != "baseline" && kind != "immediate" {
		return nil
	}
	if !by.May(access.TreatmentPhoto) {
		return fault.Forbidden(string(access.TreatmentPhoto))
	}
	where := fmt.Sprintf("/procedure/%d", t.ID)
	ahead := slices.Contains(unbegun, t.State)
	switch {
	case kind == "baseline" && !ahead:
		return fault.Refuse("S4-06", "procedure.refuse.baseline_late").At(where)
	case kind == "immediate" && (ahead || t.State == term.TreatmentCancelled):
		return fault.Refuse("S5-02", "procedure.refuse.state", t.Number, fault.Word(t.State.Key()), fault.Word("media.kind.immediate")).At(where)
	}
	return nil
}
