package web_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
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

const (
	slowForm = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	// dribble is what a slow peer goes on with, and how often: always something, never the end.
	dribble = 500 * time.Millisecond
)

// slow are beginnings of requests that never come to their end: of headers, and of bodies that
// are announced by their length or in pieces.
var slow = []string{
	"GET /login HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
	"P",
	slowForm,
	slowForm + "Content-Length: 1000\r\n\r\nlogin=",
	slowForm + "Transfer-Encoding: chunked\r\n\r\n200\r\nlogin=",
}

// crawl opens so many slow connections and gives how many the server ended within the time.
func crawl(t *testing.T, address string, n int, beginnings []string, patience time.Duration) (cut int64) {
	t.Helper()
	var ended atomic.Int64
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if crept(address, beginnings[i%len(beginnings)], patience) {
				ended.Add(1)
			}
		})
	}
	all.Wait()
	return ended.Load()
}

// crept begins a request, goes on a byte at a time, and says whether the server ended it within
// the time.
func crept(address, beginning string, patience time.Duration) bool {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return true // the queue of the system is full: refused is cut too
	}
	defer conn.Close()
	over := make(chan bool)
	go func() {
		_, _ = io.Copy(io.Discard, conn)
		close(over)
	}()
	_, _ = io.WriteString(conn, beginning)
	more, enough := time.NewTicker(dribble), time.After(patience)
	defer more.Stop()
	for {
		select {
		case <-over:
			return true
		case <-enough:
			return false
		case <-more.C:
			_, _ = io.WriteString(conn, "a") // of a connection that was cut the reader knows
		}
	}
}

// TestTR23SlowPeersHoldNobodyUp is TR-23: an address opens hundreds of connections and finishes no
// request on any, neither its header nor its body. Others are served all the while, and the slow
// ones are ended. The control, a server without limits, ends none.
func TestTR23SlowPeersHoldNobodyUp(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	door, err := web.Listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { gone <- web.New(site.App, web.Options{}).Serve(ctx, web.Doors{Staff: door}) }()

	patient := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer patient.Close()
	kept := make(chan int64)
	go func() { kept <- crawl(t, patient.Listener.Addr().String(), len(slow), slow, 7*time.Second) }()

	many, beginnings, patience := crawlers(t), slow, 20*time.Second
	if many >= 2000 { // by night also people of the house, whose photos get a minute
		patience = 70 * time.Second
		beginnings = append(slices.Clone(slow), "POST /draft HTTP/1.1\r\nHost: localhost\r\nCookie: "+site.Cookie("front").String()+
			"\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
	}
	done := make(chan int64)
	go func() { done <- crawl(t, door.Addr().String(), many, beginnings, patience) }()
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
		case <-time.After(40 * time.Millisecond):
		}
	}
	require.EqualValues(t, many, cut, "every slow connection was ended by the server")
	require.Greater(t, served, 50)
	stop()
	require.NoError(t, <-gone)
	t.Logf("TR-23: %d slow connections ended; %d requests of others answered meanwhile, the longest in %s", cut, served, longest.Round(time.Millisecond))
	require.Zero(t, <-kept, "the control ends none")
}
