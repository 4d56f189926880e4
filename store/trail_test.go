package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
	"meixu/store/term"
)

func TestTrailCatchesEveryKindOfChange(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	steps := []struct{ sql, want string }{
		{`INSERT INTO settings (id, created_at, updated_at, name, value) VALUES (1, '', '', 'a', '1')`, "I1"},
		{`UPDATE settings SET value = '2' WHERE id = 1`, "U1"},
		{`UPDATE settings SET value = '2' WHERE id = 1`, ""},
		{`INSERT OR REPLACE INTO settings (id, created_at, updated_at, name, value) VALUES (1, '', '', 'a', '3')`, "D1 I1"},
		{`INSERT OR REPLACE INTO settings (id, created_at, updated_at, name, value) VALUES (2, '', '', 'a', '4')`, "D1 I2"},
		{`DELETE FROM settings`, "D2"},
	}
	for i, step := range steps {
		write(t, db, func(tx *store.Tx) error {
			_, err := tx.Exec(step.sql)
			return err
		})
		require.NoError(t, db.Read(bg, func(r *store.Read) error {
			a, err := r.Act(term.ActID(i + 1))
			require.NoError(t, err)
			var have []string
			for _, c := range a.Changes {
				have = append(have, c.Op+fmt.Sprint(c.Row))
			}
			require.Equal(t, step.want, strings.Join(have, " "), step.sql)
			if step.want == "U1" {
				require.JSONEq(t, `{"value":["1","2"]}`, a.Changes[0].Changes)
			}
			return nil
		}))
	}
	require.NoError(t, db.Read(bg, func(r *store.Read) error {
		list, err := r.History("settings", 1)
		require.Len(t, list, 4)
		return err
	}))
	require.NoError(t, db.VerifyChain(bg))
}

func TestWritesOutsideAnActAreRefused(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	write(t, db, set("a", "1"))
	for _, sql := range []string{
		`INSERT INTO settings (created_at, updated_at, name, value) VALUES ('', '', 'b', '1')`,
		`UPDATE settings SET value = '2'`, `DELETE FROM settings`,
		`INSERT OR IGNORE INTO settings (created_at, updated_at, name, value) VALUES ('', '', 'c', '1')`,
	} {
		require.ErrorIs(t, db.Raw(sql), store.ErrOutsideAct, sql)
		require.ErrorIs(t, db.WriteQuiet(bg, func(tx *store.Tx) error {
			_, err := tx.Exec(sql)
			return err
		}), store.ErrOutsideAct, sql)
	}
	require.Equal(t, "1", read[string](t, db, `SELECT value FROM settings`))
	require.NoError(t, db.WriteQuiet(bg, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO job_runs (job, started_at) VALUES ('nightly', '2026')`)
		return err
	}))
	require.Equal(t, 1, read[int](t, db, `SELECT count(*) FROM acts`))
}

func TestEveryTableHasATrailOrAnExcuse(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	bare := read[string](t, db, `SELECT group_concat(name, ' ' ORDER BY name) FROM pragma_table_list t WHERE schema = 'main' AND type = 'table'
		AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND (SELECT count(*) FROM sqlite_schema s WHERE s.tbl_name = t.name AND s.name LIKE 'trail\_%' ESCAPE '\') <> 3`)
	require.Equal(t, "act_changes act_now act_seals acts class_keys client_figures counters drafts import_files job_runs login_attempts schema_migrations sessions", bare)
}

func TestTrailIsInsertOnly(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	write(t, db, set("a", "1"))
	for _, table := range []string{"acts", "act_changes", "act_seals"} {
		require.ErrorContains(t, db.Raw(`DELETE FROM `+table), "insert-only")
		require.ErrorContains(t, db.Raw(`UPDATE `+table+` SET id = id + 1`), "insert-only")
		require.ErrorContains(t, db.Raw(`INSERT OR REPLACE INTO `+table+` SELECT * FROM `+table), "insert-only")
	}
}

func TestChainFindsEditsAndRemovals(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, sql string
		act       term.ActID
	}{
		{"an edited act", `UPDATE acts SET staff_id = 9 WHERE id = 2`, 2},
		{"an edited reason", `UPDATE acts SET reason_sealed = x'00' WHERE id = 2`, 2},
		{"a reason moved from another act", `UPDATE acts SET reason_sealed = (SELECT reason_sealed FROM acts WHERE id = 4) WHERE id = 2`, 2},
		{"a removed reason", `UPDATE acts SET reason_sealed = NULL WHERE id = 3`, 3},
		{"an edited time", `UPDATE acts SET at = '2026-03-01T01:00:00.000Z' WHERE id = 3`, 3},
		{"an edited result", `UPDATE acts SET result_id = 9 WHERE id = 3`, 3},
		{"an edited change", `UPDATE act_changes SET changes = replace(changes, '"2"', '"7"') WHERE act = 2`, 2},
		{"a removed change", `DELETE FROM act_changes WHERE act = 4`, 4},
		{"an added change", `INSERT INTO act_changes (act, tbl, row, op, changes) VALUES (3, 'settings', 1, 'U', '{}')`, 3},
		{"a change of no act", `INSERT INTO act_changes (act, tbl, row, op, changes) VALUES (77, 'settings', 1, 'U', '{}')`, 77},
		{"a removed act", `DELETE FROM acts WHERE id = 2`, 2},
		{"an act removed with its seal", `DELETE FROM acts WHERE id = 2; DELETE FROM act_seals WHERE id = 2; DELETE FROM act_changes WHERE act = 2`, 2},
		{"an added act", `INSERT INTO acts SELECT 6, at, staff_id, role, station, action, reason_sealed, request, 'x', '', '', 0, '', 0 FROM acts WHERE id = 1`, 6},
		{"a cut tail", `DELETE FROM acts WHERE id = 5; DELETE FROM act_seals WHERE id = 5; DELETE FROM act_changes WHERE act = 5`, 5},
		{"an edited seal", `UPDATE act_seals SET mac = zeroblob(32) WHERE id = 3`, 3},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, _ := storetest.New(t)
			for n := range 5 {
				act := storetest.Act("test.write")
				act.Reason = fmt.Sprint("because ", n)
				require.NoError(t, db.Write(bg, act, set(fmt.Sprint("name", n), fmt.Sprint(n+1))))
			}
			anchor, err := db.Anchor(bg)
			require.NoError(t, err)
			require.Equal(t, term.ActID(5), anchor.Act)
			require.NoError(t, db.VerifyChain(bg, anchor))
			for _, table := range []string{"acts", "act_changes", "act_seals"} {
				require.NoError(t, db.Raw(`DROP TRIGGER `+table+`_no_update`))
				require.NoError(t, db.Raw(`DROP TRIGGER `+table+`_no_delete`))
			}
			for sql := range strings.SplitSeq(c.sql, ";") {
				require.NoError(t, db.Raw(sql))
			}
			var broken *store.BrokenChain
			require.ErrorAs(t, db.VerifyChain(bg, anchor), &broken)
			require.Equal(t, c.act, broken.Act, broken.Error())
		})
	}
}

func TestViewsJoinTheChain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storetest.Fill(t, dir)
	db, err := store.Open(bg, store.Options{Dir: dir, Keys: storetest.Keys(), Now: storetest.NewClock().Now})
	require.NoError(t, err)
	for n := range 3 {
		db.Saw(storetest.Act("client.view"), term.ClientID(n+1))
	}
	require.NoError(t, db.Flush(bg))
	require.Equal(t, 3, read[int](t, db, `SELECT count(*) FROM acts WHERE subject_noun = 'client' AND action = 'client.view'`))
	db.Saw(storetest.Act("client.view"), 9)
	require.NoError(t, db.Close())
	again := storetest.Open(t, store.Options{Dir: dir})
	require.Equal(t, 9, read[int](t, again, `SELECT subject_id FROM acts ORDER BY id DESC LIMIT 1`))
	require.NoError(t, again.VerifyChain(bg))
}

// An open page that follows the news reads again and again: that is one view. Another person,
// another client, or the same after ten minutes is a new one.
func TestTheSameViewIsNotedOnce(t *testing.T) {
	t.Parallel()
	db, clock := storetest.New(t)
	views := func() int {
		require.NoError(t, db.Flush(bg))
		return read[int](t, db, `SELECT count(*) FROM acts WHERE action = 'client.view'`)
	}
	act := storetest.Act("client.view")
	for range 12 {
		db.Saw(act, 1)
		clock.Forward(40 * time.Second)
	}
	require.Equal(t, 1, views(), "eight minutes of an open page")
	db.Saw(act, 2)
	other := act
	other.Staff = 7
	db.Saw(other, 1)
	require.Equal(t, 3, views())
	clock.Forward(2 * time.Minute)
	db.Saw(act, 1)
	require.Equal(t, 4, views(), "ten minutes after the first, however often it was seen between")
}

func TestSealedColumns(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	var e []byte
	write(t, db, func(tx *store.Tx) (err error) {
		e, err = tx.Seal(1, "clients", 1, "name_sealed", "王小美", nil)
		require.NoError(t, err)
		same, err := tx.Seal(1, "clients", 1, "name_sealed", "王小美", e)
		require.NoError(t, err)
		require.Equal(t, e, same, "an equal text keeps its envelope")
		changed, err := tx.Seal(1, "clients", 1, "name_sealed", "王大美", e)
		require.NoError(t, err)
		require.NotEqual(t, e, changed)
		none, err := tx.Seal(1, "clients", 1, "name_sealed", "", e)
		require.Nil(t, none)
		return err
	})
	open := func(client term.ClientID, table string, id int64, column string) (text string, err error) {
		return text, db.Read(bg, func(r *store.Read) error {
			text, err = r.Unseal(client, table, id, column, e)
			return err
		})
	}
	require.NoError(t, db.Read(bg, func(r *store.Read) error {
		text, err := r.Unseal(1, "clients", 1, "name_sealed", e)
		require.Equal(t, "王小美", text)
		return err
	}))
	_, err := open(1, "clients", 2, "name_sealed")
	require.ErrorIs(t, err, seal.ErrOpen, "another row")
	_, err = open(1, "clients", 1, "phone_sealed")
	require.ErrorIs(t, err, seal.ErrOpen, "another column")
	_, err = open(2, "clients", 1, "name_sealed")
	require.ErrorIs(t, err, seal.ErrOpen, "another client")

	require.NotContains(t, read[string](t, db, `SELECT changes FROM act_changes WHERE tbl = 'client_keys'`),
		strings.ToUpper(fmt.Sprintf("%x", read[[]byte](t, db, `SELECT wrapped_key FROM client_keys`))), "the trail must not undo erasure")
	write(t, db, func(tx *store.Tx) error { return tx.EraseKeys(1) })
	require.NoError(t, db.Read(bg, func(r *store.Read) error {
		text, err := r.Unseal(1, "clients", 1, "name_sealed", e)
		require.Empty(t, text)
		require.NoError(t, err)
		_, err = r.PhotoKey(1)
		require.ErrorIs(t, err, store.ErrErased)
		return nil
	}))
	require.ErrorIs(t, db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
		_, err := tx.Seal(1, "clients", 1, "name_sealed", "x", nil)
		return err
	}), store.ErrErased)
	require.Zero(t, read[int](t, db, `SELECT count(*) FROM client_keys WHERE wrapped_key IS NOT NULL`))
}

func TestKeysOfARolledBackWriteAreForgotten(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	var lost []byte
	require.Error(t, db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) (err error) {
		lost, err = tx.Seal(1, "clients", 1, "name_sealed", "x", nil)
		require.NoError(t, err)
		return fmt.Errorf("refused")
	}))
	require.ErrorIs(t, db.Read(bg, func(r *store.Read) error {
		_, err := r.Unseal(1, "clients", 1, "name_sealed", lost)
		return err
	}), seal.ErrOpen)
}
