package aftercare

import (
	"context"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/closing"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Closing is the wish to end a visit.
type Closing struct {
	Visit  term.VisitID
	Base   string // the address of the guests' door
	Reason string // why soft steps are left out; wanted when there are any
}

// Close ends a visit whose steps in the house are done: the door "close" of the SOP, but for
// what lies in the future (follow-ups go on). Soft steps that are open are skipped with the
// reason given. The client is asked for a rating. A refusal is a *sop.Unfinished with every
// open step.
func (d *Desk) Close(ctx context.Context, by access.Actor, in Closing) error {
	var unfinished error // the deed keeps the refusal alone, the page wants the list
	by.Reason = strings.TrimSpace(in.Reason)
	err := d.WriteOn(ctx, by, access.VisitClose, ref("visit", int64(in.Visit)), func(tx *store.Tx) error {
		v, err := visit(tx.Read, in.Visit)
		if err != nil {
			return err
		}
		tx.Result("visit", int64(v.ID))
		if !v.Open() {
			return fault.Clash("aftercare.close.closed", fault.Word(v.State.Key()))
		}
		left, err := closing.Of(tx.Read, d.house.Flow, v.ID)
		if err != nil {
			return err
		}
		if unfinished = left.Must.Unfinished(); unfinished != nil {
			return unfinished
		}
		if err := d.leaveOut(tx, by, v.ID, left.Reason); err != nil {
			return err
		}
		return d.close(tx, by, v, in.Base)
	})
	if err != nil && unfinished != nil {
		return unfinished
	}
	return err
}

// leaveOut skips the soft steps that were not done, with the reason of who closes the visit.
func (d *Desk) leaveOut(tx *store.Tx, by access.Actor, visit term.VisitID, soft sop.Gaps) error {
	if len(soft) > 0 && by.Reason == "" {
		var f fault.Fields
		f.Add("reason", "aftercare.close.reason", len(soft))
		return f.Err()
	}
	for _, g := range soft {
		if err := d.house.Flow.Skip(tx, by, sop.Subject{Visit: visit, Treatment: g.Treatment}, g.Step, by.Reason); err != nil {
			return err
		}
	}
	return nil
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
