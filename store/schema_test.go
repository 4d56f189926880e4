package store_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestSchemaGolden shows reviewers the sum of all migrations. After a migration run
// go test ./store -run TestSchemaGolden -update.
func TestSchemaGolden(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	have := read[string](t, db, `SELECT group_concat(sql, ';' || char(10) || char(10) ORDER BY type DESC, name) FROM sqlite_schema
		WHERE sql IS NOT NULL AND name NOT LIKE 'trail\_%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`) + ";\n"
	path := filepath.Join("..", "testdata", "schema.sql")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(have), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), have, "the schema changed: review it and run with -update")
}

func TestSchemaRules(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	all := read[string](t, db, `SELECT group_concat(upper(sql), ';') FROM sqlite_schema WHERE type = 'table'`)
	require.NotContains(t, all, "DEFERRABLE", "a late failure would fail other members of a shared commit (rulings 8)")
	require.NotContains(t, all, "ON DELETE", "nothing clinical is deleted")
	loose := func(query string) string {
		return read[string](t, db, `SELECT coalesce(group_concat(n, ' '), '') FROM (`+query+`)`)
	}
	tables := `pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'`
	require.Empty(t, loose(`SELECT t.name AS n FROM `+tables+` AND NOT t.strict`), "tables that are not STRICT")
	require.Empty(t, loose(`SELECT t.name AS n FROM `+tables+` AND t.wr`), "WITHOUT ROWID tables have no trail")
	require.Empty(t, loose(`SELECT t.name AS n FROM `+tables+` AND t.name <> 'schema_migrations' AND NOT EXISTS
		(SELECT 1 FROM pragma_table_info(t.name) c WHERE c.name = 'id' AND c.type = 'INTEGER' AND c.pk = 1)`), "tables without id INTEGER PRIMARY KEY")
	require.Empty(t, loose(`SELECT t.name || '.' || c.name AS n FROM pragma_table_list t, pragma_table_info(t.name) c
		WHERE t.schema = 'main' AND c.name LIKE '%\_sealed' ESCAPE '\' AND c.type <> 'BLOB'`), "sealed columns that are not BLOB")
	require.Empty(t, loose(`SELECT t.name AS n FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
		WHERE t.schema = 'main' AND f."table" IN ('acts', 'act_changes', 'act_seals', 'act_now')`), "acts are written last: no foreign key to them")
	require.Empty(t, loose(`SELECT t.name AS n FROM `+tables+` AND EXISTS (SELECT 1 FROM sqlite_schema s WHERE s.name LIKE 'trail\_' || t.name || '\_%' ESCAPE '\')
		AND (SELECT count(*) FROM pragma_table_info(t.name) c WHERE c.name IN ('version', 'created_at', 'updated_at')) <> 3`), "tables without version and times")
}

func TestForeignKeysFit(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	require.Zero(t, read[int](t, db, `SELECT count(*) FROM pragma_foreign_key_check`))
	lost := read[string](t, db, `SELECT coalesce(group_concat(t.name || '.' || f."from", ' '), '') FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
		WHERE t.schema = 'main' AND NOT EXISTS (SELECT 1 FROM pragma_table_list p WHERE p.name = f."table")`)
	require.Empty(t, lost, "references to tables that do not exist")
}

func TestInstanceLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storetest.Fill(t, dir)
	open := func() (*store.DB, error) {
		return store.Open(bg, store.Options{Dir: dir, Keys: storetest.Keys()})
	}
	db, err := open()
	require.NoError(t, err)
	_, err = open()
	require.ErrorIs(t, err, store.ErrLocked)
	require.ErrorContains(t, err, dir)
	require.ErrorIs(t, store.Alone(dir, func() error { panic("must not run") }), store.ErrLocked)
	require.NoError(t, db.Close())
	require.ErrorIs(t, db.Write(bg, storetest.Act("a.b"), set("a", "1")), store.ErrClosed)
	require.ErrorIs(t, db.Read(bg, func(*store.Read) error { return nil }), store.ErrClosed)
	require.NoError(t, store.Alone(dir, func() error { return nil }))
	db, err = open()
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

func TestFolderNamesOfAllKinds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"诊所 数据", "100%", "a?b=c", "x#y", "a&_sync=0"} {
		dir := filepath.Join(t.TempDir(), name)
		db, err := store.Open(bg, store.Options{Dir: dir, Keys: storetest.Keys()})
		require.NoError(t, err, name)
		require.NoError(t, db.Close())
		require.FileExists(t, filepath.Join(dir, store.File))
	}
}
