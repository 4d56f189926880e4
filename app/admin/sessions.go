package admin

import (
	"context"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// OwnSession is one of a person's own running sessions, as that person sees it.
type OwnSession struct {
	ID      int64
	Here    bool   // the one that asks
	Station string // what the house calls the device; "" when it does not know it
	Browser string // family and system; "" when it told none that we know
	Kind    string // store.SessionDesk and its fellows
	Locked  bool
	Since   term.Instant
	Seen    term.Instant // when somebody last did something there
}

// StateKey is the words key of how the session stands.
func (s OwnSession) StateKey() string {
	switch {
	case s.Here:
		return "admin.sessions.this"
	case s.Kind == store.SessionHandover:
		return "admin.sessions.handed"
	case s.Locked:
		return "admin.sessions.locked"
	}
	return "admin.sessions.open"
}

// Sessions lists where the actor is signed in, the present session first.
func (o *Office) Sessions(ctx context.Context, by access.Actor) (list []OwnSession, err error) {
	err = o.Read(ctx, by, access.ProfileSave, func(r *store.Read) error {
		all, err := r.SessionsOf(by.Staff)
		if err != nil {
			return err
		}
		known, err := r.Workstations()
		if err != nil {
			return err
		}
		names := map[string]string{}
		for _, w := range known {
			if w.RetiredAt.IsZero() {
				names[w.Mark] = w.Name
			}
		}
		for _, s := range all {
			own := OwnSession{
				ID: s.ID, Here: s.ID == by.Session, Station: names[s.Station], Browser: s.Browser, Kind: s.Kind, Since: s.CreatedAt, Seen: o.lastSeen(s),
			}
			own.Locked = !s.LockedAt.IsZero() || s.Kind != store.SessionHandover && r.Now().Sub(own.Seen) > idleLimit(s)
			if own.Here {
				list = append([]OwnSession{own}, list...)
			} else {
				list = append(list, own)
			}
		}
		return nil
	})
	return list, err
}

// EndSession ends another running session of the actor's own. What is open there closes with the
// commit, and the PIN alone opens nothing at that browser any more.
func (o *Office) EndSession(ctx context.Context, by access.Actor, id int64) error {
	if id == by.Session {
		return fault.Refuse("TR-door", "admin.sessions.here")
	}
	return o.endOwn(ctx, by, func(tx *store.Tx) error { return tx.EndSession(by.Staff, id) })
}

// EndOthers ends every session of the actor's own but the present one.
func (o *Office) EndOthers(ctx context.Context, by access.Actor) error {
	return o.endOwn(ctx, by, func(tx *store.Tx) error { return tx.EndSessions(by.Staff, by.Session) })
}

func (o *Office) endOwn(ctx context.Context, by access.Actor, end func(*store.Tx) error) error {
	return o.WriteOn(ctx, by, access.SessionEnd, store.Subject{Noun: "staff", ID: int64(by.Staff)}, func(tx *store.Tx) error {
		tx.Result("session", by.Session)
		return end(tx)
	})
}

// Expel ends every session of another person, wherever it runs, as after the loss of a device. It
// takes no right away: who has the password comes in again.
func (o *Office) Expel(ctx context.Context, by access.Actor, id term.StaffID) error {
	return o.WriteOn(ctx, by, access.SessionExpel, store.Subject{Noun: "staff", ID: int64(id)}, func(tx *store.Tx) error {
		if _, err := tx.Staff(id); err != nil {
			return err
		}
		tx.Result("staff", int64(id))
		return tx.EndSessions(id, by.Session)
	})
}

// ExpelAll ends the sessions of everybody but the present one of the actor.
func (o *Office) ExpelAll(ctx context.Context, by access.Actor) error {
	return o.Write(ctx, by, access.SessionExpel, func(tx *store.Tx) error {
		all, err := tx.AllStaff()
		for _, s := range all {
			if err == nil {
				err = tx.EndSessions(s.ID, by.Session)
			}
		}
		return err
	})
}
