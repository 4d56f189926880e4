package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

// slowly posts a form of which the second half is sent after meanwhile ran: the door has let the post in
// by then, because it asked for the body.
func slowly(t *testing.T, url string, cookie *http.Cookie, meanwhile func()) (status int, to string) {
	t.Helper()
	body, pen := io.Pipe()
	asked := make(chan struct{})
	trace := &httptrace.ClientTrace{Got100Continue: func() { close(asked) }}
	r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodPost, url+"/reception/leads", body)
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Expect", "100-continue")
	r.AddCookie(cookie)
	go func() {
		<-asked
		_, _ = io.WriteString(pen, "_once=slow&name=%E5%91%A8&phone=138000")
		meanwhile()
		_, _ = io.Copy(pen, strings.NewReader("08818&channel=phone"))
		_ = pen.Close()
	}()
	client := &http.Client{
		Transport:     &http.Transport{ExpectContinueTimeout: 1e10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	a, err := client.Do(r)
	require.NoError(t, err)
	require.NoError(t, a.Body.Close())
	return a.StatusCode, a.Header.Get("Location")
}

// TestAPostIsDoneByWhoStillMay: a body may take a minute. Who was disabled, locked or given other duties
// while it came in does nothing with it any more; who was not, does.
func TestAPostIsDoneByWhoStillMay(t *testing.T) {
	t.Parallel()
	edit := func(site *uitest.Site, fields ...string) {
		site.As("owner").Post(fmt.Sprintf("/admin/staff/%d", site.StaffID("front")), append([]string{"version", "1", "name", "T-front"}, fields...)...).Want(http.StatusOK)
	}
	for name, with := range map[string]struct {
		meanwhile func(*uitest.Site, *http.Cookie)
		status    int
		to        string
		leads     int
	}{
		"nothing happened": {func(*uitest.Site, *http.Cookie) {}, http.StatusSeeOther, "/reception/leads", 1},
		"another tab":      {func(site *uitest.Site, mine *http.Cookie) { site.Steal(mine.Value).Get("/home") }, http.StatusSeeOther, "/reception/leads", 1},
		"disabled":         {func(site *uitest.Site, _ *http.Cookie) { edit(site, "roles", "reception") }, http.StatusSeeOther, "/login", 0},
		"other duties":     {func(site *uitest.Site, _ *http.Cookie) { edit(site, "roles", "storekeeper", "active", "on") }, http.StatusForbidden, "", 0},
		"locked":           {func(site *uitest.Site, mine *http.Cookie) { site.Steal(mine.Value).Post("/lock") }, http.StatusSeeOther, "/unlock", 0},
		"signed out":       {func(site *uitest.Site, mine *http.Cookie) { site.Steal(mine.Value).Post("/logout") }, http.StatusSeeOther, "/login", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site, url := unwatched(t)
			mine := site.Cookie("front")
			status, to := slowly(t, url, mine, func() { with.meanwhile(site, mine) })
			require.Equal(t, with.status, status)
			require.True(t, strings.HasPrefix(to, with.to), to)
			require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
				leads, err := r.LeadsByPhone("13800008818")
				require.Len(t, leads, with.leads)
				return err
			}))
		})
	}
}
