package feedback

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/form"
	"meixu/store"
	"meixu/store/term"
)

func TestMayClose(t *testing.T) {
	t.Parallel()
	taken := store.Event{State: stateTaken}
	require.NoError(t, mayClose(taken, Closing{Outcome: "复查正常", Severity: "A"}, false))
	require.NoError(t, mayClose(taken, Closing{Outcome: "已溶解", Severity: "C"}, true))
	require.ErrorContains(t, mayClose(taken, Closing{Outcome: "已溶解", Severity: "C"}, false), "REG-EVT-10")
	require.ErrorContains(t, mayClose(store.Event{State: stateOpen}, Closing{Outcome: "x", Severity: "A"}, false), "S6-07")
	require.Error(t, mayClose(taken, Closing{Outcome: " ", Severity: "A"}, false))
	require.Error(t, mayClose(taken, Closing{Outcome: "x", Severity: "AB"}, true))
}

func TestMinutesFor(t *testing.T) {
	t.Parallel()
	require.Equal(t, 5, minutesFor("ESC-VO"))
	require.Equal(t, 1, minutesFor("ESC-VISION"))
	require.Equal(t, 15, minutesFor("ESC-REVIEW"), "no card: the limit of S6-07")
}

func TestClocksOf(t *testing.T) {
	t.Parallel()
	at := term.At(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
	day := 24 * time.Hour
	for name, x := range map[string]struct {
		a    form.Answers
		want []time.Duration
	}{
		"nothing to report":   {form.Answers{}.Set("severity", "B"), nil},
		"drug, known, mild":   {form.Answers{}.Set("is_drug", "yes").Set("severity", "B"), []time.Duration{30 * day}},
		"drug, new":           {form.Answers{}.Set("is_drug", "yes").Set("adr_kind", "new"), []time.Duration{15 * day}},
		"drug, death at once": {form.Answers{}.Set("is_drug", "yes").Set("severity", "E"), []time.Duration{0}},
		"device, severe":      {form.Answers{}.Set("is_device", "yes").Set("severity", "D"), []time.Duration{20 * day}},
		"quality, general":    {form.Answers{}.Set("is_quality", "yes").Set("quality_level", "general"), []time.Duration{15 * day}},
		"quality, major":      {form.Answers{}.Set("is_quality", "yes").Set("quality_level", "major"), []time.Duration{12 * time.Hour}},
		"quality, very major": {form.Answers{}.Set("is_quality", "yes").Set("quality_level", "grave"), []time.Duration{2 * time.Hour}},
		"device, death":       {form.Answers{}.Set("is_device", "yes").Set("severity", "E"), []time.Duration{7 * day}},
	} {
		var got []time.Duration
		for _, c := range clocksOf(x.a, at) {
			got = append(got, c.Due.Sub(at))
		}
		require.Equal(t, x.want, got, name)
	}
}

func TestAveragesOf(t *testing.T) {
	t.Parallel()
	require.Zero(t, averagesOf(nil))
	got := averagesOf([]store.Rating{{Score: 100, Nps: 10}, {Score: 80, Nps: 8}, {Score: 40, Nps: 3}, {Score: 100, Nps: 9}})
	require.Equal(t, Averages{Count: 4, Score: 80, NPS: 25, Unhappy: 1}, got)
}

// The clocks of an adverse event run from the time it was found, not from its registration.
func TestFoundAt(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Asia/Shanghai", 8*60*60)
	registered := term.At(time.Date(2026, 3, 2, 9, 0, 0, 0, zone))
	said := form.Answers{}.Set("found_on", "2026-03-01").Set("found_at", "21:30")
	require.Equal(t, "2026-03-01 21:30", foundAt(said, zone, registered).Stamp(zone))
	require.Equal(t, registered, foundAt(form.Answers{}.Set("found_on", "2026-03-01"), zone, registered))
}
