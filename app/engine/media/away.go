package media

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"meixu/app/fault"
	"meixu/backup/target"
	"meixu/store"
	"meixu/store/term"
)

// seen is what the runs of Away remember of the folder, so that a run looks at what is new alone.
type seen struct {
	whole bool         // all files were looked at; false asks the next run for it
	owing bool         // a restore still owed pictures then: they come for rows that were passed
	upto  term.MediaID // the pictures of rows up to this one were sent
	bytes int64        // what the folder holds
	grew  bool         // pictures came since room was last made
}

// Moved says what a run of Away did.
type Moved struct {
	Sent, Fetched, Dropped int
	// Home says that every picture of a depot that is being left is back.
	Home bool
}

// local is a picture in the folder.
type local struct {
	name string
	size int64
	used time.Time
}

// Away sends pictures that the depot does not have yet, and then makes room in the folder; of
// a depot that is being left it brings pictures back. Nothing without a depot. The first run, the
// first one after a sweep and every one while a restore owes pictures look at the whole folder, the
// others at what came since.
func (s *Shelf) Away(ctx context.Context) (m Moved, err error) {
	d := s.depot.Load()
	if d == nil {
		return m, nil
	}
	at, err := d.open(ctx)
	if err != nil {
		return m, errors.Join(err, d.close())
	}
	if d.Leaving {
		here, err := s.local()
		if err != nil {
			return m, fault.Defect("listing pictures", err)
		}
		return s.home(ctx, d, here)
	}
	next, here, err := s.look(ctx, d)
	if err != nil {
		return m, err
	}
	if m.Sent, err = s.send(ctx, d, at, here); err != nil {
		return m, errors.Join(err, d.close()) // the next run connects anew
	}
	if d.saw(next) <= d.Cache || !next.grew {
		return m, nil
	}
	if here, err = s.local(); err != nil {
		return m, fault.Defect("listing pictures", err)
	}
	m.Dropped = s.makeRoom(d, here)
	return m, nil
}

// look finds the pictures that may have to be sent, and what is known of the folder once they
// are. What has no row yet may be an orphan. The rows are read first: a file is there before its row.
func (s *Shelf) look(ctx context.Context, d *depot) (next seen, here []local, err error) {
	next = d.remembered()
	owing := s.owed.Load() != nil
	if owing || next.owing {
		next = seen{}
	}
	var names []string
	if err := s.db.Read(ctx, func(r *store.Read) (err error) {
		names, next.upto, err = r.MediaAfter(next.upto)
		return err
	}); err != nil {
		return next, nil, fault.FromStore(err, "listing pictures")
	}
	if next.whole {
		here, err = s.filesOf(names)
	} else {
		here, err = s.local()
	}
	if err != nil {
		return next, nil, fault.Defect("listing pictures", err)
	}
	for _, f := range here {
		next.bytes, next.grew = next.bytes+f.size, true
	}
	if !next.whole {
		known := make(map[string]bool, len(names))
		for _, name := range names {
			known[name] = true
		}
		here = slices.DeleteFunc(here, func(f local) bool { return !known[rowOf(f.name)] })
	}
	next.whole, next.owing = true, owing
	return next, here, nil
}

// filesOf finds the pictures of rows; one that is not in the folder is left out.
func (s *Shelf) filesOf(rows []string) (list []local, err error) {
	for _, row := range rows {
		for _, size := range []Size{Full, Thumb} {
			info, err := os.Stat(s.path(row, size))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			list = append(list, local{row[:2] + "/" + row + string(size), info.Size(), info.ModTime()})
		}
	}
	return list, nil
}

// remembered is what the last run left, with the growth since it; a run that comes to its end
// gives it back by saw.
func (d *depot) remembered() seen {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := d.seen
	d.seen = seen{} // what comes meanwhile is counted from here; a run that fails leaves it at that
	if !was.whole {
		return seen{}
	}
	return was
}

// saw keeps what a run looked at, and gives the bytes of the folder.
func (d *depot) saw(next seen) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	next.bytes += d.seen.bytes
	next.grew = next.grew || d.seen.grew
	d.seen = next
	return next.bytes
}

// came counts a picture that came back into the folder.
func (d *depot) came(size int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen.bytes, d.seen.grew = d.seen.bytes+size, true
}

// forget has the next run look at the whole folder.
func (d *depot) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = seen{}
}

// send sends what the depot does not have.
func (s *Shelf) send(ctx context.Context, d *depot, at target.Target, here []local) (n int, err error) {
	for _, f := range here {
		if d.holds(f.name) {
			continue
		}
		if err := s.sendOne(ctx, at, f); err != nil {
			return n, err
		}
		d.note(target.File{Name: f.name, Size: f.size})
		n++
	}
	return n, nil
}

func (s *Shelf) sendOne(ctx context.Context, at target.Target, f local) error {
	in, err := os.Open(filepath.Join(s.dir, filepath.FromSlash(f.name)))
	if err != nil {
		return ignoreMissing(err)
	}
	defer in.Close() //nolint:errcheck // only read
	return at.Put(ctx, f.name, f.size, in)
}

// rowOf is the name by which a row knows a file of the folder.
func rowOf(name string) string {
	_, file, _ := strings.Cut(name, "/")
	file, _, _ = strings.Cut(file, ".")
	return file
}

// makeRoom drops from the folder what the depot has, longest unused first, until the cache
// fits with a tenth to spare, so that not every new picture asks for room. Thumbnails stay longest:
// lists show many of them, and they are small.
func (s *Shelf) makeRoom(d *depot, here []local) (n int) {
	var total int64
	for _, f := range here {
		total += f.size
	}
	slices.SortFunc(here, func(a, b local) int {
		if x, y := strings.HasSuffix(a.name, string(Thumb)), strings.HasSuffix(b.name, string(Thumb)); x != y {
			if y {
				return -1
			}
			return 1
		}
		return a.used.Compare(b.used)
	})
	for _, f := range here {
		if total <= d.Cache-d.Cache/10 {
			break
		}
		if !d.holds(f.name) {
			continue
		}
		if err := os.Remove(filepath.Join(s.dir, filepath.FromSlash(f.name))); err != nil {
			continue // somebody reads it (Windows): another run takes it
		}
		total -= f.size
		n++
	}
	d.fits(total)
	return n
}

// fits notes what the folder holds after room was made.
func (d *depot) fits(total int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen.bytes, d.seen.grew = total, false
}

// home brings back what is not in the folder.
func (s *Shelf) home(ctx context.Context, d *depot, here []local) (m Moved, err error) {
	have := make(map[string]bool, len(here))
	for _, f := range here {
		have[f.name] = true
	}
	far, err := d.files(ctx)
	if err != nil {
		return m, err
	}
	for _, f := range far {
		if have[f.Name] {
			continue
		}
		if err := s.fetch(ctx, f.Name); err != nil {
			return m, errors.Join(err, d.close())
		}
		m.Fetched++
	}
	m.Home = true
	return m, nil
}

// local lists the pictures in the folder.
func (s *Shelf) local() (list []local, err error) {
	err = filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return ignoreMissing(err)
		}
		name, err := filepath.Rel(s.dir, path)
		if err != nil || !pictureName.MatchString(filepath.ToSlash(name)) {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			list = append(list, local{filepath.ToSlash(name), info.Size(), info.ModTime()})
		}
		return ignoreMissing(err)
	})
	return list, err
}
