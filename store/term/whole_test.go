package term_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

func TestAWholeNumberTakesCommasOnlyBetweenThousands(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"0": 0, " 15 ": 15, "1,200": 1200, "-1,200": -1200, "1，200": 1200, "12,345,678": 12345678} {
		n, err := term.ParseWhole(text)
		require.NoError(t, err, text)
		require.Equal(t, want, n, text)
	}
	for _, text := range []string{"", "1,5", "1,50", "1,2000", ",200", "200,", "1,,200", "1200,000", "--1", "-", "1.5", "99,999,999,999,999,999,999"} {
		_, err := term.ParseWhole(text)
		require.ErrorIs(t, err, term.ErrWhole, text)
	}
}
