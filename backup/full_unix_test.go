//go:build unix

package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/backup"
	"meixu/store/seal"
	"meixu/store/storetest/disk"
)

// fills is how many fill levels of a medium are tried for each deed.
const fills = 40

// TestTR05FullMedium is TR-05 for backups and restores: at every fill level a backup that finds
// no room says so and leaves the earlier ones byte for byte, and a restore leaves the data; with
// room again both go on.
func TestTR05FullMedium(t *testing.T) {
	t.Parallel()
	if !disk.Alone(t) {
		return
	}
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	number(t, db)
	c.make(t, db, to)
	earlier := tree(t, to)
	c.photo(t, "cd/second.bin", strings.Repeat("p", 300_000))
	number(t, db)
	size := databaseSize(t, c.dir)
	refused := 0
	for level := range uint64(fills) {
		c.clock.Forward(time.Minute)
		var made, narrowed error
		narrowed = disk.Narrow(level*size/fills, func() {
			_, made = backup.Make(bg, backup.SourceOf(db), place(to), backup.How{})
		})
		require.NoError(t, narrowed)
		require.Error(t, made, "there is room for %d of %d bytes only", level*size/fills, size)
		refused++
		now := tree(t, to)
		for name, data := range earlier {
			require.Equal(t, data, now[name], name)
		}
		heads, err := backup.List(bg, place(to))
		require.NoError(t, err)
		require.Len(t, heads, 1, "a backup that failed is none")
	}
	c.make(t, db, to)
	require.NoError(t, db.Close())
	present := tree(t, c.dir)

	fresh := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(fresh, seal.Folder), os.DirFS(filepath.Join(c.dir, seal.Folder))))
	for level := range uint64(fills) {
		for _, dir := range []string{c.dir, fresh} {
			var staged, narrowed error
			narrowed = disk.Narrow(level*size/fills, func() { _, staged = backup.Stage(bg, dir, wish(to)) })
			require.NoError(t, narrowed)
			require.Error(t, staged)
			require.NoFileExists(t, filepath.Join(dir, "restore.pending", "ready.json"))
		}
		refused++
	}
	require.NoError(t, os.RemoveAll(filepath.Join(c.dir, "restore.pending")))
	require.Equal(t, present, tree(t, c.dir), "the present data are as they were")
	_, err := backup.Stage(bg, fresh, wish(to))
	require.NoError(t, err, "there is room again")
	_, err = backup.Apply(fresh, now, nil)
	require.NoError(t, err)
	t.Logf("TR-05: backup and restore: %d fill levels, 0 taken for good, earlier backups and data unchanged", refused)
}

// databaseSize is the length of the longest file that a backup writes: its database, put
// together again.
func databaseSize(t *testing.T, dir string) uint64 {
	t.Helper()
	size := uint64(0)
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		info, statted := entry.Info()
		if strings.HasSuffix(path, ".db") {
			size = uint64(info.Size())
		}
		return errors.Join(err, statted)
	}))
	require.Positive(t, size)
	return size
}
