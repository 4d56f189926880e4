package admin

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

// rolesEdit shows who it is, and lets give and take roles only.
func (h desk) rolesEdit(c echo.Context) (kit.Edit, error) {
	by := kit.Who(c)
	s, err := h.Office.Person(c.Request().Context(), by, term.StaffID(kit.ParamID(c, "id")))
	if err != nil {
		return kit.Edit{}, err
	}
	e := kit.Edit{
		Action: "/admin/staff/" + strconv.FormatInt(int64(s.ID), 10) + "/roles", CancelURL: "/admin/staff",
		Fields: append([]kit.Field{
			{Name: "name", Kind: kit.Static, LabelKey: "admin.staff.name", Value: s.Name},
			{Name: "login", Kind: kit.Static, LabelKey: "admin.login.name", Value: s.Login},
		}, roleFields(by, s.Roles)...),
	}
	e.Field("roles").Values, e.Field("lead").Value = s.Roles, tick(s.Lead)
	e.Fields = append(e.Fields, kit.Field{Name: "version", Kind: kit.Hidden, Value: strconv.FormatInt(s.Version, 10)})
	return e, nil
}

func (h desk) rolesForm(c echo.Context) error {
	e, err := h.rolesEdit(c)
	if err != nil {
		return err
	}
	return formPage.Draw(c, http.StatusOK, "admin.roles.title", formView{LeadKey: "admin.roles.lead", Edit: e})
}

func (h desk) roles(c echo.Context) error {
	f := kit.Read(c)
	in := office.RoleEdit{ID: term.StaffID(kit.ParamID(c, "id")), Version: int64(f.Int("version")), Lead: f.Bool("lead")}
	for _, r := range f.List("roles") {
		in.Roles = append(in.Roles, access.Role(r))
	}
	err := h.Office.GrantRoles(c.Request().Context(), kit.Who(c), in)
	if bad, ok := fault.FieldsOf(err); ok {
		e, err := h.rolesEdit(c)
		if err != nil {
			return err
		}
		return formPage.Draw(c, http.StatusUnprocessableEntity, "admin.roles.title",
			formView{LeadKey: "admin.roles.lead", Edit: e.Filled(f.Values(), bad)})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "admin.roles.saved", nil, "/admin/staff")
}
