package assets

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// The tests share the package's disk and therefore run one after another.
func TestHandler(t *testing.T) { //nolint:paralleltest // FromDisk is set once at start
	get := func(path string, header ...string) *httptest.ResponseRecorder {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		rec := httptest.NewRecorder()
		Handler().ServeHTTP(rec, req)
		return rec
	}
	t.Cleanup(func() { disk = nil })

	disk = fstest.MapFS{".gitkeep": {}}
	require.Equal(t, "/assets/app.css", Path("app.css"), "no bundle: plain names")
	require.False(t, Built())
	require.Equal(t, http.StatusNotFound, get("/assets/app.css").Code)
	require.Contains(t, get("/assets/app.css").Body.String(), "make assets")

	disk = fstest.MapFS{
		"manifest.json":    {Data: []byte(`{"app.css":"app.12.css"}`)},
		"app.12.css":       {Data: []byte("body{}")},
		"app.12.css.gz":    {Data: []byte("packed")},
		".secret":          {Data: []byte("x")},
		"chunk-ABCDEFG.js": {Data: []byte("1")},
	}
	require.Equal(t, "/assets/app.12.css", Path("app.css"))
	require.True(t, Built())
	plain := get("/assets/app.12.css")
	require.Equal(t, "body{}", plain.Body.String())
	require.Contains(t, plain.Header().Get("Cache-Control"), "immutable")
	require.Contains(t, plain.Header().Get("Content-Type"), "text/css")
	packed := get("/assets/app.12.css", "Accept-Encoding", "gzip, br")
	require.Equal(t, "packed", packed.Body.String())
	require.Equal(t, "gzip", packed.Header().Get("Content-Encoding"))
	require.Equal(t, "no-cache", get("/assets/app.css").Header().Get("Cache-Control"), "a plain name may change")
	require.Contains(t, get("/assets/chunk-ABCDEFG.js").Header().Get("Content-Type"), "javascript")
	for _, bad := range []string{"/assets/.secret", "/assets/../assets.go", "/assets/", "/assets/none.js"} {
		require.Equal(t, http.StatusNotFound, get(bad).Code, bad)
	}
}
