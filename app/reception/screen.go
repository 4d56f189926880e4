package reception

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// screenLife is how long an enrolled screen shows the queue before it is enrolled anew.
const screenLife = 365 * 24 * time.Hour

// linkQueue is the kind of a screen's guest link.
const linkQueue = "queue"

// screenShows is how many numbers a waiting room's screen has place for.
const screenShows = 8

// A screen that is not enrolled shows a code of codeDigits for codeLife; at most codesMost wait, and
// codesOfPeer of one address, so that nobody who opens the page again and again pushes the code of the
// clinic's television out.
const (
	codeDigits  = 6
	codeLife    = 15 * time.Minute
	codesMost   = 50
	codesOfPeer = 4
)

// codes are the screens that wait for somebody at the desk to type what they show. They live in
// memory: after a restart a screen shows another code.
type codes struct {
	mu   sync.Mutex
	list []shownCode
}

// shownCode is one screen that waits: of its secret only the hash is kept.
type shownCode struct {
	hash  [sha256.Size]byte
	peer  string // address that it asks from
	code  string
	until term.Instant
}

// give is the code of the screen that has the secret; a new one when it shows none.
func (k *codes) give(hash [sha256.Size]byte, peer string, now term.Instant) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = slices.DeleteFunc(k.list, func(c shownCode) bool { return !now.Before(c.until) })
	if at := slices.IndexFunc(k.list, func(c shownCode) bool { return c.hash == hash }); at >= 0 {
		return k.list[at].code
	}
	k.makeRoom(peer)
	fresh := shownCode{hash: hash, peer: peer, until: now.Add(codeLife)}
	for fresh.code == "" || slices.ContainsFunc(k.list, func(c shownCode) bool { return c.code == fresh.code }) {
		fresh.code = digits()
	}
	k.list = append(k.list, fresh)
	return fresh.code
}

// makeRoom drops the oldest code of the address when it has its share, else the oldest of all when the
// list is full.
func (k *codes) makeRoom(peer string) {
	mine, oldest := 0, -1
	for at, c := range k.list {
		if c.peer != peer {
			continue
		}
		if mine++; oldest < 0 {
			oldest = at
		}
	}
	switch {
	case mine >= codesOfPeer:
		k.list = slices.Delete(k.list, oldest, oldest+1)
	case len(k.list) >= codesMost:
		k.list = slices.Delete(k.list, 0, 1)
	}
}

// digits is a random code, from the letters of rand.Text, of which each is one of 32.
func digits() string {
	code := make([]byte, 0, codeDigits)
	for len(code) < codeDigits {
		for _, letter := range []byte(rand.Text()) {
			if at := bytes.IndexByte([]byte("ABCDEFGHIJ"), letter); at >= 0 && len(code) < codeDigits {
				code = append(code, byte('0'+at))
			}
		}
	}
	return string(code)
}

// of is the screen that shows the code.
func (k *codes) of(code string, now term.Instant) (hash [sha256.Size]byte, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range k.list {
		if c.code == code && now.Before(c.until) {
			return c.hash, true
		}
	}
	return hash, false
}

// drop forgets a screen that was enrolled.
func (k *codes) drop(hash [sha256.Size]byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = slices.DeleteFunc(k.list, func(c shownCode) bool { return c.hash == hash })
}

// EnrolScreen lets the screen that shows the code show the queue, for a year. The address of a
// screen says nothing: what opens the queue is a secret in its cookie, of which only the hash is
// kept (rulings 20).
func (d *Desk) EnrolScreen(ctx context.Context, by access.Actor, code string) error {
	hash, ok := d.codes.of(strings.TrimSpace(code), d.DB.Now())
	err := d.Write(ctx, by, access.QueueScreen, func(tx *store.Tx) error {
		if !ok {
			var f fault.Fields
			f.Add("code", "reception.screen.unknown")
			return f.Err()
		}
		link := store.GuestLink{TokenHash: hash[:], Kind: linkQueue, ExpiresAt: tx.Now().Add(screenLife)}
		if err := tx.AddGuestLink(&link); err != nil {
			return err
		}
		tx.Publish(live.Queue)
		tx.Result("screen", link.ID)
		return nil
	})
	if _, _, again := fault.Replayed(err); again {
		return nil
	}
	if err == nil {
		d.codes.drop(hash)
	}
	return err
}

// EndScreen takes the queue off a screen.
func (d *Desk) EndScreen(ctx context.Context, by access.Actor, id int64) error {
	return d.WriteOn(ctx, by, access.QueueScreen, store.Subject{Noun: "screen", ID: id}, func(tx *store.Tx) error {
		links, err := tx.GuestLinksFor(linkQueue)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(links, func(l store.GuestLink) bool { return l.ID == id })
		if at < 0 {
			return fault.NotFound("screen")
		}
		links[at].RevokedAt = tx.Now()
		tx.Publish(live.Queue)
		tx.Result("screen", id)
		return tx.SaveGuestLink(&links[at])
	})
}

// Enrolled is a screen that shows the queue.
type Enrolled struct {
	ID               int64
	Since, ExpiresAt term.Instant
}

// Screens lists the screens that show the queue, the newest first.
func (d *Desk) Screens(ctx context.Context, by access.Actor) (list []Enrolled, err error) {
	err = d.Read(ctx, by, access.QueueScreen, func(r *store.Read) error {
		all, err := r.GuestLinksFor(linkQueue)
		for _, l := range all {
			if r.Now().Before(l.ExpiresAt) {
				list = append(list, Enrolled{l.ID, l.CreatedAt, l.ExpiresAt})
			}
		}
		return err
	})
	return list, err
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

// OnScreen is what a screen of the waiting room shows: the queue, or the code that enrols it.
type OnScreen struct {
	Code string
	Rows []Shown
	// Spent says that the secret was enrolled once and no longer is: a new one is wanted.
	Spent bool
	At    term.Instant
	News  int64 // newest event when it was read
}

// Screen reads what the screen with this secret, at this address, shows. It needs no login.
func (d *Desk) Screen(ctx context.Context, secret, peer string) (s OnScreen, err error) {
	hash, enrolled := sha256.Sum256([]byte(secret)), false
	s.News = d.Hub.Newest()
	err = d.DB.Read(ctx, func(r *store.Read) error {
		s.At = r.Now()
		link, err := r.GuestLinkBy(hash[:])
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if enrolled = link.Kind == linkQueue && link.RevokedAt.IsZero() && r.Now().Before(link.ExpiresAt); !enrolled {
			s.Spent = true
			return nil
		}
		q, err := queue(r)
		s.Rows = shown(q)
		return err
	})
	if err == nil && !enrolled && !s.Spent {
		s.Code = d.codes.give(hash, peer, s.At)
	}
	return s, fault.FromStore(err, "showing the waiting room's screen")
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
