package lan

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

const (
	codeLife  = 10 * time.Minute
	codeSize  = 8  // letters of an invitation, 40 bits
	codesMost = 20 // invitations that are open at once
	nameMost  = 20
)

// Mark is what sessions and acts call a browser: made from its secret, which stays in its
// cookie and is written nowhere, so that nobody who reads the trail can pose as it.
func Mark(secret string) string {
	sum := sha256.Sum256([]byte("meixu workstation " + secret))
	return "ws-" + hex.EncodeToString(sum[:8])
}

// Kinds of workstations.
const (
	Desk   = store.SessionDesk
	Tablet = store.SessionTablet
)

// Enrolment is what the house calls a browser.
type Enrolment struct {
	Name string
	Kind string // Desk or Tablet
}

// Workstation is a browser that the house knows.
type Workstation struct {
	Enrolment
	ID      term.WorkstationID
	Version int
	Mark    string
	Since   term.Instant
	Retired term.Instant // zero while in use
}

// Invitation lets one browser enrol itself.
type Invitation struct {
	Enrolment
	Code  string
	By    access.Actor
	Until term.Instant
}

// Workstations lists the browsers that the house knows, those in use first.
func (o *Office) Workstations(ctx context.Context, by access.Actor) (list []Workstation, err error) {
	err = o.Read(ctx, by, access.LANView, func(r *store.Read) error {
		all, err := r.Workstations()
		for _, w := range all {
			list = append(list, Workstation{Enrolment{w.Name, w.Kind}, w.ID, w.Version, w.Mark, w.CreatedAt, w.RetiredAt})
		}
		return err
	})
	return list, err
}

// Enrolled says that the house knows a browser. Nobody needs to be signed in for that.
func (o *Office) Enrolled(ctx context.Context, mark string) (known bool, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		w, err := r.WorkstationInUse(mark)
		known = w.ID != 0
		return err
	})
	return known, fault.FromStore(err, "reading a workstation")
}

// Invite makes a code with which a browser enrols itself within ten minutes, once.
func (o *Office) Invite(ctx context.Context, by access.Actor, in Enrolment) (i Invitation, err error) {
	err = o.Read(ctx, by, access.StationEnrol, func(r *store.Read) error {
		if err := in.check(r, ""); err != nil {
			return err
		}
		i = Invitation{Enrolment: in, Code: newCode(), By: by, Until: r.Now().Add(codeLife)}
		return nil
	})
	if err != nil {
		return i, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.open) >= codesMost {
		o.open = nil
	}
	o.open = append(o.open, i)
	return i, nil
}

// codeLetters are those of a code that is read from one screen and typed at another: no I, L, O or
// U, and who types one of the first three all the same means the digit. There are 32 of them, so
// that a random byte chooses evenly.
const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// spelledCode is a code as it was made, however it was typed.
func spelledCode(typed string) string {
	return strings.NewReplacer("O", "0", "I", "1", "L", "1", " ", "", "-", "").Replace(strings.ToUpper(strings.TrimSpace(typed)))
}

// newCode makes the code of an invitation.
func newCode() string {
	raw := make([]byte, codeSize)
	_, _ = rand.Read(raw) // never fails
	for i, b := range raw {
		raw[i] = codeLetters[int(b)%len(codeLetters)]
	}
	return string(raw)
}

// Enrol takes an invitation up for the browser with the mark.
func (o *Office) Enrol(ctx context.Context, code, mark string) error {
	i, ok := o.take(spelledCode(code))
	if !ok {
		var f fault.Fields
		f.Add("code", "lan.bad.code")
		return f.Err()
	}
	err := o.DB.Read(ctx, func(r *store.Read) error { return stillMay(r, i.By) })
	if err == nil {
		err = o.EnrolAs(ctx, i.By, i.Enrolment, mark)
	}
	bad, ok := fault.FieldsOf(err)
	if !ok {
		return err
	}
	for n := range bad {
		bad[n].Name = "code" // the only field of the page
	}
	return bad.Err()
}

// stillMay refuses a code whose maker has left, or may enrol no more.
func stillMay(r *store.Read, by access.Actor) error {
	who, err := r.Staff(by.Staff)
	if err != nil {
		return err
	}
	by.Roles = nil
	for _, role := range who.Roles {
		by.Roles = append(by.Roles, access.Role(role))
	}
	if who.Active && by.May(access.StationEnrol) {
		return nil
	}
	var f fault.Fields
	f.Add("code", "lan.bad.inviter")
	return f.Err()
}

// take finds an open invitation and closes it. Guessing 40 bits within ten minutes is hopeless
// at the rate that the door lets a stranger post.
func (o *Office) take(code string) (Invitation, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for n, i := range o.open {
		if i.Code == code {
			o.open = append(o.open[:n:n], o.open[n+1:]...)
			return i, !o.DB.Now().After(i.Until)
		}
	}
	return Invitation{}, false
}

// EnrolAs lets the house know the browser with the mark: the one in which an administrator sits,
// or one that took an invitation up.
func (o *Office) EnrolAs(ctx context.Context, by access.Actor, in Enrolment, mark string) error {
	return o.Write(ctx, by, access.StationEnrol, func(tx *store.Tx) error {
		if err := in.check(tx.Read, mark); err != nil {
			return err
		}
		w, err := tx.WorkstationByMark(mark)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return tx.AddWorkstation(&store.Workstation{Mark: mark, Name: in.Name, Kind: in.Kind, EnrolledBy: by.Staff})
		case err != nil:
			return err
		case w.RetiredAt.IsZero() && w.Name != in.Name:
			var f fault.Fields
			f.Add("name", "lan.bad.renamed", w.Name)
			return f.Err()
		}
		w.Name, w.Kind, w.EnrolledBy, w.RetiredAt = in.Name, in.Kind, by.Staff, term.Instant{}
		return tx.SaveWorkstation(&w)
	})
}

// Retire ends a workstation, because it was lost or sold: everybody is logged out there, and
// no PIN opens anything any more. It wants the actor's reason.
func (o *Office) Retire(ctx context.Context, by access.Actor, id term.WorkstationID, version int) error {
	if strings.TrimSpace(by.Reason) == "" {
		return fault.Refuse("TR-door", "lan.bad.reason")
	}
	on := store.Subject{Noun: "workstation", ID: int64(id)}
	return o.WriteOn(ctx, by, access.StationRetire, on, func(tx *store.Tx) error {
		w, err := tx.Workstation(id)
		if err != nil {
			return err
		}
		if w.Version != version || !w.RetiredAt.IsZero() {
			return store.ErrStale
		}
		w.RetiredAt = tx.Now()
		if err := tx.SaveWorkstation(&w); err != nil {
			return err
		}
		return tx.EndStation(w.Mark)
	})
}

// check names what is wrong with a name or a kind. Two workstations in use have two names, which
// a reader can tell apart; the browser with the mark may keep its own.
func (in *Enrolment) check(r *store.Read, mark string) error {
	var f fault.Fields
	in.Name = strings.Join(strings.Fields(term.Spelled(in.Name)), " ")
	if n := utf8.RuneCountInString(in.Name); term.Likeness(in.Name) == "" || n < 2 || n > nameMost {
		f.Add("name", "lan.bad.name", nameMost)
	}
	if in.Kind != Desk && in.Kind != Tablet {
		f.Add("kind", "lan.bad.kind")
	}
	all, err := r.Workstations()
	if err != nil {
		return err
	}
	for _, w := range all {
		if term.Likeness(w.Name) == term.Likeness(in.Name) && w.Mark != mark && w.RetiredAt.IsZero() {
			f.Add("name", "lan.bad.taken", w.Name)
		}
	}
	return f.Err()
}
