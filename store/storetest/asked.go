package storetest

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// Asked is how much a proof tries: the figure that the environment names, as MEIXU_KILLS, or the
// usual one. A figure that is no number fails the test, so that no night tries less than it says.
func Asked(t testing.TB, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return n
}
