package admin

import (
	"context"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// How long a one-time password opens: that of a reset is typed at once, that of a new person
// on the first day (trust.md section 5).
const (
	CodeLife    = 15 * time.Minute
	NewCodeLife = 24 * time.Hour
)

// NoticeLife is how long people are told that somebody came in by a reset.
const NoticeLife = 7 * 24 * time.Hour

// codeIsOver says that the password is a one-time one which opens nothing any more.
func codeIsOver(s store.Staff, now term.Instant) bool {
	return s.MustChange && !now.Before(s.Code.Until)
}

// useCode uses the one-time password up, when the password is one: it opens once.
func useCode(s *store.Staff, now term.Instant) error {
	if !s.MustChange {
		return nil
	}
	if codeIsOver(*s, now) {
		return wrongIs(errWrong, "password", "admin.login.code.over")
	}
	s.Code.Until, s.Code.UsedAt = now, now
	return nil
}

// ResetPassword gives a one-time password, which opens once within CodeLife, ends all sessions
// of the person and is on record.
func (o *Office) ResetPassword(ctx context.Context, by access.Actor, login string) (code string, err error) {
	return o.giveCode(ctx, by, login, store.CodeReset)
}

func (o *Office) giveCode(ctx context.Context, by access.Actor, login, why string) (code string, err error) {
	code = NewCode()
	hash, err := o.cost().hash(ctx, code)
	if err != nil {
		return "", err
	}
	err = o.Write(ctx, by, access.StaffReset, func(tx *store.Tx) error {
		s, err := tx.StaffByLogin(login)
		if err != nil {
			return err
		}
		if err := mayReset(by, s); err != nil {
			return err
		}
		s.PasswordHash, s.PasswordAt, s.MustChange = hash, tx.Now(), true
		s.Code = store.OneTime{Until: tx.Now().Add(CodeLife), Why: why, By: by.Staff}
		if err := tx.SaveStaff(&s); err != nil {
			return err
		}
		if err := tx.ForgiveAttempts(s.Login); err != nil {
			return err
		}
		if why == store.CodeConsole { // nobody is left who could clear it
			if err := dropSecond(tx, s.ID); err != nil {
				return err
			}
		}
		tx.Result("staff", int64(s.ID))
		tx.Publish("staff")
		return tx.EndSessions(s.ID, 0)
	})
	o.forgetNotices()
	return code, err
}

// ResetOwner gives an owner who has nobody left to ask a one-time password. It is asked for at
// the console of the server, with the recovery code of the clinic; proof checks the code.
func (o *Office) ResetOwner(ctx context.Context, login string, proof func() error) (code string, err error) {
	var s store.Staff
	err = o.DB.Read(ctx, func(r *store.Read) error {
		s, err = r.StaffByLogin(login)
		return err
	})
	if err != nil {
		return "", fault.FromStore(err, "reading the owner")
	}
	if !s.Active || !slices.Contains(s.Roles, string(access.Owner)) {
		return "", fault.Refuse("TR-reset", "admin.code.no_owner")
	}
	if err := o.counted(ctx, try{name: "console:" + s.Login}, proof); err != nil {
		return "", err
	}
	return o.giveCode(ctx, access.System("console"), s.Login, store.CodeConsole)
}

// WrongCode is what the proof of ResetOwner says when the recovery code is not the clinic's.
func WrongCode() error { return errWrong }

// Notice tells that somebody came in by a reset, so that nobody does so unseen.
type Notice struct {
	Why      string
	Name     string // whose password it was
	By       string // who gave the one-time password; "" for the console
	At       term.Instant
	Everyone bool
}

// Notices are what the actor is told at the head of every page: all people of a reset at the
// console, owner and security administrators of any other that was used.
func (o *Office) Notices(ctx context.Context, by access.Actor) (list []Notice, err error) {
	if !by.SignedIn() {
		return nil, nil
	}
	kept := o.notices.Load()
	if kept == nil {
		all, err := o.readNotices(ctx)
		if err != nil {
			return nil, err
		}
		kept = &all
		o.notices.Store(kept)
	}
	now := o.DB.Now()
	for _, n := range *kept {
		if now.Sub(n.At) < NoticeLife && (n.Everyone || by.May(access.StaffReset)) {
			list = append(list, n)
		}
	}
	return list, nil
}

func (o *Office) readNotices(ctx context.Context) (list []Notice, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		all, err := r.AllStaff()
		names := map[term.StaffID]string{}
		for _, s := range all {
			names[s.ID] = s.Name
		}
		for _, s := range all {
			if n, told := noticeOf(s); told {
				n.By = names[s.Code.By]
				list = append(list, n)
			}
		}
		return err
	})
	return list, fault.FromStore(err, "reading resets")
}

// noticeOf is what is told of a person's newest one-time password: one given at the console at
// once, any other when it was used.
func noticeOf(s store.Staff) (n Notice, told bool) {
	n = Notice{Why: s.Code.Why, Name: s.Name, At: s.Code.UsedAt, Everyone: s.Code.Why == store.CodeConsole}
	if n.Everyone {
		n.At = s.Code.Until.Add(-CodeLife)
		if !s.Code.UsedAt.IsZero() {
			n.At = s.Code.UsedAt
		}
	}
	return n, !n.At.IsZero() && (n.Everyone || s.Code.Why == store.CodeReset)
}

// forgetNotices lets them be read anew, after a one-time password was given or used.
func (o *Office) forgetNotices() { o.notices.Store(nil) }
