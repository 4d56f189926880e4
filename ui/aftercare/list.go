package aftercare

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/aftercare"
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
	v.Query = c.QueryString()
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
	return kit.Done(c, "aftercare.closed", nil, "/visit/%d", id)
}
