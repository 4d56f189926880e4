package reception

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/app/engine/message"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
)

// Leave ends a visit whose client goes before paying or being treated (rulings 31): open
// orders, treatments and tasks are called off, the queue number is done, the SOP run ends.
func (d *Desk) Leave(ctx context.Context, by access.Actor, id term.VisitID, reason string) error {
	return d.end(ctx, by, ending{id, access.VisitLeave, term.VisitLeft, strings.TrimSpace(reason)})
}

// RefuseConsent ends a visit whose client says no to a consent that is needed.
func (d *Desk) RefuseConsent(ctx context.Context, by access.Actor, id term.VisitID, reason string) error {
	return d.end(ctx, by, ending{id, access.VisitRefuse, term.VisitConsentRefused, strings.TrimSpace(reason)})
}

// ending is how a visit ends before its time.
type ending struct {
	visit  term.VisitID
	need   access.Permission
	state  term.VisitState
	reason string
}

func (d *Desk) end(ctx context.Context, by access.Actor, e ending) error {
	if err := wantReason(e.reason); err != nil {
		return err
	}
	by.Reason = e.reason
	return d.WriteOn(ctx, by, e.need, visitRef(e.visit), func(tx *store.Tx) error {
		v, err := visit(tx.Read, e.visit)
		if err != nil {
			return err
		}
		tx.Result("visit", int64(v.ID))
		treatments, err := tx.TreatmentsOf(v.ID)
		if err != nil {
			return err
		}
		if err := mayEnd(v, treatments); err != nil {
			return err
		}
		if e.state == term.VisitConsentRefused {
			if agreed, err := document.Agreed(tx.Read, v.ID); err != nil {
				return err
			} else if agreed {
				return fault.Refuse("REG-CON-03", "reception.refuse.agreed").At(fmt.Sprintf("/visit/%d", v.ID))
			}
		}
		return d.close(tx, by, v, e)
	})
}

// close calls off what is open for the visit and ends it. Other rooms clean up theirs in the
// hook SignalEnded, in the same transaction.
func (d *Desk) close(tx *store.Tx, by access.Actor, v store.Visit, e ending) error {
	v.State, v.Station, v.StationAt = e.state, term.Gone, tx.Now()
	v.ClosedAt, v.CloseReason = tx.Now(), e.reason
	if err := tx.SaveVisit(&v); err != nil {
		return err
	}
	if err := doneTicket(tx, v.ID); err != nil {
		return err
	}
	if err := cancelOrders(tx, v.ID, e.reason); err != nil {
		return err
	}
	if err := d.SOP.Prove(tx, by, sop.Subject{Visit: v.ID}, SignalEnded, visitRef(v.ID)); err != nil {
		return err
	}
	if err := cancelTreatments(tx, v.ID, e.reason); err != nil {
		return err
	}
	if err := closeTasks(tx, by, v.ID, e.reason); err != nil {
		return err
	}
	news(tx, v.ID)
	return d.SOP.End(tx, by, v.ID)
}

func doneTicket(tx *store.Tx, id term.VisitID) error {
	t, err := tx.TicketOf(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && t.State == term.TicketDone {
		return nil
	}
	if err != nil {
		return err
	}
	t.State = term.TicketDone
	return tx.SaveTicket(&t)
}

// cancelOrders calls off what nobody has paid for. Money on an order must go back first, and
// the step says so.
func cancelOrders(tx *store.Tx, id term.VisitID, reason string) error {
	orders, err := tx.OrdersOfVisit(id)
	if err != nil {
		return err
	}
	for _, o := range orders {
		if o.State != term.OrderOpen {
			continue
		}
		if err := finance.CancelOrder(tx, o.ID, reason); err != nil {
			return err
		}
	}
	return nil
}

// cancelTreatments calls off the treatments that the procedure room's own hook left planned;
// their paid sessions stay the client's.
func cancelTreatments(tx *store.Tx, id term.VisitID, reason string) error {
	treatments, err := tx.TreatmentsOf(id)
	if err != nil {
		return err
	}
	for i := range treatments {
		t := treatments[i]
		if t.State == term.TreatmentCancelled {
			continue
		}
		t.State, t.StopReason = term.TreatmentCancelled, reason
		if err := tx.SaveTreatment(&t); err != nil {
			return err
		}
	}
	return nil
}

// closeTasks gives up the tasks of a visit that ended; red flags stay, they are answered.
func closeTasks(tx *store.Tx, by access.Actor, id term.VisitID, reason string) error {
	tasks, err := tx.TasksOfVisit(id)
	if err != nil {
		return err
	}
	doer := access.System("reception")
	doer.Staff = by.Staff
	for _, t := range tasks {
		if t.State != store.TaskOpen || t.Priority == task.RedFlag {
			continue
		}
		if err := task.Cancel(tx, doer, t.ID, reason); err != nil {
			return err
		}
	}
	return nil
}

// Undo takes back an arrival of today that was entered by mistake (wrong person, twice). The
// row stays, as left, with the reason; the booking counts again.
func (d *Desk) Undo(ctx context.Context, by access.Actor, id term.VisitID, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := wantReason(reason); err != nil {
		return err
	}
	by.Reason = reason
	return d.WriteOn(ctx, by, access.VisitUndo, visitRef(id), func(tx *store.Tx) error {
		v, err := visit(tx.Read, id)
		if err != nil {
			return err
		}
		tx.Result("visit", int64(id))
		used, err := inUse(tx.Read, v)
		if err != nil {
			return err
		}
		if err := mayUndo(v, tx.Today(), v.ArrivedAt.Day(tx.Zone()), used); err != nil {
			return err
		}
		if err := giveBack(tx, v); err != nil {
			return err
		}
		return d.close(tx, by, v, ending{id, access.VisitUndo, term.VisitLeft, by.Lang.T("reception.undo.noted", reason)})
	})
}

// inUse says that something came of the visit already: a form, a plan, an order.
func inUse(r *store.Read, v store.Visit) (bool, error) {
	orders, err := r.OrdersOfVisit(v.ID)
	if err != nil || len(orders) > 0 {
		return true, err
	}
	answers, err := r.AnswersOfVisit(v.ID)
	if err != nil || len(answers) > 0 {
		return true, err
	}
	_, err = r.PlanOf(v.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return true, err
}

// giveBack lets booking and lead count again.
func giveBack(tx *store.Tx, v store.Visit) error {
	var a store.Appointment
	if v.Appointment != 0 {
		var err error
		if a, err = tx.Appointment(v.Appointment); err != nil {
			return err
		}
		was := a
		a.State, a.Before = cmp.Or(a.Before, term.AppointmentConfirmed), ""
		booked(tx, a.StartsAt)
		if err := tx.SaveAppointment(&a); err != nil {
			return err
		}
		if err := message.Follow(tx, was, a); err != nil {
			return err
		}
	}
	l, err := tx.LeadOfVisit(v.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	l.State, l.Visit = term.LeadOpen, 0
	if a.Lead == l.ID { // the booking that stands again came of this inquiry
		l.State = term.LeadBooked
	}
	return tx.SaveLead(&l)
}
