// Package backup makes, checks, keeps and brings back copies of the clinic's data. A backup is
// a folder: the database as one compact file, the sealed media files, the wrapped keys, and a
// manifest with every checksum. It is useless to a thief: the key that opens it is in it
// only wrapped under the printed recovery code.
package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"
)

// Names inside a backup.
const (
	prefix       = "meixu-"
	partial      = ".partial"
	stampLayout  = "20060102-150405"
	manifestFile = "manifest.json"
	mediaFolder  = "media"
	format       = 1
)

// Manifest says what a backup holds. It is written last.
type Manifest struct {
	Format  int              `json:"format"`
	At      term.Instant     `json:"at"`
	Schema  int              `json:"schema"`
	Rows    map[string]int64 `json:"rows"`
	Anchor  store.Anchor     `json:"anchor"` // end of the sealed trail: shows acts that were cut off later
	Files   []FileSum        `json:"files"`
	Warning string           `json:"warning,omitempty"`
}

// FileSum is one file of a backup.
type FileSum struct {
	Name   string `json:"name"` // with forward slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Report says what a backup run did.
type Report struct {
	Name     string
	Dir      string
	At       term.Instant
	Files    int
	Bytes    int64
	Manifest Manifest
	Dropped  []string // older backups removed by the keep rule
}

// making lets one backup of this process run at a time.
var making sync.Mutex

// Make writes a checked backup of the open database into a new folder under toDir and then
// drops those the keep rule no longer wants. People go on working meanwhile.
func Make(ctx context.Context, db *store.DB, toDir string) (Report, error) {
	making.Lock()
	defer making.Unlock()
	report, err := write(ctx, db.Dir(), toDir, db.Now(), db.Zone())
	if err != nil {
		return report, err
	}
	report.Dropped, err = Keep(toDir, report.Name)
	return report, err
}

// MakeClosed writes a backup of a database that is not open, as before a migration; it drops
// none.
func MakeClosed(ctx context.Context, dataDir, toDir string, now term.Instant, zone *time.Location) (Report, error) {
	return write(ctx, dataDir, toDir, now, zone)
}

func write(ctx context.Context, dataDir, toDir string, now term.Instant, zone *time.Location) (r Report, err error) {
	r.At = now
	if r.Name, err = freeName(toDir, now.Time().In(zone)); err != nil {
		return r, err
	}
	r.Dir = filepath.Join(toDir, r.Name)
	temp := r.Dir + partial
	if err := os.MkdirAll(temp, 0o700); err != nil {
		return r, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("backup: %w", err), os.RemoveAll(temp))
		}
	}()
	if err := fill(ctx, dataDir, temp, &r); err != nil {
		return r, err
	}
	if _, err := Verify(ctx, temp); err != nil {
		return r, err
	}
	if err := syncTree(temp); err != nil {
		return r, err
	}
	if err := os.Rename(temp, r.Dir); err != nil {
		return r, err
	}
	return r, syncDir(toDir)
}

// fill copies everything and writes the manifest last.
func fill(ctx context.Context, dataDir, temp string, r *Report) error {
	if err := store.CopyTo(ctx, dataDir, filepath.Join(temp, store.File)); err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	facts, err := store.Inspect(ctx, filepath.Join(temp, store.File))
	if err != nil {
		return err
	}
	// The media come after the database: a file is there before its row is, so every row
	// of the copy finds its file.
	if err := copyMedia(ctx, filepath.Join(dataDir, mediaFolder), filepath.Join(temp, mediaFolder)); err != nil {
		return fmt.Errorf("copying media: %w", err)
	}
	r.Manifest = Manifest{Format: format, At: r.At, Schema: facts.Schema, Rows: facts.Rows, Anchor: facts.Anchor}
	recovery := filepath.Join(seal.Folder, seal.RecoveryFile)
	switch err := copyFile(filepath.Join(dataDir, recovery), filepath.Join(temp, recovery)); {
	case errors.Is(err, os.ErrNotExist):
		r.Manifest.Warning = "no wrapped key: this backup opens on this machine only"
	case err != nil:
		return fmt.Errorf("copying the wrapped key: %w", err)
	}
	if r.Manifest.Files, err = sums(ctx, temp); err != nil {
		return err
	}
	for _, f := range r.Manifest.Files {
		r.Files++
		r.Bytes += f.Size
	}
	text, err := json.MarshalIndent(r.Manifest, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(temp, manifestFile), text)
}

// freeName gives meixu-20260302-090000, or with -2 … when two fall into one second.
func freeName(toDir string, local time.Time) (string, error) {
	base := prefix + local.Format(stampLayout)
	for n := 1; n < 100; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		_, full := os.Stat(filepath.Join(toDir, name))
		_, half := os.Stat(filepath.Join(toDir, name+partial))
		if errors.Is(full, fs.ErrNotExist) && errors.Is(half, fs.ErrNotExist) {
			return name, nil
		}
	}
	return "", fmt.Errorf("backup: no free name like %s in %s", base, toDir)
}

// copyMedia copies sealed media files by name. They never change once written, and a file
// that disappears meanwhile was an orphan.
func copyMedia(ctx context.Context, from, to string) error {
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, partial) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if err := copyFile(path, filepath.Join(to, rel)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a clinic without photos yet
	}
	return err
}
