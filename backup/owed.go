package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"meixu/backup/target"
	"meixu/store/file"
	"meixu/store/seal"
	"meixu/store/term"
)

// A restore brings the database first, so that the desk works within minutes (TR-11). The
// photos that are not here yet are owed: a sealed list beside the data says which, made of which
// blobs, and on which places they lie. What has arrived is seen in the folder itself, so that a
// kill at any moment loses nothing and nothing has to be noted on the way.

// owedFile is the sealed list, in the data folder; in the pending folder while it is staged.
const owedFile = "photos.owed"

// useOwed is what the key of the list is derived for.
const useOwed = "photos owed"

const (
	// awayPause is how long a place that was away is not asked again for the sake of one photo: a
	// page of thumbnails must not wait for each of them.
	awayPause = 15 * time.Second
	// badPause is after how long a photo that was refused is tried again.
	badPause = time.Hour
)

// owedList is what is kept.
type owedList struct {
	Places []Place      `json:"places"` // where the photos may lie, asked in this order
	From   string       `json:"from"`   // name of the backup that was restored
	At     term.Instant `json:"at"`     // when that was made
	Since  term.Instant `json:"since"`  // when the restore was applied
	Files  []mediaFile  `json:"files"`
}

// Owed are the photos that a restore still owes a data folder. All methods of a nil one tell
// that nothing is owed.
type Owed struct {
	dir  string
	keys *seal.Keyring
	now  func() term.Instant

	mu    sync.Mutex
	list  owedList
	left  map[string]mediaFile
	idle  int // of the list, those that nobody wants: no row speaks of them, or another store has them
	bad   map[string]refused
	away  []term.Instant // since when each place could not be reached; zero while it can
	tried []term.Instant // when each place was last asked in vain, to let it alone for a while

	line  sync.Mutex // taken before mu; one connects at a time, and nobody who only reads waits
	lines []*vault   // in the order of the places, nil where not open
}

// refused is a photo that came and was not what it should be.
type refused struct {
	at  term.Instant
	why error
}

// BadPhoto names a photo that a place holds no good copy of.
type BadPhoto struct {
	Name    string // of the file under the media folder
	Missing bool   // it is not there; else it was cut off or changed
}

// OwedPhotos reads what a restore still owes a data folder; nil when nothing.
func OwedPhotos(dataDir string, keys *seal.Keyring, now func() term.Instant) (*Owed, error) {
	list, err := readOwed(filepath.Join(dataDir, owedFile), keys)
	if err != nil || list == nil {
		return nil, err
	}
	o := &Owed{dir: dataDir, keys: keys, now: now, list: *list, left: map[string]mediaFile{}, bad: map[string]refused{}}
	o.away, o.tried = make([]term.Instant, len(list.Places)), make([]term.Instant, len(list.Places))
	for _, f := range list.Files {
		if !lies(dataDir, f) {
			o.left[f.Name] = f
		}
	}
	return o, nil
}

// readOwed reads a list; nil when there is none.
func readOwed(path string, keys *seal.Keyring) (*owedList, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing is owed
	}
	if err != nil {
		return nil, err
	}
	key, err := seal.NewKey(1, keys.Derive(useOwed))
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(useOwed, text)
	if err != nil {
		return nil, fmt.Errorf("%w: the list of photos that are owed: %w", ErrDamaged, err)
	}
	var list owedList
	if err := json.Unmarshal(plain, &list); err != nil {
		return nil, fmt.Errorf("%w: the list of photos that are owed cannot be read", ErrDamaged)
	}
	return &list, nil
}

func writeOwed(path string, keys *seal.Keyring, list owedList) error {
	key, err := seal.NewKey(1, keys.Derive(useOwed))
	if err != nil {
		return err
	}
	plain, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return file.Write(path, key.Seal(useOwed, plain))
}

// lies says that a photo is in the folder whole: it got its name only then.
func lies(dataDir string, f mediaFile) bool {
	info, err := os.Stat(filepath.Join(dataDir, mediaFolder, filepath.FromSlash(f.Name)))
	return err == nil && info.Size() == f.Size
}

// OwedState is how a restore stands that still owes photos; the zero value: none does.
type OwedState struct {
	From       string       // name of the backup
	Address    string       // place that the photos come from, without secrets
	Since      term.Instant // when the restore was applied
	Away       term.Instant // when no place could be reached; zero while one can
	Here, All  int          // files that have arrived, of all
	BytesLeft  int64
	Bad        []BadPhoto // refused so far, by name
	HasSecrets bool       // secrets are kept with the place
}

// Left is how many are still to come.
func (s OwedState) Left() int { return s.All - s.Here }

// State tells how it stands.
func (o *Owed) State() (s OwedState) {
	if o == nil {
		return s
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	s = OwedState{From: o.list.From, Since: o.list.Since, Away: o.allAway(), All: len(o.list.Files) - o.idle}
	s.Here = s.All - len(o.left)
	for _, f := range o.left {
		s.BytesLeft += f.Size
	}
	for name, b := range o.bad {
		s.Bad = append(s.Bad, BadPhoto{Name: name, Missing: errors.Is(b.why, target.ErrMissing)})
	}
	slices.SortFunc(s.Bad, func(a, b BadPhoto) int { return strings.Compare(a.Name, b.Name) })
	if len(o.list.Places) > 0 {
		s.Address, s.HasSecrets = o.list.Places[0].Address, o.list.Places[0].Secrets != target.Secrets{}
	}
	return s
}

// Owes says that a photo is still to come.
func (o *Owed) Owes(name string) bool {
	if o == nil {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	_, ok := o.left[name]
	return ok
}

// missing are all that are still to come, by name.
func (o *Owed) missing() map[string]mediaFile {
	all := map[string]mediaFile{}
	if o == nil {
		return all
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for name, f := range o.left {
		all[name] = f
	}
	return all
}

// allAway is since when no place could be reached; zero while one can, or nobody tried.
func (o *Owed) allAway() (since term.Instant) {
	for _, at := range o.away {
		if at.IsZero() {
			return term.Instant{}
		}
		if since.IsZero() || at.After(since) {
			since = at
		}
	}
	return since
}

// MoveTo takes the photos from another place from now on: the same medium under another name, or
// another copy of the backups. Blobs are named by what is in them, so that each copy will do.
func (o *Owed) MoveTo(ctx context.Context, p Place) error {
	if o == nil {
		return ErrNone
	}
	v, err := o.connect(ctx, p)
	if err != nil {
		return err
	}
	o.line.Lock()
	defer o.line.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	list := o.list
	list.Places = []Place{p}
	if err := writeOwed(filepath.Join(o.dir, owedFile), o.keys, list); err != nil {
		return errors.Join(err, v.Close())
	}
	_ = o.hangUp() // those of before are not needed any more
	o.list, o.lines, o.bad = list, []*vault{v}, map[string]refused{}
	o.away, o.tried = make([]term.Instant, 1), make([]term.Instant, 1)
	return nil
}

// PlaceNow is where the photos come from, with its secrets, for a form that keeps them.
func (o *Owed) PlaceNow() (p Place) {
	if o == nil {
		return p
	}
	if all := o.places(); len(all) > 0 {
		p = all[0]
	}
	return p
}

func (o *Owed) places() []Place {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.list.Places
}

// End forgets what is still owed: everything has arrived, or somebody gave the rest up.
func (o *Owed) End() error {
	if o == nil {
		return nil
	}
	if err := os.Remove(filepath.Join(o.dir, owedFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	o.mu.Lock()
	o.left = map[string]mediaFile{}
	o.mu.Unlock()
	return errors.Join(file.SyncDir(o.dir), o.Close())
}

// Close ends the connections; what is owed stays owed.
func (o *Owed) Close() error {
	if o == nil {
		return nil
	}
	o.line.Lock()
	defer o.line.Unlock()
	return o.hangUp()
}

// hangUp is Close under the lock.
func (o *Owed) hangUp() (err error) {
	for _, v := range o.lines {
		if v != nil {
			err = errors.Join(err, v.Close())
		}
	}
	o.lines = nil
	return err
}
