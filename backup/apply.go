package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"

	"meixu/store/file"
)

// A restore never swaps an open file. Stage puts a checked copy beside the data; Apply, at
// the next start and before anything is opened, moves the old data aside and the new in.
const (
	pendingFolder = "restore.pending"
	incomingFile  = "incoming.db"
	markerFile    = "ready.json"
	beforePrefix  = "before-restore-"
)

// marker is written last: without it what was staged is not complete.
type marker struct {
	From   string       `json:"from"`
	At     term.Instant `json:"at"` // when the backup was made
	SHA256 string       `json:"sha256"`
	Before string       `json:"before"` // folder the old data go to
	Anchor store.Anchor `json:"anchor"` // end of the trail in the backup
}

// Applied says what a restore at start-up did.
type Applied struct {
	From   string       // name of the backup
	At     term.Instant // when the backup was made
	Before string       // folder that keeps the data from before
}

// mark chooses the folder for the old data and writes the marker durably. The folder is named by
// the clinic's time, as the backup is.
func mark(dataDir string, m marker) error {
	base := beforePrefix + strings.TrimPrefix(m.From, prefix)
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
	if err := file.Write(filepath.Join(pending, markerFile), text); err != nil {
		return err
	}
	return file.SyncDir(dataDir)
}

// Apply carries out a staged restore; nil when none waits. It must run before the database
// is opened; it takes the instance lock itself. A crash in the middle is finished by the
// next call. ask is for a key file with a passphrase; a wrong one leaves everything as it is.
func Apply(dataDir string, now term.Instant, ask seal.Passphrase) (done *Applied, err error) {
	pending := filepath.Join(dataDir, pendingFolder)
	staged, err := readMarker(dataDir)
	if staged == nil || err != nil {
		return nil, err
	}
	m := *staged
	ring, err := seal.Open(dataDir, ask)
	if err != nil {
		return nil, fmt.Errorf("backup: applying the restore: %w", err)
	}
	m.Anchor.At = now
	err = store.Alone(dataDir, func() error {
		if err := swap(dataDir, m); err != nil {
			return err
		}
		if err := oweFrom(dataDir, m, ring); err != nil {
			return err
		}
		// The file of anchors is told that the trail was wound back on purpose; else the acts
		// after the backup would be missed for ever.
		if err := store.NoteRestore(dataDir, ring, m.Anchor, m.From); err != nil {
			return err
		}
		if err := os.Remove(filepath.Join(pending, markerFile)); err != nil {
			return err
		}
		return os.RemoveAll(pending)
	})
	if err != nil {
		return nil, fmt.Errorf("backup: applying the restore: %w", err)
	}
	return &Applied{From: m.From, At: m.At, Before: filepath.Join(dataDir, m.Before)}, nil
}

// oweFrom takes over the list of photos that follow; that of an earlier restore goes to the data
// from before. Each step can be repeated.
func oweFrom(dataDir string, m marker, ring *seal.Keyring) error {
	list, err := readOwed(filepath.Join(dataDir, pendingFolder, owedFile), ring)
	if err != nil {
		return err
	}
	if list != nil {
		list.Since = m.Anchor.At
		return writeOwed(filepath.Join(dataDir, owedFile), ring, *list)
	}
	err = file.Rename(filepath.Join(dataDir, owedFile), filepath.Join(dataDir, m.Before, owedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
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
	case sum != m.SHA256:
		return fmt.Errorf("%w: %s changed since it was staged", ErrDamaged, incomingFile)
	default:
		if err := os.MkdirAll(before, 0o700); err != nil {
			return err
		}
		for _, name := range []string{store.File + "-wal", store.File + "-shm", store.File} {
			err := file.Rename(filepath.Join(dataDir, name), filepath.Join(before, name))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := file.SyncDir(dataDir); err != nil { // a rename syncs the folder it leads to, not the one it leaves
			return err
		}
		if err := file.Rename(incoming, filepath.Join(dataDir, store.File)); err != nil {
			return err
		}
	}
	return nil
}

// sumOf is the SHA-256 of a file that nobody has open, in hexadecimal digits.
func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read
	hash := sha256.New()
	_, err = io.Copy(hash, f)
	return hex.EncodeToString(hash.Sum(nil)), err
}
