package closing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

func steps(gaps sop.Gaps) (ids []string) {
	for _, g := range gaps {
		ids = append(ids, g.Step)
	}
	return ids
}

func TestWhatKeepsAVisitOpen(t *testing.T) {
	t.Parallel()
	done := []store.Treatment{{State: term.TreatmentReleased}, {State: term.TreatmentCancelled}}
	require.NoError(t, unready(done, []store.Order{{State: term.OrderPaid}}).Unfinished())
	under := unready([]store.Treatment{{ID: 1, State: term.TreatmentObserving}, {ID: 2, State: term.TreatmentStopped}}, []store.Order{{State: term.OrderOpen}})
	require.ErrorContains(t, under.Unfinished(), "S5-10, S3-06")
	require.Equal(t, fault.KindRefused, fault.KindOf(under.Unfinished()))
	all := together(under, sop.Gaps{{Step: "S5-10", Treatment: 1}, {Step: "S6-01", Treatment: 1}})
	require.Equal(t, []string{"S5-10", "S5-10", "S3-06", "S6-01"}, steps(all), "each once")
}

// Hard steps of the house stay hard, soft ones want a reason, the rest goes on afterwards.
func TestGapsArePartedByWhatTheyMean(t *testing.T) {
	t.Parallel()
	step := func(id string, gate sop.Gate, state string) sop.RunStep {
		return sop.RunStep{Step: sop.Step{ID: id, Gate: gate}, State: state}
	}
	left := parted(sop.Gaps{{Step: "S6-03", Hard: true}, {Step: "S6-01", Hard: true}, {Step: "S6-07", Hard: true}, {Step: "S5-09", Hard: true}}, []sop.RunStep{
		step("S1-04", sop.Warn, "todo"), step("S1-07", sop.Warn, "done"), step("S2-10", sop.Warn, "late"), step("S4-06", sop.Warn, "skipped"),
		step("S6-05", sop.Warn, "todo"), step("S6-06", sop.None, "todo"),
	})
	require.Equal(t, []string{"S6-01", "S6-07"}, steps(left.Must))
	require.Equal(t, []string{"S1-04", "S2-10"}, steps(left.Reason))
	require.Equal(t, []string{"S6-03", "S5-09", "S6-05", "S6-06"}, steps(left.Later))
}

func TestWhatAnEarlyLeaveDoesToATreatment(t *testing.T) {
	t.Parallel()
	begun := term.At(time.Unix(1, 0))
	keys := func(row store.TreatmentRow) (keys []string) {
		for _, g := range calledOff(row) {
			keys = append(keys, g.Key)
		}
		return keys
	}
	require.Equal(t, []string{"closing.leave.treatment"}, keys(store.TreatmentRow{State: term.TreatmentSignedIn}))
	require.Equal(t, []string{"aftercare.close.treatment"}, keys(store.TreatmentRow{State: term.TreatmentObserving, StartedAt: begun}))
	require.Empty(t, keys(store.TreatmentRow{State: term.TreatmentReleased, StartedAt: begun}))
	require.Empty(t, keys(store.TreatmentRow{State: term.TreatmentCancelled}))
	require.Empty(t, keys(store.TreatmentRow{State: term.TreatmentStopped, StartedAt: begun, ReleasedAt: begun}))
}
