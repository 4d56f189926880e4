package web_test

import (
	"io"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store/storetest"
	"meixu/ui/uitest"
)

// rounds is how often each tablet asks for its pages; MEIXU_ROUNDS asks for more.
func rounds(t *testing.T) int {
	t.Helper()
	return storetest.Asked(t, "MEIXU_ROUNDS", 3)
}

// tablets are two hundred browsers with their sessions.
type tablets struct {
	t       *testing.T
	site    *uitest.Site
	cookies []*http.Cookie
}

// pages are what they look at over and over.
var pages = []string{"/home", "/profile", "/tasks"}

// ask lets every tablet open its pages, some at a time, and gives how long each took.
func (s *tablets) ask() (took []time.Duration) {
	s.t.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	var mu sync.Mutex
	for range 20 {
		all.Go(func() {
			for n := next.Add(1) - 1; n < int64(len(s.cookies)); n = next.Add(1) - 1 {
				req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.site.URL+pages[n%int64(len(pages))], nil)
				if err != nil {
					s.t.Error(err)
					return
				}
				req.AddCookie(s.cookies[n])
				var resp *http.Response
				lap := uitest.Once(func() {
					if resp, err = http.DefaultClient.Do(req); err == nil {
						_, err = io.Copy(io.Discard, resp.Body)
						_ = resp.Body.Close()
					}
				})
				if err != nil || resp.StatusCode != http.StatusOK {
					s.t.Errorf("%s: %v, %v", req.URL.Path, resp, err)
					return
				}
				mu.Lock()
				took = append(took, lap)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return took
}

// TestTR16TwoHundredTablets is TR-16: two hundred tablets hold their live streams and ask for
// pages. None hears an error, all hear the news, the house does not grow, and when they leave
// nothing of them stays.
func TestTR16TwoHundredTablets(t *testing.T) { //nolint:paralleltest // counts what the process holds
	const count = 200
	site := uitest.New(t)
	s := &tablets{t: t, site: site}
	logins := []string{"front", "consultant", "nurse", "doctor", "manager"}
	for n := range count {
		s.cookies = append(s.cookies, site.Cookie(logins[n%len(logins)]))
	}
	s.ask() // what is kept after the first time is no growth
	http.DefaultClient.CloseIdleConnections()
	before := settled(t)
	var streams []*listening
	for _, c := range s.cookies {
		l := listen(t, site.URL, c)
		require.Equal(t, http.StatusOK, l.resp.StatusCode)
		streams = append(streams, l)
	}
	var took []time.Duration
	first := uint64(0)
	for round := range rounds(t) {
		took = append(took, s.ask()...)
		site.App.Hub.Send([]string{"queue"})
		for _, l := range streams {
			require.True(t, l.hears("queue"))
		}
		if round == 0 {
			first = held()
		}
	}
	last := held()
	require.LessOrEqual(t, last, first+max(first/10, 8<<20), "the house grew from %d to %d MB", first>>20, last>>20)
	for _, l := range streams {
		require.NoError(t, l.resp.Body.Close())
	}
	http.DefaultClient.CloseIdleConnections()
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+before/20+2 }, 10*time.Second, 50*time.Millisecond,
		"%d goroutines before", before)
	slices.Sort(took)
	t.Logf("TR-16: %d tablets with their streams, %d pages, 0 errors, p99 %s, heap %d MB at the beginning and %d MB at the end, nothing left of them",
		count, len(took), took[len(took)*99/100].Round(time.Millisecond), first>>20, last>>20)
}

// settled is the number of goroutines when nobody asks for anything.
func settled(t *testing.T) (n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		before := n
		n = runtime.NumGoroutine()
		return n == before
	}, 10*time.Second, 50*time.Millisecond)
	return n
}
