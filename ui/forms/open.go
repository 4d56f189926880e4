package forms

import (
	"fmt"
	"mime/multipart"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/media"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	service "meixu/app/forms"
	"meixu/store/term"
	"meixu/ui/kit"
)

// readView is a filling to be read.
type readView struct {
	service.Sheet
	Form     form.View
	Title    string
	Diff     bool // differences to the older filling are marked
	Changes  int
	MayAmend bool
	MayVoid  bool
	MayNew   string // address of a further filling
	Void     kit.Edit
	Back     string
}

// ClientBanner hangs the person into the frame.
func (v readView) ClientBanner() *banner.View { return v.Banner }

// SOPStepper hangs the visit's stages into the frame.
func (v readView) SOPStepper() *sop.Stepper { return v.Stepper }

// PageTitle is the form's own title.
func (v readView) PageTitle() string { return v.Title }

// Clinical says that the form is about a person.
func (v readView) Clinical() bool { return v.Client != nil }

var (
	readPage  = kit.New[readView](pages, "read.html")
	paperPage = kit.New[readView](pages, "paper.html").As(kit.Print)
)

func (h room) picture(c echo.Context, client term.ClientID, head *multipart.FileHeader) (media.Prepared, error) {
	file, err := head.Open()
	if err != nil {
		return media.Prepared{}, err
	}
	defer file.Close() //nolint:errcheck // read only
	return h.shelf.Take(c.Request().Context(), kit.Who(c), client, file)
}

func (h room) sheet(c echo.Context) (service.Sheet, error) {
	return h.Open(c.Request().Context(), kit.Who(c), term.AnswerID(kit.ParamID(c, "id")))
}

// open shows a filling: a draft to whoever may fill it, everything else to be read.
func (h room) open(c echo.Context) error {
	s, err := h.sheet(c)
	if err != nil {
		return err
	}
	by := kit.Who(c)
	if !by.Guest.None() {
		return h.drawScreen(c, s, alone(s), atStep(c), nil, nil)
	}
	if s.Row.State == service.AnswerDraft && !s.Elsewhere && by.FillsForm(s.Row.FormCode) {
		return h.drawFill(c, s, fillOptions(s), nil, nil)
	}
	return h.drawRead(c, s)
}

func fillOptions(s service.Sheet) form.Options {
	return form.Options{
		Action: service.FormPath(s.Row.ID), From: form.ShownOf(s.Row), CancelURL: back(s),
		DraftKey: service.DraftKey(s.Row),
	}
}

func (h room) drawRead(c echo.Context, s service.Sheet) error {
	by := kit.Who(c)
	v := h.readOf(c, s, form.ModeRead)
	code, signed := s.Row.FormCode, s.Row.State == service.AnswerSigned
	v.MayAmend = signed && (!s.Elsewhere || s.Corrected) && by.May(access.FormAmend) && by.SignsForm(code)
	v.MayVoid = (signed || s.Row.State == service.AnswerDraft) && !s.Elsewhere && by.May(access.FormVoid)
	if s.Row.State == service.AnswerVoid && !s.Elsewhere && by.FillsForm(code) {
		v.MayNew = newPath(s.Start)
	}
	v.Back = back(s)
	v.Void = kit.Edit{
		Action: service.FormPath(s.Row.ID) + "/void", SubmitKey: "forms.void", Danger: true,
		Fields: []kit.Field{{Name: "_reason", Kind: kit.Text, LabelKey: "forms.void.reason", Required: true, Wide: true}},
	}
	return readPage.Draw(c, http.StatusOK, "forms.title", v)
}

func (h room) readOf(c echo.Context, s service.Sheet, mode form.Mode) readView {
	by, code := kit.Who(c), s.Row.FormCode
	v := readView{Sheet: s, Title: s.Template.Title.In(by.Lang), Diff: c.QueryParam("diff") == "1" && s.Before != nil}
	o := form.Options{Mode: mode, Sees: func(level string) bool { return by.SeesLevel(code, level) }}
	if v.Diff {
		o.Before = &s.Before.Answers
		v.Changes = len(form.Diff(s.Template, s.Before.Answers, s.Answers))
	}
	v.Form = form.NewView(s.Template, s.Answers, o)
	return v
}

// paper draws the filling on A4.
func (h room) paper(c echo.Context) error {
	s, err := h.sheet(c)
	if err != nil {
		return err
	}
	if !kit.Who(c).Guest.None() {
		return fault.Forbidden(string(access.FormView))
	}
	return paperPage.Draw(c, http.StatusOK, "forms.title", h.readOf(c, s, form.ModePrint))
}

// save keeps or signs what was typed into a draft.
func (h room) save(c echo.Context) error {
	by := kit.Who(c)
	s, err := h.sheet(c)
	if err != nil {
		return err
	}
	if !by.Guest.None() {
		return h.stepOn(c, s, alone(s))
	}
	f := kit.Read(c)
	in, err := h.typed(c, s.Row.Client, f)
	if err != nil {
		return err
	}
	if f.Text("_step") == "done" {
		err = h.SignDraft(c.Request().Context(), by, in)
	} else {
		err = h.SaveDraft(c.Request().Context(), by, in)
	}
	if err != nil && mended(err) {
		return h.drawOver(c, s, in.Answers, err)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, doneKey(f), nil, "/form/%d", s.Row.ID)
}

func amendOptions(s service.Sheet) form.Options {
	return form.Options{
		Action: service.FormPath(s.Row.ID) + "/amend", From: form.ShownOf(s.Row), CancelURL: service.FormPath(s.Row.ID),
		DraftKey: fmt.Sprintf("form-%d-amend", s.Row.ID), SubmitKey: "forms.amend.sign", Reason: true,
	}
}

// amend shows a signed filling to be corrected.
func (h room) amend(c echo.Context) error {
	s, err := h.sheet(c)
	if err != nil {
		return err
	}
	if s.Row.State != service.AnswerSigned {
		return fault.Refuse("REG-EMR-09", "form.refuse.amend."+s.Row.State).At(service.FormPath(s.Row.ID))
	}
	if !kit.Who(c).SignsForm(s.Row.FormCode) {
		return fault.Forbidden(string(access.FormAmend))
	}
	return h.drawFill(c, s, amendOptions(s), nil, nil)
}

// correct signs the corrected filling; the old one stays readable.
func (h room) correct(c echo.Context) error {
	s, err := h.sheet(c)
	if err != nil {
		return err
	}
	in, err := h.typed(c, s.Row.Client, kit.Read(c))
	if err != nil {
		return err
	}
	id, err := h.Correct(c.Request().Context(), kit.Who(c), in)
	if err != nil && mended(err) && s.Row.State == service.AnswerSigned {
		o := amendOptions(s)
		if fault.KindOf(err) == fault.KindStale {
			o.Stands = &s.Answers
		}
		return h.drawFill(c, s, o, in.Answers, err)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "forms.amended", nil, "/form/%d?diff=1", id)
}

// void takes a filling out of use.
func (h room) void(c echo.Context) error {
	id := term.AnswerID(kit.ParamID(c, "id"))
	if err := h.Void(c.Request().Context(), kit.Who(c), id); err != nil {
		return err
	}
	return kit.Done(c, "forms.voided", nil, "/form/%d", id)
}
