//go:build unix

package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

// The other users of the machine read no file of the clinic, neither a new one nor one that an
// older program left open to them.
func TestTheDatabaseIsForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	closed := func() {
		found, err := filepath.Glob(filepath.Join(dir, store.File+"*"))
		require.NoError(t, err)
		require.NotEmpty(t, found)
		for _, file := range found {
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file)
		}
		info, err := os.Stat(dir)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	}
	open := func() *store.DB {
		db, err := store.Open(t.Context(), store.Options{Dir: dir, Now: storetest.NewClock().Now, Keys: storetest.Keys()})
		require.NoError(t, err)
		return db
	}
	db := open()
	closed()
	require.NoError(t, db.Close())
	require.NoError(t, os.Chmod(filepath.Join(dir, store.File), 0o644)) // as an older program left it
	db = open()
	closed()
	require.NoError(t, db.Close())
	closed()
}
