package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"meixu/store/term"
)

// Names are the backups that lie in a folder of this machine, newest first; none where the folder
// is missing or cannot be read.
func Names(folder string) (names []string) {
	entries, err := os.ReadDir(filepath.Join(folder, manifestFolder))
	if err != nil {
		return nil
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".json")
		if _, stamped := stampOf(name); ok && stamped {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names
}

// Made says that this machine made the backup of that name, or a later one, at an address. A
// database that was restored tells of backups, too, but those another machine made.
func Made(dataDir, address, name string) bool {
	m, err := remembered(dataDir, address)
	return err == nil && m.Name != "" && m.Name >= name
}

// Waiting is a restore that was staged and takes effect at the next start.
type Waiting struct {
	From   string       // name of the backup
	At     term.Instant // when it was made
	Before string       // folder that the present data go to
}

// Waits tells of the restore that a data folder waits for; nil when there is none.
func Waits(dataDir string) (*Waiting, error) {
	m, err := readMarker(dataDir)
	if m == nil || err != nil {
		return nil, err
	}
	return &Waiting{m.From, m.At, filepath.Join(dataDir, m.Before)}, nil
}

// readMarker reads the marker of a staged restore; nil when nothing waits, or staging was never
// finished.
func readMarker(dataDir string) (*marker, error) {
	pending := filepath.Join(dataDir, pendingFolder)
	text, err := os.ReadFile(filepath.Join(pending, markerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing waits
	}
	if err != nil {
		return nil, err
	}
	var m marker
	if err := json.Unmarshal(text, &m); err != nil || filepath.Base(m.Before) != m.Before {
		return nil, fmt.Errorf("%w: the marker in %s cannot be read", ErrDamaged, pending)
	}
	return &m, nil
}
