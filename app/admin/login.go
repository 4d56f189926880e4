package admin

import (
	"context"
	"errors"
	"hash/fnv"
	"strconv"
	"strings"
	"sync"
	"time"

	"meixu/app/access"
	"meixu/app/engine/turnstile"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Meta is what the web knows of a request at the door.
type Meta struct {
	Address string // direct peer, never a header
	Station string // random name of the browser
	Tablet  bool
	Browser string // what it calls itself, in two words
	Request string
	Lang    words.Lang
	// Replaces is the token of the session that the browser had; a new login ends it, so that
	// no copy of it goes on.
	Replaces string
}

// Login is a try to come in.
type Login struct {
	Login, Password string
	PIN             string // in place of the password, for a change of persons
	Meta            Meta
}

// backoff is how long a login waits after n failed tries in a row: five cost a minute, ten
// a quarter of an hour. It never locks for good, so that no stranger can shut anybody out.
func backoff(n int) time.Duration {
	switch {
	case n >= 10:
		return 15 * time.Minute
	case n >= 5:
		return time.Minute
	}
	return 0
}

// waitLeft is how long the login must still wait.
func waitLeft(f store.Failures, now term.Instant) time.Duration {
	wait := backoff(f.Count)
	if wait == 0 {
		return 0
	}
	return max(0, f.Last.Add(wait).Sub(now))
}

// try is a secret to check: under which name it is counted, and from where it comes.
type try struct {
	name    string
	address string
	queue   *queue
}

// tryAt is the try of a password at a browser. What is wrong at a device that the house knows is
// counted there, and what strangers try is counted elsewhere: no guessing of theirs makes a
// person wait at the clinic's own devices (TR-22).
func (o *Office) tryAt(ctx context.Context, login string, meta Meta) (t try, err error) {
	t = try{name: login, address: turnstile.Peer(meta.Address), queue: strangers}
	err = o.DB.Read(ctx, func(r *store.Read) error {
		w, err := r.WorkstationInUse(meta.Station)
		if w.ID != 0 {
			t.name, t.queue = nameAt(meta.Station, login), house
		}
		return err
	})
	return t, fault.FromStore(err, "reading a workstation")
}

// nameAt is the name under which the tries of a login at one browser are counted. No stranger
// can use it up: there is no colon in a login.
func nameAt(station, login string) string { return "at:" + station + ":" + login }

// Entry is what a good password opens: the session whose token goes into the cookie and is kept
// nowhere, or for whoever has set up a second step the question for a code.
type Entry struct{ Token, Ask string }

// Login checks name and password and opens a session, or asks for the second step. Wrong name and
// wrong password give the same answer in the same time, and so does a right one that is not enough at a
// browser that the house does not know. Every try is recorded; five wrong ones in a row make the login
// wait.
func (o *Office) Login(ctx context.Context, in Login) (e Entry, err error) {
	in.Login = store.NormalLogin(in.Login) // one name, however it is written: tries of it have one turn and one count
	if !mayBeLogin(in.Login) || len(in.Password) > secretMost {
		return e, wrongIs(errWrong, "password", wrongAt(false)) // nobody has it; nothing of it is kept
	}
	t, err := o.tryAt(ctx, in.Login, in.Meta)
	if err != nil {
		return e, err
	}
	foreign, err := o.Foreign(ctx, in.Meta)
	if err != nil {
		return e, err
	}
	var who store.Staff
	var second store.SecondFactor
	err = o.counted(ctx, t, func() error {
		err := o.fits(ctx, t, in.Password, func(r *store.Read) (string, error) {
			var err error
			who, err = r.StaffByLogin(in.Login)
			if errors.Is(err, store.ErrNotFound) || err == nil && !who.Active {
				who = store.Staff{}
				return "", nil
			}
			return who.PasswordHash, err
		})
		if err != nil {
			return err
		}
		second, err = o.secondOf(ctx, who.ID)
		if err != nil || !foreign || !second.SetAt.IsZero() {
			return err
		}
		return o.admits(ctx, who, in.Meta)
	})
	if err != nil {
		return e, wrongIs(err, "password", wrongAt(foreign))
	}
	return o.passed(ctx, who, !second.SetAt.IsZero(), in)
}

// admits asks the rule for a right password without a second step, at a browser that the house does
// not know. Where it refuses, the try counts as a wrong one: else the back-off would tell which
// password is right.
func (o *Office) admits(ctx context.Context, who store.Staff, meta Meta) error {
	refuses, err := o.refusesAt(ctx, who)
	if err != nil || !refuses {
		return err
	}
	return o.turnedAway(ctx, who, meta)
}

// passed is what a right password opens: the question for a code to whoever has a second step, else
// the session.
func (o *Office) passed(ctx context.Context, who store.Staff, second bool, in Login) (e Entry, err error) {
	if codeIsOver(who, o.DB.Now()) {
		return e, wrongIs(errWrong, "password", "admin.login.code.over")
	}
	dear := o.cost().dearer(ctx, who.PasswordHash, in.Password)
	if second {
		e.Ask = o.ask(who, dear, in.Meta)
		return e, nil
	}
	e.Token, err = o.open(ctx, who, in.Meta, entry{dear: dear})
	return e, err
}

const (
	loginMost  = 64
	secretMost = 1024
)

// mayBeLogin says that somebody could have this login. A colon parts the names under which
// PINs are counted from logins, so that a stranger cannot use up a person's PIN tries.
func mayBeLogin(login string) bool {
	return len(login) <= loginMost && !strings.ContainsAny(login, ":\x00")
}

// turnOf is the turn of a name: tries of one name come one after the other, else fifty sent
// at once would all be checked before the first was counted. The name is the normal one. Names share a few turns, so that
// invented ones take no memory.
func (o *Office) turnOf(name string) *sync.Mutex {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return &o.turns[h.Sum32()%uint32(len(o.turns))]
}

// throttled checks a secret under the back-off of the try's name: it refuses while the name
// must wait, computes outside any transaction, and records the try.
func (o *Office) throttled(ctx context.Context, t try, secret string, hashOf func(*store.Read) (string, error)) error {
	return o.counted(ctx, t, func() error { return o.fits(ctx, t, secret, hashOf) })
}

// fits computes, outside any transaction, whether a secret is that of the hash; errWrong when not.
func (o *Office) fits(ctx context.Context, t try, secret string, hashOf func(*store.Read) (string, error)) error {
	var hash string
	err := o.DB.Read(ctx, func(r *store.Read) (err error) {
		hash, err = hashOf(r)
		return err
	})
	if err != nil {
		return fault.FromStore(err, "reading a secret")
	}
	c := o.cost()
	c.queue = t.queue
	good, err := c.check(ctx, hash, secret)
	if err == nil && !good {
		err = errWrong
	}
	return err
}

// counted lets a check run unless the name must wait, and records whether it was good: nil is a
// good try, errWrong a wrong one, anything else none.
func (o *Office) counted(ctx context.Context, t try, check func() error) error {
	turn := o.turnOf(t.name)
	turn.Lock()
	defer turn.Unlock()
	var wait time.Duration
	err := o.DB.Read(ctx, func(r *store.Read) error {
		f, err := r.FailuresOf(t.name)
		wait = waitLeft(f, r.Now())
		return err
	})
	if err != nil {
		return fault.FromStore(err, "reading tries")
	}
	if wait > 0 {
		return fault.Refuse("TR-login", "admin.login.wait", int(wait.Minutes())+1)
	}
	said := check()
	if said != nil && !errors.Is(said, errWrong) {
		return said
	}
	err = o.DB.WriteQuiet(ctx, func(tx *store.Tx) error { return tx.NoteAttempt(t.name, t.address, said == nil) })
	if err != nil {
		return fault.FromStore(err, "noting a try")
	}
	return said
}

// Slowed lets a check of something secret run under the back-off of a name, as passwords have it:
// five wrong tries in a row wait a minute, ten a quarter of an hour. A colon in the name keeps it
// apart from logins.
func (o *Office) Slowed(ctx context.Context, name string, check func() (good bool, err error)) (good bool, err error) {
	err = o.counted(ctx, try{name: name}, func() error {
		good, err = check()
		if err == nil && !good {
			err = errWrong
		}
		return err
	})
	if errors.Is(err, errWrong) {
		err = nil
	}
	return good && err == nil, err
}

// errWrong says that a password or PIN did not fit; callers turn it into a field's fault.
var errWrong = errors.New("admin: wrong secret")

// wrongIs turns errWrong into the fault of a field and passes other errors.
func wrongIs(err error, field, key string) error {
	if !errors.Is(err, errWrong) {
		return err
	}
	var f fault.Fields
	f.Add(field, key)
	return f.Err()
}

// open starts a session for somebody who has shown who he is. That is an act of the trail.
func (o *Office) open(ctx context.Context, who store.Staff, meta Meta, in entry) (string, error) {
	token, hash := newToken()
	s := store.Session{TokenHash: hash, Staff: who.ID, Station: meta.Station, Browser: meta.Browser, Kind: store.SessionDesk, Lang: who.Lang}
	if meta.Tablet {
		s.Kind = store.SessionTablet
	}
	on := store.Subject{Noun: "staff", ID: int64(who.ID)}
	err := o.WriteOn(ctx, door(who.ID, meta), access.SessionLogin, on, func(tx *store.Tx) error {
		if in.second != nil {
			if err := in.second(tx); err != nil {
				return err
			}
		}
		if err := in.admit(tx, who); err != nil {
			return err
		}
		if s.CreatedAt = in.since; s.CreatedAt.IsZero() {
			s.CreatedAt, s.PasswordAt = tx.Now(), tx.Now()
		}
		s.ExpiresAt, s.ProvedAt = s.CreatedAt.Add(SessionLife), tx.Now()
		w, err := tx.WorkstationInUse(meta.Station)
		if err != nil {
			return err
		}
		if w.ID != 0 {
			s.Kind = w.Kind // an iPad calls itself a Macintosh: who enrolled it knows better
		}
		if err := o.endSession(tx, meta.Replaces); err != nil {
			return err
		}
		return tx.AddSession(&s)
	})
	if err != nil {
		return "", err
	}
	o.touch(s.ID, s.SeenAt)
	if who.MustChange {
		o.forgetNotices()
	}
	return token, nil
}

// endSession ends the session of a token; one that has ended already is no fault.
func (o *Office) endSession(tx *store.Tx, token string) error {
	if token == "" {
		return nil
	}
	s, err := o.sessionOf(tx.Read, token)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.EndedAt = tx.Now()
	return tx.SaveSession(s)
}

// Logout ends the session.
func (o *Office) Logout(ctx context.Context, by access.Actor, token string) error {
	on := store.Subject{Noun: "staff", ID: int64(by.Staff)}
	err := o.WriteOn(ctx, door(by.Staff, metaOf(by)), access.SessionLogout, on, func(tx *store.Tx) error {
		return o.endSession(tx, token)
	})
	o.forget(by.Session)
	return err
}

func metaOf(by access.Actor) Meta {
	return Meta{Station: by.Station, Request: by.Request, Lang: by.Lang}
}

// pinName is the name under which wrong PINs of a person are counted.
func pinName(staff term.StaffID) string { return "pin:" + strconv.FormatInt(int64(staff), 10) }

// pinNameOf is the name under which wrong PINs of the person of a session are counted. On a device in
// a client's hands they count there alone: what a client tries while waiting keeps nobody of the house
// from unlocking and confirming elsewhere.
func pinNameOf(by access.Actor) string {
	if by.Guest.None() {
		return pinName(by.Staff)
	}
	return pinName(by.Staff) + ":hand:" + strconv.FormatInt(by.Session, 10)
}

// ConfirmPIN checks a colleague's PIN for a two-person control at the browser of by, which the
// house must know. It is slow on purpose: call it before the write.
func (o *Office) ConfirmPIN(ctx context.Context, by access.Actor, staff term.StaffID, pin string) error {
	if err := o.pinOpens(ctx, by.Station); err != nil {
		return err
	}
	return o.pinFits(ctx, pinName(staff), staff, pin)
}

// pinFits checks a person's PIN. Five wrong PINs in a row under one name make that person wait. While
// the password is a one-time one, which somebody else has seen, no PIN fits.
func (o *Office) pinFits(ctx context.Context, name string, staff term.StaffID, pin string) error {
	err := o.throttled(ctx, try{name: name, queue: house}, pin, func(r *store.Read) (string, error) {
		s, err := r.Staff(staff)
		if err == nil && !s.Active {
			err = store.ErrNotFound
		}
		if s.MustChange {
			return "", err
		}
		return s.PINHash, err
	})
	return wrongIs(err, "pin", "admin.pin.wrong")
}
