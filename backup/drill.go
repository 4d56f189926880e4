package backup

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"slices"

	"meixu/store"
	"meixu/store/term"
)

// drillDays is in how many days every photo of a backup is read once.
const drillDays = 7

// Drilled says what a drill found.
type Drilled struct {
	Name   string
	At     term.Instant // when the backup was made
	Acts   int64        // acts whose seals were checked
	Photos int          // media files that were read whole
	// Awaited are photos that are neither here nor in the backup: a restore still owes them.
	Awaited int
}

// Drill restores the newest backup of a place into a scratch folder and looks whether the
// clinic could go on with it: every page and index, every reference, the counts of the
// manifest, the whole chain of acts, and a seventh of the media, another one each day.
func Drill(ctx context.Context, s Source, p Place) (d Drilled, err error) {
	making.Lock() // a backup that is on its way is the one to be drilled
	defer making.Unlock()
	p.read = true
	v, err := open(ctx, s, p)
	if errors.Is(err, fs.ErrNotExist) {
		err = errors.Join(ErrNone, err)
	}
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	names, err := namesOn(ctx, v.at)
	if err != nil {
		return d, err
	}
	if len(names) == 0 {
		return d, ErrNone
	}
	m, err := v.read(ctx, names[0])
	if err != nil {
		return d, err
	}
	if err := current(s.Dir, v.at.String(), m); err != nil {
		return d, err
	}
	d.Name, d.At, d.Acts, d.Awaited = m.Name, m.At, int64(m.Anchor.Act), m.Awaited
	err = v.rebuilt(ctx, m, func(dir string) error { return chain(ctx, s, m, dir) })
	if err != nil {
		return d, fmt.Errorf("drill: %w", err)
	}
	d.Photos, err = v.seventh(ctx, m, s.Now)
	return d, err
}

// chain opens a restored database with the clinic's keys and checks every seal of its trail.
func chain(ctx context.Context, s Source, m Manifest, dir string) (err error) {
	db, err := store.Open(ctx, store.Options{Dir: dir, Keys: s.Keys, Now: s.Now.Time})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.VerifyChain(ctx, m.Anchor)
}

// seventh reads the media files whose turn it is.
func (v *vault) seventh(ctx context.Context, m Manifest, now term.Instant) (read int, err error) {
	turn := uint32(now.Time().Unix() / (24 * 60 * 60) % drillDays)
	for _, folder := range slices.Sorted(maps.Keys(m.Media)) {
		files, err := v.mediaIn(ctx, m.Media[folder])
		if err != nil {
			return read, err
		}
		for _, f := range files {
			hash := fnv.New32a()
			_, _ = hash.Write([]byte(f.Name)) // a hash never fails
			if hash.Sum32()%drillDays != turn {
				continue
			}
			if err := v.readBack(ctx, f.Blobs); err != nil {
				return read, fmt.Errorf("media file: %w", err)
			}
			read++
		}
	}
	return read, nil
}
