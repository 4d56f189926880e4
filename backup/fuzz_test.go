package backup_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/backup"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
)

// FuzzTR25Manifest puts any bytes in the place of the newest manifest: nothing but the manifest
// that was signed is restored from.
func FuzzTR25Manifest(f *testing.F) {
	dir, to := f.TempDir(), f.TempDir()
	keys, _, err := seal.Create(dir)
	require.NoError(f, err)
	db, err := store.Open(bg, store.Options{Dir: dir, Keys: keys, Now: storetest.NewClock().Now})
	require.NoError(f, err)
	_, err = backup.Make(bg, backup.SourceOf(db), place(to), backup.How{})
	require.NoError(f, err)
	require.NoError(f, db.Close())
	found, err := filepath.Glob(filepath.Join(to, "manifests", "*.json"))
	require.NoError(f, err)
	require.Len(f, found, 1)
	good, err := os.ReadFile(found[0])
	require.NoError(f, err)
	_, err = backup.Look(bg, dir, wish(to))
	require.NoError(f, err, "as it was made it is accepted")
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(append(append([]byte{}, good...), ' '))
	f.Add([]byte(`{"manifest":{},"signature":""}`))
	f.Add([]byte(`[[[[[[`))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		require.NoError(t, os.WriteFile(found[0], data, 0o600))
		if _, err := backup.Look(bg, dir, wish(to)); err == nil {
			require.JSONEq(t, string(good), string(data), "another manifest was taken")
		}
		_, _ = backup.List(bg, place(to)) // heads are not checked, but nothing breaks
	})
}
