package keeping

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/backup"
	"meixu/backup/target"
	"meixu/store"
	"meixu/store/term"
)

// settingReturned keeps when the photos of the last restore were all here.
const settingReturned = "restore.photos"

// roomLeft is what stays free on the disk for the work of the day while photos come back, in
// bytes.
const roomLeft = 2 << 30

// Owed is how the photos of a restore stand that are not here yet; All is 0 when none is owed.
type Owed struct {
	backup.OwedState
	Full bool // the disk has no room for more
}

// Percent is how far it is, 0 to 100.
func (o Owed) Percent() int {
	if o.All == 0 {
		return 100
	}
	return o.Here * 100 / o.All
}

// Key is the words key of what people are told, "" when nothing is owed; Args are its arguments.
func (o Owed) Key() string {
	switch {
	case o.All == 0:
		return ""
	case o.Full:
		return "keeping.owed.full"
	case !o.Away.IsZero():
		return "keeping.owed.away"
	case len(o.Bad) > 0 && len(o.Bad) == o.Left():
		return "keeping.owed.bad"
	}
	return "keeping.owed.coming"
}

// Args are the arguments of Key.
func (o Owed) Args() []any { return []any{o.Here, o.All, o.Left(), o.Address} }

// Stuck says that somebody has to do something.
func (o Owed) Stuck() bool { return o.All > 0 && o.Key() != "keeping.owed.coming" }

// Owed tells which photos a restore still owes.
func (o *Office) Owed() Owed {
	if o.Shelf == nil || o.Shelf.Owed() == nil {
		return Owed{}
	}
	return Owed{o.Shelf.Owed().State(), o.full.Load()}
}

// OpenOwed tells the shelf which photos a restore still owes. A list that cannot be read keeps
// no clinic from opening: the photos are missed one by one.
func (o *Office) OpenOwed() error {
	owed, err := backup.OwedPhotos(o.DB.Dir(), o.DB.Keys(), o.DB.Now)
	if errors.Is(err, backup.ErrDamaged) {
		slog.Error("the list of photos that a restore owes cannot be read; restore once more", "error", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading which photos a restore owes: %w", err)
	}
	return o.Shelf.SetOwed(owed)
}

// ReturnPhotos fetches what a restore still owes, while people work. It is a job: a medium that
// is away is asked again a minute later, and told of once.
func (o *Office) ReturnPhotos(ctx context.Context, by access.Actor) (n int, err error) {
	if !by.May(access.BackupMake) {
		return 0, fault.Forbidden(string(access.BackupMake))
	}
	before := o.Owed()
	if before.All == 0 {
		return 0, nil
	}
	shown := before.Percent()
	n, err = o.Shelf.Return(ctx, func() bool { return o.roomFor(ctx) }, func() {
		if now := o.Owed().Percent(); now > shown {
			shown = now
			o.Hub.Send([]string{Topic})
		}
	})
	o.full.Store(errors.Is(err, backup.ErrNoRoom))
	now := o.Owed()
	if err == nil && now.Left() == 0 {
		return n, o.endOwed(ctx, by, access.BackupMake, Done{Name: now.From, Files: now.All})
	}
	changed := o.owedTold.Swap(now.Key()) != now.Key()
	if changed || len(now.Bad) != len(before.Bad) || n > 0 {
		o.Hub.Send([]string{Topic, live.Board})
	}
	if known := errors.Is(err, target.ErrAway) || errors.Is(err, backup.ErrNoRoom); known && !changed {
		return n, nil // told before
	}
	return n, err
}

func (o *Office) roomFor(ctx context.Context) bool {
	free, err := o.free(ctx)
	return err != nil || free > roomLeft // a system that tells nothing fails at the write itself
}

// endOwed keeps that nothing is owed any more.
func (o *Office) endOwed(ctx context.Context, by access.Actor, p access.Permission, how Done) error {
	err := o.Write(context.WithoutCancel(ctx), by, p, func(tx *store.Tx) error {
		how.Good, how.Tried = tx.Now(), tx.Now()
		tx.Publish(Topic)
		tx.Publish(live.Board)
		return saveDone(tx, settingReturned, how)
	})
	if err != nil {
		return err
	}
	o.full.Store(false)
	return o.Shelf.SetOwed(nil)
}

// MoveOwed takes photos that are owed from another place: the medium has another drive letter
// now, or there is another copy of the backups.
func (o *Office) MoveOwed(ctx context.Context, by access.Actor, in PlaceForm) error {
	if !by.May(access.BackupPlace) {
		return fault.Forbidden(string(access.BackupPlace))
	}
	owed := o.Shelf.Owed()
	if owed == nil {
		return fault.Refuse("TR-11", "keeping.owed.none")
	}
	var f fault.Fields
	p := Place{Address: strings.TrimSpace(in.Address), Secrets: in.Secrets}
	if in.Keep {
		if had := owed.PlaceNow(); had.Address == p.Address || sameHost(had.Address, p.Address) {
			p.Secrets = had.Secrets
		} else if target.Remote(p.Address) {
			f.Add("keep", "keeping.fault.keep")
			return f.Err()
		}
	}
	err := owed.MoveTo(ctx, p)
	if err != nil {
		refuse(&f, p, err)
		return f.Err()
	}
	return o.Write(ctx, by, access.BackupPlace, func(tx *store.Tx) error {
		tx.Publish(Topic)
		return nil
	})
}

// GiveUpOwed ends the waiting for photos that nobody can bring: they stay lost, by name, with a
// reason. The rows of the pictures stay.
func (o *Office) GiveUpOwed(ctx context.Context, by access.Actor, reason string) error {
	if !by.May(access.PhotosGiveUp) {
		return fault.Forbidden(string(access.PhotosGiveUp))
	}
	owed := o.Shelf.Owed()
	if owed == nil {
		return fault.Refuse("TR-11", "keeping.owed.none")
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		var f fault.Fields
		f.Add("reason", "keeping.owed.reason")
		return f.Err()
	}
	state := owed.State()
	by.Reason = reason
	if err := o.endOwed(ctx, by, access.PhotosGiveUp, Done{Name: state.From, Files: state.Here, Awaited: state.Left()}); err != nil {
		return err
	}
	if err := owed.End(); err != nil {
		return fmt.Errorf("giving photos up: %w", err)
	}
	return nil
}

// returnedShown is how long the owner is told that all photos of a restore are here.
const returnedShown = 7 * 24 * time.Hour

// returned is how the photos of the last restore ended; zero when there was none lately.
func returned(r *store.Read, now term.Instant) (Done, error) {
	d, err := doneOf(r, settingReturned)
	if err != nil || now.Sub(d.Good) > returnedShown {
		return Done{}, err
	}
	return d, nil
}
