package lan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestACodeCanBeReadFromAnotherScreen(t *testing.T) {
	t.Parallel()
	for range 200 {
		code := newCode()
		require.Len(t, code, codeSize)
		require.Empty(t, strings.Trim(code, codeLetters))
		require.False(t, strings.ContainsAny(code, "ILOU"))
	}
	require.Equal(t, "0110ABCD", spelledCode(" olI0-abcd "))
}

func TestLocalhostIsReachedByNobodyElse(t *testing.T) {
	t.Parallel()
	for link, reached := range map[string]bool{
		"": false, "http://localhost:8421/connect": false, "http://127.0.0.1:8421": false, "https://[::1]:8443": false,
		"http://192.168.1.20:8421/connect": true, "https://meixu.local:8443": true,
	} {
		require.Equal(t, reached, Reached(link), link)
	}
}
