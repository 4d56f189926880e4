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
		"林\x00清禾":             "林清禾",
		"\u202e禾清林\u202c":     "禾清林",
		"林\u200b清\ufeff禾":     "林清禾",
		"林\xff清禾":             "林清禾",
		"第一行\r\n第二行\t尾":       "第一行\r\n第二行\t尾",
		"😀👩\u200d⚕️ O'Brien":  "😀👩⚕ O'Brien",
		"\u200d\u200d":        "",
		"\u3164\u115f\u2800":  "",
		" \uffa0\u3000\ufe0f": "",
		"阿卜杜拉·买买提":            "阿卜杜拉·买买提",
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

// TestNotesKeepTheirPictures: what people write at length keeps joined emoji whole; a note that
// shows nothing is none.
func TestNotesKeepTheirPictures(t *testing.T) {
	t.Parallel()
	for typed, kept := range map[string]string{
		"谢谢👩\u200d⚕️":     "谢谢👩\u200d⚕️",
		"林\u200d清禾":       "林清禾",
		"\u200d\ufe0f":    "",
		"\u3164 \u115f\n": "",
	} {
		for _, name := range []string{"note", "q.other"} {
			get := httptest.NewRequest(http.MethodGet, "/?"+url.Values{name: {typed}}.Encode(), nil)
			require.Equal(t, kept, kit.Read(echo.New().NewContext(get, httptest.NewRecorder())).Values().Get(name), "%q", typed)
		}
	}
}
