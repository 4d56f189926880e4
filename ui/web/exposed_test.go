package web_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/access"
	"meixu/ui/uitest"
)

// TestNothingElseIsServed asks both doors for what is none of their pages: folders of source
// control, debug pages, lists of folders, documents of an interface. The health page tells a version
// and nothing else, also to an owner (ASVS 13.4.1, 13.4.2, 13.4.3, 13.4.5, 15.2.3).
func TestNothingElseIsServed(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	for _, path := range []string{
		"/.git/HEAD", "/.git/config", "/.svn/entries", "/.env", "/go.mod", "/assets/.git/HEAD", "/assets/", "/assets/..%2f..%2fgo.mod", "/assets/../go.mod",
		"/debug/pprof/", "/debug/vars", "/metrics", "/kit", "/swagger", "/openapi.json", "/server-status", "/clinic.db", "/meixu.db", "/data/", "/media/", "/backups/", "/keys/kek",
	} {
		for name, b := range map[string]*uitest.Browser{"owner": site.As("owner").Direct(), "guest": site.AsGuest().Direct()} {
			a := b.Get(path)
			require.Equal(t, http.StatusNotFound, a.Status, "%s: %s", name, path)
			a.Not("goroutine", "ref: refs/", "module meixu", "<pre>")
		}
	}
	for _, b := range []*uitest.Browser{site.As("owner"), site.Stranger(), site.AsGuest()} {
		require.Equal(t, "ok "+app.Version+"\n", b.Get("/healthz").Want(http.StatusOK).Body)
	}
}

// TestNoOtherMethodIsAnswered sends every method that is neither GET, HEAD nor POST, and one that is
// none, to pages of all kinds: none is carried out and none is sent back as an echo (ASVS 13.4.4).
func TestNoOtherMethodIsAnswered(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	const secret = "nobody-sends-this-back"
	for base, paths := range map[string][]string{
		site.URL:      {"/", "/board", "/login", "/healthz", "/assets/app.css", "/admin/settings", "/nothing"},
		site.GuestURL: {"/", "/screen", "/rate/x", "/healthz"},
	} {
		for _, path := range paths {
			for _, method := range []string{http.MethodTrace, "TRACK", http.MethodConnect, http.MethodOptions, http.MethodPut, http.MethodPatch, http.MethodDelete, "PROPFIND", "DEBUG", "X"} {
				r, err := http.NewRequestWithContext(t.Context(), method, base+path, nil)
				require.NoError(t, err)
				r.AddCookie(site.Cookie("owner"))
				r.Header.Set("X-Secret", secret)
				resp, err := (&http.Client{Transport: uitest.Wire, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
				require.NoError(t, err)
				body, err := io.ReadAll(resp.Body)
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				if method == http.MethodOptions && resp.StatusCode == http.StatusNoContent {
					require.Empty(t, body, "what a page answers to is no secret")
				} else {
					require.GreaterOrEqual(t, resp.StatusCode, http.StatusBadRequest, "%s %s", method, path)
				}
				require.Less(t, resp.StatusCode, http.StatusInternalServerError, "%s %s", method, path)
				require.NotContains(t, string(body), secret)
				require.Empty(t, resp.Header.Get("Access-Control-Allow-Methods"))
			}
		}
	}
}

// TestFieldsThatNobodyAskedForAreNotTaken posts more than the forms have: roles, states and ids of
// others stay as they were (ASVS 15.3.3).
func TestFieldsThatNobodyAskedForAreNotTaken(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	front := site.As("front")
	front.Post("/profile", "old", uitest.Password, "password", "another long password", "again", "another long password",
		"staff", "1", "id", "1", "login", "owner", "roles", "owner", "role", "owner", "roles[]", "owner", "active", "no", "lead", "on", "title", "院长", "name", "王").Want(http.StatusOK)
	require.Equal(t, []access.Role{access.Reception}, site.Actor("front").Roles)
	site.As("owner").Get("/admin/staff").Want(http.StatusOK, "T-front").Not("院长")
	front.Get("/admin/settings").Want(http.StatusForbidden)
	// The address says where to, never what: a field in it counts for nothing.
	site.As("owner").Post("/admin/staff/new?login=eve&name=Eve&roles=owner", "lang", "zh").Want(http.StatusUnprocessableEntity)
	site.As("owner").Get("/admin/staff").Want(http.StatusOK).Not("Eve")
}
