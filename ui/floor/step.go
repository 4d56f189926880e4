package floor

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/floor"
	"meixu/store/term"
	"meixu/ui/kit"
)

// stepView is one step of a run: what is known, and the forms to stamp, skip or undo it.
type stepView struct {
	visitView
	Line    stepLine
	Forms   []stepForm
	Refusal *kit.Refusal
}

// stepForm is one of the three deeds on a step.
type stepForm struct {
	Key  string
	Edit kit.Edit
}

var stepPage = kit.New[stepView](pages, "step.html")

// step shows one step by itself; it is also where a form with faults comes back to.
func (h room) step(c echo.Context) error {
	return h.drawStep(c, http.StatusOK, "", kit.Said{})
}

func (h room) drawStep(c echo.Context, status int, deed string, said kit.Said) error {
	base, err := h.read(c, term.VisitID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	f := kit.Read(c)
	v := stepView{visitView: base, Refusal: said.Refusal}
	line, ok := find(base, c.Param("step"), term.TreatmentID(f.ID("treatment")))
	if !ok {
		return fault.NotFound("step")
	}
	v.Line = line
	for _, way := range []struct {
		deed string
		may  bool
	}{{"stamp", line.Stamp}, {"skip", line.Skip}, {"undo", line.Undo}} {
		if !way.may && way.deed != deed {
			continue
		}
		edit := stepEdit(base.ID, line, way.deed)
		if way.deed == deed {
			edit = edit.Filled(f.Values(), said.Prefixed(deed+"_").Faults)
		}
		v.Forms = append(v.Forms, stepForm{"floor.step." + way.deed, edit})
	}
	return stepPage.Draw(c, status, "floor.step.title", v)
}

func find(v visitView, step string, treatment term.TreatmentID) (stepLine, bool) {
	var first *stepLine
	for i := range v.Runs {
		for j := range v.Runs[i].Steps {
			s := &v.Runs[i].Steps[j]
			if s.ID == step && (treatment == 0 && first == nil || s.Treatment == treatment) {
				first = s
			}
		}
	}
	if first == nil {
		return stepLine{}, false
	}
	return *first, true
}

func stepEdit(visit term.VisitID, s stepLine, deed string) kit.Edit {
	path := stepPath(visit, s.RunStep)
	return kit.Edit{
		Action: path + "/" + deed, SubmitKey: "floor.step." + deed, CancelURL: visitPath(visit) + "#" + s.Anchor,
		Fields: []kit.Field{
			{Name: "treatment", Kind: kit.Hidden, Value: number(int64(s.Treatment))},
			{Name: deed + "_reason", Kind: kit.Area, LabelKey: "kit.reason", HelpKey: "floor.step." + deed + ".help", Required: true, Wide: true, Rows: 2},
		},
	}
}

func (h room) stamp(c echo.Context) error { return h.touch(c, "stamp", h.Stamp) }
func (h room) skip(c echo.Context) error  { return h.touch(c, "skip", h.Skip) }
func (h room) undo(c echo.Context) error  { return h.touch(c, "undo", h.Undo) }

// touch reads the form of one of the three deeds, does it, and goes back to the visit.
func (h room) touch(c echo.Context, deed string, do func(context.Context, access.Actor, floor.StepCmd) error) error {
	f := kit.Read(c)
	in := floor.StepCmd{
		Visit: term.VisitID(kit.ParamID(c, "id")), Treatment: term.TreatmentID(f.ID("treatment")),
		Step: c.Param("step"), Reason: f.Text(deed + "_reason"),
	}
	err := f.Err()
	if err == nil {
		err = do(c.Request().Context(), kit.Who(c), in)
	}
	if said, ok := kit.Refused(c, err); err != nil && ok {
		return h.drawStep(c, said.Status, deed, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "floor.step."+deed+".done", []any{in.Step}, "%s", visitPath(in.Visit)+"#"+anchor(sop.RunStep{
		Step: sop.Step{ID: in.Step}, Treatment: in.Treatment,
	}))
}
