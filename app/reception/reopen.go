package reception

import (
	"context"
	"errors"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Visit is one stay of a client in the house.
type Visit = store.Visit

// Resumes says that the early end of a visit may be taken back: it ended today.
func Resumes(v store.Visit, today, closed term.Day) bool {
	early := v.State == term.VisitLeft || v.State == term.VisitConsentRefused
	return early && !v.ClosedAt.IsZero() && closed == today
}

// Resume takes back on its day, with a reason, that a client left early or refused a consent (row:A7):
// the visit is open again and its number waits. What the end called off (bills, treatments, tasks)
// stays so and is begun anew; an arrival that was taken back is registered again instead.
func (d *Desk) Resume(ctx context.Context, by access.Actor, id term.VisitID) error {
	return d.WriteOn(ctx, by, access.VisitReopen, visitRef(id), func(tx *store.Tx) error {
		v, err := visit(tx.Read, id)
		if err != nil {
			return err
		}
		if err := deed.Reasoned(by); err != nil {
			return err
		}
		if err := mayResume(tx.Read, v); err != nil {
			return err
		}
		v.State, v.Station, v.StationAt = term.VisitOpen, term.AtWaiting, tx.Now()
		v.ClosedAt, v.CloseReason = term.Instant{}, ""
		if err := tx.SaveVisit(&v); err != nil {
			return err
		}
		if err := waitAgain(tx, id); err != nil {
			return err
		}
		tx.Result("visit", int64(id))
		news(tx, id)
		return d.SOP.Resume(tx, by, id)
	})
}

func mayResume(r *store.Read, v store.Visit) error {
	if !Resumes(v, r.Today(), v.ClosedAt.Day(r.Zone())) {
		return fault.Clash("aftercare.reopen.late", fault.Word(v.State.Key()))
	}
	undone, err := r.Acts(store.ActFilter{Subject: visitRef(v.ID), Action: string(access.VisitUndo), Limit: 1})
	if err != nil {
		return err
	}
	if len(undone) > 0 { // nobody came: booking and inquiry count again already
		return fault.Clash("reception.resume.undone")
	}
	if v.Appointment != 0 {
		a, err := r.Appointment(v.Appointment)
		if err != nil {
			return err
		}
		if a.State != term.AppointmentArrived {
			return fault.Clash("reception.resume.undone")
		}
	}
	other, err := r.OpenVisit(v.Client)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.Clash("reception.arrive.open", other.Number)
}

// waitAgain puts the number back into the queue.
func waitAgain(tx *store.Tx, id term.VisitID) error {
	t, err := tx.TicketOf(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && t.State != term.TicketDone {
		return nil
	}
	if err != nil {
		return err
	}
	t.State, t.Before = term.TicketWaiting, ""
	return tx.SaveTicket(&t)
}

// Ended reads a visit whose early end is to be taken back, and whose it is.
func (d *Desk) Ended(ctx context.Context, by access.Actor, id term.VisitID) (v store.Visit, name string, err error) {
	err = d.Read(ctx, by, access.VisitReopen, func(r *store.Read) error {
		if v, err = visit(r, id); err != nil {
			return err
		}
		c, err := r.Client(v.Client)
		name = c.Name
		return err
	})
	return v, name, err
}
