package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"meixu/store"
)

// ErrDamaged says that a backup is not as it was made and must not be restored.
var ErrDamaged = errors.New("backup: the backup is damaged")

// Verify checks a backup through and through: every file against its checksum, no file more
// or less, every page and index of the database, and its counts and trail end against the
// manifest. A copy is checked, so that the backup itself is never touched.
func Verify(ctx context.Context, dir string) (m Manifest, err error) {
	text, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return m, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil || m.Format != format {
		return m, fmt.Errorf("%w: its manifest cannot be read", ErrDamaged)
	}
	have, err := sums(ctx, dir)
	if err != nil {
		return m, err
	}
	if !slices.Equal(have, m.Files) {
		return m, fmt.Errorf("%w: %s", ErrDamaged, difference(m.Files, have))
	}
	facts, err := inspectCopy(ctx, filepath.Join(dir, store.File))
	if err != nil {
		if errors.Is(err, store.ErrNewer) {
			return m, err
		}
		return m, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if facts.Schema != m.Schema || !maps.Equal(facts.Rows, m.Rows) || facts.Anchor.Act != m.Anchor.Act ||
		!bytes.Equal(facts.Anchor.MAC, m.Anchor.MAC) {
		return m, fmt.Errorf("%w: database and manifest tell different things", ErrDamaged)
	}
	return m, nil
}

// difference names the first file that is not as listed.
func difference(want, have []FileSum) string {
	for _, f := range want {
		if !slices.Contains(have, f) {
			return f.Name + " is changed or missing"
		}
	}
	return "there are files that do not belong to it"
}

// inspectCopy inspects a database file that nobody has open, in a folder of its own: SQLite
// makes helper files beside what it reads.
func inspectCopy(ctx context.Context, file string) (facts store.Facts, err error) {
	dir, err := os.MkdirTemp("", "meixu-verify-")
	if err != nil {
		return facts, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, store.File)
	if err := copyFile(file, path); err != nil {
		return facts, err
	}
	return store.Inspect(ctx, path)
}
