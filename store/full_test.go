package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/storetest/disk"
)

// levels is how many fill levels of a disk TR-05 tries.
const levels = 300

// TestTR05TornFullDisk is TR-05 for the database: the disk fills up at 300 different bytes. What
// does not fit is refused as a full disk and nothing else; what was saved stays and is read all
// the while; writing goes on at once when there is room again.
func TestTR05TornFullDisk(t *testing.T) {
	t.Parallel()
	d, err := disk.New()
	require.NoError(t, err)
	dir := t.TempDir()
	storetest.Fill(t, dir)
	db, err := store.Open(bg, store.OnDisk(store.Options{Dir: dir, Keys: storetest.Keys(), Now: storetest.NewClock().Now}, d.VFS))
	require.NoError(t, err)
	saved := 0
	put := func() error {
		err := db.Write(bg, storetest.Act("a.b"), set(fmt.Sprint("s", saved), strings.Repeat("x", 2000)))
		if err == nil {
			saved++
		}
		return err
	}
	// Somebody reads all the while, so that the log is never written over from its beginning.
	require.NoError(t, db.Read(bg, func(r *store.Read) error {
		_, err := store.Value[int64](r, `SELECT count(*) FROM settings`)
		for level := range int64(levels) {
			d.Crowd(level * 331)
			met := put()
			for range 100 {
				if met != nil {
					break
				}
				met = put()
			}
			require.ErrorIs(t, met, store.ErrFull, "level %d", level)
			require.NoError(t, db.Stopped(), "a full disk is no broken one")
			require.Equal(t, saved, read[int](t, db, `SELECT count(*) FROM settings`), "level %d: reading goes on", level)
			d.Clear()
			require.NoError(t, put(), "level %d: there is room again", level)
		}
		return err
	}))
	require.NoError(t, db.Close())
	n, err := store.LookInto(filepath.Join(dir, store.File), `SELECT count(*) FROM settings`)
	require.NoError(t, err)
	require.EqualValues(t, saved, n)
	after := storetest.Open(t, store.Options{Dir: dir})
	require.NoError(t, after.VerifyChain(bg))
	t.Logf("TR-05: database: %d fill levels, %d writes saved, %d refused, 0 lost, reading served, written again at once", levels, saved, levels)
}

// TestTR05TornFullDiskWhileMigrating: an update that finds no room leaves the version before, and
// is made up when there is room.
func TestTR05TornFullDiskWhileMigrating(t *testing.T) {
	t.Parallel()
	list, _ := steps(t)
	n := len(list)
	refused := 0
	for level := range int64(20) {
		b := beforeStep(t, n)
		b.disk.Crowd(level * 10_000)
		err := store.MigrateOn(b.path, release(t, n), b.disk.VFS)
		if err == nil {
			break
		}
		refused++
		b.disk.Clear()
		found, err := store.LookInto(b.path, shape)
		require.NoError(t, err)
		require.Equal(t, b.had, found, "room for %d bytes", level*10_000)
		require.NoError(t, store.MigrateOn(b.path, release(t, n), b.disk.VFS))
	}
	require.Greater(t, refused, 3)
	t.Logf("TR-05: migration: %d fill levels refused, the version before stays", refused)
}
