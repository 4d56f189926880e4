package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"
)

// A restore never swaps an open file. Stage puts a checked copy beside the data; Apply, at
// the next start and before anything is opened, moves the old data aside and the new in.
const (
	pendingFolder = "restore.pending"
	incomingFile  = "incoming.db"
	markerFile    = "ready.json"
	beforePrefix  = "before-restore-"
)

// ErrNeedsCode says that this machine has no key: the printed recovery code is needed.
var ErrNeedsCode = errors.New("backup: this machine has no key; the recovery code is needed")

// ErrOtherKey says that this machine's key is not the one of the backup: restore into an
// empty data folder with the backup's own recovery code.
var ErrOtherKey = errors.New("backup: the key of this machine does not open the backup")

// marker is written last: without it what was staged is not complete.
type marker struct {
	From   string       `json:"from"`
	At     term.Instant `json:"at"` // when the backup was made
	SHA256 string       `json:"sha256"`
	Before string       `json:"before"` // folder the old data go to
}

// Applied says what a restore at start-up did.
type Applied struct {
	From   string       // folder of the backup
	At     term.Instant // when the backup was made
	Before string       // folder that keeps the data from before
}

// Stage checks a backup and prepares it for the next start. code is the printed recovery
// code, needed when the machine has no key; "" otherwise. Nothing changes until then.
func Stage(ctx context.Context, dataDir, backupDir, code string) (Manifest, error) {
	m, err := Verify(ctx, backupDir)
	if err != nil {
		return m, err
	}
	ring, err := stageKeys(dataDir, backupDir, code)
	if err != nil {
		return m, err
	}
	pending := filepath.Join(dataDir, pendingFolder)
	if err := os.RemoveAll(pending); err != nil {
		return m, err
	}
	if err := os.MkdirAll(pending, 0o700); err != nil {
		return m, err
	}
	incoming := filepath.Join(pending, incomingFile)
	if err := copyFile(filepath.Join(backupDir, store.File), incoming); err != nil {
		return m, err
	}
	if err := mergeMedia(ctx, filepath.Join(backupDir, mediaFolder), filepath.Join(dataDir, mediaFolder)); err != nil {
		return m, err
	}
	sum, err := sumOf(incoming)
	if err != nil {
		return m, err
	}
	for _, f := range m.Files {
		if f.Name == store.File && f.SHA256 != sum.SHA256 {
			return m, fmt.Errorf("%w: the copy differs", ErrDamaged)
		}
	}
	if err := store.CanOpen(ctx, incoming, ring); err != nil {
		return m, fmt.Errorf("%w: %w", ErrOtherKey, err)
	}
	if err := syncTree(pending); err != nil {
		return m, err
	}
	return m, mark(dataDir, marker{From: backupDir, At: m.At, SHA256: sum.SHA256})
}

// stageKeys finds the key of this machine, or brings it back from the backup by the code.
func stageKeys(dataDir, backupDir, code string) (*seal.Keyring, error) {
	ring, err := seal.Load(dataDir)
	if err == nil || !errors.Is(err, seal.ErrNoKeys) {
		return ring, err
	}
	if code == "" {
		return nil, ErrNeedsCode
	}
	if err := seal.CheckCode(backupDir, code); err != nil {
		return nil, err
	}
	to := filepath.Join(dataDir, seal.Folder, seal.RecoveryFile)
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := copyFile(filepath.Join(backupDir, seal.Folder, seal.RecoveryFile), to); err != nil {
		return nil, err
	}
	return seal.Recover(dataDir, code)
}

// mergeMedia adds files of the backup that are missing; names are random and files never
// change, so what is there is the same.
func mergeMedia(ctx context.Context, from, to string) error {
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if _, err := os.Stat(target); err == nil {
			return nil
		}
		temp := target + partial
		if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := copyFile(path, temp); err != nil {
			return err
		}
		return os.Rename(temp, target)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a backup without media
	}
	return err
}

// mark chooses the folder for the old data and writes the marker durably.
func mark(dataDir string, m marker) error {
	base := beforePrefix + m.At.Time().Format(stampLayout)
	m.Before = base
	for n := 2; ; n++ {
		if _, err := os.Stat(filepath.Join(dataDir, m.Before)); errors.Is(err, fs.ErrNotExist) {
			break
		}
		m.Before = fmt.Sprintf("%s-%d", base, n)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	pending := filepath.Join(dataDir, pendingFolder)
	temp := filepath.Join(pending, markerFile+partial)
	if err := writeFile(temp, text); err != nil {
		return err
	}
	if err := os.Rename(temp, filepath.Join(pending, markerFile)); err != nil {
		return err
	}
	return errors.Join(syncDir(pending), syncDir(dataDir))
}

// Apply carries out a staged restore; nil when none waits. It must run before the database
// is opened; it takes the instance lock itself. A crash in the middle is finished by the
// next call.
func Apply(dataDir string) (done *Applied, err error) {
	pending := filepath.Join(dataDir, pendingFolder)
	text, err := os.ReadFile(filepath.Join(pending, markerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // nothing waits, or staging was never finished
	}
	if err != nil {
		return nil, err
	}
	var m marker
	if err := json.Unmarshal(text, &m); err != nil || filepath.Base(m.Before) != m.Before {
		return nil, fmt.Errorf("%w: the marker in %s cannot be read", ErrDamaged, pending)
	}
	err = store.Alone(dataDir, func() error { return swap(dataDir, m) })
	if err != nil {
		return nil, fmt.Errorf("backup: applying the restore: %w", err)
	}
	return &Applied{From: m.From, At: m.At, Before: filepath.Join(dataDir, m.Before)}, nil
}

// swap moves -wal and -shm first, then the database, then the new one in. Each step can be
// repeated: what was moved is no longer there. Once incoming.db is gone the new database is
// in place and must not be moved away.
func swap(dataDir string, m marker) error {
	pending, before := filepath.Join(dataDir, pendingFolder), filepath.Join(dataDir, m.Before)
	incoming := filepath.Join(pending, incomingFile)
	sum, err := sumOf(incoming)
	switch {
	case errors.Is(err, fs.ErrNotExist): // the crash came after the last rename
	case err != nil:
		return err
	case sum.SHA256 != m.SHA256:
		return fmt.Errorf("%w: %s changed since it was staged", ErrDamaged, incomingFile)
	default:
		if err := os.MkdirAll(before, 0o700); err != nil {
			return err
		}
		for _, name := range []string{store.File + "-wal", store.File + "-shm", store.File} {
			err := os.Rename(filepath.Join(dataDir, name), filepath.Join(before, name))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := errors.Join(syncDir(before), syncDir(dataDir)); err != nil {
			return err
		}
		if err := os.Rename(incoming, filepath.Join(dataDir, store.File)); err != nil {
			return err
		}
		if err := syncDir(dataDir); err != nil {
			return err
		}
	}
	if err := os.Remove(filepath.Join(pending, markerFile)); err != nil {
		return err
	}
	return os.RemoveAll(pending)
}
