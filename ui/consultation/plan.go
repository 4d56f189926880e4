package consultation

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	desk "meixu/app/consultation"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

type planView struct {
	desk.PlanView
	Refusal *kit.Refusal
	Faults  fault.Fields
	Add     kit.Edit
	Edits   map[term.PlanItemID]kit.Edit
	Choices choicesView
	Changed term.PlanItemID // the line that somebody else saved while it was typed
	Hand    bool            // papers wait for the client's side, and the reader may hand them over
}

// Missing counts what stands in the way of the order.
func (v planView) Missing() int {
	n := len(v.Gaps)
	if v.Halt != nil {
		n++
	}
	return n
}

// Primary is the one action of the page that stands out: "approve", "papers", "hand" (the
// client's side signs), "sign" (the reader does) or "order"; "" while somebody else is to act
// or a line is being added, whose form has its own.
func (v planView) Primary() string {
	switch {
	case v.Add.Action != "" || !v.Open():
		return ""
	case v.Next == desk.NextApprove:
		return "approve"
	case v.Next == desk.NextPapers:
		return "papers"
	case v.Next == desk.NextSign && v.Hand:
		return "hand"
	case len(v.Mine) > 0:
		return "sign"
	case v.Next == desk.NextOrder && v.Missing() == 0:
		return "order"
	}
	return ""
}

// EditOf is the form of a line.
func (v planView) EditOf(id term.PlanItemID) kit.Edit { return v.Edits[id] }

var planPage = kit.New[planView](pages, "plan.html", "choice_list.html")

type choicesView struct {
	Plan term.PlanID
	Text string
	List []desk.Choice
	// Quiet shows no list until something is typed: the plan has its items already.
	Quiet bool
}

var choicesPage = kit.New[choicesView](pages, "choices.html", "choice_list.html")

func (h room) plan(c echo.Context) error { return h.drawPlan(c, http.StatusOK, nil) }

// drawPlan draws the plan with what was wrong in a post: every field as typed, every wrong
// one marked, a refusal on top.
func (h room) drawPlan(c echo.Context, status int, wrong error) error {
	by := kit.Who(c)
	p, err := h.PlanView(c.Request().Context(), by, planID(c))
	if err != nil {
		return err
	}
	v := planView{PlanView: p, Edits: map[term.PlanItemID]kit.Edit{}, Choices: choicesView{Plan: p.Plan.ID}}
	v.Hand = p.ForClient > 0 && by.May(access.PapersHandover)
	v.Faults, _ = fault.FieldsOf(wrong)
	said, _ := kit.Outdated(c, wrong)
	v.Refusal = said.Refusal
	typed := kit.Read(c)
	var values url.Values
	if wrong != nil {
		values = typed.Values()
	}
	if err := h.pick(c, typed, &v); err != nil {
		return err
	}
	for _, l := range p.Lines {
		e := lineEdit(p, l)
		switch posted := wrong != nil && l.ID == lineID(c) && typed.Has("sessions"); { // the line itself was posted
		case posted && said.Stale:
			e = e.Over(values)
			v.Changed = l.ID
		case posted && v.Refusal == nil:
			e = e.Filled(values, v.Faults)
		}
		v.Edits[l.ID] = e
	}
	if wrong != nil && lineID(c) == 0 && v.Add.Action != "" {
		v.Add = v.Add.Filled(values, v.Faults)
	}
	return planPage.Draw(c, status, "consultation.plan", v)
}

// pick fills the picker: the item chosen, or the search.
func (h room) pick(c echo.Context, typed *kit.Form, v *planView) error {
	if !v.Open() || !v.May(c) {
		return nil
	}
	v.Choices.Text = typed.Text("q")
	v.Choices.Quiet = v.Choices.Text == "" && len(v.Lines) > 0
	found, err := h.Choices(c.Request().Context(), kit.Who(c), v.Plan.ID, v.Choices.Text)
	if err != nil {
		return err
	}
	v.Choices.List = found
	item := typed.ID("item")
	if item == 0 || lineID(c) != 0 {
		return nil
	}
	all, err := h.Choice(c.Request().Context(), kit.Who(c), v.Plan.ID, term.ItemID(item))
	if err != nil {
		return err
	}
	v.Add = addEdit(v.PlanView, all)
	return nil
}

// May says that the person of the request may draft lines.
func (v *planView) May(c echo.Context) bool { return kit.Who(c).May("plan.draft") }

func addEdit(p desk.PlanView, x desk.Choice) kit.Edit {
	e := kit.Edit{Action: desk.PlanPath(p.Plan.ID) + "/line", CancelURL: desk.PlanPath(p.Plan.ID), SubmitKey: "consultation.line.add"}
	e.Fields = append([]kit.Field{
		{Name: "item", Kind: kit.Hidden, Value: idText(x.ID)},
		{Name: "item_name", Kind: kit.Static, LabelKey: "consultation.line.name", Value: x.Name, Wide: true},
	}, lineFields(lineValues{area: namedArea(x.Name), purpose: x.Purpose, injects: desk.Injectable(x.Item), sessions: x.Sessions, interval: x.IntervalDays, price: x.PriceFen, offLabel: x.OffLabel})...)
	return e
}

// namedArea is the area that stands in the name of an item after the dot; "" for none.
func namedArea(item string) string {
	_, area, _ := strings.Cut(item, "·")
	return area
}

func lineEdit(p desk.PlanView, l desk.LineView) kit.Edit {
	e := kit.Edit{Action: desk.PlanPath(p.Plan.ID) + "/line/" + idText(l.ID)}
	e.Fields = append([]kit.Field{
		{Name: "item", Kind: kit.Hidden, Value: idText(l.Item.ID)},
		{Name: "version", Kind: kit.Hidden, Value: strconv.Itoa(l.Version)},
	}, lineFields(lineValues{
		area: l.Area, dose: l.Dose, purpose: l.Purpose, sessions: l.Sessions, interval: l.IntervalDays, price: l.PriceFen,
		reason: l.PriceReason, off: l.OffLabelReason, offLabel: l.Item.OffLabel, injects: desk.Injectable(l.Item),
	})...)
	return e.Within(idText(l.ID))
}

type lineValues struct {
	area, dose         string
	purpose            string
	sessions, interval int
	price              term.Fen
	reason, off        string
	offLabel           bool // the item is used off label
	injects            bool // product and dose are to be named
}

func lineFields(v lineValues) []kit.Field {
	dose := kit.Field{Name: "dose", Kind: kit.Text, LabelKey: "consultation.line.how_much", Value: v.dose}
	if v.injects {
		dose.HelpKey = "consultation.line.how_much.help"
	}
	fields := []kit.Field{
		{Name: "area", Kind: kit.Text, LabelKey: "consultation.line.where", Value: v.area, Required: true},
		dose,
		{Name: "purpose", Kind: kit.Text, LabelKey: "consultation.line.what_for", HelpKey: "consultation.line.what_for.help", Value: v.purpose, Wide: true},
		{Name: "sessions", Kind: kit.Number, LabelKey: "consultation.line.times", Value: strconv.Itoa(v.sessions), Required: true},
		{Name: "interval", Kind: kit.Number, LabelKey: "consultation.line.days", Value: strconv.Itoa(v.interval)},
		{Name: "price", Kind: kit.Money, LabelKey: "consultation.line.each", Value: v.price.Plain(), Required: true},
		{Name: "reason", Kind: kit.Text, LabelKey: "consultation.line.why", HelpKey: "consultation.line.why.help", Value: v.reason},
	}
	if v.offLabel {
		fields = append(fields, kit.Field{
			Name: "offlabel", Kind: kit.Area, LabelKey: "consultation.line.why_off", HelpKey: "consultation.line.why_off.help", Value: v.off, Wide: true,
		})
	}
	return fields
}

func (h room) choices(c echo.Context) error {
	text := kit.Read(c).Text("q")
	found, err := h.Choices(c.Request().Context(), kit.Who(c), planID(c), text)
	if err != nil {
		return err
	}
	return choicesPage.Part(c, http.StatusOK, "choices", choicesView{Plan: planID(c), Text: text, List: found})
}

func (h room) saveLine(c echo.Context) error {
	f := kit.Read(c)
	in := desk.Line{
		Plan: planID(c), ID: lineID(c), Version: f.Int("version"), Item: term.ItemID(f.ID("item")), Area: f.Text("area"),
		Dose: f.Text("dose"), Purpose: f.Text("purpose"), Sessions: f.Int("sessions"), Interval: f.Int("interval"), Price: f.Fen("price"),
		Reason: f.Text("reason"), OffLabel: f.Text("offlabel"),
	}
	in.Faults = f.Fields
	_, err := h.SaveLine(c.Request().Context(), kit.Who(c), in)
	return h.planDone(c, err, "consultation.line.saved")
}

// planDone sends back to the plan, or draws it with what was wrong.
func (h room) planDone(c echo.Context, err error, flash string) error {
	if err == nil {
		return kit.Done(c, flash, nil, "/plan/%d", planID(c))
	}
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Kind {
	case fault.KindInvalid:
		return h.drawPlan(c, http.StatusUnprocessableEntity, err)
	case fault.KindRefused, fault.KindStale:
		return h.drawPlan(c, http.StatusConflict, err)
	default: // nothing to say for the others
	}
	return err
}

func (h room) removeLine(c echo.Context) error {
	err := h.RemoveLine(c.Request().Context(), kit.Who(c), planID(c), lineID(c))
	return h.planDone(c, err, "consultation.line.removed")
}

func second(f *kit.Form) desk.Second {
	return desk.Second{Staff: term.StaffID(f.ID("second")), PIN: f.Text("pin")}
}

func (h room) rule(c echo.Context) error {
	f := kit.Read(c)
	in := desk.Ruling{Plan: planID(c), Line: lineID(c), Code: f.Text("code"), Reason: f.Text("reason"), Second: second(f)}
	err := h.Rule(c.Request().Context(), kit.Who(c), in) // a second person that cannot be read is none
	return h.planDone(c, err, "consultation.contra.ruled")
}

func (h room) price(c echo.Context) error {
	f := kit.Read(c)
	in := desk.Price{Plan: planID(c), Line: lineID(c), Reason: f.Text("reason"), Second: second(f)}
	err := h.ApprovePrice(c.Request().Context(), kit.Who(c), in) // a second person that cannot be read is none
	return h.planDone(c, err, "consultation.price.approved")
}

// agree gives one's word on a price from the board, where it waits.
func (h room) agree(c echo.Context) error {
	if err := h.AgreePrice(c.Request().Context(), kit.Who(c), planID(c), lineID(c), kit.Read(c).Int("version")); err != nil {
		return err
	}
	return kit.Done(c, "consultation.price.approved", nil, "/board")
}

func (h room) refuseConsent(c echo.Context) error {
	f := kit.Read(c)
	in := desk.RefuseConsent{Plan: planID(c), Line: lineID(c), Reason: f.Text("reason"), End: f.Text("then") == "end"}
	err := h.RefuseConsent(c.Request().Context(), kit.Who(c), in)
	return h.planDone(c, err, "consultation.consent.refused")
}

func (h room) waiveCases(c echo.Context) error {
	err := h.WaiveCases(c.Request().Context(), kit.Who(c), planID(c), kit.Read(c).Text("reason"))
	return h.planDone(c, err, "consultation.cases.waived")
}

func (h room) approve(c echo.Context) error {
	err := h.Approve(c.Request().Context(), kit.Who(c), planID(c))
	return h.planDone(c, err, "consultation.plan.done")
}

func (h room) papers(c echo.Context) error {
	err := h.IssuePapers(c.Request().Context(), kit.Who(c), planID(c))
	return h.planDone(c, err, "consultation.papers.issued")
}

func (h room) decline(c echo.Context) error {
	f := kit.Read(c)
	in := desk.Decline{Plan: planID(c), Outcome: f.Text("outcome"), Reason: f.Text("reason")}
	return h.planDone(c, h.Decline(c.Request().Context(), kit.Who(c), in), "consultation.declined")
}

func (h room) order(c echo.Context) error {
	_, err := h.PlaceOrder(c.Request().Context(), kit.Who(c), planID(c))
	return h.planDone(c, err, "consultation.ordered")
}

// Faulty says that something was wrong in the post of a line, or that somebody else changed the
// line meanwhile, so that its form stays open.
func (v planView) Faulty(id term.PlanItemID) bool {
	return len(v.Edits[id].Faults) > 0 || v.Changed == id
}
