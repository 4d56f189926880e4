package web_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
	"meixu/ui/web"
)

// listening is one open live stream.
type listening struct {
	t    *testing.T
	resp *http.Response
	text *bufio.Scanner
}

func listen(t *testing.T, base string, cookie *http.Cookie) *listening {
	t.Helper()
	return listenTo(t, base+"/live", cookie)
}

func listenTo(t *testing.T, stream string, cookie *http.Cookie) *listening {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, stream, nil)
	require.NoError(t, err)
	req.AddCookie(cookie)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	return &listening{t, resp, bufio.NewScanner(resp.Body)}
}

// hears says that the next news is the topic; false when the stream ended before any.
func (l *listening) hears(topic string) bool {
	l.t.Helper()
	for l.text.Scan() {
		if data, is := strings.CutPrefix(l.text.Text(), "data: "); is {
			return data == topic
		}
	}
	return false
}

// TestASessionHasSixStreams: of seven that one session opens the oldest ends, and those of
// another session go on.
func TestASessionHasSixStreams(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	other, mine := listen(t, site.URL, site.Cookie("nurse")), site.Cookie("front")
	var all []*listening
	for range 7 {
		all = append(all, listen(t, site.URL, mine))
	}
	require.False(t, all[0].hears("queue"), "the oldest ended")
	site.App.Hub.Send([]string{"queue"})
	for _, l := range append(all[1:], other) {
		require.Equal(t, http.StatusOK, l.resp.StatusCode)
		require.True(t, l.hears("queue"))
	}
}

// TestTheHouseBoundsItsStreams: over the total a browser hears when to come back, and a stream
// that ended makes room.
func TestTheHouseBoundsItsStreams(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	house := httptest.NewServer(web.New(site.App, web.Options{MostStreams: 2}).Handler())
	t.Cleanup(func() { site.App.Hub.Close(); house.Close() })
	first := listen(t, house.URL, site.Cookie("front"))
	listen(t, house.URL, site.Cookie("nurse"))
	full := listen(t, house.URL, site.Cookie("doctor"))
	require.Equal(t, http.StatusServiceUnavailable, full.resp.StatusCode)
	require.Equal(t, "30", full.resp.Header.Get("Retry-After"))
	require.NoError(t, first.resp.Body.Close())
	require.Eventually(t, func() bool {
		return listen(t, house.URL, site.Cookie("doctor")).resp.StatusCode == http.StatusOK
	}, 10*time.Second, 50*time.Millisecond)
}
