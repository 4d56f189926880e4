package demo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/demo"
)

// TestAnyHourWillDo builds the clinic at hours that are hard on the day's story: just after
// midnight, the small hours in which the morning's disinfection ran out before the operation,
// before opening, the last minute of a month.
func TestAnyHourWillDo(t *testing.T) {
	t.Parallel()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	for _, at := range []string{"2026-11-23 00:00", "2026-11-23 04:17", "2026-11-23 05:17", "2026-11-23 08:59", "2028-02-29 23:59"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			now, err := time.ParseInLocation("2006-01-02 15:04", at, shanghai)
			require.NoError(t, err)
			_, err = demo.Build(t.Context(), t.TempDir(), now)
			require.NoError(t, err)
		})
	}
}
