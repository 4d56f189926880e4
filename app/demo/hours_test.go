package demo_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAnyHourWillDo builds the clinic at hours that are hard on the day's story: just after
// midnight, the small hours in which the morning's disinfection ran out before the operation,
// before opening, the last minute of a month.
func TestAnyHourWillDo(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"2026-11-23 04:17", "2026-11-23 05:17", "2026-11-23 08:59", "2028-02-29 23:59"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			build(t, inShanghai(t, at))
		})
	}
}

func TestTheSameSeedMakesTheSameClinic(t *testing.T) {
	t.Parallel()
	midnight := inShanghai(t, "2026-11-23 00:00")
	var clinics [2]map[string]int
	var both sync.WaitGroup
	for i := range clinics {
		both.Go(func() { clinics[i] = counted(t, open(t, build(t, midnight), midnight)) })
	}
	both.Wait()
	require.NotEmpty(t, clinics[0])
	require.Equal(t, clinics[0], clinics[1])
}

func inShanghai(t *testing.T, at string) time.Time {
	t.Helper()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	when, err := time.ParseInLocation("2006-01-02 15:04", at, shanghai)
	require.NoError(t, err)
	return when
}
