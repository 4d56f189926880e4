package admin_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

var nextField = regexp.MustCompile(`name="next"[^>]* value="([^"]*)"`)

// FuzzTR25Next asks for the door with any way back: the form keeps only pages of the house, however
// a browser reads the address.
func FuzzTR25Next(f *testing.F) {
	for _, seed := range []string{
		"/board", "/client/1?tab=photos#x", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/%2fevil.example", "/%5cevil.example", "/%2e%2e//evil.example", "/./", "/..//evil.example",
		"https://evil.example/", "HTTPS:evil.example", "javascript:alert(1)", "data:text/html,x", "/\t/evil.example", "\t//evil.example", "/\r\nLocation: https://evil.example", "/board\x00", "/board?next=//evil.example",
		"@evil.example", "/@evil.example", "/board/../../evil", "／／evil.example", "/。evil", "", "?x", "#x", "/%", "/%00", "/board%0d%0aSet-Cookie:a=b", "//localhost@evil.example/", "/board;//evil", ":80", "[::1]", "/login", "/logout",
	} {
		f.Add(seed)
	}
	site := uitest.New(f)
	door := site.Server.Handler()
	get := func(path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/", nil)
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		return w
	}
	f.Fuzz(func(t *testing.T, next string) {
		w := get("/login?next=" + url.QueryEscape(next))
		require.Equal(t, http.StatusOK, w.Code)
		m := nextField.FindStringSubmatch(w.Body.String())
		require.NotNil(t, m)
		to := html.UnescapeString(m[1])
		require.True(t, strings.HasPrefix(to, "/"), to)
		require.False(t, strings.HasPrefix(to, "//") || strings.Contains(to, `\`) || strings.ContainsFunc(to, unicode.IsControl), to)
		u, err := url.Parse(to)
		require.NoError(t, err)
		require.Empty(t, u.Scheme+u.Host)
		require.False(t, strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`), to)
		require.NotEqual(t, http.StatusNotFound, get(u.Path).Code, to)
	})
}
