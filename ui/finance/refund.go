package finance

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/banner"
	"meixu/app/fault"
	till "meixu/app/finance"
	"meixu/store/term"
	"meixu/ui/kit"
)

var refundPage = kit.New[refundView](pages, "refund.html")

// refundView is the reckoning on the left and who approves it on the right.
type refundView struct {
	till.Back
	OrderView till.OrderView
	Rows      []refundRow
	Form      kit.Edit
}

// ClientBanner is the banner of the order's client.
func (v refundView) ClientBanner() *banner.View { return v.OrderView.Banner }

// refundRow is a line with the field that asks how many sessions go back.
type refundRow struct {
	till.BackLine
	Field kit.Field
}

func (h desk) refundForm(c echo.Context) error {
	f := kit.Read(c)
	asked := askedOf(f)
	if err := f.Err(); err != nil {
		faults, _ := fault.FieldsOf(err)
		return h.drawRefund(c, http.StatusUnprocessableEntity, nil, typed{values: f.Values(), faults: faults})
	}
	return h.drawRefund(c, http.StatusOK, asked, typed{})
}

// askedOf reads how many sessions of each line go back; nil when nothing was asked yet.
func askedOf(f *kit.Form) map[term.OrderLineID]int {
	var asked map[term.OrderLineID]int
	for name := range f.Values() {
		var line term.OrderLineID
		if n, err := fmt.Sscanf(name, "sessions.%d", &line); n != 1 || err != nil {
			continue
		}
		if asked == nil {
			asked = map[term.OrderLineID]int{}
		}
		asked[line] = f.Int(name)
	}
	return asked
}

func (h desk) drawRefund(c echo.Context, status int, asked map[term.OrderLineID]int, bad typed) error {
	back, o, err := h.Back(c.Request().Context(), kit.Who(c), orderID(c), asked)
	if err != nil {
		return err
	}
	v := refundView{Back: back, OrderView: o, Form: refundEdit(back, o)}
	wrong := append(back.Faults(), bad.faults...)
	for _, l := range back.Lines {
		field := kit.Field{
			Name: fmt.Sprintf("sessions.%d", l.Line.ID), Kind: kit.Number, LabelKey: "finance.back",
			Value: fmt.Sprint(l.Count), Max: fmt.Sprint(l.Left), Min: "0",
		}
		v.Rows = append(v.Rows, refundRow{l, kit.Fill([]kit.Field{field}, nil, wrong)[0]})
	}
	v.Form = v.Form.Filled(bad.values, keep(bad.faults, v.Form))
	if len(back.Faults()) > 0 {
		status = http.StatusUnprocessableEntity
		v.Form.Faults = wrong
	} else {
		v.Form.Faults = bad.faults
	}
	return refundPage.Draw(c, status, "finance.refund.title", v)
}

// keep leaves out the faults of fields that stand in another form.
func keep(faults fault.Fields, e kit.Edit) fault.Fields {
	var kept fault.Fields
	for _, f := range faults {
		for _, field := range e.Fields {
			if field.Name == f.Name {
				kept = append(kept, f)
			}
		}
	}
	return kept
}

// refundEdit is the form with ways back, side, reason and approval.
func refundEdit(b till.Back, o till.OrderView) kit.Edit {
	side := kit.Field{Name: "side", Kind: kit.Radio, LabelKey: "finance.side", Required: true, Wide: true}
	for _, s := range till.Sides {
		side.Options = append(side.Options, kit.Option{Value: s, LabelKey: "finance.side." + s, Disabled: s == "no_reason" && !b.NoReason})
	}
	if b.NoReason {
		side.Value = "no_reason"
	}
	fields := []kit.Field{side}
	proposed := map[term.PayMethod]term.Fen{}
	for _, l := range b.Proposed {
		proposed[l.Method] = l.Amount
	}
	for _, m := range till.Methods {
		if b.Paid[m] <= 0 {
			continue
		}
		field := kit.Field{Name: string(m), Kind: kit.Money, LabelKey: m.Key(), Help: "≤ " + b.Paid[m].String()}
		if proposed[m] > 0 {
			field.Value = proposed[m].Plain()
		}
		fields = append(fields, field)
	}
	rest := approvalFields(o, "finance.reason")
	rest[0].Required = !b.NoReason
	fields = append(fields, rest...)
	for _, l := range b.Lines {
		fields = append(fields, kit.Field{Name: fmt.Sprintf("sessions.%d", l.Line.ID), Kind: kit.Hidden, Value: fmt.Sprint(l.Count)})
	}
	return kit.Edit{
		Action: orderPath(o.Order.ID) + "/refund", CancelURL: orderPath(o.Order.ID), Fields: fields,
		SubmitKey: "finance.refund.go",
	}
}

func (h desk) refund(c echo.Context) error {
	id, f := orderID(c), kit.Read(c)
	asked := askedOf(f)
	in := till.RefundOrder{
		Order: id, Sessions: asked, Legs: readLegs(f), Side: f.Text("side"), Reason: f.Text("reason"), Approval: approval(f),
	}
	err := f.Err()
	if err == nil {
		_, err = h.Refund(c.Request().Context(), kit.Who(c), in)
	}
	if faults, ok := fault.FieldsOf(err); ok {
		if asked == nil {
			asked = map[term.OrderLineID]int{}
		}
		return h.drawRefund(c, http.StatusUnprocessableEntity, asked, typed{values: withoutSecrets(f.Values()), faults: faults})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "finance.refund.done", nil, "/till/%d", id)
}

// withoutSecrets leaves a typed PIN out of what comes back.
func withoutSecrets(values url.Values) url.Values {
	kept := url.Values{}
	for name, v := range values {
		if name != "pin" && !strings.HasPrefix(name, "_") {
			kept[name] = v
		}
	}
	return kept
}

func orderPath(id term.OrderID) string { return fmt.Sprintf("/till/%d", id) }
