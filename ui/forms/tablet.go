package forms

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/form"
	"meixu/app/fault"
	service "meixu/app/forms"
	"meixu/store/term"
	"meixu/ui/kit"
)

// place is where a tablet in a client's hands stands: the page of the form, the page after
// the last screen, and the page of the staff who take the tablet back.
type place struct{ form, after, staff string }

// alone is a tablet locked to one form.
func alone(s service.Sheet) place {
	p := service.FormPath(s.Row.ID)
	return place{form: p, after: p, staff: p}
}

// among is a tablet locked to the forms of a visit.
func among(visit term.VisitID, id term.AnswerID) place {
	p := service.TabletPath(visit)
	return place{form: fmt.Sprintf("%s/%d", p, id), after: p, staff: fmt.Sprintf("/form/visit/%d", visit)}
}

// screenView is one screen of a form in a client's hands.
type screenView struct {
	Form  form.View
	Title string
	Staff string
	Done  bool // signed already
}

// PageTitle is the form's own title.
func (v screenView) PageTitle() string { return v.Title }

// slateView is the first and the last page of a tablet handed over.
type slateView struct {
	service.Slate
	Path  string
	Staff string
	Fresh bool // nothing is done yet
}

var (
	screenPage = kit.New[screenView](pages, "screen.html", "leave.html").As(kit.Handover)
	slatePage  = kit.New[slateView](pages, "slate.html", "leave.html").As(kit.Handover)
)

// handOver puts the tablet into the client's hands: from now on it shows the forms of the
// visit and nothing else, until somebody of the house takes it back by PIN.
func (h room) handOver(c echo.Context) error {
	visit, by, ctx := term.VisitID(kit.ParamID(c, "visit")), kit.Who(c), c.Request().Context()
	if err := h.HandOver(ctx, by, visit); err != nil {
		return err
	}
	by.Once = ""
	if err := h.office.Handover(ctx, by, kit.SessionToken(c), service.TabletPath(visit)); err != nil {
		return err
	}
	return kit.Done(c, "", nil, "%s", service.TabletPath(visit))
}

// slate greets the client and shows which forms there are; in the end it says thanks.
func (h room) slate(c echo.Context) error {
	visit, by := term.VisitID(kit.ParamID(c, "visit")), kit.Who(c)
	if by.Guest.None() {
		return kit.Done(c, "", nil, "/form/visit/%d", visit)
	}
	s, err := h.Slate(c.Request().Context(), by, visit)
	if err != nil {
		return err
	}
	p := among(visit, s.Next)
	v := slateView{Slate: s, Path: p.form, Staff: p.staff, Fresh: true}
	for _, f := range s.Forms {
		v.Fresh = v.Fresh && !f.Done && f.Row.Version <= 2
	}
	return slatePage.Draw(c, http.StatusOK, "forms.tablet.title", v)
}

// screen shows one group of a form.
func (h room) screen(c echo.Context) error {
	visit := term.VisitID(kit.ParamID(c, "visit"))
	if kit.Who(c).Guest.None() {
		return kit.Done(c, "", nil, "/form/visit/%d", visit)
	}
	s, err := h.sheet(c)
	if err != nil {
		return err
	}
	if s.Row.Locked() {
		return kit.Done(c, "", nil, "%s", service.TabletPath(visit))
	}
	return h.drawScreen(c, s, among(visit, s.Row.ID), atStep(c), nil, nil)
}

// atStep is the group that the address names.
func atStep(c echo.Context) int {
	n, err := strconv.Atoi(c.QueryParam("step"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (h room) drawScreen(c echo.Context, s service.Sheet, p place, at int, typed form.Answers, wrong error) error { //nolint:revive // one function draws the empty, the refilled and the refused screen
	answers, status := s.Answers, http.StatusOK
	o := form.Options{Mode: form.ModeHandover, Step: at, SubmitKey: "forms.tablet.sign", DraftKey: service.DraftKey(s.Row)}
	if typed != nil {
		answers = typed.Keep(s.Answers)
	}
	if wrong != nil {
		status = http.StatusUnprocessableEntity
		o.Faults, _ = fault.FieldsOf(wrong)
	}
	v := screenView{Form: form.NewView(s.Template, answers, o), Title: s.Template.Title.In(kit.Who(c).Lang), Staff: p.staff, Done: s.Row.Locked()}
	v.Form.Action = fmt.Sprintf("%s?step=%d", p.form, v.Form.Shown)
	return screenPage.Draw(c, status, "forms.tablet.title", v)
}

// step keeps one screen and goes to the next one, or signs after the last.
func (h room) step(c echo.Context) error {
	visit := term.VisitID(kit.ParamID(c, "visit"))
	if kit.Who(c).Guest.None() {
		return kit.Done(c, "", nil, "/form/visit/%d", visit)
	}
	s, err := h.sheet(c)
	if err != nil {
		return err
	}
	return h.stepOn(c, s, among(visit, s.Row.ID))
}

func (h room) stepOn(c echo.Context, s service.Sheet, p place) error {
	f, by, at := kit.Read(c), kit.Who(c), atStep(c)
	in, err := h.typed(c, s.Row.Client, f)
	if err != nil {
		return err
	}
	in.ID, in.Version = s.Row.ID, 0
	by.Once = "" // screens of one form share a page; what counts is the form itself
	if f.Text("_step") == "done" {
		err = h.SignDraft(c.Request().Context(), by, in)
	} else {
		err = h.Step(c.Request().Context(), by, in, at, f.Int("_step") > at)
	}
	var e *fault.Error
	if errors.As(err, &e) && e.Kind == fault.KindInvalid && s.Row.State == service.AnswerDraft {
		return h.drawScreen(c, s, p, at, in.Answers, err)
	}
	if err != nil {
		return err
	}
	if f.Text("_step") == "done" {
		return kit.Done(c, "", nil, "%s", p.after)
	}
	return kit.Done(c, "", nil, "%s?step=%d", p.form, max(f.Int("_step"), 0))
}
