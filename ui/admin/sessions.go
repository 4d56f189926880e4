package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	office "meixu/app/admin"
	"meixu/store/term"
	"meixu/ui/kit"
)

// sessionsView lists where one is signed in.
type sessionsView struct {
	List   []office.OwnSession
	Others bool // there are sessions beside the present one
}

var sessionsPage = kit.New[sessionsView](pages, "sessions.html")

func (h desk) sessions(c echo.Context) error {
	list, err := h.Office.Sessions(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return sessionsPage.Draw(c, http.StatusOK, "admin.sessions.title", sessionsView{list, len(list) > 1})
}

func (h desk) endSession(c echo.Context) error {
	err := h.Office.EndSession(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"))
	if err != nil {
		return err
	}
	return kit.Done(c, "admin.sessions.ended", nil, "/profile/sessions")
}

func (h desk) endOthers(c echo.Context) error {
	if err := h.Office.EndOthers(c.Request().Context(), kit.Who(c)); err != nil {
		return err
	}
	return kit.Done(c, "admin.sessions.ended.others", nil, "/profile/sessions")
}

func (h desk) expel(c echo.Context) error {
	if err := h.Office.Expel(c.Request().Context(), kit.Who(c), term.StaffID(kit.ParamID(c, "id"))); err != nil {
		return err
	}
	return kit.Done(c, "admin.sessions.expelled", nil, "/admin/staff")
}

func (h desk) expelAll(c echo.Context) error {
	if err := h.Office.ExpelAll(c.Request().Context(), kit.Who(c)); err != nil {
		return err
	}
	return kit.Done(c, "admin.sessions.expelled.all", nil, "/admin/staff")
}
