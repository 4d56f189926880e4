package store_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest/disk"
)

// Two further steps stand behind the schema's own: a table with rows, and a rebuild of it, as a
// later release may need one. ownRows is how many rows must survive.
const (
	ownRows = 500
	ownStep = `CREATE TABLE own (id INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 500) INSERT INTO own SELECT id, hex(randomblob(40)) FROM n;`
	ownRebuild = `-- rebuild
CREATE TABLE own_new (id INTEGER PRIMARY KEY, note TEXT NOT NULL, size INTEGER NOT NULL) STRICT;
INSERT INTO own_new SELECT id, note, length(note) FROM own;
DROP TABLE own;
ALTER TABLE own_new RENAME TO own;`
)

// steps are the schema's own migrations and the two further ones.
func steps(t *testing.T) (list []string, texts map[string]string) {
	t.Helper()
	texts = map[string]string{}
	entries, err := fs.ReadDir(store.Migrations, "migrations")
	require.NoError(t, err)
	for _, e := range entries {
		text, err := fs.ReadFile(store.Migrations, "migrations/"+e.Name())
		require.NoError(t, err)
		list = append(list, e.Name())
		texts[e.Name()] = string(text)
	}
	for _, text := range []string{ownStep, ownRebuild} {
		name := fmt.Sprintf("%04d_own.sql", len(list)+1)
		list = append(list, name)
		texts[name] = text
	}
	return list, texts
}

// release is the schema as a program of n steps has it.
func release(t *testing.T, n int) fstest.MapFS {
	t.Helper()
	list, texts := steps(t)
	out := fstest.MapFS{}
	for _, name := range list[:n] {
		out["migrations/"+name] = &fstest.MapFile{Data: []byte(texts[name])}
	}
	return out
}

// shape is one number for all that a schema is: its version, its own list, and its tables.
const shape = `SELECT (SELECT user_version FROM pragma_user_version) + 100 * (SELECT coalesce(sum(length(coalesce(sql, '')) + 1), 0) FROM sqlite_schema)`

// broken is a migration to version n whose power goes at moments of it.
type broken struct {
	disk *disk.Disk
	path string
	had  int64 // shape before
}

// beforeStep gives a file at version n-1 on a disk that takes notes from now on.
func beforeStep(t *testing.T, n int) broken {
	t.Helper()
	d, err := disk.New()
	require.NoError(t, err)
	b := broken{disk: d, path: filepath.Join(t.TempDir(), store.File)}
	if n == 1 {
		return b
	}
	require.NoError(t, store.MigrateFile(b.path, release(t, n-1)))
	b.had, err = store.LookInto(b.path, shape)
	require.NoError(t, err)
	body, err := os.ReadFile(b.path)
	require.NoError(t, err)
	d.Holds(store.File, body)
	return b
}

// look puts the found files into a folder and gives the shape that they have after recovery.
func look(t *testing.T, dir string, f disk.Found) (path string, found int64) {
	t.Helper()
	require.NoError(t, os.RemoveAll(dir))
	require.NoError(t, os.Mkdir(dir, 0o700))
	for name, body := range f.Files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), body, 0o600))
	}
	path = filepath.Join(dir, store.File)
	found, err := store.LookInto(path, shape)
	require.NoError(t, err, "the file is whole")
	return path, found
}

// TestTR06TornMigrationIsWholeOrNot is TR-06: the power goes at any write of the migration from
// every version to the next. What is found is the one or the other, and starting again ends well.
func TestTR06TornMigrationIsWholeOrNot(t *testing.T) {
	t.Parallel()
	list, _ := steps(t)
	each := max(4, images(t, 120)/len(list)/2)
	tried, before := 0, 0
	for n := 1; n <= len(list); n++ {
		b, wanted := beforeStep(t, n), release(t, n)
		require.NoError(t, store.MigrateOn(b.path, wanted, b.disk.VFS))
		b.disk.Note(1)
		has, err := store.LookInto(b.path, shape)
		require.NoError(t, err)
		random, dir := rand.New(rand.NewPCG(6, uint64(n))), filepath.Join(t.TempDir(), "found")
		for _, keep := range []float64{0.5, 1} {
			b.disk.Cut(each, keep, random, func(f disk.Found) {
				path, found := look(t, dir, f)
				tried++
				if len(f.Marks) > 0 || found == has {
					require.Equal(t, has, found, "version %d was reported", n)
					return
				}
				require.Equal(t, b.had, found, "neither version %d nor %d", n-1, n)
				before++
				if before%8 == 0 {
					require.NoError(t, store.MigrateFile(path, wanted), "it is begun again")
				}
			})
		}
		if n == len(list) {
			rows, err := store.LookInto(b.path, `SELECT count(*) FROM own`)
			require.NoError(t, err)
			require.EqualValues(t, ownRows, rows)
		}
	}
	require.Positive(t, before, "no image shows a migration that was broken off")
	t.Logf("TR-06: %d images over %d versions, %d found the older one, 0 anything else", tried, len(list), before)
}

// TestTR06TornMigrationHarnessFindsHalves is the negative control of TR-06: the same rebuild,
// each statement saved by itself, is found half done.
func TestTR06TornMigrationHarnessFindsHalves(t *testing.T) {
	t.Parallel()
	list, texts := steps(t)
	n := len(list)
	b := beforeStep(t, n)
	run, closed, err := store.OpenRaw(b.path, b.disk.VFS, "EXTRA")
	require.NoError(t, err)
	require.NoError(t, run(`PRAGMA foreign_keys = OFF`))
	for statement := range strings.SplitSeq(texts[list[n-1]]+fmt.Sprintf(`PRAGMA user_version = %d`, n), ";") {
		require.NoError(t, run(statement))
	}
	require.NoError(t, closed())
	has, err := store.LookInto(b.path, shape)
	require.NoError(t, err)
	halves := 0
	b.disk.Cut(60, 1, rand.New(rand.NewPCG(6, 6)), func(f disk.Found) {
		if _, found := look(t, filepath.Join(t.TempDir(), "found"), f); found != b.had && found != has {
			halves++
		}
	})
	require.Positive(t, halves, "the harness does not see half a migration")
	t.Logf("TR-06: control without a transaction: %d of 60 images are halves", halves)
}
