package forms

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

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

// fillView is a form to be filled at a desk or on a tablet of the house.
type fillView struct {
	service.Sheet
	Form    form.View
	Title   string
	Refused *kit.Refusal
}

// ClientBanner hangs the person into the frame.
func (v fillView) ClientBanner() *banner.View { return v.Banner }

// SOPStepper hangs the visit's stages into the frame.
func (v fillView) SOPStepper() *sop.Stepper { return v.Stepper }

// PageTitle is the form's own title.
func (v fillView) PageTitle() string { return v.Title }

var fillPage = kit.New[fillView](pages, "fill.html")

// startOf reads which form about what is wanted.
func startOf(f *kit.Form) service.Start {
	return service.Start{
		Code: f.Text("code"), Subject: form.Subject{
			Client: term.ClientID(f.ID("client")), Visit: term.VisitID(f.ID("visit")),
			Treatment: term.TreatmentID(f.ID("treatment")), Task: term.TaskID(f.ID("task")),
		},
	}
}

// newPath is the address of an empty form.
func newPath(s service.Start) string {
	q := url.Values{"code": {s.Code}}
	for name, id := range map[string]int64{
		"client": int64(s.Client), "visit": int64(s.Visit), "treatment": int64(s.Treatment), "task": int64(s.Task),
	} {
		if id != 0 {
			q.Set(name, fmt.Sprint(id))
		}
	}
	return "/form/new?" + q.Encode()
}

// blank shows an empty form; nothing is written before it is posted.
func (h room) blank(c echo.Context) error {
	return h.drawBlank(c, startOf(query(c)), nil, nil)
}

// query reads the query string of the address, also of a post.
func query(c echo.Context) *kit.Form {
	return kit.ReadQuery(c)
}

func (h room) drawBlank(c echo.Context, s service.Start, typed form.Answers, wrong error) error {
	by := kit.Who(c)
	sheet, standing, err := h.New(c.Request().Context(), by, s)
	if err != nil {
		return err
	}
	switch {
	case s.Visit != 0 && (!by.FillsForm(s.Code) || standing != 0 && !by.ReadsForm(s.Code)):
		return kit.Done(c, "", nil, "/form/visit/%d", s.Visit) // there it can be handed over
	case standing != 0:
		return kit.Done(c, "", nil, "/form/%d", standing)
	case !by.FillsForm(s.Code):
		return fault.Forbidden(string(access.FormSave))
	}
	o := form.Options{Action: newPath(s), DraftKey: strings.TrimPrefix(newPath(s), "/"), CancelURL: back(sheet)}
	return h.drawFill(c, sheet, o, typed, wrong)
}

// back is where the page leads when nothing is done.
func back(s service.Sheet) string {
	switch {
	case s.Row.Visit != 0:
		return fmt.Sprintf("/form/visit/%d", s.Row.Visit)
	case s.Row.Client != 0:
		return fmt.Sprintf("/client/%d", s.Row.Client)
	}
	return "/"
}

// drawFill draws a form to be filled: with its own answers, or with what was typed and what
// was wrong with it.
func (h room) drawFill(c echo.Context, sheet service.Sheet, o form.Options, typed form.Answers, wrong error) error {
	by, answers, status := kit.Who(c), sheet.Answers, http.StatusOK
	code := sheet.Start.Code
	o.Sees = func(level string) bool { return by.SeesLevel(code, level) }
	o.NoSign = !by.SignsForm(code)
	switch {
	case typed != nil && o.Stands != nil:
		answers, o.Why = sheet.Template.Merged(typed, sheet.Answers), kit.Read(c).Text("_reason")
	case typed != nil:
		answers, o.Why = typed.Keep(sheet.Answers), kit.Read(c).Text("_reason")
	case o.Reason:
		answers = sheet.Template.Unsigned(answers) // an amendment is signed anew
	}
	v := fillView{Sheet: sheet, Title: sheet.Template.Title.In(by.Lang)}
	if wrong != nil {
		status = http.StatusUnprocessableEntity
		o.Faults, _ = fault.FieldsOf(wrong)
		if len(o.Faults) == 0 {
			status = http.StatusConflict
			v.Refused = refusalOf(c, wrong)
		}
	}
	v.Form = form.NewView(sheet.Template, answers, o)
	return fillPage.Draw(c, status, "forms.title", v)
}

// mended says that the page can be drawn again with what was typed: fields were wrong, a gate
// said no, or somebody was faster.
func mended(err error) bool {
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindRefused, fault.KindStale, fault.KindConflict:
		return true
	default:
		return false
	}
}

func refusalOf(c echo.Context, err error) *kit.Refusal {
	var e *fault.Error
	if !errors.As(err, &e) {
		return nil
	}
	return kit.RefusalOf(c, e)
}

// begin keeps or signs a form that did not stand before.
func (h room) begin(c echo.Context) error {
	s := startOf(query(c))
	f, by := kit.Read(c), kit.Who(c)
	if s.Code == "" {
		s = startOf(f)
	}
	var client term.ClientID
	if len(f.FileNames()) > 0 {
		sheet, _, err := h.New(c.Request().Context(), by, s)
		if err != nil {
			return err
		}
		client = sheet.Row.Client // the address may name a visit alone
	}
	in, err := h.typed(c, client, f)
	if err != nil {
		return err
	}
	var id term.AnswerID
	if f.Text("_step") == "done" {
		id, err = h.BeginSigned(c.Request().Context(), by, s, in)
	} else {
		id, err = h.BeginDraft(c.Request().Context(), by, s, in)
	}
	if err != nil && mended(err) {
		return h.drawBegun(c, s, in.Answers, err)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, doneKey(f), nil, "/form/%d", id)
}

// drawBegun draws what could not be begun: where somebody else began the form meanwhile, as what
// was typed over hers.
func (h room) drawBegun(c echo.Context, s service.Start, typed form.Answers, wrong error) error {
	by := kit.Who(c)
	_, standing, err := h.New(c.Request().Context(), by, s)
	if err != nil || standing == 0 {
		return h.drawBlank(c, s, typed, wrong)
	}
	theirs, err := h.Open(c.Request().Context(), by, standing)
	if err != nil || theirs.Elsewhere || !by.FillsForm(s.Code) || !by.ReadsForm(s.Code) {
		return h.drawBlank(c, s, typed, wrong)
	}
	return h.drawOver(c, theirs, typed, wrong)
}

// drawOver draws what was typed into a filling and refused. What somebody else saved meanwhile
// stands beside it; what she signed goes on as a correction, by who may.
func (h room) drawOver(c echo.Context, s service.Sheet, typed form.Answers, wrong error) error {
	by := kit.Who(c)
	switch {
	case s.Row.State == service.AnswerDraft:
		o := fillOptions(s)
		if kind := fault.KindOf(wrong); kind == fault.KindStale || kind == fault.KindConflict {
			o.Stands = &s.Answers
		}
		return h.drawFill(c, s, o, typed, wrong)
	case s.Row.State == service.AnswerSigned && (!s.Elsewhere || s.Corrected) && by.May(access.FormAmend) && by.SignsForm(s.Row.FormCode):
		o := amendOptions(s)
		o.Stands = &s.Answers
		return h.drawFill(c, s, o, typed, wrong)
	}
	return wrong
}

func doneKey(f *kit.Form) string {
	if f.Text("_step") == "done" {
		return "forms.signed"
	}
	return "forms.saved"
}

// typed reads what was typed, and takes the pictures of photo questions to the shelf: slow
// work that happens before the write (rulings 8).
func (h room) typed(c echo.Context, client term.ClientID, f *kit.Form) (service.Typed, error) {
	in := service.Typed{
		ID: term.AnswerID(kit.ParamID(c, "id")), Version: form.ParseShown(f.Text("_version")).Version,
		Answers: form.Bind(f.Values()), Photos: map[string][]media.Prepared{},
	}
	for _, name := range f.FileNames() {
		link, ok := strings.CutPrefix(name, "q.")
		if !ok {
			continue
		}
		for _, head := range f.Files(name) {
			p, err := h.picture(c, client, head)
			if err != nil {
				return in, err
			}
			in.Photos[link] = append(in.Photos[link], p)
		}
	}
	return in, nil
}
