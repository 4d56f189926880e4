package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

// endless is a query that never ends by itself.
const endless = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`

// TestTR14HungReaderIsCut is TR-14: queries that went astray on every reading connection are
// ended at the limit, and reading goes on; a reader that holds its snapshot stops nobody from
// writing, and when it goes the log is short again.
func TestTR14HungReaderIsCut(t *testing.T) {
	t.Parallel()
	const limit = 300 * time.Millisecond
	db := storetest.Open(t, store.Impatient(store.Options{}, limit))
	cut := make(chan error, 4)
	for range cap(cut) {
		go func() {
			cut <- db.Read(bg, func(r *store.Read) error {
				_, err := store.Value[int64](r, endless)
				return err
			})
		}()
	}
	for range cap(cut) {
		require.Error(t, <-cut, "the limit ends it")
	}
	require.Zero(t, read[int](t, db, `SELECT count(*) FROM settings`), "reading goes on")

	held, leave, left := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		left <- db.Read(bg, func(r *store.Read) error {
			_, err := store.Value[int64](r, `SELECT count(*) FROM settings`)
			held <- true
			<-leave
			return err
		})
	}()
	<-held
	const big = 66
	for n := range big { // 66 MB beside the reader
		write(t, db, func(tx *store.Tx) error {
			return tx.SaveSetting("big", strings.Repeat(string(rune('a'+n%26)), 1<<20))
		})
	}
	require.Greater(t, store.LogSize(db.Dir()), int64(64<<20), "the log had to grow: the reader still looks at its beginning")
	leave <- true
	require.NoError(t, <-left)
	require.Eventually(t, func() bool {
		write(t, db, func(tx *store.Tx) error { return tx.SaveSetting("small", "x") })
		return store.LogSize(db.Dir()) <= 64<<20
	}, 10*time.Second, time.Millisecond, "the log is cut back to its limit")
	t.Logf("TR-14: 4 endless queries cut at the limit (10 s in use), %d MB written beside a hung reader, the log within 64 MB after it left", big)
}

// TestTR14HungReaderHarness is its negative control: without a limit the same query goes on for
// as long as it is let.
func TestTR14HungReaderHarness(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	ctx, cancel := context.WithCancel(bg)
	ended := make(chan error, 1)
	go func() {
		ended <- db.Read(ctx, func(r *store.Read) error {
			_, err := store.Value[int64](r, endless)
			return err
		})
	}()
	select {
	case err := <-ended:
		require.Fail(t, "the query ended by itself", "%v", err)
	case <-time.After(time.Second):
	}
	cancel()
	require.Error(t, <-ended)
}
