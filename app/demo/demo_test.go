package demo_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/demo"
	"meixu/store"
	"meixu/store/term"
)

// shared is the folder of the clinic that stands for several tests, "" until one has asked.
var shared string

func TestMain(m *testing.M) {
	code := m.Run()
	if shared != "" {
		_ = os.RemoveAll(shared)
	}
	os.Exit(code)
}

// halfPastTwo is an afternoon in Shanghai.
var halfPastTwo = time.Date(2026, 3, 2, 6, 30, 0, 0, time.UTC)

// filled is the clinic at half past two. Filling one takes a thousand deeds, so it is done once.
var filled = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "meixu-demo-"); err != nil {
		return "", err
	}
	shared = dir
	_, err = demo.Build(context.Background(), dir, halfPastTwo)
	return dir, err
})

// afternoon is a copy of the clinic at half past two, open then.
func afternoon(t *testing.T) (a *app.App, dir string) {
	t.Helper()
	from, err := filled()
	require.NoError(t, err)
	dir = t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(from)))
	return open(t, dir, halfPastTwo), dir
}

func open(t *testing.T, dir string, now time.Time) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), app.Options{Dir: dir, Now: func() time.Time { return now }, Demo: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}

// build makes the clinic as it stands at now.
func build(t *testing.T, now time.Time) (dir string) {
	t.Helper()
	dir = t.TempDir()
	sheet, err := demo.Build(t.Context(), dir, now)
	require.NoError(t, err)
	require.NotEmpty(t, sheet)
	return dir
}

// counted sums up a clinic.
func counted(t *testing.T, a *app.App) (sum map[string]int) {
	t.Helper()
	sum = map[string]int{}
	require.NoError(t, a.DB.Read(t.Context(), func(r *store.Read) error {
		visits, err := r.VisitsBetween(term.At(time.Unix(0, 0)), r.Now().Add(time.Hour), 1000)
		require.NoError(t, err)
		for _, v := range visits {
			sum["visit "+string(v.State)]++
			if v.Open() {
				sum[fmt.Sprintf("at %s", v.Station)]++
			}
			treatments, err := r.TreatmentsOf(v.ID)
			require.NoError(t, err)
			for _, x := range treatments {
				sum["treatment "+string(x.State)]++
			}
			if v.State == term.VisitCompleted && len(treatments) == 2 && treatments[0].Locked() && treatments[1].Locked() && treatments[0].Item != treatments[1].Item {
				sum["two items"]++
			}
			tasks, err := r.TasksOfVisit(v.ID)
			require.NoError(t, err)
			for _, x := range tasks {
				sum["task "+x.Kind+" "+string(x.State)]++
				if x.Kind == "followup" && x.State == store.TaskOpen && x.DueAt.Before(r.Now()) {
					sum["late follow-up"]++
				}
			}
		}
		events, err := r.OpenEvents(100)
		sum["open event"] = len(events)
		require.NoError(t, err)
		cases, err := r.CasesFor("", 100)
		sum["case"] = len(cases)
		return err
	}))
	return sum
}

func TestTheClinicIsInFullSwing(t *testing.T) {
	t.Parallel()
	a, _ := afternoon(t)
	sum := counted(t, a)
	for _, station := range []term.Station{
		term.AtWaiting, term.AtConsultation, term.AtExamination, term.AtPlan, term.AtTill, term.AtPreOp, term.AtProcedure, term.AtObservation, term.AtLeaving,
	} {
		require.Positive(t, sum["at "+string(station)], "%s: %v", station, sum)
	}
	for _, state := range []term.VisitState{term.VisitCompleted, term.VisitLeft, term.VisitDoctorRefused, term.VisitConsentRefused} {
		require.Positive(t, sum["visit "+string(state)], "%s: %v", state, sum)
	}
	require.Positive(t, sum["treatment "+string(term.TreatmentStopped)]+sum["treatment "+string(term.TreatmentReleased)])
	require.Positive(t, sum["late follow-up"])
	require.Equal(t, 1, sum["two items"], "one client had two items in one visit")
	require.Equal(t, 1, sum["open event"])
	require.GreaterOrEqual(t, sum["case"], 6)

	wrong, err := a.Check(t.Context())
	require.NoError(t, err)
	require.Empty(t, wrong, "chain and ledgers agree")
	owner, err := a.Admin.ActorOf(t.Context(), "owner")
	require.NoError(t, err)
	for name, last := range map[string]func(context.Context) (term.Instant, error){"backup": a.Keeping.LastBackup, "drill": a.Keeping.LastDrill} {
		at, err := last(t.Context())
		require.NoError(t, err)
		require.Less(t, halfPastTwo.Sub(at.Time()), 26*time.Hour, name)
	}
	require.True(t, owner.Is(access.Owner))
	cards, err := a.Admin.Cards(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(cards), 10)
}
