package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// FuzzTR25Filters asks every page that one can look at for anything: filters, search words, pages of
// lists and places in them. Nothing breaks, and nobody is sent out of the house.
func FuzzTR25Filters(f *testing.F) {
	site := uitest.New(f)
	var paths []string
	for _, route := range site.Server.Routes() {
		if route.Method == http.MethodGet && !route.Guest && !strings.ContainsAny(route.Path, ":*") && route.Path != "/live" {
			paths = append(paths, route.Path)
		}
	}
	require.Greater(f, len(paths), 50)
	seeds := []string{
		"page=2", "page=-1", "page=99999999999999999999", "q=%E5%B0%8F%E6%95%8F", "q=' OR 1=1 --", "q=%", "q=%00", "state=x&kind=y&show=all",
		"day=2026-13-45", "from=2026-03-02&to=2020-01-01", "month=0", "client=-1&visit=0&staff=x", "next=//evil.example", "next=https://evil.example/", "s=../..", "page=1&page=2", "%zz", "q=\xff",
	}
	for i, seed := range seeds {
		f.Add(uint8(i*7), seed)
	}
	owner, door := site.Cookie("owner"), site.Server.Handler()
	f.Fuzz(func(t *testing.T, at uint8, query string) {
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+paths[int(at)%len(paths)], nil)
		r.URL.RawQuery = query
		r.AddCookie(owner)
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		require.Less(t, w.Code, http.StatusInternalServerError, r.URL.String())
		to := w.Header().Get("Location")
		require.False(t, strings.HasPrefix(to, "//") || strings.Contains(to, "://") || strings.Contains(to, `\`), to)
	})
}
