package aftercare

import (
	"context"
	"errors"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// OpenAgain takes the close of a visit back on the day on which it was closed, with a reason (row:A7):
// the client is at the door again, and what was stamped stays. The invitation to rate stays as it
// is and is not made twice.
func (d *Desk) OpenAgain(ctx context.Context, by access.Actor, id term.VisitID) error {
	return d.WriteOn(ctx, by, access.VisitReopen, ref("visit", int64(id)), func(tx *store.Tx) error {
		v, err := visit(tx.Read, id)
		if err != nil {
			return err
		}
		if err := deed.Reasoned(by); err != nil {
			return err
		}
		if !Reopens(v, tx.Today(), v.ClosedAt.Day(tx.Zone())) {
			return fault.Clash("aftercare.reopen.late", fault.Word(v.State.Key()))
		}
		other, err := tx.OpenVisit(v.Client)
		if err == nil {
			return fault.Clash("reception.arrive.open", other.Number)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		v.State, v.Station, v.StationAt, v.ClosedAt = term.VisitOpen, term.AtLeaving, tx.Now(), term.Instant{}
		if err := tx.SaveVisit(&v); err != nil {
			return err
		}
		tx.Result("visit", int64(id))
		tx.Publish(live.Queue)
		tx.Publish(live.Board)
		return d.house.Flow.Resume(tx, by, id)
	})
}

// Reopens says that the close of a visit may be taken back: it was closed as it should be, today.
func Reopens(v store.Visit, today, closed term.Day) bool {
	return v.State == term.VisitCompleted && !v.ClosedAt.IsZero() && closed == today
}

// ClosedVisit is a visit whose close may be taken back, and whose it is.
type ClosedVisit struct {
	Visit  store.Visit
	Client store.Client
}

// Closed reads a visit whose close is to be taken back.
func (d *Desk) Closed(ctx context.Context, by access.Actor, id term.VisitID) (c ClosedVisit, err error) {
	err = d.Read(ctx, by, access.VisitReopen, func(r *store.Read) error {
		if c.Visit, err = visit(r, id); err != nil {
			return err
		}
		c.Client, err = r.Client(c.Visit.Client)
		return err
	})
	return c, err
}

// visit reads a visit, or says that there is none.
func visit(r *store.Read, id term.VisitID) (store.Visit, error) {
	v, err := r.Visit(id)
	if errors.Is(err, store.ErrNotFound) {
		err = fault.NotFound("visit").Because(err)
	}
	return v, err
}
