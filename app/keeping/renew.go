package keeping

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"
)

// draftLife is how long a new recovery sheet waits for its two groups.
const draftLife = 30 * time.Minute

// drafted is a recovery sheet that somebody was shown. It lives in memory only: what was not
// confirmed never was.
type drafted struct {
	seal.Draft
	staff   term.StaffID
	session int64
	until   term.Instant
}

// NewSheet is a recovery sheet as it is shown, once.
type NewSheet struct {
	Code   string
	Number string
	Groups seal.Groups // to be typed again from the paper
	At     term.Instant
}

// DraftSheet makes a new recovery sheet for a clinic whose sheet was lost, cannot be read any
// more, or was seen by others. Nothing changes before RenewSheet.
func (o *Office) DraftSheet(ctx context.Context, by access.Actor) (s NewSheet, err error) {
	if !by.May(access.RecoveryDraft) {
		return s, fault.Forbidden(string(access.RecoveryDraft))
	}
	if o.Practice {
		return s, fault.Refuse("TR-sheet", "keeping.sheet.practice")
	}
	d, code, err := o.DB.Keys().Draft(o.DB.Dir()) // slow on purpose, before the write
	if err != nil {
		return s, fault.Defect("making a recovery sheet", err)
	}
	s = NewSheet{Code: code, Number: d.Number(), Groups: d.Question()}
	err = o.Write(ctx, by, access.RecoveryDraft, func(tx *store.Tx) error {
		s.At = tx.Now()
		return nil
	})
	if err != nil {
		return NewSheet{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.drafted = &drafted{d, by.Staff, by.Session, s.At.Add(draftLife)}
	return s, nil
}

// DraftGroups are the groups that the sheet which the actor was shown asks for; zero when there is
// none any more.
func (o *Office) DraftGroups(by access.Actor) (groups seal.Groups) {
	if d := o.draftOf(by); d != nil {
		groups = d.Question()
	}
	return groups
}

func (o *Office) draftOf(by access.Actor) *drafted {
	now := o.DB.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	d := o.drafted
	if d == nil || d.staff != by.Staff || d.session != by.Session || !now.Before(d.until) {
		return nil
	}
	return d
}

// RenewSheet puts the sheet in force that the actor was shown, when two groups of it are typed
// from the paper: from now on this machine and new backups open with it. Backups of before keep
// what they hold: they open with the former sheet, and on this machine. A backup is begun at
// once, so that the newest one opens with the new sheet.
func (o *Office) RenewSheet(ctx context.Context, by access.Actor, first, second string) error {
	if !by.May(access.RecoveryRenew) {
		return fault.Forbidden(string(access.RecoveryRenew))
	}
	d := o.draftOf(by)
	if d == nil {
		return fault.Refuse("TR-sheet", "keeping.renew.none")
	}
	good, err := o.fits(ctx, "sheet:renewal", func() error { return d.Fits(first, second) })
	if err != nil {
		return err
	}
	if !good {
		var f fault.Fields
		f.Add("first", "keeping.renew.wrong")
		f.Add("second", "keeping.renew.wrong")
		return f.Err()
	}
	if err := o.putInForce(ctx, by, d); err != nil {
		return err
	}
	o.mu.Lock()
	if o.drafted == d {
		o.drafted = nil
	}
	o.mu.Unlock()
	if o.Start != nil {
		if err := o.Start(by); err != nil { // it is in the night's turn, too
			slog.Warn("no backup was begun after the recovery sheet was renewed", "error", err)
		}
	}
	return nil
}

// putInForce exchanges the recovery file and begins the seals of the days anew. When the act
// cannot be saved the former sheet stays in force.
func (o *Office) putInForce(ctx context.Context, by access.Actor, d *drafted) error {
	former, err := seal.ReadRecovery(o.DB.Dir())
	if err != nil {
		return fault.Defect("reading the recovery file", err)
	}
	err = o.Write(ctx, by, access.RecoveryRenew, func(tx *store.Tx) error {
		if err := tx.BeginSheet(d.FirstKey()); err != nil {
			return err
		}
		if err := o.keepAnswer(tx, func(a *answered) {
			a.Good, a.Began, a.Wrong, a.Turn = tx.Now(), tx.Now(), false, 1
		}); err != nil {
			return err
		}
		return d.Write(o.DB.Dir())
	})
	if err != nil {
		return errors.Join(err, former.Write(o.DB.Dir()))
	}
	return nil
}
