package admin

import (
	"context"
	"maps"
	"strconv"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// asked is somebody who gave the right password and is asked for a code. It is kept in memory
// only: after a restart people begin anew.
type asked struct {
	staff   term.StaffID
	station string
	until   term.Instant
	given   term.Instant // when the password was set: a reset meanwhile ends the question
	dear    string       // see entry
}

// ask remembers who is asked for a code, and gives the mark that comes back with it.
func (o *Office) ask(who store.Staff, dear string, meta Meta) (mark string) {
	mark, hash := newToken()
	now := o.DB.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	maps.DeleteFunc(o.asked, func(_ string, a asked) bool { return !now.Before(a.until) })
	if o.asked == nil || len(o.asked) >= askMost {
		o.asked = map[string]asked{}
	}
	o.asked[string(hash)] = asked{staff: who.ID, given: who.PasswordAt, dear: dear, station: meta.Station, until: now.Add(askLife)}
	return mark
}

// answered is who was asked at this browser with this mark; ok is false when nobody was, or too
// long ago.
func (o *Office) answered(mark string, meta Meta) (a asked, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	a, ok = o.asked[string(hashToken(mark))]
	return a, ok && a.station == meta.Station && o.DB.Now().Before(a.until)
}

// LoginSecond opens the session of whoever was asked, by a code of the app or a recovery code.
// Wrong ones are counted for the person: who knows the password only has five of a million.
func (o *Office) LoginSecond(ctx context.Context, mark, code string, meta Meta) (token string, err error) {
	a, ok := o.answered(mark, meta)
	if !ok {
		return "", fault.Refuse("TR-second", "admin.second.again")
	}
	t, err := o.tryAt(ctx, "second:"+strconv.FormatInt(int64(a.staff), 10), meta)
	if err != nil {
		return "", err
	}
	err = o.counted(ctx, t, func() error {
		token, err = o.comeIn(ctx, a, code, meta)
		return err
	})
	if err != nil {
		return "", wrongIs(err, "pin", "admin.second.wrong")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.asked, string(hashToken(mark)))
	return token, nil
}

// comeIn uses the code up and opens the session, in one transaction.
func (o *Office) comeIn(ctx context.Context, a asked, code string, meta Meta) (token string, err error) {
	var who store.Staff
	err = o.DB.Read(ctx, func(r *store.Read) error {
		who, err = r.Staff(a.staff)
		return err
	})
	if err != nil {
		return "", fault.FromStore(err, "reading staff")
	}
	if !who.Active || who.PasswordAt != a.given {
		return "", errWrong
	}
	wrong := false
	token, err = o.open(ctx, who, meta, entry{dear: a.dear, second: func(tx *store.Tx) error {
		f, err := secondFactor(tx.Read, a.staff)
		if err != nil {
			return err
		}
		if err := o.spend(&f, code); err != nil {
			wrong = true
			return err
		}
		return saveSecond(tx, &f)
	}})
	if wrong {
		return "", errWrong
	}
	return token, err
}
