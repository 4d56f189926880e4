package web_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// TestEveryAnswerCarriesTheHeaders: pages, refusals, errors, redirects, data, pictures and assets at
// both doors, also to who names a foreign host, say what browsers may do with them.
func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	owner, guest := site.As("owner").Direct(), site.AsGuest().Direct()
	answers := map[string]*uitest.Answer{
		"page":       owner.Get("/board").Want(http.StatusOK),
		"login":      site.Stranger().Get("/login").Want(http.StatusOK),
		"refused":    owner.Post("/admin/staff/new", "login", "").Want(http.StatusUnprocessableEntity),
		"forbidden":  site.As("front").Direct().Get("/admin/settings").Want(http.StatusForbidden),
		"nowhere":    owner.Get("/nothing").Want(http.StatusNotFound),
		"redirect":   owner.Get("/").Want(http.StatusSeeOther),
		"picture":    site.As("doctor").Direct().Get("/media/999999").Want(http.StatusNotFound),
		"cross-site": site.Stranger().With("Origin", "https://evil.example").Post("/login").Want(http.StatusForbidden),
		"host":       site.Stranger().With("Host", "evil.example").Get("/login").Want(http.StatusMisdirectedRequest),
		"health":     owner.Get("/healthz").Want(http.StatusOK),
		"asset":      owner.Get("/assets/nothing").Want(http.StatusNotFound),
		"guest":      guest.Get("/rate/none").Want(http.StatusNotFound),
		"guest host": site.AsGuest().With("Host", "evil.example").Get("/rate/none").Want(http.StatusMisdirectedRequest),
	}
	for range 60 {
		guest.Get("/nothing")
	}
	answers["too often"] = guest.Get("/nothing").Want(http.StatusTooManyRequests)
	for name, a := range answers {
		h := a.Header
		policy := h.Get("Content-Security-Policy")
		for _, rule := range []string{
			"default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'",
			"script-src 'self'", "report-uri /csp-report",
		} {
			require.Contains(t, strings.Split(policy, "; "), rule, name)
		}
		require.NotContains(t, policy, "unsafe", name)
		require.NotContains(t, policy, "http", name)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), name)
		require.Equal(t, "same-origin", h.Get("Referrer-Policy"), name)
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Opener-Policy"), name)
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Resource-Policy"), name)
		for header := range h {
			require.NotContains(t, header, "Access-Control-", name)
		}
		if name != "asset" {
			require.Equal(t, "no-store", h.Get("Cache-Control"), name)
		}
		if kind := h.Get("Content-Type"); a.Body != "" && name != "asset" {
			require.Contains(t, strings.ToLower(kind), "charset=utf-8", name)
		}
	}
}

// TestCookiesOfTheTLSDoor: over TLS every cookie of the house carries the prefix by which browsers
// hold it to this host and to TLS; one of the same name without it, as somebody on the network may
// set it, is not read.
func TestCookiesOfTheTLSDoor(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	door := httptest.NewTLSServer(site.Server.Handler())
	t.Cleanup(func() { site.App.Hub.Close(); door.Close() })
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := door.Client()
	client.Jar = jar
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	set := map[string]*http.Cookie{}
	post := func(path string, form url.Values) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, door.URL+path, strings.NewReader(form.Encode()))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, planted := range []string{"meixu", "meixu_flash", "meixu_lang"} {
			req.AddCookie(&http.Cookie{Name: planted, Value: "planted"})
		}
		resp, err := client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusSeeOther, resp.StatusCode, path)
		for _, c := range resp.Cookies() {
			set[c.Name] = c
		}
	}
	post("/login", url.Values{"login": {"nurse"}, "password": {uitest.Password}})
	post("/lang", url.Values{"lang": {"en"}})
	post("/profile", url.Values{"old": {uitest.Password}, "pin": {"739164"}, "_once": {"key-1"}})
	for _, name := range []string{"", "_station", "_lang", "_flash"} {
		require.Contains(t, set, "__Host-meixu"+name)
	}
	for name, c := range set {
		require.True(t, strings.HasPrefix(name, "__Host-"), name)
		require.True(t, c.Secure && c.HttpOnly && c.SameSite == http.SameSiteStrictMode && c.Path == "/" && c.Domain == "", c.String())
		require.Less(t, len(c.String()), 4096)
	}
}
