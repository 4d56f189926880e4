package admin

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/admin"
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

func (h desk) rolesPage() plain { return plain{"admin.roles.title", "admin.roles.lead", h.rolesEdit} }

func (h desk) rolesForm(c echo.Context) error { return h.rolesPage().draw(c) }

func (h desk) roles(c echo.Context) error {
	f := kit.Read(c)
	in := office.RoleEdit{ID: term.StaffID(kit.ParamID(c, "id")), Version: int64(f.Int("version")), Lead: f.Bool("lead"), Roles: rolesIn(f)}
	if err := h.Office.GrantRoles(c.Request().Context(), kit.Who(c), in); err != nil {
		return h.rolesPage().refused(c, f, err)
	}
	return kit.Done(c, "admin.roles.saved", nil, "/admin/staff")
}

// rolesIn are the roles that were ticked.
func rolesIn(f *kit.Form) (roles []access.Role) {
	for _, r := range f.List("roles") {
		roles = append(roles, access.Role(r))
	}
	return roles
}
