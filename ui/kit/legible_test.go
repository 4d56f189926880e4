package kit_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"meixu/ui/kit"
)

// TestWhatNobodyTypesIsNotKept: control characters, turned writing, hidden letters.
func TestWhatNobodyTypesIsNotKept(t *testing.T) {
	t.Parallel()
	for typed, kept := range map[string]string{
		"林\x00清禾":            "林清禾",
		"\u202e禾清林\u202c":    "禾清林",
		"林\u200b清\ufeff禾":    "林清禾",
		"林\xff清禾":            "林清禾",
		"第一行\r\n第二行\t尾":      "第一行\r\n第二行\t尾",
		"😀👩\u200d⚕️ O'Brien": "😀👩\u200d⚕️ O'Brien",
		"阿卜杜拉·买买提":           "阿卜杜拉·买买提",
	} {
		form := url.Values{"name": {typed}}
		post := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
		post.Header.Set(echo.HeaderContentType, echo.MIMEApplicationForm)
		get := httptest.NewRequest(http.MethodGet, "/?"+form.Encode(), nil)
		for _, r := range []*http.Request{post, get} {
			c := echo.New().NewContext(r, httptest.NewRecorder())
			require.Equal(t, kept, kit.Read(c).Values().Get("name"), "%q", typed)
		}
	}
}
