package reception

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// linkWay is the kind of the link to a client's own progress page (row B6).
const linkWay = "progress"

// A progress page ends with its visit and wayRests, whatever happens after wayLife.
const (
	wayLife  = 48 * time.Hour
	wayRests = time.Hour
)

// waySteps are the stations of the house as a client counts them. What is done there is not said.
var waySteps = [][]term.Station{
	{term.AtWaiting},
	{term.AtConsultation, term.AtExamination},
	{term.AtPlan},
	{term.AtTill},
	{term.AtPreOp},
	{term.AtProcedure, term.AtObservation},
	{term.AtLeaving, term.Gone},
}

// openWay makes the link of a visit's progress page and gives its secret. The ticket keeps it
// sealed, so that a slip can be printed again.
func openWay(tx *store.Tx, visit term.VisitID) (string, error) {
	secret := rand.Text()
	hash := sha256.Sum256([]byte(secret))
	return secret, tx.AddGuestLink(&store.GuestLink{
		TokenHash: hash[:], Kind: linkWay, Visit: visit, ExpiresAt: tx.Now().Add(wayLife),
	})
}

// Way is what a client's own phone shows: which step of how many, since when, and whether the
// client is called. No name, no room, no word of what is done.
type Way struct {
	Step, Steps int
	Minutes     int // at this step
	Number      string
	State       string // wait, called, going, over
	News        int64  // newest event when it was read
	Topic       string // what tells that it changed
}

// Way reads the progress page that the secret opens. It needs no login.
func (d *Desk) Way(ctx context.Context, secret string) (w Way, err error) {
	w.News = d.Hub.Newest()
	err = d.DB.Read(ctx, func(r *store.Read) error {
		v, err := wayOf(r, secret)
		if err != nil {
			return err
		}
		t, err := r.TicketOf(v.ID)
		w.tell(v, t, r.Now())
		return err
	})
	return w, fault.FromStore(err, "showing a client's own progress")
}

// WayOf is the visit whose progress page the secret opens. It needs no login.
func (d *Desk) WayOf(ctx context.Context, secret string) (id term.VisitID, err error) {
	err = d.DB.Read(ctx, func(r *store.Read) error {
		v, err := wayOf(r, secret)
		id = v.ID
		return err
	})
	return id, fault.FromStore(err, "looking for the visit of a progress page")
}

// wayOf reads the visit of a progress page that still stands.
func wayOf(r *store.Read, secret string) (store.Visit, error) {
	hash := sha256.Sum256([]byte(secret))
	link, err := r.GuestLinkBy(hash[:])
	if errors.Is(err, store.ErrNotFound) {
		return store.Visit{}, fault.NotFound("page").Because(err)
	}
	if err != nil {
		return store.Visit{}, err
	}
	v, err := r.Visit(link.Visit)
	if err != nil {
		return v, err
	}
	over := !v.Open() && !v.ClosedAt.IsZero() && !r.Now().Before(v.ClosedAt.Add(wayRests))
	if link.Kind != linkWay || !link.RevokedAt.IsZero() || !r.Now().Before(link.ExpiresAt) || over {
		return v, fault.NotFound("page")
	}
	return v, nil
}

// tell fills in where the visit stands.
func (w *Way) tell(v store.Visit, t store.Ticket, now term.Instant) {
	w.Topic, w.Number, w.Steps = visitRef(v.ID).String(), t.Number, len(waySteps)
	w.Step = 1 + slices.IndexFunc(waySteps, func(s []term.Station) bool { return slices.Contains(s, v.Station) })
	w.Minutes = max(0, int(now.Sub(v.StationAt)/time.Minute))
	switch {
	case !v.Open() || v.Station == term.Gone:
		w.State, w.Step, w.Minutes = "over", w.Steps, 0
	case t.State == term.TicketCalled:
		w.State = "called"
	case v.Station == term.AtWaiting && t.State != term.TicketServing:
		w.State = "wait"
	default:
		w.State = "going"
	}
}

// PrintTicket counts a print of the slip with the queue number: later ones are marked.
func (d *Desk) PrintTicket(ctx context.Context, by access.Actor, visit term.VisitID) error {
	return d.WriteOn(ctx, by, access.TicketPrint, visitRef(visit), func(tx *store.Tx) error {
		t, err := tx.TicketOf(visit)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("ticket").Because(err)
		}
		if err != nil {
			return err
		}
		t.Printed++
		tx.Result("visit", int64(visit))
		return tx.SaveTicket(&t)
	})
}
