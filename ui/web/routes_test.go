package web_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// statusOf asks and drops the body, which for the live stream never ends.
func statusOf(t *testing.T, site *uitest.Site, login string, r kit.Route) int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var body *strings.Reader
	req, err := http.NewRequestWithContext(ctx, r.Method, site.URL+pathOf(r), http.NoBody)
	if r.Method == http.MethodPost {
		body = strings.NewReader("_once=" + rand.Text())
		req, err = http.NewRequestWithContext(ctx, r.Method, site.URL+pathOf(r), body)
	}
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(site.Cookie(login))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	for _, r := range site.Server.Routes() {
		if r.Guest {
			continue
		}
		for _, role := range access.Roles {
			by := site.Actor(uitest.LoginOf(role))
			status := statusOf(t, site, uitest.LoginOf(role), r)
			if by.May(r.Permission) {
				require.NotEqual(t, http.StatusForbidden, status, "%s %s is open to %s", r.Method, r.Path, role)
				require.Less(t, status, http.StatusInternalServerError, "%s %s as %s", r.Method, r.Path, role)
			} else {
				require.Equal(t, http.StatusForbidden, status, "%s %s is closed to %s", r.Method, r.Path, role)
			}
		}
	}
}

func TestEveryRouteNeedsALogin(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	for _, r := range site.Server.Routes() {
		if r.Guest || r.Permission == access.Anyone {
			continue
		}
		site.Clock.Forward(2 * time.Second) // strangers may post once a second
		b := site.Stranger().Direct()
		answer := b.Get(pathOf(r))
		if r.Method == http.MethodPost {
			answer = b.Post(pathOf(r))
		}
		require.Equal(t, http.StatusSeeOther, answer.Status, "%s %s", r.Method, r.Path)
		require.True(t, strings.HasPrefix(answer.Header.Get("Location"), kit.LoginPath), r.Path)
	}
}
