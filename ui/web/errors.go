package web

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type errorView struct {
	Refusal kit.Refusal
	Status  int
	Home    bool // the door has a first page to go back to
}

var (
	errorPage = kit.New[errorView](pages, "error.html")
	guestPage = kit.New[errorView](pages, "error.html").As(kit.Guest)
)

// statusOf is the one table from kinds of fault to HTTP.
var statusOf = map[fault.Kind]int{
	fault.KindInternal:  http.StatusInternalServerError,
	fault.KindInvalid:   http.StatusUnprocessableEntity,
	fault.KindNotFound:  http.StatusNotFound,
	fault.KindForbidden: http.StatusForbidden,
	fault.KindStale:     http.StatusConflict,
	fault.KindConflict:  http.StatusConflict,
	fault.KindRefused:   http.StatusConflict,
	fault.KindBusy:      http.StatusServiceUnavailable,
	fault.KindMalformed: http.StatusBadRequest,
}

// statusLeft is what the log says of a browser that went away before its answer: a page that was
// left while its stream or a part of it was being opened. It is no trouble of the house.
const statusLeft = 499

// failed turns any error of a handler into a page, once for the whole house. Causes go to
// the log with the request id and are never shown.
func (s *Server) failed(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	if to, again := replayedTo(err); again {
		answer(c, sendTo(c, to))
		return
	}
	if errors.Is(c.Request().Context().Err(), context.Canceled) {
		answer(c, c.NoContent(statusLeft)) // nobody reads it; the line in the log says so
		return
	}
	e := faultOf(err)
	if to, found := s.above(c); found && e.Kind == fault.KindNotFound {
		answer(c, sendTo(c, to))
		return
	}
	status := statusOf[e.Kind]
	c.Set(refusedKey, cmp.Or(e.Rule, e.Key))
	id := RequestID(c.Request().Context())
	if e.Kind == fault.KindInternal {
		slog.Error("request failed", "id", id, "route", c.Path(), "error", err)
	}
	if e.Key == fault.Changed { // the page with what was typed stays; it may be sent as a new deed
		c.Response().Header().Set(kit.OnceHeader, kit.Once())
	}
	lang := kit.Who(c).Lang
	view := errorView{Status: status, Refusal: *kit.RefusalOf(c, e)}
	view.Refusal.Request = id
	if e.Kind == fault.KindInvalid && len(e.Fields) == 1 { // refused before any room drew its form anew
		view.Refusal.Field = e.Fields[0].Name
	}
	if strings.HasPrefix(c.Request().Header.Get("Accept"), "application/json") {
		answer(c, c.JSON(status, map[string]string{"error": e.Say(lang), "request": id}))
		return
	}
	view.Home = c.Echo() != s.guest
	answer(c, drawError(c, status, view))
}

func drawError(c echo.Context, status int, view errorView) error {
	page := errorPage
	if kit.Who(c).Staff == 0 {
		page = guestPage
	}
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Retarget", "#toasts")
		c.Response().Header().Set("HX-Reswap", "afterbegin")
		return page.Part(c, status, "toast", view)
	}
	title := "web.error.title"
	if m := c.Request().Method; status == http.StatusForbidden && (m == http.MethodGet || m == http.MethodHead) {
		title = "web.error.view" // somebody looked, and did nothing
	}
	return page.Draw(c, status, title, view)
}

// answer reports a broken connection or a broken error page; there is no one left to tell.
func answer(c echo.Context, err error) {
	if err != nil {
		slog.Warn("answering failed", "id", RequestID(c.Request().Context()), "error", err)
	}
}

// faultOf gives every error a fault: Echo's own (no such route, body too large) included.
func faultOf(err error) *fault.Error {
	var e *fault.Error
	var he *echo.HTTPError
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &he) && (he.Code == http.StatusNotFound || he.Code == http.StatusMethodNotAllowed):
		return fault.NotFound("page")
	case errors.As(err, &he) && he.Code == http.StatusRequestEntityTooLarge:
		return &fault.Error{Kind: fault.KindInvalid, Key: "web.large"}
	case errors.As(err, &he) && he.Code < http.StatusInternalServerError:
		return &fault.Error{Kind: fault.KindInvalid, Key: "web.bad", Cause: err}
	}
	return fault.Defect("answering", err)
}
