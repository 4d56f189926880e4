// Package keeping looks after the clinic's data: the nightly backup, the increments to a
// second place, the drill that proves them, and what the owner and the board are told of
// all that. How copies are made and checked is the affair of package backup.
package keeping

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/backup"
	"meixu/store"
	"meixu/store/term"
)

// Dir is the folder for backups inside a data folder, the first place of every clinic.
func Dir(dataDir string) string { return filepath.Join(dataDir, "backups") }

// Office is the service of the room.
type Office struct {
	deed.Doer
	// Start begins a backup in the background; the page follows it.
	Start func(by access.Actor) error
	// Shelf is where photos lie.
	Shelf Shelf
	// Practice says that this is a practice clinic, which nobody printed a recovery sheet for.
	Practice bool
	// Slowed runs a check of what is on the recovery sheet under the back-off of passwords.
	Slowed func(ctx context.Context, name string, check func() (good bool, err error)) (good bool, err error)
	// LogSize is the length of the write-ahead log; nil is that of the data folder.
	LogSize func() int64
	// Free is the room on the disk of the data; nil is what the system says.
	Free func(ctx context.Context) (uint64, error)

	mu       sync.Mutex
	progress Progress
	drafted  *drafted // a recovery sheet that was shown and is not in force yet
	trail    trailState
	asked    atomic.Pointer[answered] // nil until it was read
	long     atomic.Pointer[LongLog]  // nil while the write-ahead log is short
	owedTold atomic.Value             // the words key that people were last told of photos that are owed
	full     atomic.Bool              // the disk has no room for photos that come back
}

// New makes the service.
func New(d deed.Doer) *Office { return &Office{Doer: d} }

// Progress is how far a running backup is, in bytes; All is 0 when none runs.
type Progress struct{ Done, All int64 }

// Percent is how far it is, 0 to 100.
func (p Progress) Percent() int64 {
	if p.All == 0 {
		return 0
	}
	return p.Done * 100 / p.All
}

// Topic tells pages that a backup went on.
const Topic = "backup"

// Limit is after how long without a good backup, or without a good drill, people see red
// (rulings 17).
const Limit = 26 * time.Hour

// Late says that something that is to be done every night was last done too long ago, or
// never.
func Late(last, now term.Instant) bool { return last.IsZero() || now.Sub(last) > Limit }

// Done is the last time something was tried and the last time it went well.
type Done struct {
	Good  term.Instant `json:"good"`
	Tried term.Instant `json:"tried"`
	Name  string       `json:"name,omitempty"`  // of the backup
	To    string       `json:"to,omitempty"`    // place of a backup that somebody made elsewhere, without secrets
	Fault string       `json:"fault,omitempty"` // words key of what went wrong at the last try, "" when nothing
	Bytes int64        `json:"bytes,omitempty"`
	Sent  int64        `json:"sent,omitempty"`
	Files int          `json:"files,omitempty"` // media files of the backup, or photos read by the drill
	Acts  int64        `json:"acts,omitempty"`  // whose seals the drill checked
	// Awaited are photos that a restore still owed and that the backup therefore lacks.
	Awaited int `json:"awaited,omitempty"`
}

// Status is what is known about the safety of the data.
type Status struct {
	Own, Second, Drill Done
	Elsewhere          Done // the last backup that somebody made at a place of her own choice
	Place              SecondPlace
	Depot              ShownDepot
	Record             Record
	LongLog            LongLog
	Sheet              Sheet
	Owed               Owed // photos of a restore that are on their way
	Returned           Done // how the last restore's photos ended, for a week
	Progress           Progress
	At                 term.Instant
}

// Names of the settings that keep how things went.
const (
	settingOwn    = "backup.own"
	settingSecond = "backup.second"
	settingDrill  = "backup.drill"
	settingTo     = "backup.elsewhere"
)

// Status reads how the backups stand.
func (o *Office) Status(ctx context.Context, by access.Actor) (s Status, err error) {
	err = o.Read(ctx, by, access.BackupView, func(r *store.Read) error {
		s.At = r.Now()
		if s.Record, err = o.ending(r); err != nil {
			return err
		}
		for name, into := range map[string]*Done{settingOwn: &s.Own, settingSecond: &s.Second, settingDrill: &s.Drill, settingTo: &s.Elsewhere} {
			if *into, err = o.doneHere(r, name); err != nil {
				return err
			}
		}
		if s.Place, _, err = o.second(r); err != nil {
			return err
		}
		if s.Sheet, err = o.sheet(r); err != nil {
			return err
		}
		if s.Returned, err = returned(r, r.Now()); err != nil {
			return err
		}
		s.Depot, err = shownDepot(r)
		return err
	})
	s.Owed = o.Owed()
	o.mu.Lock()
	defer o.mu.Unlock()
	s.Progress, s.LongLog = o.progress, o.LongLog()
	return s, err
}

// LastBackup is when this machine made its last good backup, in its own folder or elsewhere; zero
// when never.
func (o *Office) LastBackup(ctx context.Context) (at term.Instant, err error) {
	own, err := o.done(ctx, settingOwn)
	if err != nil {
		return at, err
	}
	to, err := o.done(ctx, settingTo)
	if at = own.Good; to.Good.After(at) {
		at = to.Good
	}
	return at, err
}

// LastElsewhere is the last backup that somebody made at a place of her own choice, when that is
// newer than the clinic's own; zero when there is none.
func (o *Office) LastElsewhere(ctx context.Context) (d Done, err error) {
	own, err := o.done(ctx, settingOwn)
	if err != nil {
		return d, err
	}
	if d, err = o.done(ctx, settingTo); !d.Good.After(own.Good) {
		d = Done{}
	}
	return d, err
}

// LastDrill is when this machine last restored a backup for trial with success; zero when never.
func (o *Office) LastDrill(ctx context.Context) (at term.Instant, err error) {
	d, err := o.done(ctx, settingDrill)
	return d.Good, err
}

func (o *Office) done(ctx context.Context, setting string) (d Done, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		d, err = o.doneHere(r, setting)
		return err
	})
	return d, fault.FromStore(err, "reading "+setting)
}

// doneHere is doneOf without what another machine did. A restored database tells of backups that
// this machine does not have: nobody must rely on them.
func (o *Office) doneHere(r *store.Read, setting string) (Done, error) {
	d, err := doneOf(r, setting)
	if err != nil || d.Name == "" {
		return d, err
	}
	here := true
	switch setting {
	case settingOwn:
		here = slices.Contains(backup.Names(Dir(o.DB.Dir())), d.Name)
	case settingDrill: // the one that was drilled may be dropped already, not all of its time
		names := backup.Names(Dir(o.DB.Dir()))
		here = len(names) > 0 && names[len(names)-1] <= d.Name
	case settingTo:
		here = backup.Made(o.DB.Dir(), d.To, d.Name)
	}
	if !here {
		d = Done{}
	}
	return d, nil
}

func doneOf(r *store.Read, setting string) (d Done, err error) {
	text, err := r.Setting(setting)
	if err != nil || text == "" {
		return d, err
	}
	return d, json.Unmarshal([]byte(text), &d)
}

// Backup writes a checked backup now. Without an address it goes to the clinic's own folder
// and to the second place; else to that address only.
func (o *Office) Backup(ctx context.Context, by access.Actor, to Place, told Meter) (Report, error) {
	if !by.May(access.BackupMake) {
		return Report{}, fault.Forbidden(string(access.BackupMake))
	}
	how := backup.How{Progress: o.tell(told)}
	defer o.tell(nil)(0, 0)
	if to.Address != "" {
		return o.elsewhere(ctx, by, to, how)
	}
	report, err := o.make(ctx, Place{Address: Dir(o.DB.Dir())}, how)
	if noted := o.note(ctx, by, settingOwn, report, err); err != nil || noted != nil {
		return report, errors.Join(err, noted)
	}
	return report, o.toSecond(ctx, by, how)
}

// elsewhere makes a backup at a place that somebody names, and keeps where and when. One that
// failed is told to her alone: nothing waits for it.
func (o *Office) elsewhere(ctx context.Context, by access.Actor, to Place, how backup.How) (Report, error) {
	report, err := o.make(ctx, to, how)
	if err != nil {
		return report, err
	}
	setting := settingTo
	switch second, err := o.secondPlace(ctx); {
	case err != nil:
		return report, err
	case report.Address == Dir(o.DB.Dir()):
		setting = settingOwn
	case to.Address == second.Address:
		setting = settingSecond
	}
	return report, o.note(ctx, by, setting, report, nil)
}

// Increment sends what is new to the second place, every few minutes; nothing when the
// clinic has none.
func (o *Office) Increment(ctx context.Context, by access.Actor) error {
	if !by.May(access.BackupMake) {
		return fault.Forbidden(string(access.BackupMake))
	}
	return o.toSecond(ctx, by, backup.How{Quick: true})
}

func (o *Office) toSecond(ctx context.Context, by access.Actor, how backup.How) error {
	to, err := o.secondPlace(ctx)
	if err != nil || to.Address == "" {
		return err
	}
	report, err := o.make(ctx, to, how)
	return errors.Join(err, o.note(ctx, by, settingSecond, report, err))
}

func (o *Office) make(ctx context.Context, to Place, how backup.How) (Report, error) {
	report, err := backup.Make(ctx, o.source(), to, how)
	if err != nil {
		return report, fmt.Errorf("backing up: %w", err)
	}
	return report, nil
}

// note keeps how a backup went. A failed one leaves the time of the last good one.
func (o *Office) note(ctx context.Context, by access.Actor, setting string, r Report, failed error) error {
	return o.record(ctx, by, setting, func(d *Done) {
		d.Fault = Trouble(failed)
		if failed == nil {
			d.Good, d.Name, d.Bytes, d.Sent, d.Files = r.At, r.Name, r.Bytes, r.Sent, r.Files
			d.Awaited, d.To = r.Awaited, r.Address
			if r.Rolled {
				d.Fault = "keeping.fault.rolled"
			}
		}
	})
}

func (o *Office) record(ctx context.Context, by access.Actor, setting string, change func(*Done)) error {
	ctx = context.WithoutCancel(ctx) // how it went is kept also when the one who asked has left
	return o.Write(ctx, by, access.BackupMake, func(tx *store.Tx) error {
		d, err := doneOf(tx.Read, setting)
		if err != nil {
			return err
		}
		d.Tried = tx.Now()
		change(&d)
		return saveDone(tx, setting, d)
	})
}

func saveDone(tx *store.Tx, setting string, d Done) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return tx.SaveSetting(setting, string(text))
}

// Drill restores the newest backup of the own folder, and of the second place, for trial.
func (o *Office) Drill(ctx context.Context, by access.Actor) (backup.Drilled, error) {
	if !by.May(access.BackupMake) {
		return backup.Drilled{}, fault.Forbidden(string(access.BackupMake))
	}
	s := o.source()
	d, err := backup.Drill(ctx, s, Place{Address: Dir(o.DB.Dir())})
	if err == nil {
		var to Place
		if to, err = o.secondPlace(ctx); err == nil && to.Address != "" {
			_, err = backup.Drill(ctx, s, to)
		}
	}
	noted := o.record(ctx, by, settingDrill, func(n *Done) {
		n.Fault = Trouble(err)
		if err == nil {
			n.Good, n.Name, n.Files, n.Acts, n.Awaited = n.Tried, d.Name, d.Photos, d.Acts, d.Awaited
		}
	})
	if key := Known(err); key != "" && noted == nil {
		return d, fault.Clash(key).Because(err)
	}
	return d, errors.Join(err, noted)
}

// tell keeps how far a backup is for the owner's page, and passes it on.
func (o *Office) tell(to Meter) Meter {
	return func(done, all int64) {
		o.mu.Lock()
		before := o.progress
		o.progress = Progress{done, all}
		moved := o.progress.Percent() != before.Percent() || (all == 0) != (before.All == 0)
		o.mu.Unlock()
		if moved {
			o.Hub.Send([]string{Topic})
		}
		if to != nil {
			to(done, all)
		}
	}
}
