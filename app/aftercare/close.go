package aftercare

import (
	"context"
	"errors"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Close ends a visit whose steps in the house are done: the door "close" of the SOP, but for
// what lies in the future (follow-ups go on). The client is asked for a rating. base is the
// address of the guests' door. A refusal is a *sop.Unfinished with every open step.
func (d *Desk) Close(ctx context.Context, by access.Actor, id term.VisitID, base string) error {
	var unfinished error // the deed keeps the refusal alone, the page wants the list
	err := d.WriteOn(ctx, by, access.VisitClose, ref("visit", int64(id)), func(tx *store.Tx) error {
		v, err := tx.Visit(id)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("visit").Because(err)
		}
		if err != nil {
			return err
		}
		tx.Result("visit", int64(id))
		treatments, err := tx.TreatmentsOf(id)
		if err != nil {
			return err
		}
		orders, err := tx.OrdersOfVisit(id)
		if err != nil {
			return err
		}
		if !v.Open() {
			return fault.Clash("aftercare.close.closed", fault.Word(v.State.Key()))
		}
		gaps, err := d.house.Flow.Gate(tx.Read, sop.Subject{Visit: id}, "close")
		if err != nil {
			return err
		}
		if unfinished = together(unready(treatments, orders), mustBeDone(gaps)).Unfinished(); unfinished != nil {
			return unfinished
		}
		return d.close(tx, by, v, base)
	})
	if err != nil && unfinished != nil {
		return unfinished
	}
	return err
}

func (d *Desk) close(tx *store.Tx, by access.Actor, v store.Visit, base string) error {
	v.State, v.Stage, v.Station, v.StationAt, v.ClosedAt = term.VisitCompleted, term.StageAftercare, term.Gone, tx.Now(), tx.Now()
	if err := tx.SaveVisit(&v); err != nil {
		return err
	}
	ticket, err := tx.TicketOf(v.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil && ticket.State != term.TicketDone {
		ticket.State = term.TicketDone
		if err := tx.SaveTicket(&ticket); err != nil {
			return err
		}
	}
	if err := feedback.Invite(tx, by.Lang, v, base); err != nil {
		return err
	}
	s := sop.Subject{Visit: v.ID}
	if err := d.house.Flow.Prove(tx, by, s, ProveReview, store.Subject{}); err != nil {
		return err
	}
	if err := d.house.Flow.Prove(tx, by, s, SignalClosed, ref("visit", int64(v.ID))); err != nil {
		return err
	}
	tx.Publish(live.Queue)
	tx.Publish(live.Board)
	return d.house.Flow.End(tx, by, v.ID)
}
