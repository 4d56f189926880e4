package floor

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/reports"
	"meixu/ui/kit"
)

type homeView struct {
	Sections []homeSection
	Links    []link
}

type homeSection struct {
	reports.Section
	Rows []homeRow
	More string
}

type homeRow struct {
	reports.HomeRow
	Link string
}

var homePage = kit.New[homeView](pages, "home.html")

// home is the page on which everybody's day begins. Managers begin at the board and owners
// at their figures, which are what waits for them.
func (h room) home(c echo.Context) error {
	by := kit.Who(c)
	for _, own := range []struct {
		role access.Role
		path string
	}{{access.Owner, "/owner"}, {access.Manager, "/board"}} {
		if by.Is(own.role) && h.routes.Reaches(by, own.path) {
			return c.Redirect(http.StatusSeeOther, own.path)
		}
	}
	v, err := h.homeOf(c)
	if err != nil {
		return err
	}
	return homePage.Draw(c, http.StatusOK, "floor.home.title", v)
}

func (h room) homeRows(c echo.Context) error {
	v, err := h.homeOf(c)
	if err != nil {
		return err
	}
	return homePage.Part(c, http.StatusOK, "rows", v)
}

func (h room) homeOf(c echo.Context) (v homeView, err error) {
	by := kit.Who(c)
	sections, err := h.reports.Home(c.Request().Context(), by)
	v.Sections = h.linked(c, sections)
	for _, l := range []link{
		{Key: "floor.go.newclient", Icon: "user-plus", Path: "/reception/clients/new"},
		{Key: "floor.go.board", Icon: "layout-kanban", Path: "/board"},
		{Key: "floor.go.staff", Icon: "users", Path: "/admin/staff"},
		{Key: "floor.go.trail", Icon: "history", Path: "/admin/trail"},
		{Key: "floor.go.jobs", Icon: "clock-play", Path: "/admin/jobs"},
	} {
		if h.routes.Reaches(by, l.Path) {
			v.Links = append(v.Links, l)
		}
	}
	return v, err
}

// linked gives sections the pages that the person can open.
func (h room) linked(c echo.Context, sections []reports.Section) (list []homeSection) {
	for _, s := range sections {
		line := homeSection{Section: s, More: h.first(c, s.More)}
		for _, r := range s.Rows {
			line.Rows = append(line.Rows, homeRow{r, h.first(c, r.Paths)})
		}
		list = append(list, line)
	}
	return list
}

// first is the first of the pages that the person can open; "" for none.
func (h room) first(c echo.Context, paths []string) string {
	for _, p := range paths {
		if h.routes.Reaches(kit.Who(c), p) {
			return p
		}
	}
	return ""
}
