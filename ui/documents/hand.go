package documents

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/document"
	"meixu/app/fault"
	"meixu/app/papers"
	"meixu/store/term"
	"meixu/ui/kit"
)

// greetView is the first and the last page of a tablet handed over with all papers.
type greetView struct {
	papers.Hand
	Plan  term.PlanID
	Staff string // where staff go on after taking the tablet back
}

// Open is the page of the first paper that waits.
func (v greetView) Open() string { return papers.HandPaperPath(v.Plan, v.Next) }

// handView is one paper in the client's hands.
type handView struct {
	Paper    papers.Paper
	Doc      kit.Doc
	Pads     []pad
	Number   int
	Of       int
	Refuse   kit.Field
	Refusal  string // where a no is posted; "" when this paper cannot be refused
	Refusing bool   // a no was posted with something wrong
	Staff    string
}

// PageTitle is the title of the paper itself.
func (v handView) PageTitle() string { return v.Paper.Title }

var (
	greetPage = kit.New[greetView](pages, "greet.html", "leave.html").As(kit.Handover)
	handPage  = kit.New[handView](pages, "hand.html", "leave.html").As(kit.Handover)
)

func planID(c echo.Context) term.PlanID { return term.PlanID(kit.ParamID(c, "plan")) }

func staffPath(plan term.PlanID) string { return "/plan/" + idText(plan) }

// handOver puts the tablet into the client's hands: from now on it shows the papers of the
// plan and nothing else, until somebody of the house takes it back by PIN.
func (h room) handOver(c echo.Context) error {
	plan, by, ctx := planID(c), kit.Who(c), c.Request().Context()
	if err := h.HandOver(ctx, by, plan); err != nil {
		return err
	}
	by.Once = ""
	if err := h.office.Handover(ctx, by, kit.SessionToken(c), papers.HandPath(plan)); err != nil {
		return err
	}
	return kit.Done(c, "", nil, "%s", papers.HandPath(plan))
}

// handOverOne does the same with one paper.
func (h room) handOverOne(c echo.Context) error {
	id, by, ctx := term.DocumentID(kit.ParamID(c, "id")), kit.Who(c), c.Request().Context()
	if err := h.HandOverOne(ctx, by, id); err != nil {
		return err
	}
	by.Once = ""
	if err := h.office.Handover(ctx, by, kit.SessionToken(c), papers.Path(id)); err != nil {
		return err
	}
	return kit.Done(c, "", nil, "%s", papers.Path(id))
}

// greet shows which papers there are; in the end it says thanks.
func (h room) greet(c echo.Context) error {
	plan := planID(c)
	if kit.Who(c).Guest.None() {
		return kit.Done(c, "", nil, "%s", staffPath(plan))
	}
	hand, err := h.Hand(c.Request().Context(), kit.Who(c), plan)
	if err != nil {
		return err
	}
	return greetPage.Draw(c, http.StatusOK, "documents.hand.title", greetView{Hand: hand, Plan: plan, Staff: staffPath(plan)})
}

// inHand shows one paper in large type.
func (h room) inHand(c echo.Context) error {
	if kit.Who(c).Guest.None() {
		return kit.Done(c, "", nil, "%s", papers.Path(id(c)))
	}
	return h.drawHand(c, "", nil)
}

// drawHand draws the paper in hand; role is who tried to sign, "" with a wrong means a no
// that lacks its reason. A paper that no longer waits gives way to the next one.
func (h room) drawHand(c echo.Context, role document.Role, wrong error) error {
	ctx, by, plan := c.Request().Context(), kit.Who(c), planID(c)
	hand, err := h.Hand(ctx, by, plan)
	if err != nil {
		return err
	}
	number := hand.Place(id(c))
	if number == 0 || !hand.Papers[number-1].Waits {
		return h.onward(c, "")
	}
	p, err := h.Show(ctx, by, id(c))
	if err != nil {
		return err
	}
	path := papers.HandPaperPath(plan, p.ID)
	v := handView{
		Paper: p, Doc: kit.Doc{View: p.View}, Pads: pads(c, p, path+"/sign", role, wrong),
		Number: number, Of: len(hand.Papers), Staff: staffPath(plan),
	}
	if hand.Papers[number-1].Refuse {
		v.Refusal, v.Refusing = path+"/refuse", wrong != nil && role == ""
		v.Refuse = kit.Field{Name: "reason", Kind: kit.Area, LabelKey: "documents.hand.why", Required: true, Wide: true}
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	if v.Refusing {
		faults, _ := fault.FieldsOf(wrong)
		v.Refuse = kit.Fill([]kit.Field{v.Refuse}, kit.Read(c).Values(), faults)[0]
	}
	return handPage.Draw(c, status, "documents.hand.title", v)
}

// onward opens the next paper that waits, or says thanks.
func (h room) onward(c echo.Context, flash string) error {
	hand, err := h.Hand(c.Request().Context(), kit.Who(c), planID(c))
	if err != nil {
		return err
	}
	to := papers.HandPath(planID(c))
	if hand.Next != 0 {
		to = papers.HandPaperPath(planID(c), hand.Next)
	}
	return kit.Done(c, flash, nil, "%s", to)
}

func (h room) signInHand(c echo.Context) error {
	if kit.Who(c).Guest.None() {
		return kit.Done(c, "", nil, "%s", papers.Path(id(c)))
	}
	role, err := h.put(c)
	if _, wrong := fault.FieldsOf(err); wrong {
		return h.drawHand(c, role, err)
	}
	if err != nil {
		return err
	}
	return h.onward(c, "documents.signed")
}

func (h room) refuseInHand(c echo.Context) error {
	if kit.Who(c).Guest.None() {
		return kit.Done(c, "", nil, "%s", staffPath(planID(c)))
	}
	in := papers.Refusal{Document: id(c), Reason: kit.Read(c).Text("reason")}
	err := h.Refuse(c.Request().Context(), kit.Who(c), in)
	if _, wrong := fault.FieldsOf(err); wrong {
		return h.drawHand(c, "", err)
	}
	if err != nil {
		return err
	}
	return h.onward(c, "documents.hand.refused")
}
