package kit_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"meixu/ui/kit"
)

// What many readers are given is the same, packed for those who can unpack it.
func TestAKeptFragmentIsPackedOnceForAll(t *testing.T) {
	t.Parallel()
	html := kit.HTML(strings.Repeat("<tr><td>候诊</td></tr>", 500))
	kept := kit.Keep(html)
	e := echo.New()
	e.GET("/", func(c echo.Context) error { return kit.Piece(c, kept) })
	ask := func(accept string) *http.Response {
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.Header.Set("Accept-Encoding", accept)
		rec := httptest.NewRecorder()
		e.ServeHTTP(rec, req)
		return rec.Result()
	}

	plain := ask("")
	body, err := io.ReadAll(plain.Body)
	require.NoError(t, err)
	require.Equal(t, string(html), string(body))
	require.Empty(t, plain.Header.Get("Content-Encoding"))
	require.Equal(t, int64(len(html)), plain.ContentLength)

	for range 2 {
		packed := ask("gzip, deflate, br")
		require.Equal(t, "gzip", packed.Header.Get("Content-Encoding"))
		require.Less(t, packed.ContentLength, int64(len(html)/20))
		require.Equal(t, "Accept-Encoding", packed.Header.Get("Vary"))
		require.Equal(t, "no-store", packed.Header.Get("Cache-Control"))
		unpacked, err := gzip.NewReader(packed.Body)
		require.NoError(t, err)
		body, err = io.ReadAll(unpacked)
		require.NoError(t, err)
		require.Equal(t, string(html), string(body))
	}
}
