package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/lan"
	"meixu/ui/uitest"
)

// TestViolationsOfThePolicyAreReported: every page says where violations of its policy go. What comes
// there is counted by kind and nothing else of it is kept, whoever sends it.
func TestViolationsOfThePolicyAreReported(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	list := func() []lan.Counted { return site.App.LAN.Violations.List() }
	tell := func(b *uitest.Browser, body string) *uitest.Answer {
		return b.PostAs("/csp-report", "application/csp-report", body)
	}
	about := func(page, directive, blocked string) string {
		return fmt.Sprintf(`{"csp-report":{"document-uri":%q,"effective-directive":%q,"blocked-uri":%q,"script-sample":"alert('曾明哲')","referrer":"x"}}`,
			page, directive, blocked)
	}
	front := site.As("front")
	for door, b := range map[string]*uitest.Browser{"/login": front, "/rate/:token": site.AsGuest()} {
		require.Contains(t, b.Get(strings.Replace(door, ":token", "none", 1)).Header.Get("Content-Security-Policy"), "; report-uri /csp-report")
	}

	tell(front, about(site.URL+"/client/4711?name=曾明哲", "script-src-elem", "inline")).Want(http.StatusNoContent)
	tell(front, about(site.URL+"/client/12", "script-src-elem", "inline")).Want(http.StatusNoContent)
	tell(site.AsGuest(), about(site.GuestURL+"/rate/SECRETTOKEN", "img-src", "https://evil.example/?stolen=1")).Want(http.StatusNoContent)
	tell(site.Stranger(), about("javascript:曾明哲", "<b>曾明哲</b>", "曾明哲")).Want(http.StatusNoContent)
	require.Equal(t, []lan.Counted{
		{Violation: lan.Violation{Directive: "script-src-elem", Blocked: "inline", Page: "/client/:id"}, Times: 2},
		{Violation: lan.Violation{Directive: "img-src", Blocked: "elsewhere", Page: "/rate/:token"}, Times: 1},
		{Violation: lan.Violation{Directive: "other", Blocked: "other", Page: "other"}, Times: 1},
	}, list())

	// neither other shapes, nor too much, nor pages of others
	b := site.Stranger()
	b.PostJSON("/csp-report", about(site.URL+"/login", "img-src", "data")).Want(http.StatusUnsupportedMediaType)
	tell(b, `{"csp-report":`).Want(http.StatusBadRequest)
	tell(b, `{"csp-report":{"document-uri":"`+strings.Repeat("a", 10_000)+`"}}`).Want(http.StatusBadRequest)
	tell(site.Stranger().With("Origin", "https://evil.example"), about(site.URL+"/login", "img-src", "data")).Want(http.StatusForbidden)
	require.Len(t, list(), 3)

	// nor without end; and whoever tries that keeps nobody from signing in
	for range 70 {
		tell(b, about(site.URL+"/board", "img-src", "data"))
	}
	tell(b, about(site.URL+"/board", "img-src", "data")).Want(http.StatusTooManyRequests)
	require.Less(t, list()[0].Times, 61)
	b.Post("/login", "login", "nurse", "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-nurse")
}
