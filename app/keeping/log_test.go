package keeping_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/deed"
	"meixu/app/jobs"
	"meixu/app/keeping"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// TestTR14ALongLogRaisesTheAlarm is TR-14 in the running program: a reader that holds its snapshot
// makes the write-ahead log grow beyond its limit, the next minute's look raises the alarm, later
// ones keep its beginning, and when the reader is gone and the log short the alarm ends.
func TestTR14ALongLogRaisesTheAlarm(t *testing.T) {
	t.Parallel()
	clock, hub := storetest.NewClock(), live.New()
	db := storetest.Open(t, store.Options{Now: clock.Now, Topics: hub.Send})
	d := deed.Doer{DB: db, Hub: hub}
	o := keeping.New(d)
	run, err := jobs.New(d, jobs.List(jobs.House{WatchLog: o.WatchLog}))
	require.NoError(t, err)
	minute := func() {
		run.Beat()
		run.Wait()
	}
	held, leave, left := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		left <- db.Read(t.Context(), func(r *store.Read) error {
			_, err := r.Setting("big")
			held <- true
			<-leave
			return err
		})
	}()
	<-held
	minute()
	require.Zero(t, o.LongLog(), "short yet")
	write := func(text string) {
		require.NoError(t, db.Write(t.Context(), storetest.Act("a.b"), func(tx *store.Tx) error { return tx.SaveSetting("big", text) }))
	}
	for n := range 80 {
		write(strings.Repeat(string(rune('a'+n%26)), 1<<20))
		if store.LogSize(db.Dir()) > keeping.LogLimit {
			break
		}
	}
	events, stop := hub.Listen()
	defer stop()
	clock.Forward(time.Minute)
	since := term.At(clock.Now())
	minute()
	require.Equal(t, since, o.LongLog().Since)
	require.Greater(t, o.LongLog().MB(), 64.0)
	require.Equal(t, []string{keeping.Topic, live.Board}, []string{(<-events).Topic, (<-events).Topic}, "who looks is told at once")
	clock.Forward(time.Minute)
	minute()
	require.Equal(t, since, o.LongLog().Since, "it began when it was first seen")
	leave <- true
	require.NoError(t, <-left)
	require.Eventually(t, func() bool {
		write("x")
		return store.LogSize(db.Dir()) <= keeping.LogLimit
	}, 10*time.Second, time.Millisecond)
	minute()
	require.Zero(t, o.LongLog(), "the alarm ends by itself")
	ran := 0
	require.NoError(t, db.Read(t.Context(), func(r *store.Read) error {
		list, err := r.RunsOf("log-watch", 10)
		ran = len(list)
		return err
	}))
	require.Equal(t, 2, ran, "the ledger tells of the beginning and of the end, not of each minute")
	t.Logf("TR-14: alarm at the first look after the log passed %d MB, once a minute; gone at the first look after", keeping.LogLimit>>20)
}
