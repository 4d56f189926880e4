package jobs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/app/jobs"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
)

func runs(t *testing.T, db *store.DB) (list []store.JobRun) {
	t.Helper()
	require.NoError(t, db.Read(t.Context(), func(r *store.Read) (err error) {
		list, err = r.JobRuns(100)
		return err
	}))
	return list
}

func runner(t *testing.T, db *store.DB, list ...jobs.Job) *jobs.Runner {
	t.Helper()
	r, err := jobs.New(deed.Doer{DB: db, Hub: live.New()}, list)
	require.NoError(t, err)
	t.Cleanup(r.Stop)
	return r
}

func TestRun(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	hold, held := make(chan bool), make(chan bool)
	r := runner(t, db,
		jobs.Job{Name: "good", Spec: "0 3 * * *", Run: func(context.Context, access.Actor) (int, error) { return 3, nil }},
		jobs.Job{Name: "bad", Spec: "0 3 * * *", Run: func(context.Context, access.Actor) (int, error) { return 0, errors.New("no") }},
		jobs.Job{Name: "panics", Spec: "0 3 * * *", Run: func(context.Context, access.Actor) (int, error) { panic("oh") }},
		jobs.Job{Name: "slow", Spec: "0 3 * * *", Run: func(context.Context, access.Actor) (int, error) {
			held <- true
			<-hold
			return 1, nil
		}})
	by := access.System("test")

	n, err := r.Run(t.Context(), by, "good")
	require.NoError(t, err)
	require.Equal(t, 3, n)
	_, err = r.Run(t.Context(), by, "bad")
	require.Error(t, err)
	_, err = r.Run(t.Context(), by, "panics")
	require.ErrorContains(t, err, "panicked")
	_, err = r.Run(t.Context(), by, "none")
	require.Equal(t, fault.KindNotFound, fault.KindOf(err))
	_, err = r.Run(t.Context(), access.Actor{Staff: 1, Roles: []access.Role{access.Nurse}}, "good")
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))

	done := make(chan error)
	go func() {
		_, err := r.Run(context.WithoutCancel(t.Context()), by, "slow")
		done <- err
	}()
	<-held
	_, err = r.Run(t.Context(), by, "slow")
	require.Equal(t, fault.KindConflict, fault.KindOf(err), "an overlapping run is skipped")
	hold <- true
	require.NoError(t, <-done)

	outcomes := map[string]int{}
	for _, run := range runs(t, db) {
		outcomes[run.Job+" "+run.Outcome]++
	}
	require.Equal(t, map[string]int{"good ok": 1, "bad failed": 1, "panics failed": 1, "slow ok": 1, "slow skipped": 1}, outcomes)
}

func TestMissedRunsAreMadeUp(t *testing.T) {
	t.Parallel()
	db, clock := storetest.New(t)
	did := make(chan string, 9)
	job := func(name string, makeUp bool) jobs.Job {
		return jobs.Job{Name: name, Spec: "30 2 * * *", MakeUp: makeUp, Run: func(context.Context, access.Actor) (int, error) {
			did <- name
			return 0, nil
		}}
	}
	first := runner(t, db, job("nightly", true), job("lazy", false))
	for _, name := range []string{"nightly", "lazy"} {
		_, err := first.Run(t.Context(), access.System("test"), name)
		require.NoError(t, err)
		<-did
	}
	clock.Forward(24 * time.Hour) // the PC was off at half past two
	second := runner(t, db, job("nightly", true), job("lazy", false))
	require.NoError(t, second.Start(t.Context()))
	require.Equal(t, "nightly", <-did)
	second.Stop()
	require.Empty(t, did)
	third := runner(t, db, job("nightly", true))
	require.NoError(t, third.Start(t.Context()))
	third.Stop()
	require.Empty(t, did, "made up once is enough")
}
