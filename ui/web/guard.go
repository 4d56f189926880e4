package web

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/app/words"
	"meixu/ui/kit"
)

// policy is the content security policy of every page (rulings 22): scripts and styles from
// this house only, pictures also from memory, nothing framed, nothing loaded from outside.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; " +
	"object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; report-uri " + reportPath

// secure sets the headers that keep strangers out of the page.
func secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		// not no-referrer: with it some browsers send forms of our own pages with the origin null, which
		// sameOrigin refuses where there is no TLS
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=()")
		h.Set("X-Robots-Tag", "noindex")
		if !strings.HasPrefix(c.Request().URL.Path, "/assets/") {
			h.Set("Cache-Control", "no-store")
		}
		return next(c)
	}
}

// knownHost refuses requests that name another host (DNS rebinding): only the names in the
// list, loopback and private addresses of this machine's networks are answered.
func knownHost(names []string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			host := c.Request().Host
			if h, _, err := net.SplitHostPort(host); err == nil {
				host = h
			}
			host = strings.ToLower(strings.Trim(host, "[]"))
			ip := net.ParseIP(host)
			local := ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast())
			if !local && !slices.Contains(names, host) {
				c.Set(refusedKey, "web.host")
				return c.String(http.StatusMisdirectedRequest, words.ZH.T("web.host")+"\n")
			}
			return next(c)
		}
	}
}

// sameOrigin refuses posts that another site started (TR: CSRF), by the standard library.
func sameOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return &fault.Error{Kind: fault.KindForbidden, Key: "web.cross", Cause: err}
			}
			return next(c)
		}
	}
}

// languageOf is the language before login: the browser's cookie, else Chinese.
func languageOf(c echo.Context) words.Lang {
	if lang := kit.Cookie(c, kit.LangCookie); lang != "" {
		return words.Parse(lang)
	}
	return words.ZH
}

// switchLanguage keeps the language of this browser for a year.
func switchLanguage(c echo.Context) error {
	c.SetCookie(&http.Cookie{
		Name: kit.CookieName(c, kit.LangCookie), Value: string(words.Parse(c.FormValue("lang"))), Path: "/", MaxAge: 365 * 24 * 60 * 60,
		HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteStrictMode,
	})
	return kit.Done(c, "", nil, "/")
}

// strangerBody is what somebody without a session may send: a login, a set-up.
const strangerBody = 16 << 10

// bodyLimit ends requests that send more than n bytes.
func bodyLimit(n int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.ContentLength > n {
				return echo.ErrStatusRequestEntityTooLarge
			}
			r.Body = http.MaxBytesReader(c.Response(), r.Body, n)
			return next(c)
		}
	}
}

// soon ends requests whose body is not there within strangerWait, whoever reads it: the handler,
// or the server that clears the connection for the next request. People with a session get more.
func soon(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := bodyWithin(c, strangerWait); err != nil {
			return err
		}
		r := c.Request()
		r.Body = &due{ReadCloser: r.Body, whole: func() { _ = bodyWithin(c, bodyWait) }} // an answer may take longer
		return next(c)
	}
}

// bodyWithin gives the body of a request so much time from now.
func bodyWithin(c echo.Context, wait time.Duration) error {
	if c.Request().ContentLength == 0 {
		return nil
	}
	err := http.NewResponseController(c.Response().Writer).SetReadDeadline(Clock().Add(wait))
	if errors.Is(err, http.ErrNotSupported) { // a test's recorder, which has no connection
		return nil
	}
	return err
}

// due is a body that tells when it was read whole.
type due struct {
	io.ReadCloser
	whole func()
}

// Read reads on.
func (d *due) Read(p []byte) (n int, err error) {
	n, err = d.ReadCloser.Read(p)
	if err == io.EOF {
		d.whole()
	}
	return n, err
}

// recovered turns a panic into a fault, so that one broken page never ends the program.
func recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			caught := recover()
			if caught == nil {
				return
			}
			if caught == http.ErrAbortHandler { //nolint:errorlint // the standard library compares it so
				panic(caught)
			}
			err = fault.Defect("answering", fmt.Errorf("panic: %v\n%s", caught, debug.Stack()))
		}()
		return next(c)
	}
}
