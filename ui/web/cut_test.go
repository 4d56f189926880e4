package web_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
	"meixu/ui/web"
)

// unwatched is the house with streams that look at their session by themselves once an hour: what
// they hear before, they hear with the commit.
func unwatched(t *testing.T) (site *uitest.Site, url string) {
	t.Helper()
	site = uitest.New(t)
	house := httptest.NewServer(web.New(site.App, web.Options{Watch: time.Hour}).Handler())
	t.Cleanup(func() { site.App.Hub.Close(); house.Close() })
	return site, house.URL
}

// rest is all that a stream still says until its body ends.
func (l *listening) rest() string {
	l.t.Helper()
	var said strings.Builder
	for l.text.Scan() {
		said.WriteString(l.text.Text() + "\n")
	}
	require.NoError(l.t, l.text.Err())
	return said.String()
}

// TestTR21StreamsAreCutWithTheirSession is TR-21 for pages that stand open: the streams of a person
// who is disabled or reset, of a session that is locked or ended, and of a device that is retired
// end with the commit, those of others go on.
func TestTR21StreamsAreCutWithTheirSession(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(*uitest.Site, *http.Cookie){
		"disabled": func(site *uitest.Site, _ *http.Cookie) {
			site.As("owner").Post(fmt.Sprintf("/admin/staff/%d", site.StaffID("nurse")), "version", "1", "name", "T-nurse", "roles", "nurse").
				Want(http.StatusOK)
		},
		"reset": func(site *uitest.Site, _ *http.Cookie) {
			_, err := site.App.Admin.ResetPassword(site.T.Context(), site.Actor("owner"), "nurse")
			require.NoError(site.T, err)
		},
		"locked": func(site *uitest.Site, mine *http.Cookie) { site.Steal(mine.Value).Post("/lock").Want(http.StatusOK) },
		"ended":  func(site *uitest.Site, mine *http.Cookie) { site.Steal(mine.Value).Post("/logout").Want(http.StatusOK) },
		"ended from another browser": func(site *uitest.Site, _ *http.Cookie) {
			site.As("nurse").Post("/profile/sessions/end").Want(http.StatusOK, "已全部退出")
		},
		"in a client's hands": func(site *uitest.Site, mine *http.Cookie) {
			by := site.Actor("nurse")
			require.NoError(site.T, site.App.Admin.Handover(site.T.Context(), by, mine.Value, "/form/7"))
		},
		"retired": func(site *uitest.Site, _ *http.Cookie) {
			var w store.Workstation
			require.NoError(site.T, site.App.DB.Read(site.T.Context(), func(r *store.Read) (err error) {
				w, err = r.WorkstationInUse(site.Station("nurse"))
				return err
			}))
			require.NotZero(site.T, w.ID)
			site.As("sysadmin").Post(fmt.Sprintf("/lan/workstation/%d/retire", w.ID), "version", fmt.Sprint(w.Version), "_reason", "平板丢失").Want(http.StatusOK)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site, url := unwatched(t)
			mine := site.Cookie("nurse")
			open := []*listening{listen(t, url, mine), listen(t, url, mine)}
			other := listen(t, url, site.Cookie("front"))
			cut(site, mine)
			took := uitest.Once(func() {
				for _, l := range open {
					require.Contains(t, l.rest(), "event: bye\n")
				}
			})
			site.App.Hub.Send([]string{"queue"})
			for {
				require.True(t, other.text.Scan(), "a colleague's stream goes on")
				line := other.text.Text()
				require.NotContains(t, line, "seat", "what becomes of a session is no news")
				if line == "data: queue" {
					break
				}
			}
			t.Logf("TR-21: %s: 2 streams ended %s after the commit", name, took.Round(time.Millisecond))
		})
	}
}

// TestTR21StreamsHarness is its negative control: without the hub's word a stream of a session that
// has ended stands open until it looks by itself.
func TestTR21StreamsHarness(t *testing.T) {
	t.Parallel()
	site, url := unwatched(t)
	mine := site.Cookie("nurse")
	open, id := listen(t, url, mine), sessionOf(t, site, mine)
	site.App.Hub.Send([]string{"queue"})
	require.True(t, open.hears("queue"))
	site.Clock.Forward(13 * time.Hour) // nobody changes the session: it is over by itself
	site.App.Hub.Send([]string{"till"})
	require.True(t, open.hears("till"), "it was not told, and does not look for an hour")
	site.App.Hub.Send([]string{term.SeatTopic(id)})
	require.Contains(t, open.rest(), "event: bye")
}

// sessionOf is the session that a cookie opens.
func sessionOf(t *testing.T, site *uitest.Site, cookie *http.Cookie) (id int64) {
	t.Helper()
	hash := sha256.Sum256([]byte(cookie.Value))
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		s, err := r.SessionByToken(hash[:])
		id = s.ID
		return err
	}))
	return id
}
