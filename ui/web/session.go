package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/app/fault"
	"meixu/ui/kit"
)

// Pages that stay open to a locked session, and to a tablet in a client's hands.
var (
	whileLocked = []string{"/unlock", "/lock", "/logout", "/switch", "/lang"}
	whileHanded = []string{"/reclaim", "/lang", "/draft"}
	whileSecond = []string{"/profile/second", "/profile/second/confirm", "/logout", "/lang", "/lock", "/unlock"}
	whileFresh  = []string{"/profile", "/logout", "/lang", "/lock", "/unlock"}
)

// seated finds who sits at the browser, and keeps locked sessions, handed-over tablets and
// one-time passwords to the few pages that are open to them.
func (s *Server) seated(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		by := access.Actor{Lang: languageOf(c), Request: RequestID(c.Request().Context())}
		kit.SetWho(c, by)
		token := kit.SessionToken(c)
		if c.Request().URL.Path == reportPath { // is nobody's deed: it keeps no session open and has a limit of its own
			return next(c)
		}
		if token == "" || strings.HasPrefix(c.Request().URL.Path, "/assets/") {
			return s.stranger(c, next)
		}
		seat, err := s.app.Admin.Session(c.Request().Context(), token, isBusy(c))
		if errors.Is(err, office.ErrNoSession) { // the cookie stays: another tab may have a newer one by now
			return s.stranger(c, next)
		}
		if err != nil {
			return err
		}
		if err := bodyWithin(c, bodyWait); err != nil {
			return err
		}
		by = seat.Actor
		if c.Request().Method == http.MethodPost {
			changed, leave := s.app.Hub.Seat(by.Session)
			defer leave()
			c.Set(changedKey, changed)
		}
		by.Request = RequestID(c.Request().Context())
		if kit.Cookie(c, kit.LangCookie) != "" {
			by.Lang = languageOf(c)
		}
		kit.SetWho(c, by)
		return s.confined(c, seat, next)
	}
}

// stranger answers who has no session: little is read from them, and they may post only so
// often from one address. A browser that the house knows is counted by itself, so that nobody
// behind the same address keeps a colleague out.
func (s *Server) stranger(c echo.Context, next echo.HandlerFunc) error {
	next = bodyLimit(strangerBody)(next)
	if c.Request().Method == http.MethodPost {
		peer, err := s.peer(c)
		if err != nil {
			return err
		}
		if !s.strangers.allow(peer) {
			return tooOften(c)
		}
	}
	return next(c)
}

// peer is who is counted: the browser that the house knows, or the address.
func (s *Server) peer(c echo.Context) (string, error) {
	mark, ok := kit.KnownStation(c)
	if !ok {
		return c.RealIP(), nil
	}
	enrolled, err := s.app.LAN.Enrolled(c.Request().Context(), mark)
	if err != nil || !enrolled {
		return c.RealIP(), err
	}
	return mark, nil
}

// confined keeps a session that may not roam to its pages.
func (s *Server) confined(c echo.Context, seat office.Seat, next echo.HandlerFunc) error {
	here, by := c.Request().URL.Path, seat.Actor
	switch {
	case by.Locked && !slices.Contains(whileLocked, here):
		if here == "/live" || here == "/draft" {
			return c.NoContent(http.StatusUnauthorized)
		}
		return sendTo(c, "/unlock?next="+url.QueryEscape(pageOf(c)))
	case !by.Guest.None() && !within(here, by.Guest.Path) && !slices.Contains(whileHanded, here):
		if c.Request().Method != http.MethodGet || here == "/live" {
			return fault.Forbidden(string(access.Handover))
		}
		return sendTo(c, by.Guest.Path)
	case seat.MustChange && by.Guest.None() && !slices.Contains(whileFresh, here):
		return sendTo(c, "/profile")
	case seat.MustSecond && !seat.MustChange && by.Guest.None() && !slices.Contains(whileSecond, here):
		return sendTo(c, "/profile/second")
	}
	return next(c)
}

// within says that a path is the page itself or lies below it.
func within(here, page string) bool {
	return here == page || strings.HasPrefix(here, strings.TrimSuffix(page, "/")+"/")
}

// isBusy says that a person did something: the live stream, drafts and elements that refetch
// themselves keep nobody's screen open.
func isBusy(c echo.Context) bool {
	r := c.Request()
	return r.URL.Path != "/live" && r.URL.Path != "/draft" && r.Header.Get("X-Meixu-Live") == ""
}

// sendTo redirects a browser, or tells htmx to.
func sendTo(c echo.Context, to string) error {
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, to)
}
