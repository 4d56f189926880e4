package kit

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/words"
)

const flashCookie = "meixu_flash"

// flashBytes is the most that the cookie may weigh, flashRunes the most characters of one
// argument: browsers and proxies drop a larger header.
const (
	flashBytes = 1 << 10
	flashRunes = 60
)

type flash struct {
	Key  string   `json:"k"`
	Args []string `json:"a,omitempty"`
	Undo string   `json:"u,omitempty"`
}

// Done ends a good post: it leaves a sentence for the next page and sends the browser there
// (303, or HX-Redirect when htmx posted). flashKey is a words key whose verbs are %s; "" says
// nothing.
func Done(c echo.Context, flashKey string, args []any, pathFmt string, pathArgs ...any) error {
	return done(c, flash{Key: flashKey, Args: said(args)}, pathFmt, pathArgs)
}

// DoneUndo is Done with a link beside the sentence to where the deed is taken back.
func DoneUndo(c echo.Context, flashKey, undo, pathFmt string, pathArgs ...any) error {
	return done(c, flash{Key: flashKey, Undo: undo}, pathFmt, pathArgs)
}

func done(c echo.Context, f flash, pathFmt string, pathArgs []any) error {
	forgetDraft(c)
	if f.Key != "" {
		leaveFlash(c, f)
	}
	to := pathFmt
	if len(pathArgs) > 0 {
		to = fmt.Sprintf(pathFmt, pathArgs...)
	}
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

func said(args []any) (list []string) {
	for _, a := range args {
		list = append(list, clipped(fmt.Sprint(a)))
	}
	return list
}

func leaveFlash(c echo.Context, f flash) {
	raw, err := json.Marshal(f)
	if err != nil || base64.RawURLEncoding.EncodedLen(len(raw)) > flashBytes {
		return // too many arguments for one sentence: better none than a broken header
	}
	c.SetCookie(&http.Cookie{
		Name: CookieName(c, flashCookie), Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/", MaxAge: 60,
		HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteStrictMode,
	})
}

// clipped is the beginning of a text, with a mark when something was cut.
func clipped(text string) string {
	if r := []rune(text); len(r) > flashRunes {
		return string(r[:flashRunes]) + "…"
	}
	return text
}

// takeFlash reads the sentence once and clears it, with the path on which the deed is taken back.
func takeFlash(c echo.Context, lang words.Lang) (sentence, undo string) {
	kept := Cookie(c, flashCookie)
	if kept == "" {
		return "", ""
	}
	c.SetCookie(&http.Cookie{
		Name: CookieName(c, flashCookie), Path: "/", MaxAge: -1,
		HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteStrictMode,
	})
	raw, err := base64.RawURLEncoding.DecodeString(kept)
	var f flash
	if err != nil || json.Unmarshal(raw, &f) != nil || !lang.Has(f.Key) {
		return "", ""
	}
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = a
	}
	if strings.HasPrefix(f.Undo, "/") && !strings.HasPrefix(f.Undo, "//") { // a cookie comes from outside
		undo = f.Undo
	}
	return lang.T(f.Key, args...), undo
}
