package procedure

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	suite "meixu/app/procedure"
	"meixu/ui/kit"
)

// formView is a form of the treatment: to be filled, or to be read once it is signed.
type formView struct {
	suite.Sheet
	Base    string
	Form    form.View
	Second  []kit.Field
	Start   *kit.Edit // skin test: set the test first
	Amend   bool
	Refusal *kit.Refusal
}

// ClientBanner hangs the banner into the frame.
func (v formView) ClientBanner() *banner.View { return v.Page.Banner }

// SOPStepper hangs the stepper into the frame.
func (v formView) SOPStepper() *sop.Stepper { return v.Page.Stepper }

var formPage = kit.New[formView](pages, "form.html")

// typed is what was posted to a form page and refused.
type typed struct {
	filling kit.Filling
	form    *kit.Form
	said    kit.Said
}

func (h room) form(c echo.Context) error {
	return h.drawForm(c, suite.Which(c.Param("which")), nil, false)
}

func (h room) drawForm(c echo.Context, which suite.Which, in *typed, amend bool) error {
	s, err := h.Sheet(c.Request().Context(), kit.Who(c), idOf(c), which)
	if err != nil {
		return err
	}
	base := suite.Path(idOf(c))
	v := formView{Sheet: s, Base: base, Amend: amend}
	o := form.Options{
		Mode: form.ModeEdit, Action: base + "/form/" + string(which), From: form.ShownOf(s.Filled.Row), CancelURL: base,
		Seen: s.Seen, Sees: form.Seer(kit.Who(c)), SubmitKey: submitKey(which), DraftKey: "procedure." + string(which) + "." + text(s.Page.ID),
	}
	if amend {
		o.Seen = s.Page.Seen
		o.Action, o.Reason, o.SubmitKey, o.DraftKey = base+"/amend", true, "procedure.amend.submit", "procedure.amend."+text(s.Filled.Row.ID)
		s.Filled.Answers = s.Filled.Template.Unsigned(s.Filled.Answers) // an amendment is signed anew
	} else if s.Past {
		o.Mode = form.ModeRead
	}
	answers, status := s.Filled.Answers, http.StatusOK
	v.Second = secondOn(s, which, amend)
	if in != nil && in.filling.Answers != nil {
		o.Why = in.filling.Reason
		answers, status, o.Faults, v.Refusal = in.filling.Answers.Keep(answers), in.said.Status, in.said.Faults, in.said.Refusal
		v.Second = kit.Fill(v.Second, in.form.Values(), in.said.Faults)
		if in.said.Stale && s.Filled.Row.ID != 0 {
			answers, o.Stands = s.Filled.Template.Merged(in.filling.Answers, s.Filled.Answers), &s.Filled.Answers
		}
	}
	if which == suite.FormSkinTest && s.Page.SkinTest == nil && !s.Past {
		v.Start = skinTestEdit(base)
		if in != nil && in.filling.Answers == nil {
			edit := v.Start.Filled(in.form.Values(), in.said.Faults)
			v.Start, status, v.Refusal = &edit, in.said.Status, in.said.Refusal
		}
	}
	v.Form = form.NewView(s.Filled.Template, answers, o)
	if which.TwoPersons() && o.Mode == form.ModeEdit {
		v.Form = unasked(v.Form, form.Name(suite.SecondPerson))
	}
	return formPage.Draw(c, status, "procedure.form."+string(which), v)
}

// unasked takes a question off a form: who confirms it by PIN is not typed as well.
func unasked(v form.View, name string) form.View {
	for i := range v.Sections {
		v.Sections[i].Fields = slices.DeleteFunc(v.Sections[i].Fields, func(f form.Field) bool { return f.Name == name })
	}
	return v
}

// secondOn are the second person's fields: of the checks that want two, and of an amendment
// where a toxic drug was used. A sign-out after a red flag asks how it was handled.
func secondOn(s suite.Sheet, which suite.Which, amend bool) []kit.Field {
	switch {
	case amend && s.Page.Toxic():
		return secondFields(s.Stock, "procedure.f.second.amend")
	case !which.TwoPersons() || s.Past:
		return nil
	}
	fields := secondFields(s.Persons, "procedure.f.second.help")
	if len(s.Flags) > 0 {
		fields = append(fields, kit.Field{Name: "handled", Kind: kit.Area, LabelKey: "procedure.f.handled", Required: true, Wide: true})
	}
	return fields
}

// submitKey names the last button after what it leads to.
func submitKey(which suite.Which) string {
	if which == suite.FormRecord {
		return "procedure.record.submit"
	}
	return ""
}

func skinTestEdit(base string) *kit.Edit {
	return &kit.Edit{Action: base + "/skintest", SubmitKey: "procedure.skintest.submit", Fields: []kit.Field{
		{Name: "drug", Kind: kit.Text, LabelKey: "procedure.f.drug", HelpKey: "procedure.f.drug.help", Required: true, Wide: true},
	}}
}

func (h room) startSkinTest(c echo.Context) error {
	f := kit.Read(c)
	if err := h.StartSkinTest(c.Request().Context(), kit.Who(c), idOf(c), f.Text("drug")); err != nil {
		said, ok := kit.Refused(c, err)
		if !ok {
			return err
		}
		return h.drawForm(c, suite.FormSkinTest, &typed{form: f, said: said}, false)
	}
	return kit.Done(c, "procedure.done.skintest", nil, "%s/form/skintest", suite.Path(idOf(c)))
}

func (h room) fill(c echo.Context) error {
	which := suite.Which(c.Param("which"))
	f, filling := kit.Read(c), kit.ReadFilling(c)
	if err := h.keepShots(c, f, which); err != nil {
		return h.refusedForm(c, typed{filling: filling, form: f}, err, false)
	}
	in := suite.Fill{
		Treatment: idOf(c), Which: which, Shown: filling.Shown, Answers: filling.Answers, Done: filling.Done, Second: secondOf(f),
		Handled: f.Text("handled"),
	}
	err := f.Err()
	if err == nil {
		_, err = h.Fill(c.Request().Context(), kit.Who(c), in)
	}
	if err != nil {
		return h.refusedForm(c, typed{filling: filling, form: f}, err, false)
	}
	if !filling.Done {
		return kit.Done(c, "procedure.done.draft", nil, "%s/form/%s", suite.Path(idOf(c)), which)
	}
	return kit.Done(c, "procedure.done."+string(which), nil, "%s", suite.Path(idOf(c)))
}

// keepShots keeps the photos posted with a record as immediate photos of the treatment.
func (h room) keepShots(c echo.Context, f *kit.Form, which suite.Which) error {
	if which != suite.FormRecord {
		return nil
	}
	by := kit.Who(c)
	once := by.Once
	by.Once = "" // the record's own post uses the key
	kit.SetWho(c, by)
	err := h.uploaded(c, f, form.Name("photo_after"), "immediate", "front")
	by.Once = once
	kit.SetWho(c, by)
	if errors.Is(err, errNoUpload) {
		return nil
	}
	return err
}

func (h room) refusedForm(c echo.Context, in typed, err error, amend bool) error {
	said, ok := kit.Outdated(c, err)
	if !ok {
		return err
	}
	in.said = said
	which := suite.Which(c.Param("which"))
	if amend {
		which = suite.FormRecord
	}
	return h.drawForm(c, which, &in, amend)
}

func (h room) amend(c echo.Context) error { return h.drawForm(c, suite.FormRecord, nil, true) }

func (h room) amended(c echo.Context) error {
	f, filling := kit.Read(c), kit.ReadFilling(c)
	in := suite.Amendment{Treatment: idOf(c), Shown: filling.Shown, Answers: filling.Answers, Reason: filling.Reason, Second: secondOf(f)}
	err := f.Err()
	if err == nil {
		err = h.AmendRecord(c.Request().Context(), kit.Who(c), in)
	}
	if err != nil {
		return h.refusedForm(c, typed{filling: filling, form: f}, err, true)
	}
	return kit.Done(c, "procedure.done.amend", nil, "%s", suite.Path(idOf(c)))
}
