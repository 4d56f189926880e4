package web_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store/storetest"
	"meixu/ui/uitest"
	"meixu/ui/web"
)

// crawlers is how many slow connections TR-23 opens; MEIXU_SLOW asks for more (2,000 by night).
func crawlers(t *testing.T) int {
	t.Helper()
	return storetest.Asked(t, "MEIXU_SLOW", 600)
}

// slow are beginnings of requests that never come to their end.
var slow = []string{
	"GET /login HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
	"P",
	"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n",
}

// crawl opens so many slow connections and gives how many the server ended within the time.
func crawl(t *testing.T, address string, n int, patience time.Duration) (cut int64) {
	t.Helper()
	var ended atomic.Int64
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				return // the queue of the system is full: refused is cut too
			}
			given := time.AfterFunc(patience, func() { _ = conn.Close() })
			_, _ = io.WriteString(conn, slow[i%len(slow)])
			_, _ = io.Copy(io.Discard, conn)
			if given.Stop() { // it ended before we did
				ended.Add(1)
			}
		})
	}
	all.Wait()
	return ended.Load()
}

// TestTR23SlowPeersHoldNobodyUp is TR-23: an address opens hundreds of connections and finishes no
// request on any. Others are served all the while, and the slow ones are ended. The control, a
// server without limits, ends none.
func TestTR23SlowPeersHoldNobodyUp(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	door, err := web.Listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { gone <- web.New(site.App, web.Options{}).Serve(ctx, web.Doors{Staff: door}) }()

	const patience = 20 * time.Second
	done := make(chan int64)
	many := crawlers(t)
	go func() { done <- crawl(t, door.Addr().String(), many, patience) }()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	other := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
	served, longest, cut := 0, time.Duration(0), int64(-1)
	for cut < 0 {
		took := uitest.Once(func() {
			resp, err := other.Get("http://" + door.Addr().String() + "/login")
			require.NoError(t, err, "others come in")
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, http.StatusOK, resp.StatusCode)
		})
		served, longest = served+1, max(longest, took)
		select {
		case cut = <-done:
		case <-time.After(20 * time.Millisecond):
		}
	}
	require.EqualValues(t, many, cut, "every slow connection was ended by the server")
	require.Greater(t, served, 50)
	stop()
	require.NoError(t, <-gone)
	t.Logf("TR-23: %d slow connections ended; %d requests of others answered meanwhile, the longest in %s", cut, served, longest.Round(time.Millisecond))

	patient := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w) }))
	defer patient.Close()
	require.Zero(t, crawl(t, patient.Listener.Addr().String(), 2, 7*time.Second), "the control ends none")
}
