package admin

import (
	"context"
	"errors"
	"path"
	"strconv"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// ErrNoSession says that the token opens nothing: never made, ended or expired.
var ErrNoSession = errors.New("admin: no such session")

// Seat is a living session with the actor who sits in it.
type Seat struct {
	Actor      access.Actor
	MustChange bool // a one-time password: only the page that changes it opens
	MustSecond bool // the clinic demands a second step of the login, and the person has none yet
	Idle       time.Duration
	session    store.Session
	staff      store.Staff
}

// Session finds who comes with a token. Idle lock and hand-over are already in the actor:
// a locked actor may only unlock, a handed-over tablet only show its one form. busy says
// that a person did something; live updates do not count. A token whose place was taken opens
// for a while, but carries no proof: that belongs to the token in its place.
func (o *Office) Session(ctx context.Context, token string, busy bool) (Seat, error) {
	seat, err := o.seat(ctx, busy, func(r *store.Read) (store.Session, error) { return o.sessionOf(r, token) })
	if err == nil && !shows(seat.session, token) {
		seat.Actor.Proof = access.NoProof
	}
	return seat, err
}

// Farewell is the words key of why the token of a browser opens nothing any more; "" for one that
// nobody knows. Only who had the session has its token.
func (o *Office) Farewell(ctx context.Context, token string) (key string, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		s, err := r.SessionOnce(hashToken(token))
		if err != nil {
			return err
		}
		who, err := r.Staff(s.Staff)
		switch {
		case !who.Active:
			key = "admin.left.disabled"
		case s.EndedAt.IsZero():
			key = "admin.left.over"
		default:
			key = "admin.left.ended"
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return key, fault.FromStore(err, "reading a session that ended")
}

// SeatOf finds who sits in a session, whatever token it has by now.
func (o *Office) SeatOf(ctx context.Context, session int64) (Seat, error) {
	return o.seat(ctx, false, func(r *store.Read) (store.Session, error) { return r.LivingSession(session) })
}

func (o *Office) seat(ctx context.Context, busy bool, find func(*store.Read) (store.Session, error)) (Seat, error) {
	var seat Seat
	var now term.Instant
	err := o.DB.Read(ctx, func(r *store.Read) (err error) {
		now = r.Now()
		if seat.session, err = find(r); err != nil {
			return err
		}
		if seat.staff, err = r.Staff(seat.session.Staff); err != nil {
			return err
		}
		seat.MustSecond, err = lacksSecond(r, seat.staff)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !seat.staff.Active {
		return Seat{}, ErrNoSession
	}
	if err != nil {
		return Seat{}, fault.FromStore(err, "reading a session")
	}
	s := seat.session
	seat.MustChange, seat.Idle = seat.staff.MustChange, idleLimit(s)
	seat.Actor = actorOf(seat.staff, s)
	if s.Kind != store.SessionHandover {
		seat.Actor.Locked = !s.LockedAt.IsZero() || now.Sub(o.lastSeen(s)) > seat.Idle
	}
	seat.Actor.Proof = proofOf(s, now)
	if busy && !seat.Actor.Locked {
		o.touch(s.ID, now)
	}
	return seat, nil
}

// proofOf is what the person of the session typed in the last minutes.
func proofOf(s store.Session, now term.Instant) access.Proof {
	switch {
	case !s.PasswordAt.IsZero() && now.Sub(s.PasswordAt) <= ProofLife:
		return access.ByPassword
	case !s.ProvedAt.IsZero() && now.Sub(s.ProvedAt) <= ProofLife:
		return access.ByPIN
	}
	return access.NoProof
}

// noteProof notes in the session what was typed just now.
func noteProof(s *store.Session, now term.Instant, password string) {
	s.ProvedAt = now
	if password != "" {
		s.PasswordAt = now
	}
}

// Prove takes PIN or password again before a deed that asks for it (access.Proof); a PIN is not
// enough where the password is asked for. The session has a new token from then on, which is
// answered: what a copied one could do grows with no proof. "" is the one that the browser has.
func (o *Office) Prove(ctx context.Context, by access.Actor, need access.Proof, in Proof) (token string, err error) {
	if need == access.ByPassword && in.Password == "" {
		return "", wrongIs(errWrong, "password", "admin.required")
	}
	if err := o.prove(ctx, by, in); err != nil {
		return "", err
	}
	err = o.change(ctx, by, in.Token, access.SessionProve, func(tx *store.Tx, s *store.Session) error {
		token = o.proven(s, in, tx.Now())
		return nil
	})
	return token, err
}

func idleLimit(s store.Session) time.Duration {
	if s.Kind == store.SessionTablet {
		return TabletIdle
	}
	return DeskIdle
}

func actorOf(who store.Staff, s store.Session) access.Actor {
	a := access.Actor{
		Staff: who.ID, Name: who.Name, Lead: who.Lead, Station: s.Station,
		Session: s.ID, Lang: words.Parse(s.Lang), Tablet: s.Kind == store.SessionTablet,
	}
	for _, r := range who.Roles {
		if role := access.Role(r); role.Known() {
			a.Roles = append(a.Roles, role)
		}
	}
	if s.Kind == store.SessionHandover {
		subject, _ := strconv.ParseInt(path.Base(s.HandoverPath), 10, 64)
		a.Guest = access.GuestScope{Kind: "form", Subject: subject, Path: s.HandoverPath}
	}
	return a
}

// ActorOf is the actor of a member of staff without a browser: jobs on behalf of a person,
// the demo clinic, tests.
func (o *Office) ActorOf(ctx context.Context, login string) (a access.Actor, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		who, err := r.StaffByLogin(login)
		a = actorOf(who, store.Session{Lang: who.Lang})
		return err
	})
	return a, fault.FromStore(err, "reading "+login)
}

// Lock locks the session now; what was typed stays in drafts.
func (o *Office) Lock(ctx context.Context, by access.Actor, token string) error {
	return o.change(ctx, by, token, access.SessionLock, func(tx *store.Tx, s *store.Session) error {
		if s.LockedAt.IsZero() {
			s.LockedAt = tx.Now()
		}
		return nil
	})
}

// Proof is what somebody shows to go on with a session.
type Proof struct {
	Token         string
	Station       string // mark of the browser that asks now, not of the session
	PIN, Password string
}

// Unlock opens a locked session by the PIN, or by the password after five wrong PINs or
// when the person has none. The session has a new token from then on, as after Prove.
func (o *Office) Unlock(ctx context.Context, by access.Actor, in Proof) (token string, err error) {
	if err := o.prove(ctx, by, in); err != nil {
		return "", err
	}
	err = o.change(ctx, by, in.Token, access.SessionUnlock, func(tx *store.Tx, s *store.Session) error {
		token = o.proven(s, in, tx.Now())
		s.LockedAt, s.PINTries = term.Instant{}, 0
		return nil
	})
	return token, err
}

// prove accepts the password when one was typed, else the PIN where PINs open.
func (o *Office) prove(ctx context.Context, by access.Actor, in Proof) error {
	staff, password := by.Staff, in.Password
	if password == "" {
		if err := o.pinOpensAt(ctx, by, in.Station); err != nil {
			return err
		}
		return o.pinFits(ctx, pinNameOf(by), staff, in.PIN)
	}
	var login, hash string
	err := o.DB.Read(ctx, func(r *store.Read) error {
		s, err := r.Staff(staff)
		login, hash = s.Login, s.PasswordHash
		return err
	})
	if err != nil {
		return fault.FromStore(err, "reading staff")
	}
	t := try{name: nameAt(by.Station, login), queue: house} // only who has come in at this browser counts here
	err = o.throttled(ctx, t, password, func(*store.Read) (string, error) { return hash, nil })
	if err != nil {
		return wrongIs(err, "password", "admin.password.wrong")
	}
	return fault.FromStore(o.DB.WriteQuiet(ctx, func(tx *store.Tx) error {
		if err := tx.NoteAttempt(pinName(staff), "", true); err != nil { // the password clears the count of PINs
			return err
		}
		if by.Guest.None() {
			return nil
		}
		return tx.NoteAttempt(pinNameOf(by), "", true)
	}), "clearing PIN tries")
}

// Handover puts the tablet into a client's hands: from now on the session shows path and
// nothing else until somebody of the house takes it back.
func (o *Office) Handover(ctx context.Context, by access.Actor, token, to string) error {
	if !by.May(access.SessionHandover) {
		return fault.Forbidden(string(access.SessionHandover))
	}
	if path.Clean(to) != to || to == "/" || !path.IsAbs(to) {
		return fault.NotFound("page")
	}
	return o.change(ctx, by, token, access.SessionHandover, func(_ *store.Tx, s *store.Session) error {
		s.Kind, s.HandoverPath = store.SessionHandover, to
		return nil
	})
}

// Reclaim takes a handed-over tablet back by the PIN (or password) of the person who gave it. The
// session has a new token from then on, as after Prove.
func (o *Office) Reclaim(ctx context.Context, by access.Actor, in Proof) (token string, err error) {
	if err := o.prove(ctx, by, in); err != nil {
		return "", err
	}
	err = o.change(ctx, by, in.Token, access.SessionReclaim, func(tx *store.Tx, s *store.Session) error {
		token = o.proven(s, in, tx.Now())
		s.Kind, s.HandoverPath = store.SessionTablet, ""
		return nil
	})
	return token, err
}

// change alters the session of a token as an act of its owner.
func (o *Office) change(
	ctx context.Context, by access.Actor, token string, p access.Permission, fn func(*store.Tx, *store.Session) error,
) error {
	on := store.Subject{Noun: "staff", ID: int64(by.Staff)}
	var now term.Instant
	err := o.WriteOn(ctx, door(by.Staff, metaOf(by)), p, on, func(tx *store.Tx) error {
		now = tx.Now()
		s, err := o.sessionOf(tx.Read, token)
		if err != nil {
			return err
		}
		if err := fn(tx, &s); err != nil {
			return err
		}
		s.SeenAt = now
		return tx.SaveSession(s)
	})
	if err == nil {
		o.touch(by.Session, now)
	}
	return err
}

// Switch lets another person take over the browser by PIN. It works only where that person
// did a full login within a session's life; else the password is asked.
func (o *Office) Switch(ctx context.Context, by access.Actor, in Login) (token string, err error) {
	login, meta := in.Login, in.Meta
	var who store.Staff
	var since, now term.Instant
	err = o.DB.Read(ctx, func(r *store.Read) error {
		if who, err = r.StaffByLogin(login); err != nil {
			return err
		}
		now = r.Now()
		since, err = r.LastLoginAt(who.ID, meta.Station)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", fault.FromStore(err, "switching")
	}
	if since.IsZero() || now.Sub(since) >= SessionLife || !who.Active {
		var f fault.Fields
		f.Add("pin", "admin.switch.unknown")
		return "", f.Err()
	}
	if err := o.pinOpensAt(ctx, by, meta.Station); err != nil {
		return "", err
	}
	if err := o.pinFits(ctx, pinName(who.ID), who.ID, in.PIN); err != nil {
		return "", err
	}
	return o.open(ctx, who, meta, entry{since: since})
}

// Person is one line of a list of people.
type Person struct {
	ID     term.StaffID
	Login  string
	Name   string
	Title  string
	Roles  []access.Role
	Active bool
	Lead   bool
	Second bool // is asked for a code at the login
	Held   int  // things that wait for a hand-over after the account was closed
}

func personOf(s store.Staff) Person {
	p := Person{ID: s.ID, Login: s.Login, Name: s.Name, Title: s.Title, Active: s.Active, Lead: s.Lead}
	for _, r := range s.Roles {
		p.Roles = append(p.Roles, access.Role(r))
	}
	return p
}

// People lists who may take over this browser by PIN.
func (o *Office) People(ctx context.Context, station string) (list []Person, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		staff, err := r.StaffAtStation(station, r.Now().Add(-SessionLife))
		for _, s := range staff {
			list = append(list, personOf(s))
		}
		return err
	})
	return list, fault.FromStore(err, "listing people of a station")
}
