// Package aftercare is what happens when the treatment is over (SOP stage S6): the care guide
// and the red-flag card before leaving, closing the visit, and the follow-ups that open by
// themselves when a treatment is signed out. The 48-hour call is hard: late ones climb to the
// manager and the owner. A red flag heard on the phone stands on the physicians' screens at
// once (app/feedback).
package aftercare

import (
	"errors"
	"fmt"

	"meixu/app/deed"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/forms"
	"meixu/app/papers"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of evidence that this room gives to the SOP.
const (
	ProveGuide  = "guide.handed"   // S6-01
	ProveTold   = "redflag.told"   // S6-02
	ProveFirst  = "followup.48h"   // S6-03
	ProveRisk   = "followup.d1"    // S6-04
	ProveLater  = "followup.later" // S6-05
	ProveReview = "review.booked"  // S6-06
)

// SignalClosed tells the other rooms that a visit was closed as it should be.
const SignalClosed = "visit.closed"

// Desk is the service of the room.
type Desk struct {
	deed.Doer
	house House
}

// House is what the room needs from the house.
type House struct {
	Flow     *sop.Engine
	Forms    *forms.Cabinet
	Papers   *papers.Cabinet
	Feedback *feedback.Office
}

// New makes the desk and tells the SOP engine what it proves and what it waits for.
func New(d deed.Doer, h House) *Desk {
	desk := &Desk{Doer: d, house: h}
	desk.provers()
	h.Flow.On("procedure.finished", desk.schedule)
	h.Flow.On("form.signout", desk.schedule)
	h.Flow.On("procedure.stopped", desk.callOff)
	h.Papers.On(guideCode, desk.guideSigned)
	return desk
}

// GuidePath is the page on which the guide of a treatment is handed over.
func GuidePath(id term.TreatmentID) string { return fmt.Sprintf("/aftercare/guide/%d", id) }

// TaskPath is the page of a follow-up.
func TaskPath(id term.TaskID) string { return fmt.Sprintf("/aftercare/%d", id) }

func treatment(r *store.Read, id term.TreatmentID) (store.Treatment, error) {
	t, err := r.Treatment(id)
	if errors.Is(err, store.ErrNotFound) {
		return t, fault.NotFound("treatment").Because(err)
	}
	return t, err
}

func on(t store.Treatment) sop.Subject { return sop.Subject{Visit: t.Visit, Treatment: t.ID} }

func ref(noun string, id int64) store.Subject { return store.Subject{Noun: noun, ID: id} }
