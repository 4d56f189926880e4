package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// TestABrowserThatLeftIsNoTrouble: a page that is left while its stream is being opened reads in
// the log as left, not as a house that is too busy. Not parallel: it listens to the log.
func TestABrowserThatLeftIsNoTrouble(t *testing.T) {
	site := uitest.New(t)
	var said bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&said, nil)))
	defer slog.SetDefault(before)

	gone, leave := context.WithCancel(t.Context())
	leave()
	for _, path := range []string{"/live", "/alerts/bar", "/home"} {
		req := httptest.NewRequestWithContext(gone, http.MethodGet, path, nil)
		req.Host = "localhost"
		req.AddCookie(site.Cookie("doctor"))
		site.Server.Handler().ServeHTTP(httptest.NewRecorder(), req)
	}
	require.Contains(t, said.String(), "status=499")
	require.NotContains(t, said.String(), "status=503")
	require.NotContains(t, said.String(), "status=500")
}
