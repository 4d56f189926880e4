package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

// crowded holds the turn with one write until all others wait, so that they share what
// follows. It gives what each was told.
func crowded(t *testing.T, db *store.DB, first func(*store.Tx) error, others ...func(*store.Tx) error) []error {
	t.Helper()
	told := make([]error, len(others)+1)
	inside, enough := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		var once sync.Once
		told[0] = db.Write(bg, storetest.Act("a.first"), func(tx *store.Tx) error {
			once.Do(func() { close(inside); <-enough })
			return first(tx)
		})
	})
	<-inside
	for i, fn := range others {
		all.Go(func() { told[i+1] = db.Write(bg, storetest.Act(fmt.Sprintf("a.other%d", i)), fn) })
		await(db, int64(i+1))
	}
	close(enough)
	all.Wait()
	return told
}

// await lets others run until so many wait.
func await(db *store.DB, n int64) {
	for db.Waiting() < n {
		runtime.Gosched()
	}
}

func names(t *testing.T, db *store.DB) string {
	t.Helper()
	return read[string](t, db, `SELECT coalesce(group_concat(name, ' '), '') FROM (SELECT name FROM settings ORDER BY id)`)
}

func TestWritesThatWaitTogetherShareACommit(t *testing.T) {
	t.Parallel()

	t.Run("each with its own act, in the order of the queue", func(t *testing.T) {
		t.Parallel()
		var news []string
		db := storetest.Open(t, store.Options{Topics: func(topics []string) { news = append(news, topics...) }})
		say := func(name string) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				tx.Publish(name)
				return set(name, "1")(tx)
			}
		}
		before := db.Commits()
		require.Equal(t, []error{nil, nil, nil, nil}, crowded(t, db, say("a"), say("b"), say("c"), say("d")))
		require.EqualValues(t, 1, db.Commits()-before)
		require.Equal(t, "a b c d", names(t, db))
		require.Equal(t, []string{"a", "b", "c", "d"}, news)
		require.Equal(t, "a.first a.other0 a.other1 a.other2", read[string](t, db, `SELECT group_concat(action, ' ') FROM (SELECT action FROM acts ORDER BY id)`))
		require.NoError(t, db.VerifyChain(bg))
	})

	t.Run("who fails takes nobody along", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		wrong := errors.New("wrong")
		told := crowded(t, db, set("a", "1"),
			func(tx *store.Tx) error { return errors.Join(set("b", "1")(tx), wrong) },
			set("c", "1"),
			func(tx *store.Tx) error { require.NoError(t, set("d", "1")(tx)); panic("ouch") },
			set("a", "2"), // taken already
			set("e", "1"))
		var caught *store.PanicError
		var exists *store.ErrExists
		require.ErrorIs(t, told[1], wrong)
		require.ErrorAs(t, told[3], &caught)
		require.ErrorAs(t, told[4], &exists)
		require.NoError(t, errors.Join(told[0], told[2], told[5]))
		require.Equal(t, "a c e", names(t, db))
		require.Equal(t, 3, read[int](t, db, `SELECT count(*) FROM acts`))
		require.NoError(t, db.VerifyChain(bg))
	})

	t.Run("when the first fails the others go on", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		wrong := errors.New("wrong")
		told := crowded(t, db, func(*store.Tx) error { return wrong }, set("b", "1"), set("c", "1"))
		require.Equal(t, []error{wrong, nil, nil}, told)
		require.Equal(t, "b c", names(t, db))
	})

	t.Run("a transaction lost underneath is carried out again, one by one", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		told := crowded(t, db, set("a", "1"), set("b", "1"),
			func(tx *store.Tx) error { _, err := tx.Exec(`ROLLBACK`); return err },
			set("d", "1"))
		require.ErrorIs(t, told[2], store.ErrLost)
		require.NoError(t, errors.Join(told[0], told[1], told[3]))
		require.ElementsMatch(t, []string{"a", "b", "d"}, settings(t, db))
		require.Equal(t, 3, read[int](t, db, `SELECT count(*) FROM acts`))
		require.NoError(t, db.VerifyChain(bg))
	})

	t.Run("a second post with the same key hears of the first when that is saved", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		act := storetest.Act("a.b")
		act.Once = "key-1"
		twice := make([]error, 2)
		var posts sync.WaitGroup
		write(t, db, func(*store.Tx) error {
			for i := range twice {
				posts.Go(func() { twice[i] = db.Write(bg, act, set("a", "1")) })
				await(db, int64(i+1))
			}
			return nil
		})
		posts.Wait()
		var again *store.Replayed
		require.NoError(t, twice[0])
		require.ErrorAs(t, twice[1], &again)
		require.Equal(t, "a", names(t, db))
	})
}

func settings(t *testing.T, db *store.DB) (list []string) {
	t.Helper()
	require.NoError(t, db.Read(bg, func(r *store.Read) error {
		n, err := store.Value[int](r, `SELECT count(*) FROM settings`)
		for i := range n {
			name, err := store.Value[string](r, `SELECT name FROM settings ORDER BY id LIMIT 1 OFFSET ?`, i)
			require.NoError(t, err)
			list = append(list, name)
		}
		return err
	}))
	return list
}

// TestNobodyIsLeftInAnOpenTransaction: the one who was to commit for the others goes away, or
// the database is closed under them.
func TestNobodyIsLeftInAnOpenTransaction(t *testing.T) {
	t.Parallel()

	t.Run("the next in the queue gives up", func(t *testing.T) {
		t.Parallel()
		db, _ := storetest.New(t)
		ctx, cancel := context.WithCancel(bg)
		var late sync.WaitGroup
		require.NoError(t, db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
			late.Go(func() {
				if err := db.Write(ctx, storetest.Act("a.c"), set("b", "1")); !errors.Is(err, store.ErrBusy) {
					t.Errorf("the one that gave up: %v", err)
				}
			})
			await(db, 1)
			defer cancel() // while the first is still inside, or just out: both must end
			return set("a", "1")(tx)
		}))
		late.Wait()
		require.Equal(t, "a", names(t, db))
	})

	t.Run("closing saves what is open and refuses the rest", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		storetest.Fill(t, dir)
		db, err := store.Open(bg, store.Options{Dir: dir, Keys: storetest.Keys(), Now: storetest.NewClock().Now})
		require.NoError(t, err)
		told := make([]error, 20)
		var all sync.WaitGroup
		for i := range told {
			all.Go(func() { told[i] = db.Write(bg, storetest.Act("a.b"), set(fmt.Sprint("s", i), "1")) })
		}
		require.NoError(t, db.Close())
		all.Wait()
		saved := 0
		for _, err := range told {
			if err == nil {
				saved++
			} else {
				require.ErrorIs(t, err, store.ErrClosed)
			}
		}
		again := storetest.Open(t, store.Options{Dir: dir})
		require.Equal(t, saved, read[int](t, again, `SELECT count(*) FROM settings`))
	})
}

// BenchmarkDurableActs compares writes one by one with writes that share their commits.
func BenchmarkDurableActs(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			db := storetest.Open(b, store.Options{})
			b.SetParallelism(max(1, writers/runtime.GOMAXPROCS(0)))
			write := func() {
				if err := db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
					id := tx.NextID("settings")
					return set(fmt.Sprint("s", id), "1")(tx)
				}); err != nil {
					b.Error(err)
				}
			}
			if writers == 1 {
				for b.Loop() {
					write()
				}
				return
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					write()
				}
			})
			b.ReportMetric(float64(b.N)/float64(db.Commits()), "acts/commit")
		})
	}
}
