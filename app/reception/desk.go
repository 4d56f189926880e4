// Package reception is the front desk: who has come, in which order they are called, who
// takes care of them, what is booked, and how a visit ends when nothing more is done.
// It opens the SOP run of a visit and proves the steps S1-02 to S1-08 (rulings 31).
package reception

import (
	"meixu/app/crm"
	"meixu/app/deed"
	"meixu/app/engine/sop"
	"meixu/app/engine/turnstile"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of evidence that the desk gives to the SOP.
const (
	ProveArrived  = "visit.arrived"      // S1-03
	ProveCalled   = "visit.called"       // S1-04
	ProveAssigned = "visit.assigned"     // S1-08
	ProveBooked   = "appointment.booked" // S1-02
	ProveReview   = "review.booked"      // S6-06
	// SignalEnded tells the other rooms that a visit ended before its time, so that they
	// close what they hold open for it.
	SignalEnded = "visit.ended"
	// SignalSession asks for sessions of earlier orders to be carried out today; which ones
	// stands in Wanted of the visit.
	SignalSession = "session.wanted"
)

// Desk is the service of the front desk.
type Desk struct {
	deed.Doer
	SOP *sop.Engine
	// Files are the clients' files, with the finder over them.
	Files *crm.Book

	codes    codes
	requests turnstile.Turnstile
}

// New makes the desk and tells the SOP engine what the desk can prove.
func New(d deed.Doer, flow *sop.Engine, files *crm.Book) *Desk {
	desk := &Desk{Doer: d, SOP: flow, Files: files}
	desk.provers()
	return desk
}

func visitRef(id term.VisitID) store.Subject { return store.Subject{Noun: "visit", ID: int64(id)} }
