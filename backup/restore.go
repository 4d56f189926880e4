package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"filippo.io/age"

	"meixu/backup/target"
	"meixu/store"
	"meixu/store/seal"

	"meixu/store/file"
)

// Errors of restoring.
var (
	// ErrNeedsCode says that this machine has no key: the printed recovery code is needed.
	ErrNeedsCode = errors.New("backup: this machine has no key; the recovery code is needed")
	// ErrOtherKey says that this machine's key is not the one of the backup: restore into an
	// empty data folder with the backup's own recovery code.
	ErrOtherKey = errors.New("backup: the key of this machine does not open the backup")
	// ErrOlder says that the newest backup of the place is older than the last one this
	// machine made there: the medium was put back or swapped. It must be asked for by name.
	ErrOlder = errors.New("backup: the newest backup there is older than the last one made")
)

// Wish says what is to be restored.
type Wish struct {
	Place Place
	Name  string // "" is the newest
	// Code is the printed recovery code, needed when the machine has no key.
	Code string
	// Passphrase opens the key file of the machine; it is asked only when that has one.
	Passphrase seal.Passphrase
	Progress   Progress
	// PhotosNow brings all photos before the restore is good; else they follow while people work
	// already.
	PhotosNow bool
}

// Loss says what of the present data is not in a backup.
type Loss struct {
	Acts int64 // changes made since
	None bool  // there are no present data
}

// Found is a backup that can be restored, looked at but not brought in yet.
type Found struct {
	Manifest
	Loss Loss
}

// Look opens the backup that is wished for and says what would be lost; nothing changes.
func Look(ctx context.Context, dataDir string, w Wish) (f Found, err error) {
	v, m, err := choose(ctx, dataDir, w)
	if err != nil {
		return f, err
	}
	f.Manifest, f.Loss = m, loss(ctx, dataDir, m)
	return f, v.Close()
}

// loss compares the present database with a backup.
func loss(ctx context.Context, dataDir string, m Manifest) Loss {
	file := filepath.Join(dataDir, store.File)
	if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
		return Loss{None: true}
	}
	facts, err := store.Dump(ctx, dataDir, io.Discard)
	if err != nil {
		return Loss{} // broken data are why one restores: nothing can be counted
	}
	return Loss{Acts: max(0, facts.Rows["acts"]-m.Rows["acts"])}
}

// choose opens the place once, with the keys there are, and reads the manifest that is meant.
func choose(ctx context.Context, dataDir string, w Wish) (v *vault, m Manifest, err error) {
	at, err := target.Read(ctx, w.Place.Address, w.Place.Secrets)
	if err != nil {
		return nil, m, err
	}
	defer func() {
		if err != nil {
			v, err = nil, errors.Join(err, at.Close())
		}
	}()
	name := w.Name
	if name == "" {
		names, err := namesOn(ctx, at)
		if err != nil {
			return nil, m, err
		}
		if len(names) == 0 {
			return nil, m, ErrNone
		}
		name = names[0]
	}
	_, m, err = fetch(ctx, at, name)
	if err != nil {
		return nil, m, err
	}
	if v, err = vaultFor(dataDir, at, w, m); err != nil {
		return nil, m, err
	}
	m, err = v.read(ctx, name)
	if err == nil && w.Name == "" {
		err = current(dataDir, at.String(), m)
	}
	if errors.Is(err, ErrOther) {
		err = fmt.Errorf("%w: %w", ErrOtherKey, err)
	}
	return v, m, err
}

// vaultFor takes the key of this machine to a place that is open, or by the printed code that
// of the owner.
func vaultFor(dataDir string, at target.Target, w Wish, m Manifest) (*vault, error) {
	if w.Code == "" {
		ring, err := seal.Open(dataDir, w.Passphrase)
		if errors.Is(err, seal.ErrNoKeys) {
			return nil, ErrNeedsCode
		}
		if err != nil {
			return nil, err
		}
		drill, err := ring.Drill(dataDir)
		if err != nil {
			return nil, err
		}
		return vaultOf(at, ring, []age.Identity{drill})
	}
	sheet, err := seal.ParseRecovery(m.Recovery)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	ring, owner, err := sheet.Open(w.Code)
	if err != nil {
		return nil, err
	}
	identity, err := age.ParseX25519Identity(owner)
	if err != nil {
		return nil, err
	}
	// Blobs from before the sheet was renewed are for the owner's former key; the machine's own
	// key, which opens all of them, lies under the clinic's key, and that is open now.
	drill, err := sheet.DrillKey(ring)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return vaultOf(at, ring, []age.Identity{identity, drill})
}

// current refuses a newest backup that is older than what this machine remembers.
func current(dataDir, address string, m Manifest) error {
	last, err := remembered(dataDir, address)
	if err != nil {
		return err
	}
	if m.Seq < last.Seq || (m.Seq == last.Seq && m.digest != last.Digest) {
		return fmt.Errorf("%w (%s)", ErrOlder, last.Name)
	}
	return nil
}

// Staged is a restore that waits for the next start.
type Staged struct {
	Manifest
	Owed int // media files that follow when the program runs
}

// Stage checks a backup and prepares it for the next start. Nothing changes until then,
// but for keys that were missing, and photos when all are to come now: the database and the
// keys are enough to work with, the photos follow.
func Stage(ctx context.Context, dataDir string, w Wish) (s Staged, err error) {
	v, m, err := choose(ctx, dataDir, w)
	s.Manifest = m
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	pending := filepath.Join(dataDir, pendingFolder)
	if err := os.RemoveAll(pending); err != nil {
		return s, err
	}
	if err := os.MkdirAll(pending, 0o700); err != nil {
		return s, err
	}
	incoming := filepath.Join(pending, incomingFile)
	if err := v.database(ctx, m, incoming); err != nil {
		return s, err
	}
	if err := inspect(ctx, m, incoming); err != nil {
		return s, err
	}
	ring, err := stageKeys(dataDir, m, w)
	if err != nil {
		return s, err
	}
	if err := store.CanOpen(ctx, incoming, ring); err != nil {
		return s, fmt.Errorf("%w: %w", ErrOtherKey, err)
	}
	if s.Owed, err = v.stageMedia(ctx, dataDir, ring, m, w); err != nil {
		return s, err
	}
	if err := file.SyncDir(pending); err != nil {
		return s, err
	}
	return s, mark(dataDir, marker{From: m.Name, At: m.At, SHA256: m.Database.SHA256, Anchor: m.Anchor})
}

// stageKeys finds the key of this machine, or brings it back from the backup by the code. With
// the code a key file that wants a passphrase, or another account, is no hindrance.
func stageKeys(dataDir string, m Manifest, w Wish) (*seal.Keyring, error) {
	ask := w.Passphrase
	if w.Code != "" {
		ask = nil
	}
	ring, err := seal.Open(dataDir, ask)
	switch {
	case err == nil, w.Code == "":
		return ring, err
	case !errors.Is(err, seal.ErrNoKeys) && !errors.Is(err, seal.ErrLocked) && !errors.Is(err, seal.ErrAccount):
		return nil, err
	}
	sheet, err := seal.ParseRecovery(m.Recovery)
	if err != nil {
		return nil, err
	}
	if ring, err = sheet.Install(dataDir, w.Code); errors.Is(err, seal.ErrKeysExist) {
		err = fmt.Errorf("%w: %w", ErrOtherKey, err)
	}
	return ring, err
}

// stageMedia notes which media files are to follow, or brings them at once when that is wished.
func (v *vault) stageMedia(ctx context.Context, dataDir string, ring *seal.Keyring, m Manifest, w Wish) (owed int, err error) {
	files, err := v.mediaOf(ctx, m)
	if err != nil {
		return 0, err
	}
	if w.PhotosNow {
		if err := v.bringMedia(ctx, dataDir, files, m, w.Progress); err != nil {
			return 0, err
		}
	}
	if m.AwaitedList != "" { // what that backup itself was still owed
		awaited, err := v.mediaIn(ctx, m.AwaitedList)
		if err != nil {
			return 0, err
		}
		files = append(files, awaited...)
	}
	files = slices.DeleteFunc(files, func(f mediaFile) bool { return lies(dataDir, f) })
	if len(files) == 0 {
		return 0, nil
	}
	list := owedList{Places: []Place{w.Place}, From: m.Name, At: m.At, Files: files}
	// A restore that this machine did not end yet knows places of its own.
	if before, err := readOwed(filepath.Join(dataDir, owedFile), ring); err == nil && before != nil {
		for _, p := range before.Places {
			if !slices.Contains(list.Places, p) {
				list.Places = append(list.Places, p)
			}
		}
	}
	return len(files), writeOwed(filepath.Join(dataDir, pendingFolder, owedFile), ring, list)
}

// mediaOf lists all media files of a backup.
func (v *vault) mediaOf(ctx context.Context, m Manifest) (all []mediaFile, err error) {
	for _, folder := range slices.Sorted(maps.Keys(m.Media)) {
		files, err := v.mediaIn(ctx, m.Media[folder])
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	return all, nil
}

// bringMedia brings media files that are missing.
func (v *vault) bringMedia(ctx context.Context, dataDir string, files []mediaFile, m Manifest, progress Progress) error {
	done := m.Database.Size
	for _, f := range files {
		if err := v.fetchFile(ctx, f, filepath.Join(dataDir, mediaFolder)); err != nil {
			return fmt.Errorf("media file %s: %w", f.Name, err)
		}
		if done += f.Size; progress != nil {
			progress(done, m.Bytes)
		}
	}
	return nil
}
