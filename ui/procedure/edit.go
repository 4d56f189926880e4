package procedure

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/people"
	suite "meixu/app/procedure"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

// editView is a page of a treatment that is one form.
type editView struct {
	suite.Choices
	Base    string
	LeadKey string
	Edit    kit.Edit
	Counts  []countLine // stop: what becomes of product taken
	// NoProduct says that there is nothing to count: none was taken.
	NoProduct bool
	// Said are the answers that the final check of contraindications judges.
	Said    []heard
	Refusal *kit.Refusal
}

// heard is a filling as the final check reads it: what stands out, and how many plain "no".
type heard struct {
	Told, Calm form.View
	No         int
}

// ClientBanner hangs the banner into the frame.
func (v editView) ClientBanner() *banner.View { return v.Page.Banner }

// SOPStepper hangs the stepper into the frame.
func (v editView) SOPStepper() *sop.Stepper { return v.Page.Stepper }

var editPage = kit.New[editView](pages, "edit.html", "counts_table.html")

// build makes the fields of one edit page from the treatment's lists.
type build struct {
	title, lead string
	path        string
	fields      func(c suite.Choices) []kit.Field
	danger      bool
	submit      string
	counts      bool
	// seen is what the page shows to be signed; nil where nothing is.
	seen func(c suite.Choices) string
}

// show draws an edit page, filled again when the deed refused.
func (h room) show(c echo.Context, b build, f *kit.Form, said kit.Said) error {
	choices, err := h.Choose(c.Request().Context(), kit.Who(c), idOf(c))
	if err != nil {
		return err
	}
	base := suite.Path(idOf(c))
	v := editView{Choices: choices, Base: base, LeadKey: b.lead, Edit: kit.Edit{
		Action: base + b.path, CancelURL: base, Fields: b.fields(choices), Danger: b.danger, SubmitKey: b.submit,
	}}
	if b.seen != nil {
		v.Edit.Seen = b.seen(choices)
	}
	for _, f := range choices.Judged {
		var x heard
		x.Told, x.Calm, x.No = form.NewView(f.Template, f.Answers, form.Options{Mode: form.ModeRead, Sees: form.Seer(kit.Who(c))}).Parted()
		v.Said = append(v.Said, x)
	}
	status := http.StatusOK
	if b.counts && !choices.Page.Before() {
		v.Counts = countLines(choices.Page, f, said.Faults)
		v.NoProduct = len(v.Counts) == 0
	}
	if f != nil {
		status, v.Refusal = said.Status, said.Refusal
		v.Edit = v.Edit.Filled(f.Values(), said.Faults)
	}
	return editPage.Draw(c, status, b.title, v)
}

// post reads the form, does the deed and goes back to the treatment; a refusal is shown on
// the form's page with what was typed.
func (h room) post(c echo.Context, b build, flash string, do func(f *kit.Form) error) error {
	f := kit.Read(c)
	err := do(f)
	if err != nil {
		if said, ok := b.refused(c, err); ok {
			said.Faults = append(f.Fields, said.Faults...)
			return h.show(c, b, f, said)
		}
		return err
	}
	return kit.Done(c, flash, nil, "%s", suite.Path(idOf(c)))
}

// refused is what a refused post comes back with: a page that shows what is signed comes back
// also when that was exchanged.
func (b build) refused(c echo.Context, err error) (kit.Said, bool) {
	if b.seen != nil {
		return kit.Outdated(c, err)
	}
	return kit.Refused(c, err)
}

// persons lists people to choose; the name is never the only mark.
func persons(list []suite.Colleague) []kit.Option {
	var options []kit.Option
	for _, p := range list {
		options = append(options, kit.Option{Value: text(p.ID), Label: p.Name, Hint: p.Title})
	}
	return options
}

// secondFields are the second person and the PIN.
func secondFields(list []suite.Colleague, help string) []kit.Field {
	return []kit.Field{
		{Name: "second", Kind: kit.Select, LabelKey: "procedure.f.second", HelpKey: help, Options: persons(list)},
		{Name: "second_pin", Kind: kit.PIN, LabelKey: "procedure.f.second_pin"},
	}
}

// when shows fields only while another one has a value.
func when(condition string, fields []kit.Field) []kit.Field {
	for i := range fields {
		fields[i].When = condition
	}
	return fields
}

func secondOf(f *kit.Form) suite.Second {
	return suite.Second{Staff: term.StaffID(f.ID("second")), PIN: f.Text("second_pin")}
}

var identityBuild = build{
	title: "procedure.identity.title", lead: "procedure.identity.lead", path: "/identity", submit: "procedure.identity.submit",
	fields: func(c suite.Choices) []kit.Field {
		return append([]kit.Field{
			{Name: "way", Kind: kit.Chips, LabelKey: "procedure.f.way", Value: "birth", Required: true, Wide: true, Options: []kit.Option{
				{Value: "birth", LabelKey: "procedure.identity.by_birth"}, {Value: "second", LabelKey: "procedure.identity.by_second"},
			}},
			{Name: "birth", Kind: kit.Day, LabelKey: "procedure.f.birth", HelpKey: "procedure.f.birth.help", When: "way=birth"},
		}, when("way=second", secondFields(c.Persons, "procedure.f.second.help"))...)
	},
}

func (h room) identity(c echo.Context) error { return h.show(c, identityBuild, nil, kit.Said{}) }

func (h room) checkIdentity(c echo.Context) error {
	return h.post(c, identityBuild, "procedure.done.identity", func(f *kit.Form) error {
		in := suite.Identity{Treatment: idOf(c), Way: f.Text("way"), Birth: f.Day("birth"), Second: secondOf(f)}
		if err := f.Err(); err != nil {
			return err
		}
		return h.CheckIdentity(c.Request().Context(), kit.Who(c), in)
	})
}

var clearBuild = build{
	title: "procedure.clear.title", lead: "procedure.clear.lead", path: "/clear", submit: "procedure.clear.submit",
	seen: func(c suite.Choices) string { return c.Seen },
	fields: func(c suite.Choices) []kit.Field {
		return []kit.Field{{
			Name: "verdict", Kind: kit.Chips, LabelKey: "procedure.f.verdict", Required: true, Wide: true, Options: []kit.Option{
				{Value: suite.Passed, LabelKey: "procedure.clear.pass"}, {Value: suite.Held, LabelKey: "procedure.clear.hold"},
			},
		}, {
			Name: "note", Kind: kit.Area, LabelKey: "procedure.f.clear_note", HelpKey: "procedure.f.clear_note.help", Wide: true,
			Required: len(c.Found) > 0,
		}}
	},
}

func (h room) clear(c echo.Context) error { return h.show(c, clearBuild, nil, kit.Said{}) }

func (h room) cleared(c echo.Context) error {
	return h.post(c, clearBuild, "procedure.done.clear", func(f *kit.Form) error {
		return h.Clear(c.Request().Context(), kit.Who(c), suite.Clearance{Treatment: idOf(c), Note: f.Text("note"), Verdict: f.Text("verdict")})
	})
}

var companionBuild = build{
	title: "procedure.companion.title", lead: "procedure.companion.lead", path: "/companion",
	fields: func(suite.Choices) []kit.Field {
		return []kit.Field{
			{Name: "name", Kind: kit.Text, LabelKey: "procedure.f.companion", Required: true},
			{Name: "kin", Kind: kit.Text, LabelKey: "procedure.f.kin"},
			{Name: "call", Kind: kit.Phone, LabelKey: "procedure.f.call", Required: true},
		}
	},
}

func (h room) companion(c echo.Context) error { return h.show(c, companionBuild, nil, kit.Said{}) }

func (h room) confirmCompanion(c echo.Context) error {
	return h.post(c, companionBuild, "procedure.done.companion", func(f *kit.Form) error {
		return h.ConfirmCompanion(c.Request().Context(), kit.Who(c), suite.Companion{
			Treatment: idOf(c), Name: f.Text("name"), Kin: f.Text("kin"), Call: f.Text("call"),
		})
	})
}

var assignBuild = build{
	title: "procedure.assign.title", path: "/assign", fields: assignFields,
}

func assignFields(c suite.Choices) []kit.Field {
	t := c.Page.Treatment
	operator := kit.Field{Name: "operator", Kind: kit.Select, LabelKey: "procedure.f.operator", Required: true, Value: zero(t.Operator)}
	for _, o := range c.Operators {
		operator.Options = append(operator.Options, operatorOption(c, o))
	}
	nurse := kit.Field{Name: "nurse", Kind: kit.Select, LabelKey: "procedure.f.nurse", Value: zero(t.Nurse), Options: persons(c.Nurses)}
	room := kit.Field{
		Name: "room", Kind: kit.Select, LabelKey: "procedure.f.room", HelpKey: "procedure.f.room.help", Required: true,
		Value: zero(t.Room), Options: places(c.Rooms, c.Lang),
	}
	fields := []kit.Field{{Name: "version", Kind: kit.Hidden, Value: strconv.Itoa(t.Version)}, operator, nurse, room}
	if c.Page.Item.DeviceKind != "" {
		fields = append(fields, kit.Field{
			Name: "device", Kind: kit.Select, LabelKey: "procedure.f.device", Required: true, Value: zero(t.Device),
			Options: places(c.Devices, c.Lang),
		})
	}
	return fields
}

// operatorOption says beside the name what speaks against a person: why the gate would refuse,
// or that the hands are full or the person not here, which refuses nobody yet.
func operatorOption(c suite.Choices, o people.Operator) kit.Option {
	option := kit.Option{Value: text(o.ID), Label: "✓ " + o.Name, Disabled: !o.May()}
	said := []string{o.Title}
	switch busy := c.Busy[o.ID]; {
	case !o.May():
		option.Label = "✗ " + o.Name
		said = append(said, c.Lang.T(o.Brief()))
	case busy != "":
		said = append(said, c.Lang.T("procedure.assign.busy", busy))
	case !o.Here:
		said = append(said, c.Lang.T("procedure.assign.off"))
	}
	option.Hint = strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " · ")
	return option
}

// places marks what is ready now with a tick; what another treatment has cannot be chosen, and
// says which treatment that is.
func places(list []suite.Choice, lang words.Lang) []kit.Option {
	var options []kit.Option
	for _, p := range list {
		o := kit.Option{Value: strconv.FormatInt(p.ID, 10), Label: "✓ " + p.Name, Disabled: p.Busy}
		var why *fault.Error
		if errors.As(p.Why, &why) {
			o.Label, o.Hint = "✗ "+p.Name, why.Sentence(lang)
		}
		options = append(options, o)
	}
	return options
}

func zero[I ~int64](id I) string {
	if id == 0 {
		return ""
	}
	return text(id)
}

func (h room) assign(c echo.Context) error { return h.show(c, assignBuild, nil, kit.Said{}) }

func (h room) assigned(c echo.Context) error {
	return h.post(c, assignBuild, "procedure.done.assign", func(f *kit.Form) error {
		in := suite.Assign{
			Treatment: idOf(c), Version: f.Int("version"), Operator: term.StaffID(f.ID("operator")), Nurse: term.StaffID(f.ID("nurse")),
			Room: term.RoomID(f.ID("room")), Device: term.DeviceID(f.ID("device")),
		}
		if err := f.Err(); err != nil {
			return err
		}
		return h.Assign(c.Request().Context(), kit.Who(c), in)
	})
}

var stopBuild = build{
	title: "procedure.stop.title", lead: "procedure.stop.lead", path: "/stop", danger: true, submit: "procedure.stop.submit",
	counts: true,
	fields: func(c suite.Choices) []kit.Field {
		fields := []kit.Field{{Name: "reason", Kind: kit.Area, LabelKey: "kit.reason", Required: true, Wide: true}}
		if !c.Page.Running() {
			if c.Page.Toxic() {
				fields = append(fields, secondFields(c.Stock, "procedure.f.second.back")...)
			}
			return fields
		}
		fields = append(fields, kit.Field{
			Name: "session", Kind: kit.Chips, LabelKey: "procedure.f.session", Required: true, Wide: true, Options: []kit.Option{
				{Value: "back", LabelKey: "procedure.stop.back"}, {Value: "used", LabelKey: "procedure.stop.used"},
			},
		})
		if c.Page.Toxic() {
			fields = append(fields, secondFields(c.Stock, "procedure.f.second.waste")...)
		}
		return fields
	},
}

func (h room) stop(c echo.Context) error { return h.show(c, stopBuild, nil, kit.Said{}) }

func (h room) stopped(c echo.Context) error {
	return h.post(c, stopBuild, "procedure.done.stop", func(f *kit.Form) error {
		in := suite.Stop{
			Treatment: idOf(c), Reason: f.Text("reason"), Session: f.Text("session"), Lines: countsOf(f), Second: secondOf(f),
		}
		if err := f.Err(); err != nil {
			return err
		}
		return h.Stop(c.Request().Context(), kit.Who(c), in)
	})
}
