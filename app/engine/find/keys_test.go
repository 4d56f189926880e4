package find

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The order of the first eight bytes as a number is that of the keys: short ones, and what comes
// after a zero byte too.
func TestHeadsHaveTheOrderOfKeys(t *testing.T) {
	t.Parallel()
	keys := []string{"", "\x00", "\x00a", "a", "a\x00", "ab", "abcdefg", "abcdefgh", "abcdefgh\x00", "abcdefghi", "王", "王小明", "\xff"}
	for _, a := range keys {
		for _, b := range keys {
			require.Equal(t, compare(entry{a, 1}, entry{b, 1}), compareHeaded(headed{head(a), entry{a, 1}}, headed{head(b), entry{b, 1}}), "%q %q", a, b)
		}
	}
}
