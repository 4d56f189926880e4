package web

import (
	"log/slog"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/tasks"
	"meixu/ui/kit"
)

const countsKey = "meixu.web.counts"

// counts are the person's tasks, read once a page for rail and top bar.
func (s *Server) counts(c echo.Context) tasks.Counts {
	if have, ok := c.Get(countsKey).(tasks.Counts); ok {
		return have
	}
	var n tasks.Counts
	by := kit.Who(c)
	if by.SignedIn() {
		var err error
		if n, err = s.app.Rooms.Tasks.Counts(c.Request().Context(), by); err != nil { // a page without its numbers is better than no page
			slog.Warn("counting tasks failed", "id", RequestID(c.Request().Context()), "error", err)
		}
	}
	c.Set(countsKey, n)
	return n
}

// badges are the numbers in the rail: what is due today, by the key of the room.
func (s *Server) badges(c echo.Context) map[string]int {
	n := s.counts(c)
	marks := map[string]int{"tasks": n.Due}
	if kit.Who(c).Is(access.Aftercare) {
		marks["aftercare"] = n.Due
	}
	return marks
}

// notices tell people for some days that somebody came in by a reset password, and who sees
// photos which ones a restore still owes.
func (s *Server) notices(c echo.Context) (said []string) {
	by := kit.Who(c)
	list, err := s.app.Admin.Notices(c.Request().Context(), by)
	if err != nil {
		slog.Warn("reading notices failed", "id", RequestID(c.Request().Context()), "error", err)
	}
	for _, n := range list {
		if n.Everyone {
			said = append(said, by.Lang.T("admin.notice.console", n.Name, n.At.Stamp(s.app.DB.Zone())))
			continue
		}
		said = append(said, by.Lang.T("admin.notice.reset", n.Name, n.At.Stamp(s.app.DB.Zone()), n.By))
	}
	if by.May(access.MediaView) || by.May(access.BackupView) {
		if owed := s.app.Keeping.Owed(); owed.All > 0 {
			said = append(said, by.Lang.T(owed.Key(), owed.Args()...))
		}
	}
	return said
}

// late is how many of the person's tasks ran over, for the top bar.
func (s *Server) late(c echo.Context) int { return s.counts(c).Overdue }
