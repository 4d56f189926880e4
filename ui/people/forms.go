package people

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	office "meixu/app/people"
	"meixu/store/term"
	"meixu/ui/kit"
)

// formView is a page that is one form.
type formView struct {
	Back    string
	LeadKey string
	Edit    kit.Edit
	Refusal *kit.Refusal
}

var formPage = kit.New[formView](pages, "form.html")

// draw draws the form, filled again when it was not taken.
func draw(c echo.Context, titleKey string, v formView, f *kit.Form, said kit.Said) error {
	status := http.StatusOK
	if f != nil {
		status = said.Status
		v.Edit, v.Refusal = v.Edit.Filled(f.Values(), said.Faults), said.Refusal
	}
	return formPage.Draw(c, status, titleKey, v)
}

func (h room) licenceForm(c echo.Context) error { return h.drawLicence(c, nil, kit.Said{}) }

func (h room) drawLicence(c echo.Context, f *kit.Form, said kit.Said) error {
	staff, err := h.staffField(c)
	if err != nil {
		return err
	}
	kind := kit.Field{Name: "kind", Kind: kit.Select, LabelKey: "people.f.kind", Required: true}
	for _, k := range office.PaperKinds {
		kind.Options = append(kind.Options, kit.Option{Value: k, LabelKey: "people.paper." + k})
	}
	return draw(c, "people.licence.title", formView{Back: "/people", LeadKey: "people.licence.lead", Edit: kit.Edit{
		Action: "/people/licence/new", CancelURL: "/people", Fields: []kit.Field{
			staff, kind,
			{Name: "number", Kind: kit.Text, LabelKey: "people.f.number", Required: true},
			{Name: "scope", Kind: kit.Text, LabelKey: "people.f.scope"},
			{Name: "from", Kind: kit.Day, LabelKey: "people.f.from", Required: true},
			{Name: "until", Kind: kit.Day, LabelKey: "people.f.until", HelpKey: "people.f.until.help"},
			{Name: "place_here", Kind: kit.Check, LabelKey: "people.f.place"},
		},
	}}, f, said)
}

func (h room) staffField(c echo.Context) (kit.Field, error) {
	v, err := h.Look(c.Request().Context(), kit.Who(c))
	field := kit.Field{Name: "staff", Kind: kit.Select, LabelKey: "people.f.staff", Required: true, Value: c.QueryParam("staff")}
	for _, p := range v.People {
		field.Options = append(field.Options, kit.Option{Value: strconv.FormatInt(int64(p.Staff.ID), 10), Label: p.Staff.Name, Hint: p.Staff.Title})
	}
	return field, err
}

func (h room) licence(c echo.Context) error {
	f := kit.Read(c)
	in := office.PaperIn{
		Staff: term.StaffID(f.ID("staff")), Kind: f.Text("kind"), Number: f.Text("number"), Scope: f.Text("scope"),
		PlaceHere: f.Bool("place_here"), From: f.Day("from"), Until: f.Day("until"),
	}
	err := f.Err()
	if err == nil {
		_, err = h.AddLicence(c.Request().Context(), kit.Who(c), in)
	}
	if said, ok := kit.Refused(c, err); ok {
		return h.drawLicence(c, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "people.done.added", nil, "/people")
}

func (h room) suspendForm(c echo.Context) error {
	return drawSuspend(c, c.QueryParam("lift") == "1", nil, kit.Said{})
}

func drawSuspend(c echo.Context, lift bool, f *kit.Form, said kit.Said) error {
	title, value := "people.suspend.title", ""
	if lift {
		title, value = "people.lift.title", "1"
	}
	return draw(c, title, formView{Back: "/people", LeadKey: "people.suspend.lead", Edit: kit.Edit{
		Action: c.Request().URL.Path, CancelURL: "/people", Danger: !lift, SubmitKey: title, Fields: []kit.Field{
			{Name: "lift", Kind: kit.Hidden, Value: value},
			{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true, Focus: true},
		},
	}}, f, said)
}

func (h room) suspend(c echo.Context) error {
	f := kit.Read(c)
	lift := f.Bool("lift")
	err := h.SuspendLicence(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"), !lift, f.Text("reason"))
	if said, ok := kit.Refused(c, err); ok {
		return drawSuspend(c, lift, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "people.done.suspended", nil, "/people")
}

func (h room) rightForm(c echo.Context) error { return h.drawRight(c, nil, kit.Said{}) }

func (h room) drawRight(c echo.Context, f *kit.Form, said kit.Said) error {
	staff, err := h.staffField(c)
	if err != nil {
		return err
	}
	v, err := h.Look(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	kind := kit.Field{Name: "kind", Kind: kit.Select, LabelKey: "people.f.item_kind", Required: true, Value: c.QueryParam("kind")}
	for _, k := range v.Kinds {
		kind.Options = append(kind.Options, kit.Option{Value: k, LabelKey: office.ItemKindKey(k)})
	}
	level := kit.Field{Name: "level", Kind: kit.Chips, LabelKey: "people.f.level", Required: true, Wide: true}
	for _, l := range office.RightLevels {
		level.Options = append(level.Options, kit.Option{Value: l, LabelKey: "people.right." + l})
	}
	for _, p := range v.People {
		if strconv.FormatInt(int64(p.Staff.ID), 10) == staff.Value {
			level.Value = p.Rights[kind.Value].Level
		}
	}
	return draw(c, "people.right.title", formView{Back: "/people/rights", LeadKey: "people.right.lead", Edit: kit.Edit{
		Action: "/people/right", CancelURL: "/people/rights", Fields: []kit.Field{
			staff, kind, level, {Name: "until", Kind: kit.Day, LabelKey: "people.f.right_until", HelpKey: "people.f.right_until.help"},
		},
	}}, f, said)
}

func (h room) right(c echo.Context) error {
	f := kit.Read(c)
	in := office.Grant{Staff: term.StaffID(f.ID("staff")), ItemKind: f.Text("kind"), Level: f.Text("level"), Until: f.Day("until")}
	err := f.Err()
	if err == nil {
		err = h.GrantRight(c.Request().Context(), kit.Who(c), in)
	}
	if said, ok := kit.Refused(c, err); ok {
		return h.drawRight(c, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "people.done.right", nil, "/people/rights")
}
