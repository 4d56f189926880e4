package store_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
	"meixu/store/term"
)

// named numbers the settings that acts of a trail add.
var named atomic.Int64

// opened lets a test change the trail as somebody would who has the file and drops triggers.
func opened(t *testing.T, db *store.DB) {
	t.Helper()
	require.NoError(t, db.Raw(`PRAGMA synchronous = OFF`)) // nothing here is to survive
	for _, table := range []string{"acts", "act_changes", "act_seals"} {
		require.NoError(t, db.Raw(`DROP TRIGGER `+table+`_no_update`))
		require.NoError(t, db.Raw(`DROP TRIGGER `+table+`_no_delete`))
		require.NoError(t, db.Raw(`CREATE TABLE kept_`+table+` AS SELECT * FROM `+table+` WHERE false`)) // here: a change of the schema costs every reader
	}
}

// trail makes a database with its own keys and so many acts of one change each.
func trail(t *testing.T, acts int) (*store.DB, *storetest.Clock, string) {
	t.Helper()
	dir, clock := t.TempDir(), storetest.NewClock()
	keys, code, err := seal.Create(dir)
	require.NoError(t, err)
	db := storetest.Open(t, store.Options{Dir: dir, Keys: keys, Now: clock.Now})
	grow(t, db, acts)
	return db, clock, code
}

func grow(t *testing.T, db *store.DB, acts int) {
	t.Helper()
	require.NoError(t, db.WriteQuiet(bg, func(tx *store.Tx) error {
		for n := range acts {
			act := storetest.Act("visit.arrive")
			act.Reason, act.Request, act.Station = fmt.Sprint("because ", n), fmt.Sprint("r", n), "desk-1"
			if n%2 == 0 {
				act.Once = fmt.Sprint("once", named.Load())
			}
			act.Subject = store.Subject{Noun: "visit", ID: int64(n)}
			if err := tx.ActInside(act, set(fmt.Sprint("name", named.Add(1)), fmt.Sprint(n))); err != nil {
				return err
			}
		}
		return nil
	}))
}

func firstKey(t *testing.T, db *store.DB, code string) *seal.DayKey {
	t.Helper()
	sheet, err := seal.ReadRecovery(db.Dir())
	require.NoError(t, err)
	first, err := sheet.FirstKey(code)
	require.NoError(t, err)
	return first
}

// changed spells another value for a column, of its own kind.
func changed(column, kind string) string {
	switch {
	case column == "op":
		return `CASE op WHEN 'I' THEN 'U' ELSE 'I' END`
	case column == "id":
		return `id + 1000000`
	case kind == "INTEGER":
		return column + ` + 1`
	case kind == "BLOB":
		return `CASE WHEN length(coalesce(` + column + `, x'')) = 0 THEN x'00' ELSE CAST(substr(` + column + `, 2) || x'aa' AS BLOB) END`
	}
	return `coalesce(` + column + `, '') || 'x'`
}

// tampering is one change of the trail and how it is taken back.
type tampering struct{ do, undo string }

// columnTamperings changes every row of the trail in one column each, the columns in turn.
func columnTamperings(t *testing.T, db *store.DB) (all []tampering) {
	t.Helper()
	for _, table := range []string{"acts", "act_changes", "act_seals"} {
		columns := strings.Split(read[string](t, db, `SELECT group_concat(name || ' ' || type, ',') FROM pragma_table_info('`+table+`')`), ",")
		rows := read[int](t, db, `SELECT count(*) FROM `+table)
		for row := 1; row <= rows; row++ {
			column, kind, _ := strings.Cut(columns[row%len(columns)], " ")
			id := row
			if column == "id" {
				id += 1_000_000
			}
			old := read[string](t, db, fmt.Sprintf(`SELECT quote(%s) FROM %s WHERE id = %d`, column, table, row))
			all = append(all, tampering{
				fmt.Sprintf(`UPDATE %s SET %s = %s WHERE id = %d`, table, column, changed(column, kind), row),
				fmt.Sprintf(`UPDATE %s SET %s = %s WHERE id = %d`, table, column, old, id),
			})
		}
	}
	return all
}

// rowTamperings removes, adds and swaps rows.
func rowTamperings(acts int) (all []tampering) {
	const swap = `UPDATE %[1]s SET id = -1 WHERE id = %[2]d; UPDATE %[1]s SET id = %[2]d WHERE id = %[3]d; UPDATE %[1]s SET id = %[3]d WHERE id = -1`
	for _, table := range []string{"acts", "act_changes", "act_seals"} {
		for n := 1; n <= acts; n += 9 {
			all = append(all,
				tampering{
					fmt.Sprintf(`INSERT INTO kept_%[1]s SELECT * FROM %[1]s WHERE id = %[2]d; DELETE FROM %[1]s WHERE id = %[2]d`, table, n),
					fmt.Sprintf(`INSERT INTO %[1]s SELECT * FROM kept_%[1]s; DELETE FROM kept_%[1]s`, table),
				},
				tampering{fmt.Sprintf(swap, table, n, n%acts+1), fmt.Sprintf(swap, table, n, n%acts+1)})
		}
	}
	for n := 1; n <= acts; n += 9 {
		all = append(all,
			tampering{
				fmt.Sprintf(`INSERT INTO act_changes (id, act, tbl, row, op, changes) VALUES (900000, %d, 'settings', 1, 'U', '{}')`, n),
				`DELETE FROM act_changes WHERE id = 900000`,
			},
			tampering{
				fmt.Sprintf(`INSERT INTO acts SELECT %d, at, staff_id, role, station, action, reason_sealed, request, NULL, posted, '', 0, '', 0 FROM acts WHERE id = 1`, acts+n),
				fmt.Sprintf(`DELETE FROM acts WHERE id = %d`, acts+n),
			},
			tampering{
				fmt.Sprintf(`UPDATE acts SET once = '' WHERE id = %d AND once IS NULL`, n/2*2+2),
				fmt.Sprintf(`UPDATE acts SET once = NULL WHERE id = %d`, n/2*2+2),
			})
	}
	return all
}

func raw(t *testing.T, db *store.DB, statements string) {
	t.Helper()
	for sql := range strings.SplitSeq(statements, ";") {
		require.NoError(t, db.Raw(sql), sql)
	}
}

// unseen does each tampering, counts those that a verification does not find, and undoes it.
func unseen(t *testing.T, db *store.DB, all []tampering, prepare func() error) (missed int) {
	t.Helper()
	for _, x := range all {
		raw(t, db, x.do)
		require.NoError(t, prepare())
		err := db.VerifyChain(bg)
		var broken *store.BrokenChain
		if err != nil {
			require.ErrorAs(t, err, &broken, x.do)
		} else {
			t.Log("not found:", x.do)
			missed++
		}
		raw(t, db, x.undo)
	}
	return missed
}

func nothing() error { return nil }

// TestTR20EveryTamperingIsFound changes each of about a thousand rows of the trail, every
// column in turn, and removes, adds and swaps rows; all of it must be found.
func TestTR20EveryTamperingIsFound(t *testing.T) {
	t.Parallel()
	const trails, acts = 4, 85
	changed, moved, missed := 0, 0, 0
	for range trails { // four short ones: each look goes through a whole trail
		db, _, _ := trail(t, acts)
		require.NoError(t, db.VerifyChain(bg))
		opened(t, db)
		columns, rows := columnTamperings(t, db), rowTamperings(acts)
		missed += unseen(t, db, columns, nothing) + unseen(t, db, rows, nothing)
		changed, moved = changed+len(columns), moved+len(rows)
		require.NoError(t, db.VerifyChain(bg), "all was taken back")
	}
	require.Greater(t, changed, 1000)
	t.Logf("TR-20: %d rows changed, %d removed, added or swapped; found %d of %d", changed, moved, changed+moved-missed, changed+moved)
	require.Zero(t, missed)
}

// TestTR20NegativeControl switches the chain off: the seals are made to fit after each change.
// What was found above must now go unseen, else something else than the chain found it.
func TestTR20NegativeControl(t *testing.T) {
	t.Parallel()
	const acts = 30
	db, _ := storetest.New(t)
	grow(t, db, acts)
	opened(t, db)
	var edits []tampering
	for _, x := range columnTamperings(t, db) {
		if strings.HasPrefix(x.do, "UPDATE acts SET") && !strings.Contains(x.do, "SET id") ||
			strings.HasPrefix(x.do, "UPDATE act_changes SET changes") {
			edits = append(edits, x)
		}
	}
	missed := 0
	for _, x := range edits {
		raw(t, db, x.do)
		require.NoError(t, db.Reseal(1))
		if db.VerifyChain(bg) == nil {
			missed++
		}
		raw(t, db, x.undo)
	}
	require.Greater(t, missed, 20)
	require.Equal(t, len(edits), missed, "with the chain switched off nothing finds an edit")
	t.Logf("TR-20: negative control, chain switched off: %d of %d edits unseen, as it must be", missed, len(edits))
}

// TestTR20CutTailsAndOlderFiles: the chain alone cannot see them, anchors do, and name what
// is missing.
func TestTR20CutTailsAndOlderFiles(t *testing.T) {
	t.Parallel()
	const acts = 60
	found, tried := 0, 0
	for cut := 1; cut <= acts; cut += 15 {
		db, _ := storetest.New(t)
		grow(t, db, acts)
		anchor, err := db.Anchor(bg)
		require.NoError(t, err)
		opened(t, db)
		raw(t, db, fmt.Sprintf(`DELETE FROM acts WHERE id > %[1]d; DELETE FROM act_seals WHERE id > %[1]d; DELETE FROM act_changes WHERE act > %[1]d`, acts-cut))
		require.NoError(t, db.VerifyChain(bg), "the chain alone does not see it")
		tried++
		var broken *store.BrokenChain
		require.ErrorAs(t, db.VerifyChain(bg, anchor), &broken)
		require.Equal(t, term.ActID(acts-cut+1), broken.Act)
		require.Equal(t, term.ActID(acts), broken.To)
		found++
		grow(t, db, cut+3)
		require.ErrorAs(t, db.VerifyChain(bg, store.Anchor{}, anchor), &broken, "nor when others were put in their place")
		require.Equal(t, term.ActID(acts), broken.To)
	}
	t.Logf("TR-20: cut tails found %d of %d", found, tried)
}

// TestClockBackIsAnAct: acts are ordered by number; a clock that goes back is noted.
func TestClockBackIsAnAct(t *testing.T) {
	t.Parallel()
	db, clock := storetest.New(t)
	notes := func() int { return read[int](t, db, `SELECT count(*) FROM acts WHERE action = 'clock.back'`) }
	write(t, db, set("a", "1"))
	clock.Forward(-2 * time.Minute)
	write(t, db, set("b", "2"))
	require.Zero(t, notes(), "two minutes are what time servers do")
	clock.Forward(-10 * 365 * 24 * time.Hour)
	write(t, db, set("c", "3"))
	write(t, db, set("d", "4"))
	require.Equal(t, 1, notes())
	require.NoError(t, db.Read(bg, func(r *store.Read) error {
		a, err := r.Act(3)
		require.Equal(t, "clock.back", a.Act.Action)
		require.Equal(t, "2026-03-02T00:58:00.000Z > 2016-03-04T00:58:00.000Z", a.Act.Reason)
		return err
	}))
	require.NoError(t, db.VerifyChain(bg))
}

// BenchmarkVerify is how fast a chain is verified; TR-20 wants a million acts in 10 s.
func BenchmarkVerify(b *testing.B) {
	const acts = 100_000
	dir := b.TempDir()
	keys, _, err := seal.Create(dir)
	require.NoError(b, err)
	db := storetest.Open(b, store.Options{Dir: dir, Keys: keys})
	for range acts / 10_000 {
		require.NoError(b, db.WriteQuiet(bg, func(tx *store.Tx) error {
			for n := range 10_000 {
				if err := tx.ActInside(storetest.Act("visit.arrive"), set(fmt.Sprint("name", named.Add(1)), fmt.Sprint(n))); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for b.Loop() {
		require.NoError(b, db.VerifyChain(bg))
	}
	b.ReportMetric(float64(acts)*float64(b.N)/b.Elapsed().Seconds(), "acts/s")
}
