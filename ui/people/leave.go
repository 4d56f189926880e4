package people

import (
	"net/http"

	"github.com/labstack/echo/v4"

	office "meixu/app/people"
	"meixu/store/term"
	"meixu/ui/kit"
)

// leavesView is the list of leaves and the form that asks for one.
type leavesView struct {
	Tabs    []kit.Tab
	Lines   []office.LeaveLine
	Edit    kit.Edit
	Refusal *kit.Refusal
}

// Short prints a day without the year when it is this one.
func (leavesView) Short(day, today term.Day) string {
	if day != "" && today != "" && day[:4] == today[:4] {
		return string(day[5:])
	}
	return string(day)
}

var leaveBadges = map[string]kit.Badge{
	office.LeaveAsked:     {Key: "roster.leave.asked", Tone: "orange", Icon: "clock", State: "asked"},
	office.LeaveApproved:  {Key: "roster.leave.approved", Tone: "green", Icon: "circle-check", State: "approved"},
	office.LeaveRefused:   {Key: "roster.leave.refused", Tone: "grey", Icon: "circle-x", State: "refused"},
	office.LeaveWithdrawn: {Key: "roster.leave.withdrawn", Tone: "grey", Icon: "arrow-back-up", State: "withdrawn"},
}

// Badge is how a leave stands.
func (leavesView) Badge(state string) kit.Badge { return leaveBadges[state] }

var leavesPage = kit.New[leavesView](pages, "leave.html")

func (h room) leaves(c echo.Context) error { return h.drawLeaves(c, nil, kit.Said{}) }

func (h room) drawLeaves(c echo.Context, f *kit.Form, said kit.Said) error {
	lines, err := h.Leaves(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	kind := kit.Field{Name: "kind", Kind: kit.Chips, LabelKey: "roster.leave.kind", Required: true, Wide: true}
	for _, k := range office.LeaveKinds {
		kind.Options = append(kind.Options, kit.Option{Value: k, LabelKey: "roster.leave.kind." + k})
	}
	v := leavesView{Tabs: tabs(c, "leave"), Lines: lines, Refusal: said.Refusal, Edit: kit.Edit{
		Action: "/people/leave", SubmitKey: "roster.leave.ask", Fields: []kit.Field{
			kind,
			{Name: "from", Kind: kit.Day, LabelKey: "roster.from", Required: true},
			{Name: "to", Kind: kit.Day, LabelKey: "roster.to", Required: true},
			{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true},
		},
	}}
	status := http.StatusOK
	if f != nil {
		status = said.Status
		v.Edit = v.Edit.Filled(f.Values(), said.Faults)
	}
	return leavesPage.Draw(c, status, "roster.leave.title", v)
}

func (h room) askLeave(c echo.Context) error {
	f := kit.Read(c)
	in := office.LeaveIn{Kind: f.Text("kind"), From: f.Day("from"), To: f.Day("to"), Reason: f.Text("reason")}
	err := f.Err()
	if err == nil {
		_, err = h.AskLeave(c.Request().Context(), kit.Who(c), in)
	}
	return h.leaveDone(c, f, "roster.done.asked", err)
}

// answerLeave approves or refuses; the button that was pressed says which.
func (h room) answerLeave(c echo.Context) error {
	f := kit.Read(c)
	approve := f.Text("answer_as") == "approve"
	err := h.AnswerLeave(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"), approve, f.Text("answer"))
	if approve {
		return h.leaveDone(c, f, "roster.done.approved", err)
	}
	return h.leaveDone(c, f, "roster.done.refused", err)
}

func (h room) withdrawLeave(c echo.Context) error {
	err := h.WithdrawLeave(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"))
	return h.leaveDone(c, kit.Read(c), "roster.done.withdrawn", err)
}

func (h room) leaveDone(c echo.Context, f *kit.Form, key string, err error) error {
	if said, ok := kit.Refused(c, err); ok {
		return h.drawLeaves(c, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, key, nil, "/people/leave")
}
