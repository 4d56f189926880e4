package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"meixu/backup/target"
	"meixu/store/seal"

	"meixu/store/file"
)

// Depot is where a clinic that outgrew its disk keeps its sealed pictures. The folder stays
// the place where a picture is first made durable, and from then on is a cache: work goes on
// when the depot is away, only pictures that were moved out are not shown.
type Depot struct {
	Open  func(ctx context.Context) (target.Target, error)
	Cache int64 // bytes that the folder may hold of what the depot has too
	// Leaving says that the clinic wants its pictures back: they are fetched, nothing is sent.
	Leaving bool
}

// depot is a Depot in use.
type depot struct {
	Depot
	mu    sync.Mutex
	at    target.Target
	there map[string]int64 // size of what the depot holds, by name; nil until listed
	seen  seen
}

// depotWait bounds what a person waits for a picture of the depot.
const depotWait = 30 * time.Second

// pictureName is a sealed picture under the folder and in the depot, where backups may lie too.
var pictureName = regexp.MustCompile(`^[0-9a-f]{2}/[0-9a-f]{32}\.(bin|thumb)$`)

// SetDepot gives the shelf a depot, or takes it away (nil).
func (s *Shelf) SetDepot(d *Depot) error {
	var fresh *depot
	if d != nil {
		fresh = &depot{Depot: *d}
	}
	old := s.depot.Swap(fresh)
	if old == nil {
		return nil
	}
	return old.close()
}

func (d *depot) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.at == nil {
		return nil
	}
	at := d.at
	d.at, d.there, d.seen = nil, nil, seen{}
	return at.Close()
}

// open connects and lists what is there, once.
func (d *depot) open(ctx context.Context) (target.Target, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.connected(ctx)
}

// connected is open under the lock.
func (d *depot) connected(ctx context.Context) (target.Target, error) {
	if d.at != nil {
		return d.at, nil
	}
	at, err := d.Open(ctx)
	if err != nil {
		return nil, err
	}
	files, err := at.List(ctx, ".")
	if err != nil {
		return nil, errors.Join(err, at.Close())
	}
	d.at, d.there = at, make(map[string]int64, len(files))
	for _, f := range files {
		if pictureName.MatchString(f.Name) {
			d.there[f.Name] = f.Size
		}
	}
	return d.at, nil
}

func (d *depot) holds(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.there[name]
	return ok
}

func (d *depot) note(f target.File) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.there != nil { // nil: closed meanwhile, the next run lists anew
		d.there[f.Name] = f.Size
	}
}

// files are all pictures that the depot holds. Nobody else writes there, so that what was listed
// once and sent since is all. A depot that is away is an error, never an empty list.
func (d *depot) files(ctx context.Context) (list []target.File, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.connected(ctx); err != nil {
		return nil, err
	}
	for name, size := range d.there {
		list = append(list, target.File{Name: name, Size: size})
	}
	slices.SortFunc(list, func(a, b target.File) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// fetch brings a picture of the depot into the folder.
func (s *Shelf) fetch(ctx context.Context, name string) (err error) {
	d := s.depot.Load()
	if d == nil {
		return fs.ErrNotExist
	}
	ctx, cancel := context.WithTimeout(ctx, depotWait)
	defer cancel()
	at, err := d.open(ctx)
	if err != nil {
		return err
	}
	in, err := at.Get(ctx, name)
	if errors.Is(err, target.ErrMissing) {
		return fs.ErrNotExist
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	// Two who want the same picture at once each write their own copy of the same bytes.
	temp := path + "." + fmt.Sprintf("%x", seal.Random(4)) + file.Partial
	out, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	size, err := io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err == nil {
		err = file.Rename(temp, path)
	}
	if err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(temp)))
	}
	d.came(size)
	return nil
}

// Files are all sealed pictures, of the folder and of the depot, for the backup.
func (s *Shelf) Files(ctx context.Context) (list []target.File, err error) {
	here, err := s.local()
	if err != nil {
		return nil, err
	}
	have := make(map[string]bool, len(here))
	for _, f := range here {
		have[f.name] = true
		list = append(list, target.File{Name: f.name, Size: f.size})
	}
	d := s.depot.Load()
	if d == nil {
		return list, nil
	}
	far, err := d.files(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range far {
		if !have[f.Name] {
			list = append(list, f)
		}
	}
	return list, nil
}

// File opens a sealed picture for the backup; target.ErrMissing when it is gone.
func (s *Shelf) File(ctx context.Context, name string) (io.ReadCloser, error) {
	if !pictureName.MatchString(name) {
		return nil, fmt.Errorf("%w: %s", target.ErrMissing, name)
	}
	in, err := os.Open(filepath.Join(s.dir, filepath.FromSlash(name)))
	if !errors.Is(err, fs.ErrNotExist) {
		return in, err
	}
	d := s.depot.Load()
	if d == nil {
		return nil, fmt.Errorf("%w: %s", target.ErrMissing, name)
	}
	at, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	return at.Get(ctx, name)
}
