package demo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store/storetest"
)

// hours are hard on the day's story: the small hours in which the morning's disinfection ran out
// before the operation, the last minute of a leap month, midnight, before opening.
var hours = []string{"2026-11-23 04:17", "2028-02-29 23:59", "2026-11-23 00:00", "2026-11-23 05:17", "2026-11-23 08:59"}

// TestAnyHourWillDo builds the clinic at hard hours; MEIXU_HOURS says at how many of them.
func TestAnyHourWillDo(t *testing.T) {
	t.Parallel()
	for _, at := range hours[:storetest.Asked(t, "MEIXU_HOURS", 1)] {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			build(t, inShanghai(t, at))
		})
	}
}

// TestTheSameSeedMakesTheSameClinic builds the clinic of the other tests once more.
func TestTheSameSeedMakesTheSameClinic(t *testing.T) {
	t.Parallel()
	first, _ := afternoon(t)
	once := counted(t, first)
	require.NotEmpty(t, once)
	require.Equal(t, once, counted(t, open(t, build(t, halfPastTwo), halfPastTwo)))
}

func inShanghai(t *testing.T, at string) time.Time {
	t.Helper()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	when, err := time.ParseInLocation("2006-01-02 15:04", at, shanghai)
	require.NoError(t, err)
	return when
}
