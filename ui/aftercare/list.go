package aftercare

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/aftercare"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

const pageSize = 40

// listView is the list of follow-ups.
type listView struct {
	aftercare.Page
	Tabs  []kit.Tab
	Pager *kit.Pager
	Query string
	Show  string
}

var listPage = kit.New[listView](pages, "list.html")

func (h desk) readList(c echo.Context) (v listView, err error) {
	all := c.QueryParam("show") == "all"
	v.Pager = kit.NewPager("/aftercare", c.QueryParams(), pageSize)
	f := aftercare.Filter{All: all, Limit: pageSize, Offset: v.Pager.Offset()}
	v.Page, err = h.List(c.Request().Context(), kit.Who(c), f)
	v.Pager.Total = v.Total
	v.Tabs = []kit.Tab{
		{Key: "aftercare.tab.today", Link: "/aftercare", Here: !all},
		{Key: "aftercare.tab.all", Link: "/aftercare?show=all", Here: all},
	}
	v.Query, v.Show = c.QueryString(), c.QueryParam("show")
	return v, err
}

func (h desk) list(c echo.Context) error {
	v, err := h.readList(c)
	if err != nil {
		return err
	}
	return listPage.Draw(c, http.StatusOK, "aftercare.title", v)
}

func (h desk) rows(c echo.Context) error {
	v, err := h.readList(c)
	if err != nil {
		return err
	}
	return listPage.Part(c, http.StatusOK, "care-rows", v)
}

func (h desk) closeVisit(c echo.Context) error {
	id := term.VisitID(kit.ParamID(c, "visit"))
	in := aftercare.Closing{Visit: id, Base: kit.GuestBase(c), Reason: kit.Read(c).Text("reason")}
	if err := h.Close(c.Request().Context(), kit.Who(c), in); err != nil {
		return h.refused(c, id, err)
	}
	from := kit.Read(c).Text("from")
	undo := fmt.Sprintf("/aftercare/close/%d/undo", id)
	if from == "board" {
		return kit.DoneUndo(c, "aftercare.closed", undo+"?from=board", "/board")
	}
	return kit.DoneUndo(c, "aftercare.closed", undo, "/visit/%d", id)
}

var whyPage = kit.New[kit.Why](pages, "why.html")

// whyReopen asks why the close of a visit is taken back.
func (h desk) whyReopen(c echo.Context) error { return h.drawReopen(c, http.StatusOK, nil) }

func (h desk) drawReopen(c echo.Context, status int, bad fault.Fields) error {
	id := term.VisitID(kit.ParamID(c, "visit"))
	about, err := h.Closed(c.Request().Context(), kit.Who(c), id)
	if err != nil {
		return err
	}
	f := kit.Read(c)
	return whyPage.Draw(c, status, "aftercare.why.close", kit.Why{
		Key: "aftercare.why.close", About: about.Client.Name, Note: about.Visit.Number, Action: fmt.Sprintf("/aftercare/close/%d/undo", id),
		Hidden: map[string]string{"from": f.Text("from")}, Field: "_reason", Back: closedBack(f, id), Faults: bad, Typed: f.Text("_reason"),
	})
}

func closedBack(f *kit.Form, id term.VisitID) string {
	if f.Text("from") == "board" {
		return "/board"
	}
	return fmt.Sprintf("/visit/%d", id)
}

func (h desk) reopenVisit(c echo.Context) error {
	id := term.VisitID(kit.ParamID(c, "visit"))
	err := h.OpenAgain(c.Request().Context(), kit.Who(c), id)
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawReopen(c, http.StatusUnprocessableEntity, bad)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "aftercare.reopened", nil, "%s", closedBack(kit.Read(c), id))
}
