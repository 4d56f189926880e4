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

func settingsEdit(list []office.Setting) kit.Edit {
	e := kit.Edit{Action: "/admin/settings", CancelURL: "/"}
	for _, s := range list {
		f := kit.Field{Name: s.Name, Kind: kit.Text, LabelKey: "admin.setting." + s.Name, Value: s.Value, Required: s.Must}
		if len(s.Options) > 0 {
			f.Kind = kit.Select
			for _, o := range s.Options {
				f.Options = append(f.Options, kit.Option{Value: o, LabelKey: "admin.setting." + s.Name + "." + o})
			}
		}
		e.Fields = append(e.Fields, f)
	}
	return e
}

func (h desk) settingsForm(c echo.Context) error {
	list, err := h.Office.Settings(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return formPage.Draw(c, http.StatusOK, "admin.settings.title",
		formView{LeadKey: "admin.settings.lead", Edit: settingsEdit(list)})
}

func (h desk) settings(c echo.Context) error {
	f, values := kit.Read(c), map[string]string{}
	for name := range f.Values() {
		values[name] = f.Text(name)
	}
	err := h.Office.SaveSettings(c.Request().Context(), kit.Who(c), values)
	if bad, ok := fault.FieldsOf(err); ok {
		list, err := h.Office.Settings(c.Request().Context(), kit.Who(c))
		if err != nil {
			return err
		}
		return formPage.Draw(c, http.StatusUnprocessableEntity, "admin.settings.title",
			formView{LeadKey: "admin.settings.lead", Edit: settingsEdit(list).Filled(f.Values(), bad)})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "admin.settings.saved", nil, "/admin/settings")
}

func (h desk) personEdit(c echo.Context) (kit.Edit, error) {
	s, err := h.Office.Person(c.Request().Context(), kit.Who(c), term.StaffID(kit.ParamID(c, "id")))
	if err != nil {
		return kit.Edit{}, err
	}
	e := staffEdit(kit.Who(c), s.Roles)
	e.Action = "/admin/staff/" + strconv.FormatInt(int64(s.ID), 10)
	e.Field("name").Value, e.Field("title").Value = s.Name, s.Title
	e.Field("login").Value, e.Field("login").ReadOnly, e.Field("login").Required = s.Login, true, false
	if kit.Who(c).May(access.StaffGrant) {
		e.Field("roles").Values, e.Field("roles").Required = s.Roles, len(s.Roles) > 0
		e.Field("lead").Value = tick(s.Lead)
	}
	e.Fields = append(e.Fields,
		kit.Field{Name: "shift", Kind: kit.Check, LabelKey: "admin.staff.shift", Value: tick(s.OnShift)},
		kit.Field{Name: "active", Kind: kit.Check, LabelKey: "admin.staff.active.label", Value: tick(s.Active)},
		kit.Field{Name: "clear_pin", Kind: kit.Check, LabelKey: "admin.staff.clear_pin", HelpKey: "admin.staff.clear_pin.help"},
		kit.Field{Name: "version", Kind: kit.Hidden, Value: strconv.FormatInt(s.Version, 10)})
	return e, nil
}

func tick(on bool) string {
	if on {
		return "on"
	}
	return ""
}

func (h desk) personForm(c echo.Context) error {
	e, err := h.personEdit(c)
	if err != nil {
		return err
	}
	return formPage.Draw(c, http.StatusOK, "admin.staff.edit", formView{LeadKey: "admin.staff.edit.lead", Edit: e})
}

func (h desk) person(c echo.Context) error {
	f := kit.Read(c)
	in := office.StaffEdit{
		ID: term.StaffID(kit.ParamID(c, "id")), Version: int64(f.Int("version")), Name: f.Text("name"), Title: f.Text("title"),
		Lead: f.Bool("lead"), OnShift: f.Bool("shift"), Active: f.Bool("active"), ClearPIN: f.Bool("clear_pin"),
	}
	for _, r := range f.List("roles") {
		in.Roles = append(in.Roles, access.Role(r))
	}
	err := h.Office.EditStaff(c.Request().Context(), kit.Who(c), in)
	if bad, ok := fault.FieldsOf(err); ok {
		e, err := h.personEdit(c)
		if err != nil {
			return err
		}
		return formPage.Draw(c, http.StatusUnprocessableEntity, "admin.staff.edit",
			formView{LeadKey: "admin.staff.edit.lead", Edit: e.Filled(f.Values(), bad)})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "admin.staff.saved", []any{in.Name}, "/admin/staff")
}
