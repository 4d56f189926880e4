package media

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"meixu/app/fault"
	"meixu/store"

	"meixu/store/file"
)

// Sweep removes files that no row points at and that are older than a day, and says how
// many. Voided pictures have rows, so their files stay.
func (s *Shelf) Sweep(ctx context.Context) (int, error) {
	var known map[string]bool
	err := s.db.Read(ctx, func(r *store.Read) (err error) {
		known, err = r.MediaFiles()
		return err
	})
	if err != nil {
		return 0, fault.FromStore(err, "listing pictures")
	}
	border := s.db.Now().Time().Add(-orphanAge)
	removed := 0
	err = filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || ctx.Err() != nil {
			return errors.Join(ignoreMissing(err), ctx.Err())
		}
		name, _, _ := strings.Cut(entry.Name(), ".")
		partial := strings.HasSuffix(entry.Name(), file.Partial)
		if known[name] && !partial {
			return nil
		}
		info, err := entry.Info()
		if err != nil || !info.ModTime().Before(border) {
			return ignoreMissing(err)
		}
		removed++
		return ignoreMissing(os.Remove(path)) //nolint:gosec // our own folder, which nobody else writes
	})
	if err != nil {
		return removed, fault.Defect("sweeping pictures", err)
	}
	if d := s.depot.Load(); d != nil {
		d.forget() // once a night the whole folder is compared with the depot
	}
	return removed, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
