package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

var bg = context.Background()

const addSetting = `INSERT INTO settings (created_at, updated_at, name, value) VALUES ('2026', '2026', ?, ?)`

// write runs one act that must succeed.
func write(t testing.TB, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	require.NoError(t, db.Write(bg, storetest.Act("test.write"), fn))
}

func set(name, value string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		_, err := tx.Exec(addSetting, name, value)
		return err
	}
}

func read[T any](t *testing.T, db *store.DB, query string, args ...any) (v T) {
	t.Helper()
	require.NoError(t, db.Read(bg, func(r *store.Read) (err error) {
		v, err = store.Value[T](r, query, args...)
		return err
	}))
	return v
}

func TestSettingsOfConnections(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	conn, readers := db.Conns()
	for name, want := range map[string]string{"journal_mode": "wal", "synchronous": "3", "recursive_triggers": "1", "foreign_keys": "1"} {
		var have string
		require.NoError(t, conn.QueryRowContext(bg, "PRAGMA "+name).Scan(&have))
		require.Equal(t, want, have, name)
	}
	_, err := readers.ExecContext(bg, addSetting, "a", "1")
	require.ErrorContains(t, err, "readonly")
	require.Error(t, db.Raw(`SELECT "no such column" FROM settings`), "double quotes are names only")
}

func TestWrite(t *testing.T) {
	t.Parallel()
	t.Run("saves change, act and trail together", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		write(t, db, set("a", "1"))
		require.NoError(t, db.Read(bg, func(r *store.Read) error {
			a, err := r.Act(1)
			require.NoError(t, err)
			require.Equal(t, "test.write", a.Act.Action)
			require.Equal(t, "2026-03-02T01:00:00.000Z", a.At.String())
			require.Len(t, a.Changes, 1)
			require.Equal(t, store.Change{Table: "settings", Row: 1, Op: "I", Changes: a.Changes[0].Changes}, a.Changes[0])
			require.JSONEq(t, `{"id":[null,1],"version":[null,1],"created_at":[null,"2026"],"updated_at":[null,"2026"],"name":[null,"a"],"value":[null,"1"]}`, a.Changes[0].Changes)
			return nil
		}))
	})
	t.Run("an error saves nothing and frees the turn", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		wrong := errors.New("wrong")
		require.ErrorIs(t, db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
			require.NoError(t, set("a", "1")(tx))
			return wrong
		}), wrong)
		require.Zero(t, read[int](t, db, `SELECT (SELECT count(*) FROM settings) + (SELECT count(*) FROM acts) + (SELECT count(*) FROM act_changes)`))
		write(t, db, set("a", "1"))
	})
	t.Run("a panic saves nothing and frees the turn", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		err := db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
			require.NoError(t, set("a", "1")(tx))
			panic("ouch")
		})
		var caught *store.PanicError
		require.ErrorAs(t, err, &caught)
		require.Equal(t, "ouch", caught.Value)
		write(t, db, set("a", "1"))
	})
	t.Run("an ended goroutine saves nothing and frees the turn", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		var wait sync.WaitGroup
		wait.Go(func() {
			fake := &testing.T{}
			_ = db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
				require.NoError(t, set("a", "1")(tx))
				fake.FailNow()
				return nil
			})
		})
		wait.Wait()
		write(t, db, set("a", "1"))
		require.Equal(t, 1, read[int](t, db, `SELECT count(*) FROM acts`))
	})
	t.Run("a rollback underneath is noticed", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		err := db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
			_, err := tx.Exec(`ROLLBACK`)
			return err
		})
		require.ErrorIs(t, err, store.ErrLost)
		require.Zero(t, read[int](t, db, `SELECT count(*) FROM acts`))
		write(t, db, set("a", "1"))
	})
	t.Run("a write inside a write is refused, with either context", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		write(t, db, func(tx *store.Tx) error {
			require.ErrorIs(t, db.Write(bg, storetest.Act("a.b"), set("a", "1")), store.ErrNested)
			var wait sync.WaitGroup
			wait.Go(func() {
				if err := db.Write(tx.Context(), storetest.Act("a.b"), set("a", "1")); !errors.Is(err, store.ErrNested) {
					t.Errorf("another goroutine with the context of the write: %v", err)
				}
			})
			wait.Wait()
			return nil
		})
	})
	t.Run("a context counts while waiting and not after", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		ctx, cancel := context.WithCancel(bg)
		require.NoError(t, db.Write(ctx, storetest.Act("a.b"), func(tx *store.Tx) error {
			waiting, stop := context.WithTimeout(bg, time.Millisecond)
			defer stop()
			var wait sync.WaitGroup
			wait.Go(func() {
				err := db.Write(waiting, storetest.Act("a.b"), set("b", "1"))
				if !errors.Is(err, store.ErrBusy) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("waiting: %v", err)
				}
			})
			wait.Wait()
			cancel()
			return set("a", "1")(tx)
		}))
		require.Equal(t, "a", read[string](t, db, `SELECT name FROM settings`))
		require.ErrorIs(t, db.Write(ctx, storetest.Act("a.b"), set("c", "1")), store.ErrBusy)
	})
}

func TestOnce(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	act := storetest.Act("a.b")
	act.Once = "key-1"
	require.Error(t, db.Write(bg, act, func(*store.Tx) error { return errors.New("refused") }), "a refused post does not use its key")
	require.NoError(t, db.Write(bg, act, func(tx *store.Tx) error {
		tx.Result("visit", 42)
		return set("a", "1")(tx)
	}))
	var again *store.Replayed
	require.ErrorAs(t, db.Write(bg, act, func(*store.Tx) error { panic("must not run") }), &again)
	require.Equal(t, "visit:42", again.Result)
	s, ok := store.ParseSubject(again.Result)
	require.True(t, ok)
	require.Equal(t, store.Subject{Noun: "visit", ID: 42}, s)
}

// TestOnceKnowsWhatWasPosted: the same key with the same content is the first post again, with
// another content it is not; and the trail does not tell the content, not even as a plain digest.
func TestOnceKnowsWhatWasPosted(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	act := storetest.Act("a.b")
	act.Once, act.Posted = "key-1", "13800008817"
	require.NoError(t, db.Write(bg, act, set("a", "1")))
	kept := read[string](t, db, `SELECT posted FROM acts WHERE once = 'key-1'`)
	require.Len(t, kept, 32)
	plain := sha256.Sum256([]byte(act.Posted))
	require.NotContains(t, hex.EncodeToString(plain[:]), kept)
	var again *store.Replayed
	require.ErrorAs(t, db.Write(bg, act, set("a", "2")), &again)
	act.Posted = "13800008818"
	require.ErrorIs(t, db.Write(bg, act, set("a", "2")), store.ErrChanged)
	act.Once = "key-2"
	require.NoError(t, db.Write(bg, act, set("b", "2")))
	require.NoError(t, db.VerifyChain(bg))
}

func TestNewsComeInOrderOfCommits(t *testing.T) {
	t.Parallel()
	var news []string
	db := storetest.Open(t, store.Options{Topics: func(topics []string) { news = append(news, topics...) }})
	write(t, db, func(tx *store.Tx) error {
		tx.Publish("queue")
		tx.Publish("queue")
		tx.After(func() { news = append(news, "after") })
		return nil
	})
	_ = db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
		tx.Publish("never")
		return errors.New("refused")
	})
	require.Equal(t, []string{"after", "queue"}, news)
}

func TestIDsAndNumbers(t *testing.T) {
	t.Parallel()
	db, clock := storetest.New(t)
	write(t, db, func(tx *store.Tx) error {
		require.Equal(t, int64(1), tx.NextID("settings"))
		require.Equal(t, int64(2), tx.NextID("settings"))
		_, err := tx.Exec(`INSERT INTO settings (id, created_at, updated_at, name, value) VALUES (9, '', '', 'a', '1')`)
		require.NoError(t, err)
		require.Equal(t, int64(10), tx.NextID("settings"))
		n, err := tx.Number("V")
		require.NoError(t, err)
		require.Equal(t, "V20260302-001", n)
		return nil
	})
	clock.Forward(15 * time.Hour) // 00:00 in Shanghai
	write(t, db, func(tx *store.Tx) error {
		require.Equal(t, term.Day("2026-03-03"), tx.Today())
		n, err := tx.Number("V")
		require.Equal(t, "V20260303-001", n)
		return err
	})
	require.ErrorContains(t, db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
		tx.NextID("no such table")
		return nil
	}), "no table name")
}

func TestErrors(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	write(t, db, set("a", "1"))
	var exists *store.ErrExists
	require.ErrorAs(t, db.Write(bg, storetest.Act("a.b"), set("a", "2")), &exists)
	require.Equal(t, "settings.name", exists.Constraint)
	var check *store.ErrCheck
	require.ErrorAs(t, db.Raw(`INSERT INTO act_now (id, act) VALUES (2, 1)`), &check)
	require.Equal(t, "id = 1", check.Constraint)
	require.ErrorIs(t, db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
		return tx.SaveOne(`UPDATE settings SET value = '3', version = version + 1 WHERE id = 1 AND version = 7`)
	}), store.ErrStale)
	require.ErrorIs(t, db.Read(bg, func(r *store.Read) error {
		_, err := store.Value[string](r, `SELECT value FROM settings WHERE name = 'none'`)
		return err
	}), store.ErrNotFound)
}

func TestLedger(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	lot, ref := store.Account{Kind: "stock", ID: 5}, store.Subject{Noun: "treatment", ID: 1}
	var first, back store.MoveID
	write(t, db, func(tx *store.Tx) (err error) {
		first, err = tx.Move(lot, 100, ref)
		require.NoError(t, err)
		_, err = tx.Move(lot, -30, ref)
		return err
	})
	write(t, db, func(tx *store.Tx) (err error) {
		back, err = tx.Reverse(first, ref)
		return err
	})
	for _, id := range []store.MoveID{first, back} {
		require.ErrorIs(t, db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
			_, err := tx.Reverse(id, ref)
			return err
		}), store.ErrReversed)
	}
	require.ErrorContains(t, db.Raw(`UPDATE ledger SET amount = 1`), "insert-only")
	require.ErrorContains(t, db.Raw(`DELETE FROM ledger`), "insert-only")
	check := func() (faults []store.LedgerFault) {
		require.NoError(t, db.Read(bg, func(r *store.Read) (err error) {
			n, err := r.Balance("stock", 5)
			require.NoError(t, err)
			require.Equal(t, int64(-30), n)
			faults, err = r.CheckLedger()
			return err
		}))
		return faults
	}
	require.Empty(t, check())
	require.NoError(t, db.Raw(`DROP TRIGGER ledger_no_update`))
	require.NoError(t, db.Raw(`DROP TRIGGER trail_ledger_update`))
	require.NoError(t, db.Raw(`UPDATE ledger SET amount = CASE id WHEN 1 THEN 90 WHEN 3 THEN -90 END WHERE id IN (1, 3)`))
	require.Len(t, check(), 2)
}
