package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
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
	"meixu/store/term"
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
		jobs.Job{Name: "good", At: "03:00", Run: func(context.Context, access.Actor) (int, error) { return 3, nil }},
		jobs.Job{Name: "bad", At: "03:00", Run: func(context.Context, access.Actor) (int, error) { return 0, errors.New("no") }},
		jobs.Job{Name: "panics", At: "03:00", Run: func(context.Context, access.Actor) (int, error) { panic("oh") }},
		jobs.Job{Name: "slow", At: "03:00", Run: func(context.Context, access.Actor) (int, error) {
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

// staffed makes a clinic that was set up: before that nothing is owed.
func staffed(t *testing.T, o store.Options) *store.DB {
	t.Helper()
	db := storetest.Open(t, o)
	require.NoError(t, db.Write(t.Context(), storetest.Act("staff.add"), func(tx *store.Tx) error {
		return tx.AddStaff(&store.Staff{Login: "amy", Name: "Amy"})
	}))
	return db
}

func TestMissedRunsAreMadeUp(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := staffed(t, store.Options{Now: clock.Now})
	did := 0
	start := func() {
		r := runner(t, db, jobs.Job{Name: "nightly", At: "02:30", Run: func(context.Context, access.Actor) (int, error) {
			did++
			return 0, nil
		}})
		require.NoError(t, r.Start(t.Context()))
		r.Wait()
		r.Stop()
	}
	start()
	require.Equal(t, 1, did, "a PC that is never on at half past two makes its backup when it is switched on")
	start()
	require.Equal(t, 1, did, "once a day is enough")
	clock.Forward(24 * time.Hour)
	start()
	require.Equal(t, 2, did)
}

func TestAFailedRunIsTriedAgain(t *testing.T) { //nolint:paralleltest // it listens to the log of the whole program
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	clock := storetest.NewClock()
	db := staffed(t, store.Options{Now: clock.Now})
	tried := 0
	r := runner(t, db, jobs.Job{Name: "nightly", At: "02:30", Run: func(context.Context, access.Actor) (int, error) {
		if tried++; tried < 3 {
			return 0, errors.New("the stick was not in")
		}
		return 0, nil
	}})
	for range 120 { // two hours
		r.Beat()
		r.Wait()
		clock.Forward(time.Minute)
	}
	require.Equal(t, 3, tried, "every half hour until it went well")
	require.Equal(t, 2, strings.Count(log.String(), `level=ERROR msg="job failed" job=nightly error="the stick was not in"`), log.String())
}

func TestAnEmptyHouseOwesNothing(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	r := runner(t, db, jobs.Job{Name: "nightly", At: "02:30", Run: func(context.Context, access.Actor) (int, error) {
		return 0, errors.New("before the set-up there is nothing to do")
	}})
	r.Beat()
	r.Wait()
	require.Empty(t, runs(t, db))
}

func TestGlancesLeaveNoTraceWhenThereIsNothing(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	looked, found := 0, 0
	r := runner(t, db,
		jobs.Job{Name: "minute", Every: time.Minute, Run: func(context.Context, access.Actor) (int, error) {
			looked++
			return found, nil
		}})
	for n := range 10 {
		found = n / 9
		r.Beat()
		r.Wait()
	}
	require.Equal(t, 10, looked)
	require.Len(t, runs(t, db), 1, "a year has half a million minutes")
}

// TestTR17OneSuccessADay: five years in Shanghai and one in three zones with summer time, sleep over the
// hour of the job, jumps of an hour and a day both ways, and a dead clock that falls back ten years.
func TestTR17OneSuccessADay(t *testing.T) {
	t.Parallel()
	for name, years := range map[string]int{"Asia/Shanghai": 5, "Europe/Berlin": 1, "America/New_York": 1, "Australia/Lord_Howe": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(name)
			require.NoError(t, err)
			clock := storetest.NewClock()
			db := staffed(t, store.Options{Now: clock.Now, Zone: zone})
			random := rand.New(rand.NewPCG(17, 17))
			done := map[string]int{}
			job := jobs.Job{Name: "nightly", At: "02:30"}
			job.Run = func(context.Context, access.Actor) (int, error) {
				if random.IntN(20) == 0 {
					return 0, errors.New("a bad day")
				}
				done[string(job.Day(clock.Now().In(zone)))]++
				return 0, nil
			}
			r := runner(t, db, job)
			steps := 0
			for end := storetest.Start.AddDate(years, 0, 0); clock.Now().Before(end) && steps < 200_000; steps++ {
				r.Beat()
				r.Wait()
				clock.Forward(leap(random, steps))
			}
			for day, times := range done {
				require.Equal(t, 1, times, "%s", day)
			}
			require.Greater(t, len(done), 300*years, "all days but those that were jumped over")
			again := map[term.Day]int{}
			require.NoError(t, db.Read(t.Context(), func(rd *store.Read) error {
				list, err := rd.RunsOf("nightly", 10_000)
				for _, run := range list {
					if run.Outcome == "ok" {
						again[run.Day]++
					}
				}
				return err
			}))
			require.Len(t, again, len(done), "the ledger tells the same")
			t.Logf("TR-17: %s, %d years: %d business days, each done once, in %d beats", name, years, len(done), steps)
		})
	}
}

// leap is how far the clock goes until the next beat is looked at.
func leap(random *rand.Rand, step int) time.Duration {
	switch n := random.IntN(2000); {
	case step == 5000:
		return -10 * 365 * 24 * time.Hour
	case step == 5010:
		return 10 * 365 * 24 * time.Hour
	case n < 5:
		return 8 * time.Hour // asleep
	case n < 8:
		return time.Hour
	case n < 11:
		return -time.Hour
	case n == 11:
		return 24 * time.Hour
	case n == 12:
		return -24 * time.Hour
	}
	return 47 * time.Minute
}
