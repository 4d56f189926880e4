package web_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/ui/kit"
	"meixu/ui/uitest"
)

// golden compares text with a file of testdata; MEIXU_GOLDEN=1 rewrites it.
func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", name)
	if os.Getenv("MEIXU_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), text, "make golden rewrites testdata/%s", name)
}

func TestRoutesAreAsListed(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, r := range uitest.New(t).Server.Routes() {
		b.WriteString(r.String() + "\n")
	}
	golden(t, "routes.txt", b.String())
}

func TestAuthorityIsAsListed(t *testing.T) {
	t.Parallel()
	golden(t, "authority.txt", access.Matrix())
}

// pathOf fills the parameters of a route with the row 1.
func pathOf(r kit.Route) string {
	parts := strings.Split(r.Path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") || p == "*" {
			parts[i] = "999999" // nobody's row: what is asked here is the route, not the record
		}
	}
	return strings.Join(parts, "/")
}

// ask asks with a session's cookie, or without when it is nil, and drops the body, which for the
// live stream never ends.
func ask(t *testing.T, base string, cookie *http.Cookie, r kit.Route) (status int, to string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var body *strings.Reader
	req, err := http.NewRequestWithContext(ctx, r.Method, base+pathOf(r), http.NoBody)
	if r.Method == http.MethodPost {
		body = strings.NewReader("_once=" + rand.Text())
		req, err = http.NewRequestWithContext(ctx, r.Method, base+pathOf(r), body)
	}
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookie != nil {
		req.AddCookie(cookie)
	}
	client := &http.Client{Transport: uitest.Wire, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode, resp.Header.Get("Location")
}
