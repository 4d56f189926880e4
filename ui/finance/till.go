package finance

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/fault"
	till "meixu/app/finance"
	"meixu/store/term"
	"meixu/ui/kit"
)

var tillPage = kit.New[tillView](pages, "till.html", "order.html", "pay.html", "payments.html")

// tillView is the list on the left and, when one was chosen, the order on the right.
type tillView struct {
	Rows []till.Waiting
	Here term.OrderID
	List bool // the person may see the list
	Open *orderPanel
	Tabs []kit.Tab
}

// ClientBanner is the banner of the order's client.
func (v tillView) ClientBanner() *banner.View {
	if v.Open == nil {
		return nil
	}
	return v.Open.Banner
}

// orderPanel is one order with its forms; a form that was refused comes back filled.
type orderPanel struct {
	till.OrderView
	Pay      payForm
	VoidID   term.PaymentID // the payment whose void was refused
	VoidForm kit.Edit
	Cancel   kit.Edit
	Invoice  kit.Edit
	Faulty   string // which form was refused: void, cancel, invoice
}

// typed is a refused form: which one, what was typed and what is wrong.
type typed struct {
	form    string
	payment term.PaymentID
	values  url.Values
	faults  fault.Fields
	refusal *kit.Refusal
}

func (h desk) list(c echo.Context) error {
	rows, err := h.Open(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	v := tillView{Rows: rows, List: true, Tabs: tabs(kit.Who(c), len(rows), "/till")}
	return tillPage.Draw(c, http.StatusOK, "finance.title", v)
}

// rows is the list alone, for screens that hear of a change.
func (h desk) rows(c echo.Context) error {
	rows, err := h.Open(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	here, err := strconv.ParseInt(c.QueryParam("here"), 10, 64)
	if err != nil {
		here = 0
	}
	return tillPage.Part(c, http.StatusOK, "till-rows", tillView{Rows: rows, List: true, Here: term.OrderID(here)})
}

func tabs(by access.Actor, open int, here string) []kit.Tab {
	list := []kit.Tab{{Key: "finance.tab.open", Link: "/till", Count: open, Here: here == "/till"}}
	if by.May(access.DayView) {
		list = append(list, kit.Tab{Key: "finance.tab.day", Link: "/till/day", Here: here == "/till/day"})
	}
	return list
}

func orderID(c echo.Context) term.OrderID { return term.OrderID(kit.ParamID(c, "order")) }

func paymentID(c echo.Context) term.PaymentID { return term.PaymentID(kit.ParamID(c, "payment")) }

func (h desk) order(c echo.Context) error {
	return h.drawOrder(c, http.StatusOK, orderID(c), typed{})
}

// drawOrder draws an order empty, refilled or refused.
func (h desk) drawOrder(c echo.Context, status int, id term.OrderID, bad typed) error {
	ctx, by := c.Request().Context(), kit.Who(c)
	o, err := h.Order(ctx, by, id)
	if err != nil {
		return err
	}
	v := tillView{Here: id, Open: newPanel(o, bad)}
	if by.May(access.TillView) {
		if v.Rows, err = h.Open(ctx, by); err != nil {
			return err
		}
		v.List, v.Tabs = true, tabs(by, len(v.Rows), "/till")
	}
	return tillPage.Draw(c, status, "finance.order.title", v)
}

func newPanel(o till.OrderView, bad typed) *orderPanel {
	p := &orderPanel{OrderView: o, Faulty: bad.form, VoidID: bad.payment}
	p.Pay = newPayForm(o, bad)
	here := fmt.Sprintf("/till/%d", o.Order.ID)
	p.Cancel = kit.Edit{
		Action: here + "/cancel", SubmitKey: "finance.order.cancel",
		Fields: []kit.Field{{Name: "reason", Kind: kit.Text, LabelKey: "finance.order.cancel_reason", Required: true, Wide: true}},
	}
	p.Invoice = kit.Edit{Action: here + "/invoice", SubmitKey: "finance.invoice.note", Fields: []kit.Field{
		{Name: "number", Kind: kit.Number, LabelKey: "finance.invoice.no", HelpKey: "finance.invoice.no_hint", Required: true},
		{Name: "title", Kind: kit.Text, LabelKey: "finance.invoice.name", Value: bannerName(o.Banner)},
		{Name: "amount", Kind: kit.Money, LabelKey: "finance.invoice.money", Value: o.Billable.Plain(), Required: true},
	}}
	p.VoidForm = kit.Edit{Fields: approvalFields(o, "finance.reason"), SubmitKey: "finance.void.button"}
	switch bad.form {
	case "cancel":
		p.Cancel = p.Cancel.Filled(bad.values, bad.faults)
	case "invoice":
		p.Invoice = p.Invoice.Filled(bad.values, bad.faults)
	case "void":
		p.VoidForm = p.VoidForm.Filled(bad.values, bad.faults)
	}
	return p
}

func bannerName(b *banner.View) string {
	if b == nil {
		return ""
	}
	return b.Name
}

// approvalFields ask for the reason and the second person's PIN.
func approvalFields(o till.OrderView, reasonKey string) []kit.Field {
	approver := kit.Field{Name: "approver", Kind: kit.Select, LabelKey: "finance.approver", Required: true}
	for _, s := range o.Approvers {
		approver.Options = append(approver.Options, kit.Option{Value: strconv.FormatInt(int64(s.ID), 10), Label: s.Name})
	}
	if len(o.Approvers) == 1 {
		approver.Value = approver.Options[0].Value
	}
	return []kit.Field{
		{Name: "reason", Kind: kit.Text, LabelKey: reasonKey, Required: true, Wide: true},
		approver,
		{Name: "pin", Kind: kit.PIN, LabelKey: "finance.pin", Required: true},
	}
}

// Void is the form that voids one payment; what was refused comes back for that one only.
func (p *orderPanel) Void(id term.PaymentID) kit.Edit {
	e := p.VoidForm
	if p.VoidID != id {
		e = kit.Edit{Fields: approvalFields(p.OrderView, "finance.reason"), SubmitKey: "finance.void.button"}
	}
	e.Action = fmt.Sprintf("/till/payment/%d/void", id)
	return e
}
