// Package app is the clinic without its walls: the rooms, the engines, the clock and the
// news, wired once. Every user interface stands on an *App.
package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/app/jobs"
	"meixu/app/keeping"
	"meixu/app/lan"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"
)

// Version is the version of the program, set by the linker.
var Version = "0.1.0-dev"

// Options say where the clinic lives and what the outside world is.
type Options struct {
	Dir  string           // data folder
	Now  func() time.Time // the machine's clock; required
	Demo bool             // practice mode: demo people, movable clock
	// Passphrase opens the key file; it is asked at most once, and only when the file has one.
	Passphrase func() (string, error)
}

// App is one running clinic.
type App struct {
	deed.Doer
	Options Options
	Admin   *admin.Office
	Jobs    *jobs.Runner
	Keeping *keeping.Office
	LAN     *lan.Office
	Engines Engines
	Rooms   Rooms

	clock *clock
	sheet string // recovery code of a folder made just now
}

// settingClock keeps how far the demo clock was moved, in seconds.
const settingClock = "demo.clock"

// Open takes a data folder for this process (making it when it is new) and wires the clinic.
func Open(ctx context.Context, o Options) (*App, error) {
	if o.Passphrase != nil {
		o.Passphrase = sync.OnceValues(o.Passphrase)
	}
	keys, err := prepare(ctx, o)
	if err != nil {
		return nil, err
	}
	keys, sheet, err := madeKeys(o.Dir, keys)
	if err != nil {
		return nil, err
	}
	c, hub := &clock{base: o.Now}, live.New()
	db, err := store.Open(ctx, store.Options{Dir: o.Dir, Now: c.now, Keys: keys, Topics: hub.Send})
	if err != nil {
		return nil, err
	}
	a, err := New(ctx, db, hub, o)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	a.clock, a.sheet = c, sheet
	if err := errors.Join(a.restoreClock(ctx), a.renewSheet(ctx, keys), a.Keeping.Compare(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return a, nil
}

// renewSheet makes a new recovery code while nobody has seen one: the program was started
// before, and stopped before the set-up that shows it. The code itself is kept nowhere.
func (a *App) renewSheet(ctx context.Context, keys *seal.Keyring) error {
	if a.sheet != "" {
		return nil
	}
	people := 0
	err := a.DB.Read(ctx, func(r *store.Read) (err error) {
		people, err = r.StaffCount()
		return err
	})
	if err != nil || people > 0 {
		return err
	}
	a.sheet, err = keys.Renew(a.DB.Dir())
	return err
}

// New wires rooms and engines on an open database; tests call it with their own.
func New(ctx context.Context, db *store.DB, hub *live.Hub, o Options) (*App, error) {
	a := &App{Doer: deed.Doer{DB: db, Hub: hub}, Options: o}
	a.Admin = admin.New(a.Doer)
	a.Admin.Demo, a.Admin.Machine = o.Demo, o.Now
	a.Keeping, a.LAN = keeping.New(a.Doer), lan.New(a.Doer)
	if err := a.furnish(ctx); err != nil {
		return nil, fmt.Errorf("wiring the rooms: %w", err)
	}
	a.Keeping.Shelf, a.Keeping.Practice, a.Keeping.Slowed = a.Engines.Media, o.Demo, a.Admin.Slowed
	if err := errors.Join(a.Keeping.OpenDepot(ctx), a.Keeping.OpenOwed()); err != nil {
		return nil, err
	}
	var err error
	a.Jobs, err = jobs.New(a.Doer, jobs.List(a.house()))
	a.Keeping.Start = func(by access.Actor) error { return a.Jobs.Launch(by, "backup") }
	return a, err
}

// madeKeys makes the keys of a new folder; those of one that has data are never made anew.
func madeKeys(dir string, keys *seal.Keyring) (*seal.Keyring, string, error) {
	if keys != nil {
		return keys, "", nil
	}
	if Exists(dir) {
		return nil, "", fmt.Errorf("the data folder %s has no key file: %w", dir, seal.ErrNoKeys)
	}
	return seal.Create(dir)
}

// RecoverySheet is the recovery code of a folder that nobody was set up in yet, else "".
func (a *App) RecoverySheet() string { return a.sheet }

// Now is the clinic's clock.
func (a *App) Now() term.Instant { return a.DB.Now() }

// Close stops the jobs and the news and gives the folder free.
func (a *App) Close() error {
	a.Jobs.Stop()
	a.Hub.Close()
	_, noted := a.DB.NoteAnchor(context.Background())
	return errors.Join(noted, a.Engines.Media.SetDepot(nil), a.Engines.Media.SetOwed(nil), a.DB.Close())
}

// OpenLAN makes or reads the authority that vouches for the house on its network. Browsers
// compare certificates with their own clock, so this is the machine's, never the demo's.
func (a *App) OpenLAN(ctx context.Context, names []string) (*lan.Authority, error) {
	clinic, err := a.Admin.ClinicName(ctx)
	if err != nil {
		return nil, err
	}
	return a.LAN.Open(ctx, clinic, lan.Surroundings{Now: a.Options.Now, Addresses: lan.Addresses, Names: names})
}

// Health is what /healthz tells: that the database answers.
func (a *App) Health(ctx context.Context) error {
	return a.DB.Read(ctx, func(r *store.Read) error {
		_, err := r.StaffCount()
		return err
	})
}

// MoveClock moves the demo clock forward and takes the living sessions along. Time never
// goes back: what was written must stay in the past.
func (a *App) MoveClock(ctx context.Context, by access.Actor, d time.Duration) error {
	if d <= 0 || d > 400*24*time.Hour {
		var f fault.Fields
		f.Add("minutes", "admin.clock.forward")
		return f.Err()
	}
	if !a.Options.Demo || a.clock == nil {
		return fault.Refuse("rulings-29", "admin.clock.demo")
	}
	to := a.clock.offset.Load() + int64(d)
	err := a.Write(ctx, by, access.ClockMove, func(tx *store.Tx) error {
		tx.Publish(live.Resync)
		if err := tx.ShiftSessions(d); err != nil {
			return err
		}
		return tx.SaveSetting(settingClock, time.Duration(to).String())
	})
	if err == nil {
		a.Admin.ShiftSeen(d)
		a.clock.offset.Store(to)
	}
	return err
}

func (a *App) restoreClock(ctx context.Context) error {
	if !a.Options.Demo {
		return nil
	}
	return a.DB.Read(ctx, func(r *store.Read) error {
		text, err := r.Setting(settingClock)
		if err != nil || text == "" {
			return err
		}
		d, err := time.ParseDuration(text)
		a.clock.offset.Store(int64(d))
		return err
	})
}
