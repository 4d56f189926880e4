package admin

import (
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/store/term"
	"meixu/ui/kit"
)

func (h desk) settingsEdit(c echo.Context) (kit.Edit, error) {
	list, seen, err := h.Office.Settings(c.Request().Context(), kit.Who(c))
	e := kit.Edit{Action: "/admin/settings", CancelURL: "/", Seen: seen}
	for _, s := range list {
		f := kit.Field{Name: s.Name, Kind: kit.Text, LabelKey: "admin.setting." + s.Name, Value: s.Value, Required: s.Must}
		if len(s.Options) > 0 {
			f.Kind = kit.Select
			if s.Many {
				f.Kind, f.Many, f.Values, f.Value, f.Wide = kit.Chips, true, strings.Split(s.Value, ","), "", true
			}
			for _, o := range s.Options {
				f.Options = append(f.Options, kit.Option{Value: o, LabelKey: "admin.setting." + s.Name + "." + o})
			}
		}
		e.Fields = append(e.Fields, f)
	}
	return e, err
}

func (h desk) settingsPage() plain {
	return plain{"admin.settings.title", "admin.settings.lead", h.settingsEdit}
}

func (h desk) settingsForm(c echo.Context) error { return h.settingsPage().draw(c) }

func (h desk) settings(c echo.Context) error {
	f, values := kit.Read(c), map[string]string{}
	for name := range f.Values() {
		values[name] = strings.Join(f.List(name), ",")
	}
	if err := h.Office.SaveSettings(c.Request().Context(), kit.Who(c), values); err != nil {
		return h.settingsPage().refused(c, f, err)
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
	if !office.MayClose(kit.Who(c), s.Roles) {
		e.Field("name").ReadOnly, e.Field("title").ReadOnly = true, true
	}
	e.Field("login").Value, e.Field("login").ReadOnly, e.Field("login").Required = s.Login, true, false
	if kit.Who(c).May(access.StaffGrant) {
		e.Field("roles").Values, e.Field("roles").Required = s.Roles, len(s.Roles) > 0
		e.Field("lead").Value = tick(s.Lead)
	}
	e.Fields = append(e.Fields, kit.Field{Name: "shift", Kind: kit.Check, LabelKey: "admin.staff.shift", Value: tick(s.OnShift)})
	e.Fields = append(e.Fields, accountFields(s.Active, office.MayClose(kit.Who(c), s.Roles))...)
	e.Fields = append(e.Fields, kit.Field{Name: "version", Kind: kit.Hidden, Value: strconv.FormatInt(s.Version, 10)})
	return e, nil
}

// accountFields ask whether the account is open and whether its PIN goes, where the actor may say
// so; elsewhere the state is sent back as it is.
func accountFields(active, may bool) []kit.Field {
	if !may {
		return []kit.Field{{Name: "active", Kind: kit.Hidden, Value: tick(active)}}
	}
	return []kit.Field{
		{Name: "active", Kind: kit.Check, LabelKey: "admin.staff.active.label", Value: tick(active)},
		{Name: "clear_pin", Kind: kit.Check, LabelKey: "admin.staff.clear_pin", HelpKey: "admin.staff.clear_pin.help", Asks: true},
		{Name: "emergency", Kind: kit.Check, LabelKey: "admin.staff.emergency", HelpKey: "admin.staff.emergency.help", Asks: true},
		{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", HelpKey: "admin.staff.emergency.reason", Wide: true, Asks: true},
	}
}

func tick(on bool) string {
	if on {
		return "on"
	}
	return ""
}

func (h desk) personPage() plain {
	return plain{"admin.staff.edit", "admin.staff.edit.lead", h.personEdit}
}

func (h desk) personForm(c echo.Context) error { return h.personPage().draw(c) }

func (h desk) person(c echo.Context) error {
	f := kit.Read(c)
	in := office.StaffEdit{
		ID: term.StaffID(kit.ParamID(c, "id")), Version: int64(f.Int("version")), Name: f.Text("name"), Title: f.Text("title"),
		Lead: f.Bool("lead"), OnShift: f.Bool("shift"), Active: f.Bool("active"), ClearPIN: f.Bool("clear_pin"), Roles: rolesIn(f),
		Emergency: f.Bool("emergency"), Reason: f.Text("reason"),
	}
	left, err := h.Office.EditStaff(c.Request().Context(), kit.Who(c), in)
	if err != nil {
		return h.personPage().refused(c, f, err)
	}
	if left.Held > 0 {
		return kit.Done(c, "admin.staff.left.held", []any{in.Name, left.Sessions, left.Held}, "/admin/staff")
	}
	if left.Disabled {
		return kit.Done(c, "admin.staff.left", []any{in.Name, left.Sessions}, "/admin/staff")
	}
	return kit.Done(c, "admin.staff.saved", []any{in.Name}, "/admin/staff")
}
