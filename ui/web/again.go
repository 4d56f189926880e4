package web

import (
	"errors"
	"slices"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/ui/kit"
)

// changedKey holds what tells that the session of a post changed while its body came in.
const changedKey = "meixu.web.changed"

// again looks who posts once more where the session was ended, locked, handed over or given other roles
// since the door let the post in. Who is nobody any more is sent to the login by the route.
func (s *Server) again(c echo.Context) (answered bool, err error) {
	changed, watched := c.Get(changedKey).(<-chan struct{})
	if !watched {
		return false, nil
	}
	select {
	case <-changed:
	default:
		return false, nil
	}
	was := kit.Who(c)
	seat, err := s.app.Admin.SeatOf(c.Request().Context(), was.Session)
	if errors.Is(err, office.ErrNoSession) {
		kit.SetWho(c, access.Actor{Lang: was.Lang, Request: was.Request})
		return false, nil
	}
	if err != nil {
		return false, err
	}
	here, by := c.Request().URL.Path, seat.Actor
	switch {
	case by.Locked && !was.Locked && !slices.Contains(whileLocked, here):
		return true, sendTo(c, "/unlock")
	case by.Guest != was.Guest && !within(here, by.Guest.Path) && !slices.Contains(whileHanded, here):
		return true, sendTo(c, "/")
	}
	by.Lang, by.Request, by.Once, by.Reason, by.Posted, by.Seen = was.Lang, was.Request, was.Once, was.Reason, was.Posted, was.Seen
	kit.SetWho(c, by)
	return false, nil
}
