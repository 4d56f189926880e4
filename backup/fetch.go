package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"
	"golang.org/x/sync/errgroup"

	"meixu/backup/target"
	"meixu/store/file"
	"meixu/store/seal"
	"meixu/store/term"
)

// fetchers is how many photos come at one time: it hides the way to a server, and leaves a
// machine with two processors to the people who work at it.
const fetchers = 3

// ErrNoRoom says that photos stopped coming because the disk would be too full to work with.
var ErrNoRoom = errors.New("backup: no room for more photos")

// Pull says how photos are to come.
type Pull struct {
	// Order sorts the names; nil takes them as they come.
	Order func(names []string)
	// Skip says that a photo is not wanted: another store has it, or no row speaks of it.
	Skip func(name string) bool
	// Room says whether there is room for more.
	Room func() bool
	// Told is called when one has arrived.
	Told func()
}

// Pull fetches what is owed, a few at a time, and says how many came. It goes on past photos
// that are refused, which State names. When nothing is left the list is gone. target.ErrAway
// when no place can be reached any more, ErrNoRoom when the disk is full: what came stays.
func (o *Owed) Pull(ctx context.Context, p Pull) (n int, err error) {
	if o == nil {
		return 0, nil
	}
	o.mu.Lock()
	o.tried = make([]term.Instant, len(o.list.Places)) // each run asks each place anew
	o.mu.Unlock()
	came := make(chan struct{}, fetchers)
	counted := make(chan int)
	go func() {
		total := 0
		for range came {
			total++
			if p.Told != nil {
				p.Told()
			}
		}
		counted <- total
	}()
	err = o.pull(ctx, p, came)
	close(came)
	n = <-counted
	if err == nil && o.State().Left() == 0 {
		err = o.End()
	}
	return n, err
}

func (o *Owed) pull(ctx context.Context, p Pull, came chan<- struct{}) error {
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(fetchers)
	for _, f := range o.wanted(p) {
		if running.Err() != nil {
			break
		}
		group.Go(func() error {
			if p.Room != nil && !p.Room() {
				return ErrNoRoom
			}
			err := o.fetch(running, f)
			switch {
			case err == nil:
				came <- struct{}{}
				return nil
			case errors.Is(err, ErrDamaged), errors.Is(err, target.ErrAway) && o.State().Away.IsZero():
				return nil // refused and named, or on another place that is away: the rest goes on
			}
			return err
		})
	}
	err := group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// wanted are the photos to be fetched now, in order. What is not wanted at all is owed no more.
func (o *Owed) wanted(p Pull) (list []mediaFile) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.now()
	names := make([]string, 0, len(o.left))
	for name := range o.left {
		if p.Skip != nil && p.Skip(name) {
			delete(o.left, name)
			delete(o.bad, name)
			o.idle++
			continue
		}
		if b, ok := o.bad[name]; ok && now.Sub(b.at) < badPause && !now.Before(b.at) {
			continue
		}
		names = append(names, name)
	}
	if p.Order != nil {
		p.Order(names)
	}
	for _, name := range names {
		list = append(list, o.left[name])
	}
	return list
}

// Fetch brings one photo now, for somebody who wants to see it. target.ErrAway when no place
// can be reached, fs.ErrNotExist when it is not owed, ErrDamaged when no place has it whole.
func (o *Owed) Fetch(ctx context.Context, name string) error {
	if o == nil {
		return fs.ErrNotExist
	}
	o.mu.Lock()
	f, ok := o.left[name]
	o.mu.Unlock()
	if !ok {
		return fs.ErrNotExist
	}
	return o.fetch(ctx, f)
}

// fetch brings a photo from the first place that has it whole. It is refused when every place
// was asked and none has.
func (o *Owed) fetch(ctx context.Context, f mediaFile) error {
	damaged, away := error(nil), fmt.Errorf("%w: no place is known", target.ErrAway)
	places := o.places()
	reached := 0
	for i := range places {
		switch err := o.fetchFrom(ctx, i, f); {
		case err == nil:
			o.settle(f.Name)
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrDamaged):
			damaged = err
			reached++
		case errors.Is(err, target.ErrAway):
			away = err
		default:
			return err // the own disk: no other place mends that
		}
	}
	if reached < len(places) || damaged == nil {
		return away
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.bad[f.Name] = refused{o.now(), damaged}
	return damaged
}

func (o *Owed) settle(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.left, name)
	delete(o.bad, name)
}

// fetchFrom brings a photo from one place. What comes out wrong is asked for a second time over
// a connection of its own: a medium that was pulled out looks like one that lost its files.
func (o *Owed) fetchFrom(ctx context.Context, place int, f mediaFile) error {
	v, err := o.open(ctx, place)
	if err != nil {
		return err
	}
	dir := filepath.Join(o.dir, mediaFolder)
	err = v.fetchFile(ctx, f, dir)
	if err == nil || ctx.Err() != nil || ownDisk(err) {
		return err
	}
	again, lost := o.connect(ctx, o.places()[place])
	if lost != nil {
		o.exchange(place, v, nil)
		return fmt.Errorf("%w: %w", target.ErrAway, lost)
	}
	switch err = again.fetchFile(ctx, f, dir); {
	case err == nil:
		o.exchange(place, v, again)
		return nil
	case errors.Is(err, ErrDamaged), ownDisk(err):
		return errors.Join(err, again.Close())
	}
	o.exchange(place, v, nil)
	return errors.Join(fmt.Errorf("%w: %w", target.ErrAway, err), again.Close())
}

// ownDiskError is what went wrong with the folder that photos are written to.
type ownDiskError struct{ error }

func (e ownDiskError) Unwrap() error { return e.error }

func ownDisk(err error) bool {
	var own ownDiskError
	return errors.As(err, &own)
}

// open gives the connection to a place. One that was away just now is not asked again for a
// while: a page of thumbnails must not wait for each of them.
func (o *Owed) open(ctx context.Context, place int) (*vault, error) {
	o.line.Lock()
	defer o.line.Unlock()
	o.mu.Lock()
	if place >= len(o.list.Places) {
		o.mu.Unlock()
		return nil, target.ErrAway // exchanged meanwhile
	}
	p, tried, now := o.list.Places[place], o.tried[place], o.now()
	o.mu.Unlock()
	if o.lines == nil {
		o.lines = make([]*vault, len(o.away))
	}
	if v := o.lines[place]; v != nil {
		return v, nil
	}
	if !tried.IsZero() && now.Sub(tried) < awayPause && !now.Before(tried) {
		return nil, fmt.Errorf("%w: asked just before", target.ErrAway)
	}
	v, err := o.connect(ctx, p)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		o.missed(place, now)
		return nil, fmt.Errorf("%w: %w", target.ErrAway, err)
	}
	o.lines[place], o.away[place] = v, term.Instant{}
	return v, nil
}

// connect opens a place for reading, which must hold a backup of this clinic: where a disk was
// pulled out an empty folder may be left.
func (o *Owed) connect(ctx context.Context, p Place) (v *vault, err error) {
	drill, err := o.keys.Drill(o.dir)
	if err != nil {
		return nil, err
	}
	at, err := target.Read(ctx, p.Address, p.Secrets)
	if err != nil {
		return nil, err
	}
	if v, err = vaultOf(at, o.keys, []age.Identity{drill}); err != nil {
		return nil, errors.Join(err, at.Close())
	}
	last, err := v.last(ctx)
	if err == nil && last == nil {
		err = ErrNone
	}
	if err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

// exchange puts a new connection in the place of one that broke; nil: the place is away.
func (o *Owed) exchange(place int, broken, fresh *vault) {
	o.line.Lock()
	defer o.line.Unlock()
	if place >= len(o.lines) || o.lines[place] != broken {
		if fresh != nil {
			_ = fresh.Close() // somebody else was faster
		}
		return
	}
	_ = broken.Close() // it is broken
	o.lines[place] = fresh
	if fresh == nil {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.missed(place, o.now())
	}
}

// missed notes, under the lock, that a place could not be reached.
func (o *Owed) missed(place int, now term.Instant) {
	if o.tried[place] = now; o.away[place].IsZero() {
		o.away[place] = now
	}
}

// fetchFile writes a media file out of its blobs; a file that is there already is the same,
// for names are random and files never change. Two who want the same one at once each write
// their own copy; under its name a file is whole.
func (v *vault) fetchFile(ctx context.Context, f mediaFile, dir string) (err error) {
	path := filepath.Join(dir, filepath.FromSlash(f.Name))
	if info, err := os.Stat(path); err == nil && info.Size() == f.Size {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return ownDiskError{err}
	}
	temp := path + "." + fmt.Sprintf("%x", seal.Random(4)) + file.Partial
	if err = v.assemble(ctx, f.Blobs, f.Size, temp, io.Discard); err == nil {
		if err = file.Rename(temp, path); err != nil {
			err = ownDiskError{err}
		}
	}
	if err != nil {
		_ = os.Remove(temp) // the sweeper takes what is left
	}
	return err
}
