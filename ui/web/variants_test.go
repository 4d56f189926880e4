package web_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// TestOneNameInManySpellingsIsOneName: tries of one login in fifty spellings at once are counted
// together, so that no more of them are computed than of one spelling.
func TestOneNameInManySpellingsIsOneName(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	const tries = 50
	answers := make([]int, tries)
	var at sync.WaitGroup
	for n := range tries {
		login := []byte("nurse")
		for i := range login {
			if n>>i&1 == 1 {
				login[i] -= 'a' - 'A'
			}
		}
		at.Go(func() { answers[n] = guess(site, n, " "+string(login)) })
	}
	at.Wait()
	wrong := 0
	for _, status := range answers {
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests}, status)
		if status == http.StatusUnprocessableEntity {
			wrong++
		}
	}
	require.Equal(t, 5, wrong, "then the name waits")
	require.Equal(t, 5, triedAs(t, site, "nurse"))
}
