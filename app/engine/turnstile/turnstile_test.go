package turnstile

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

// TestAFloodOfNamesForgetsItself: who comes again is not forgotten because others come with ever new
// names, and nobody's count begins anew before its time.
func TestAFloodOfNamesForgetsItself(t *testing.T) {
	t.Parallel()
	var ts Turnstile
	now := term.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	require.True(t, ts.Pass("a", 1, time.Hour, now))
	for n := range 3 * mostNames {
		require.True(t, ts.Pass(fmt.Sprint(n), 1, time.Hour, now))
		if n%1000 == 0 {
			require.False(t, ts.Pass("a", 1, time.Hour, now), "%d", n)
		}
	}
	require.Len(t, ts.tries, mostNames)
	require.Equal(t, mostNames, ts.order.Len())
	require.True(t, ts.Pass("a", 1, time.Hour, now.Add(time.Hour)))
}

// TestAClockPutBackShutsNobodyOut: tries of a time to come are of a clock that was put back; they count no
// more, else a guest would wait for a day.
func TestAClockPutBackShutsNobodyOut(t *testing.T) {
	t.Parallel()
	var ts Turnstile
	now := term.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	require.True(t, ts.Pass("a", 1, time.Hour, now))
	require.False(t, ts.Pass("a", 1, time.Hour, now))
	require.True(t, ts.Pass("a", 1, time.Hour, now.Add(-24*time.Hour)))
	require.False(t, ts.Pass("a", 1, time.Hour, now.Add(-24*time.Hour)))
}

func TestPeer(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.168.1.7": "192.168.1.7", "::ffff:192.168.1.7": "192.168.1.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2::9": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "": "", "pipe": "pipe",
	} {
		require.Equal(t, want, Peer(address), address)
	}
}
