package reception

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// screenLife is how long a screen's link works before a new one is made.
const screenLife = 365 * 24 * time.Hour

// linkQueue is the kind of a screen's guest link.
const linkQueue = "queue"

// screenShows is how many numbers a waiting room's screen has place for.
const screenShows = 8

// MakeScreen makes the link of a waiting room's screen and ends the one before: a new link is
// asked for when the old one is lost or known too widely. The token is told once; only its hash
// is kept (rulings 20).
func (d *Desk) MakeScreen(ctx context.Context, by access.Actor) (token string, err error) {
	token = rand.Text()
	hash := sha256.Sum256([]byte(token))
	err = d.Write(ctx, by, access.QueueScreen, func(tx *store.Tx) error {
		if err := endScreens(tx); err != nil {
			return err
		}
		link := store.GuestLink{TokenHash: hash[:], Kind: linkQueue, ExpiresAt: tx.Now().Add(screenLife)}
		if err := tx.AddGuestLink(&link); err != nil {
			return err
		}
		tx.Result("screen", link.ID)
		return nil
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// endScreens revokes the links of screens that stand.
func endScreens(tx *store.Tx) error {
	links, err := tx.GuestLinksFor(linkQueue)
	for i := range links {
		links[i].RevokedAt = tx.Now()
		if err := tx.SaveGuestLink(&links[i]); err != nil {
			return err
		}
	}
	return err
}

// Shown is one line of the waiting room's screen: nothing but number, 张* and room.
type Shown struct {
	Ticket int64
	Number string
	Name   string // masked
	Room   string
	Called bool
	Calls  int
}

// Screen reads what the waiting room sees. It needs a living token and no login.
func (d *Desk) Screen(ctx context.Context, token string) (list []Shown, err error) {
	hash := sha256.Sum256([]byte(token))
	err = d.DB.Read(ctx, func(r *store.Read) error {
		link, err := r.GuestLinkBy(hash[:])
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("page").Because(err)
		}
		if err != nil {
			return err
		}
		if link.Kind != linkQueue || !link.RevokedAt.IsZero() || !r.Now().Before(link.ExpiresAt) {
			return fault.NotFound("page")
		}
		q, err := queue(r)
		list = shown(q)
		return err
	})
	return list, fault.FromStore(err, "showing the waiting room's screen")
}

// shown puts the called ones first, the latest call on top, then who is next.
func shown(q Queue) []Shown {
	var called, next []Shown
	latest := map[int64]term.Instant{}
	for _, w := range q.Waiting {
		s := Shown{
			Ticket: w.Ticket.ID, Number: w.Ticket.Number, Name: term.MaskName(w.Client.Name), Room: w.Room, Calls: w.Ticket.Calls,
		}
		if w.Ticket.State != term.TicketCalled {
			next = append(next, s)
			continue
		}
		s.Called = true
		latest[s.Ticket] = w.Ticket.CalledAt
		at := 0
		for at < len(called) && latest[called[at].Ticket].After(w.Ticket.CalledAt) {
			at++
		}
		called = append(called[:at], append([]Shown{s}, called[at:]...)...)
	}
	list := append(called, next...)
	return list[:min(len(list), screenShows)]
}
