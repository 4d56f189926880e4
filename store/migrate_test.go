package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
)

func files(texts ...string) fstest.MapFS {
	all := fstest.MapFS{}
	for i, text := range texts {
		all["migrations/000"+string(rune('1'+i))+"_step.sql"] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

const (
	first  = `CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;`
	second = `CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a(id)) STRICT; INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1);`
)

func TestMigrations(t *testing.T) {
	t.Parallel()
	fresh := func(t *testing.T, steps ...string) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), store.File)
		require.NoError(t, store.MigrateFile(path, files(steps...)))
		return path
	}
	t.Run("go on where they stopped", func(t *testing.T) {
		t.Parallel()
		path := fresh(t, first)
		require.NoError(t, store.MigrateFile(path, files(first, second)))
		require.NoError(t, store.MigrateFile(path, files(first, second)))
	})
	t.Run("an edited file is refused", func(t *testing.T) {
		t.Parallel()
		require.ErrorIs(t, store.MigrateFile(fresh(t, first), files(first+" ")), store.ErrEdited)
	})
	t.Run("a newer database is refused", func(t *testing.T) {
		t.Parallel()
		require.ErrorIs(t, store.MigrateFile(fresh(t, first, second), files(first)), store.ErrNewer)
	})
	t.Run("a gap is refused", func(t *testing.T) {
		t.Parallel()
		gap := files(first)
		gap["migrations/0003_step.sql"] = &fstest.MapFile{Data: []byte(second)}
		require.ErrorIs(t, store.MigrateFile(filepath.Join(t.TempDir(), store.File), gap), store.ErrGap)
	})
	t.Run("a failing file leaves the state before it", func(t *testing.T) {
		t.Parallel()
		path := fresh(t, first)
		require.ErrorContains(t, store.MigrateFile(path, files(first, second+` nonsense;`)), "0002_step")
		require.NoError(t, store.MigrateFile(path, files(first, second)))
	})
	t.Run("a rebuild keeps references and is checked", func(t *testing.T) {
		t.Parallel()
		path := fresh(t, first, second)
		rebuild := "-- rebuild\nCREATE TABLE a2 (id INTEGER PRIMARY KEY, x TEXT) STRICT; INSERT INTO a2 (id) SELECT id FROM a; DROP TABLE a; ALTER TABLE a2 RENAME TO a;"
		lossy := "-- rebuild\nDROP TABLE a; CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT) STRICT;"
		require.ErrorContains(t, store.MigrateFile(path, files(first, second, lossy)), "point to nothing")
		require.NoError(t, store.MigrateFile(path, files(first, second, rebuild)))
	})
}

func TestOpenRefusesForeignAndUnfitFiles(t *testing.T) {
	t.Parallel()
	t.Run("another program's database is refused and not touched", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		path := filepath.Join(dir, store.File)
		require.NoError(t, store.MigrateFile(path, files(first)))
		require.NoError(t, store.SetHeader(path, `PRAGMA application_id = 7`))
		before, err := os.ReadFile(path)
		require.NoError(t, err)
		_, err = store.Open(bg, store.Options{Dir: dir, Keys: storetest.Keys()})
		require.ErrorIs(t, err, store.ErrForeign)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, before, after)
	})
	t.Run("a newer schema number is refused", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		storetest.Fill(t, dir)
		require.NoError(t, store.SetHeader(filepath.Join(dir, store.File), `PRAGMA user_version = 9999`))
		_, err := store.Open(bg, store.Options{Dir: dir, Keys: storetest.Keys()})
		require.ErrorIs(t, err, store.ErrNewer)
		require.ErrorContains(t, err, "9999")
		_, err = store.Pending(bg, dir)
		require.ErrorIs(t, err, store.ErrNewer)
	})
	t.Run("other keys are refused", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		storetest.Fill(t, dir)
		_, err := store.Open(bg, store.Options{Dir: dir, Keys: seal.Ephemeral()})
		require.ErrorIs(t, err, seal.ErrOpen)
		require.NoError(t, store.Alone(dir, func() error { return nil }), "a refused start gives the folder free")
	})
	t.Run("nothing is pending in a new folder and in a migrated one", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		names, err := store.Pending(bg, dir)
		require.NoError(t, err)
		require.Empty(t, names)
		storetest.Fill(t, dir)
		names, err = store.Pending(bg, dir)
		require.NoError(t, err)
		require.Empty(t, names)
	})
}
