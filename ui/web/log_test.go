package web_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
	"meixu/ui/web"
)

// said is a log that is written and read at once.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// TestTheLogTellsWhoWasRefusedAndWhatBroke: each request leaves a line with when, who, from where,
// what and how it ended; a refusal says which rule, and a defect, a panic and a broken handshake are
// told with their cause and the id that the person sees, who is told nothing else. An act in the trail
// tells the same of what was done.
func TestTheLogTellsWhoWasRefusedAndWhatBroke(t *testing.T) { //nolint:paralleltest // it listens to the log of the whole program
	site, log := uitest.New(t), &said{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	line := func(a *uitest.Answer, more ...string) {
		t.Helper()
		id := a.Header.Get("X-Request-Id")
		found := regexp.MustCompile(`(?m)^time=\S+ level=INFO msg=request id=` + id + ` .*$`).FindString(log.String())
		require.NotEmpty(t, id)
		for _, part := range append(more, fmt.Sprintf(" status=%d ", a.Status)) {
			require.Contains(t, found+" ", part)
		}
	}
	front := site.As("front").Direct()
	me := fmt.Sprintf(" staff=%d session=", site.StaffID("front"))
	line(front.Get("/profile").Want(http.StatusOK), " method=GET route=/profile ", me, " from=127.0.0.1 ")
	line(front.Get("/admin/settings").Want(http.StatusForbidden), me, " refused=fault.forbidden")
	line(site.Stranger().Post("/login", "login", "front", "password", "not the right one").Want(http.StatusUnprocessableEntity),
		" route=/login ", " staff=0 session=0 from=127.0.0.1 ")
	line(site.Stranger().With("Origin", "https://evil.example").Post("/login").Want(http.StatusForbidden), " refused=web.cross ")
	line(site.Stranger().With("Host", "evil.example").Get("/login").Want(http.StatusMisdirectedRequest), " refused=web.host ")
	guest := site.AsGuest().Get("/rate/none").Want(http.StatusNotFound)
	line(guest, " route=/rate/:token ")
	require.NotContains(t, regexp.MustCompile(`.*`+guest.Header.Get("X-Request-Id")+`.*`).FindString(log.String()), " from=")

	stay := site.Stranger()
	line(stay.Direct().Post("/login", "login", "nurse", "password", uitest.Password).Want(http.StatusSeeOther), " route=/login ")
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Action: "session.login", Limit: 1})
		require.Len(t, acts, 1)
		act := acts[0]
		require.Equal(t, site.StaffID("nurse"), act.Act.Staff)
		require.False(t, act.At.IsZero())
		require.NotEmpty(t, act.Act.Station)
		require.Contains(t, log.String(), " id="+act.Act.Request+" ", "the act leads to the line")
		return err
	}))

	staff, ok := site.Server.Handler().(*echo.Echo)
	require.True(t, ok)
	staff.GET("/breaks", func(echo.Context) error { panic("SELECT secret of the house") })
	broken := front.Get("/breaks").Want(http.StatusInternalServerError).Not("SELECT", "goroutine", ".go:")
	line(broken, " route=/breaks ", me)
	tells(t, log, broken, "SELECT secret of the house", "log_test.go")

	shakes(t, site, log)
	require.NoError(t, site.App.DB.Close())
	failed := front.Get("/profile").Not("goroutine", ".go:", "sql")
	require.GreaterOrEqual(t, failed.Status, http.StatusInternalServerError)
	tells(t, log, failed, "route=/profile", "closed")
}

// tells demands the cause of a defect in the log, under the id that the person sees.
func tells(t *testing.T, log *said, a *uitest.Answer, parts ...string) {
	t.Helper()
	id := a.Header.Get("X-Request-Id")
	require.Contains(t, a.Body, id)
	cause := regexp.MustCompile(`(?m)^time=\S+ level=ERROR msg="request failed" id=` + id + ` .*$`).FindString(log.String())
	for _, part := range parts {
		require.Contains(t, cause, part)
	}
}

// shakes lets a browser that does not trust the house knock at its TLS door.
func shakes(t *testing.T, site *uitest.Site, log *said) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var doors web.Doors
	for _, to := range []*net.Listener{&doors.Staff, &doors.LAN} {
		l, err := web.Listen(ctx, "127.0.0.1:0")
		require.NoError(t, err)
		*to = l
	}
	other := httptest.NewTLSServer(nil)
	doors.TLS = other.TLS.Clone()
	other.Close()
	served := make(chan error)
	go func() { served <- site.Server.Serve(ctx, doors) }()
	_, err := (&tls.Dialer{Config: &tls.Config{ServerName: "meixu.local", MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", doors.LAN.Addr().String())
	require.Error(t, err)
	require.Eventually(t, func() bool {
		return strings.Contains(log.String(), `level=WARN msg="http: TLS handshake error from 127.0.0.1`)
	}, 10*time.Second, time.Millisecond)
	stop()
	require.NoError(t, <-served)
}
