// Package consultation is where a client is listened to, examined and offered a plan (S2
// and S3): need, talk, nurse's review, photos, the physician's examination, cases, the plan
// with its contraindications and prices, the papers that follow from it, and the order. A
// consultant never decides what only a physician may (REG-STF-09).
package consultation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/form"
	"meixu/app/engine/phrase"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/forms"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Codes of the forms of this room.
const (
	FormNeed   = "F17"
	FormTalk   = "F4"
	FormHealth = "F2"
	FormNurse  = "F2-NURSE"
	FormSkin   = "F3"
	FormExam   = "F15"
)

// Kinds of evidence that this room proves to the SOP.
const (
	ProveNeed     = "form.need"         // S2-01
	ProveHealth   = "form.health"       // S2-02
	ProveSkin     = "photo.skin"        // S2-03
	ProveVitals   = "vitals.taken"      // S2-04
	ProveExam     = "exam.signed"       // S2-05
	ProveBDD      = "form.bdd"          // S2-06
	ProveCases    = "cases.shown"       // S2-07
	ProveTalk     = "talk.checked"      // S2-09
	ProveQuote    = "quote.issued"      // S2-11
	ProvePrice    = "discount.approved" // S2-12
	ProvePlan     = "plan.signed"       // S3-01
	ProveConsent  = "consent.procedure" // S3-02
	ProveOffLabel = "consent.offlabel"  // S3-03
	ProveGuardian = "consent.guardian"  // S3-04
	ProveContract = "contract.signed"   // S3-05
	// SignalEnded tells the other rooms that a visit ended before its time.
	SignalEnded = "visit.ended"
)

// PINs checks the PIN of the second person of a control. It is slow on purpose and runs
// before the write.
type PINs interface {
	ConfirmPIN(ctx context.Context, by access.Actor, staff term.StaffID, pin string) error
}

// Desk is the service of the room.
type Desk struct {
	deed.Doer
	house House
}

// House is what the room needs from the house.
type House struct {
	Flow    *sop.Engine
	Forms   *forms.Cabinet
	Phrases *phrase.Checker
	Words   form.Dictionary
	PINs    PINs
}

// New makes the desk and tells the SOP engine what it can prove and where.
func New(d deed.Doer, house House) *Desk {
	desk := &Desk{Doer: d, house: house}
	desk.provers()
	return desk
}

func visitRef(id term.VisitID) store.Subject { return store.Subject{Noun: "visit", ID: int64(id)} }
func planRef(id term.PlanID) store.Subject   { return store.Subject{Noun: "plan", ID: int64(id)} }
func docRef(id term.DocumentID) store.Subject {
	return store.Subject{Noun: "document", ID: int64(id)}
}

// VisitPath and PlanPath are the pages of the room.
func VisitPath(id term.VisitID) string { return fmt.Sprintf("/consultation/%d", id) }

// PlanPath is the page of a plan.
func PlanPath(id term.PlanID) string { return fmt.Sprintf("/plan/%d", id) }

func gone(err error, noun string) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.NotFound(noun).Because(err)
	}
	return err
}

// openVisit reads a visit on which work may be done.
func openVisit(r *store.Read, id term.VisitID) (store.Visit, error) {
	v, err := r.Visit(id)
	if err != nil {
		return v, gone(err, "visit")
	}
	if !v.Open() {
		return v, fault.Refuse("S1-03", "consultation.visit.closed", v.Number, fault.Word(v.State.Key()))
	}
	return v, nil
}

// news tells the screens that a visit moved.
func news(tx *store.Tx, visit term.VisitID) {
	tx.Publish(live.Board)
	tx.Publish(live.Queue)
	tx.Publish(fmt.Sprintf("visit:%d", visit))
}

// reasonOf demands a written reason.
func reasonOf(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len([]rune(text)) < 2 {
		var f fault.Fields
		f.Add("reason", "consultation.reason.missing")
		return "", f.Err()
	}
	return text, nil
}

// Receive takes a waiting client in: the board shows where the client is, and a physician or
// consultant who has none before becomes the client's.
func (d *Desk) Receive(ctx context.Context, by access.Actor, visit term.VisitID) error {
	return d.WriteOn(ctx, by, access.VisitReceive, visitRef(visit), func(tx *store.Tx) error {
		v, err := openVisit(tx.Read, visit)
		if err != nil {
			return err
		}
		tx.Result("consultation", int64(visit))
		station := term.AtConsultation
		switch {
		case by.Is(access.Physician):
			v.Physician, station = by.Staff, term.AtExamination
		case by.Is(access.Consultant) && v.Consultant == 0:
			v.Consultant = by.Staff
		}
		if err := tx.SaveVisit(&v); err != nil {
			return err
		}
		if err := d.waited(tx, by, visit); err != nil {
			return err
		}
		news(tx, visit)
		if v.Stage != term.StageReception && v.Stage != term.StageConsultation {
			return nil // a plan is being made already: the client stays where the plan is
		}
		return tx.MoveTo(visit, term.StageConsultation, station)
	})
}

// waited ends the waiting of a client who was taken in without a call (S1-04): the number
// leaves the queue and nobody is told that it is overdue.
func (d *Desk) waited(tx *store.Tx, by access.Actor, visit term.VisitID) error {
	t, err := tx.TicketOf(visit)
	if errors.Is(err, store.ErrNotFound) || err == nil && (t.State == term.TicketServing || t.State == term.TicketDone) {
		return nil
	}
	if err != nil {
		return err
	}
	t.State = term.TicketServing
	if t.CalledAt.IsZero() {
		t.CalledAt = tx.Now()
	}
	if err := tx.SaveTicket(&t); err != nil {
		return err
	}
	return d.house.Flow.Prove(tx, by, sop.Subject{Visit: visit}, "visit.called", store.Subject{Noun: "ticket", ID: t.ID})
}

// end closes a visit before its time: the run ends, the queue number is done, and rooms that
// hold something open for it hear of it. Why in clinical words stands in the sealed forms.
func (d *Desk) end(tx *store.Tx, by access.Actor, visit term.VisitID, state term.VisitState) error {
	v, err := openVisit(tx.Read, visit)
	if err != nil {
		return err
	}
	plan, err := tx.PlanOf(visit)
	if err == nil && plan.State != term.PlanRefused && plan.State != term.PlanOrdered {
		plan.State = term.PlanRefused
		err = tx.SavePlan(&plan)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	ticket, err := tx.TicketOf(visit)
	if err == nil && ticket.State != term.TicketDone {
		ticket.State = term.TicketDone
		err = tx.SaveTicket(&ticket)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	v.State, v.ClosedAt, v.CloseReason = state, tx.Now(), by.Lang.T(state.Key())
	v.Station, v.StationAt = term.Gone, tx.Now()
	if err := tx.SaveVisit(&v); err != nil {
		return err
	}
	news(tx, visit)
	if err := d.house.Flow.Prove(tx, by, sop.Subject{Visit: visit}, SignalEnded, visitRef(visit)); err != nil {
		return err
	}
	return d.house.Flow.End(tx, by, visit)
}

// idText prints a row id.
func idText[I ~int64](id I) string { return fmt.Sprint(int64(id)) }

// ignoreMissing turns "no such row" into nothing.
func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
