package aftercare

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

func TestCallsOf(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Asia/Shanghai", 8*60*60)
	finished := term.At(time.Date(2026, 3, 2, 7, 30, 0, 0, time.UTC)) // 15:30
	for name, x := range map[string]struct {
		days []int
		tier int
		want []int
	}{
		"the 48-hour call is always there": {nil, 1, []int{2}},
		"days once, in order":              {[]int{7, 0, 2, 7}, 2, []int{0, 2, 7}},
		"tier 4 is called on the next day": {[]int{14}, 4, []int{1, 2, 14}},
		"negative days are none":           {[]int{-1}, 1, []int{2}},
	} {
		var got []int
		for _, c := range callsOf(store.Item{FollowupDays: x.days, RiskTier: x.tier}, finished, zone) {
			got = append(got, c.Day)
			require.True(t, c.Due.After(finished), "%s: D%d is due later", name, c.Day)
		}
		require.Equal(t, x.want, got, name)
	}
	morning, noon := callOn(0, 1, finished.Add(-6*time.Hour), zone), callOn(0, 1, finished, zone)
	require.Equal(t, "2026-03-02 19:59", morning.Warn.Stamp(zone), "calls that are due at the same minute press at the same minute")
	require.Equal(t, morning, noon)
	d2 := callOn(2, 4, finished, zone)
	require.Equal(t, finished.Add(48*time.Hour), d2.Due)
	require.Equal(t, finished.Add(24*time.Hour), d2.Warn)
	require.Equal(t, []access.Role{access.Nurse, access.Manager, access.Owner}, []access.Role{d2.Ladder[0].Role, d2.Ladder[1].Role, d2.Ladder[2].Role})
	d7 := callOn(7, 1, finished, zone)
	require.Equal(t, "2026-03-11 23:59", d7.Due.Stamp(zone), "day 7, two days of slack")
}

func TestMayConclude(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		v  Verdict
		ok bool
	}{
		"well":                           {Verdict{Outcome: "normal", Reached: true}, true},
		"red flag said so":               {Verdict{Outcome: redFlag, Reached: true, Red: "ESC-VO"}, true},
		"red flag called normal":         {Verdict{Outcome: "normal", Reached: true, Red: "ESC-VO"}, false},
		"review called normal":           {Verdict{Outcome: "normal", Reached: true, Review: true}, false},
		"nobody reached but normal":      {Verdict{Outcome: "normal"}, false},
		"nobody reached":                 {Verdict{Outcome: unreached}, true},
		"reached but called not reached": {Verdict{Outcome: unreached, Reached: true}, false},
	} {
		require.Equal(t, x.ok, mayConclude(x.v) == nil, name)
	}
}
