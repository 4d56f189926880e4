package people

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	office "meixu/app/people"
	"meixu/store/term"
	"meixu/ui/kit"
)

// swapsView is the list of exchanges and the form that asks for one.
type swapsView struct {
	office.SwapView
	Tabs    []kit.Tab
	Edit    kit.Edit
	Refusal *kit.Refusal
}

var swapsPage = kit.New[swapsView](pages, "swaps.html")

func (h room) swaps(c echo.Context) error { return h.drawSwaps(c, nil, kit.Said{}) }

func (h room) drawSwaps(c echo.Context, f *kit.Form, said kit.Said) error {
	found, err := h.Swaps(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	mine := kit.Field{Name: "mine", Kind: kit.Select, LabelKey: "roster.swap.mine", Required: true}
	for _, cell := range found.Mine {
		mine.Options = append(mine.Options, kit.Option{Value: string(cell.Day), Label: string(cell.Day), Hint: cell.Hours()})
	}
	other := kit.Field{Name: "other", Kind: kit.Select, LabelKey: "roster.swap.other", Required: true}
	for _, s := range found.Colleagues {
		other.Options = append(other.Options, kit.Option{Value: strconv.FormatInt(int64(s.ID), 10), Label: s.Name, Hint: s.Title})
	}
	v := swapsView{SwapView: found, Tabs: tabs(c, "swaps"), Refusal: said.Refusal, Edit: kit.Edit{
		Action: "/people/swaps", SubmitKey: "roster.swap.ask", Fields: []kit.Field{
			mine, other,
			{Name: "theirs", Kind: kit.Day, LabelKey: "roster.swap.theirs", HelpKey: "roster.swap.theirs.help", Required: true},
			{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true},
		},
	}}
	status := http.StatusOK
	if f != nil {
		status = said.Status
		v.Edit = v.Edit.Filled(f.Values(), said.Faults)
	}
	return swapsPage.Draw(c, status, "roster.swap.title", v)
}

func (h room) askSwap(c echo.Context) error {
	f := kit.Read(c)
	in := office.SwapIn{Other: term.StaffID(f.ID("other")), Mine: f.Day("mine"), Theirs: f.Day("theirs"), Reason: f.Text("reason")}
	err := f.Err()
	if err == nil {
		err = h.AskSwap(c.Request().Context(), kit.Who(c), in)
	}
	return h.swapDone(c, f, "roster.swap.done.asked", err)
}

func (h room) acceptSwap(c echo.Context) error {
	err := h.AcceptSwap(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"))
	return h.swapDone(c, kit.Read(c), "roster.swap.done.accepted", err)
}

func (h room) withdrawSwap(c echo.Context) error {
	err := h.WithdrawSwap(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"))
	return h.swapDone(c, kit.Read(c), "roster.swap.done.withdrawn", err)
}

// answerSwap approves or refuses; the button that was pressed says which.
func (h room) answerSwap(c echo.Context) error {
	f := kit.Read(c)
	approve := f.Text("answer_as") == "approve"
	err := h.AnswerSwap(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"), approve, f.Text("answer"))
	if approve {
		return h.swapDone(c, f, "roster.swap.done.approved", err)
	}
	return h.swapDone(c, f, "roster.swap.done.refused", err)
}

func (h room) swapDone(c echo.Context, f *kit.Form, key string, err error) error {
	if said, ok := kit.Refused(c, err); ok {
		return h.drawSwaps(c, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, key, nil, "/people/swaps")
}
