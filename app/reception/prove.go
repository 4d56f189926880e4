package reception

import (
	"errors"
	"fmt"

	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
)

func (d *Desk) provers() {
	d.SOP.Prover(ProveArrived, proveArrived)
	d.SOP.Prover(ProveCalled, proveCalled)
	d.SOP.Prover(ProveAssigned, proveAssigned)
	d.SOP.Prover(ProveBooked, proveBooked)
	for _, kind := range []string{ProveArrived, ProveCalled, ProveAssigned, ProveBooked} {
		d.SOP.Place(kind, func(s sop.Subject) string { return fmt.Sprintf("/reception/visit/%d", s.Visit) })
	}
}

// proveArrived: the client was greeted (S1-03).
func proveArrived(r *store.Read, s sop.Subject) (sop.Proof, error) {
	v, err := r.Visit(s.Visit)
	return sop.Proof{Done: !v.GreetedAt.IsZero(), At: v.GreetedAt, Ref: visitRef(s.Visit)}, err
}

// proveCalled: the queue number was called, or the client was taken without a call (S1-04).
func proveCalled(r *store.Read, s sop.Subject) (sop.Proof, error) {
	t, err := r.TicketOf(s.Visit)
	if errors.Is(err, store.ErrNotFound) {
		return sop.Proof{}, nil
	}
	done := t.Calls > 0 || t.State == term.TicketServing || t.State == term.TicketDone
	return sop.Proof{Done: done, At: t.CalledAt, Ref: store.Subject{Noun: "ticket", ID: t.ID}}, err
}

// proveAssigned: somebody takes care of the visit (S1-08).
func proveAssigned(r *store.Read, s sop.Subject) (sop.Proof, error) {
	v, err := r.Visit(s.Visit)
	return sop.Proof{Done: v.Consultant != 0 || v.Physician != 0, Ref: visitRef(s.Visit)}, err
}

// proveBooked: the visit came of a booking that was not given up (S1-02).
func proveBooked(r *store.Read, s sop.Subject) (sop.Proof, error) {
	v, err := r.Visit(s.Visit)
	if err != nil || v.Appointment == 0 {
		return sop.Proof{}, err
	}
	a, err := r.Appointment(v.Appointment)
	if err != nil {
		return sop.Proof{}, err
	}
	done := a.State == term.AppointmentArrived || a.State == term.AppointmentConfirmed
	return sop.Proof{Done: done, At: a.CreatedAt, Ref: store.Subject{Noun: "appointment", ID: int64(a.ID)}}, nil
}
