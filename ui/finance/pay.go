package finance

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	till "meixu/app/finance"
	"meixu/store/term"
	"meixu/ui/kit"
)

// payForm is the payment form: one row per way of paying.
type payForm struct {
	Rows     []payRow
	Tendered kit.Field
	Faults   fault.Fields
	Left     term.Fen // what the typed parts still miss
	Change   term.Fen
}

// payRow is one way of paying, chosen by the number key No.
type payRow struct {
	No        int
	Method    term.PayMethod
	Icon      string
	Amount    kit.Field
	Reference kit.Field
	Most      term.Fen // of points: how much of the bill they may stand for; 0: no limit but what is due
}

// Points says that the row takes points of the member, which have no slip.
func (r payRow) Points() bool { return r.Method == term.Points }

// Cash says that the row takes cash, with what was handed over instead of a slip number.
func (r payRow) Cash() bool { return r.Method == term.Cash }

var icons = map[term.PayMethod]string{
	term.Cash: "cash", term.WeChat: "message", term.Alipay: "wallet", term.Card: "credit-card", term.Points: "star",
}

func newPayForm(o till.OrderView, bad typed) payForm {
	f := payForm{Left: o.Due}
	var values url.Values
	if bad.form == "pay" {
		values, f.Faults = bad.values, bad.faults
		legs := legsOf(values, o.Due)
		f.Change = till.Change(legs)
		for _, l := range legs {
			f.Left -= l.Amount
		}
	}
	for i, m := range till.Methods {
		fields := kit.Fill([]kit.Field{
			{Name: string(m), Kind: kit.Money, LabelKey: m.Key()},
			{Name: "ref_" + string(m), Kind: kit.Text, LabelKey: "finance.reference"},
		}, values, f.Faults)
		f.Rows = append(f.Rows, payRow{No: i + 1, Method: m, Icon: icons[m], Amount: fields[0], Reference: fields[1]})
	}
	f.points(o, values)
	f.Tendered = kit.Fill([]kit.Field{{Name: "tendered", Kind: kit.Money, LabelKey: "finance.tendered"}}, values, f.Faults)[0]
	return f
}

// points adds the row of the member's points where there are any to burn, or where they were typed.
func (f *payForm) points(o till.OrderView, values url.Values) {
	if o.Points.Most == 0 && values.Get(string(term.Points)) == "" {
		return
	}
	fields := kit.Fill([]kit.Field{{Name: string(term.Points), Kind: kit.Money, LabelKey: term.Points.Key()}}, values, f.Faults)
	f.Rows = append(f.Rows, payRow{
		No: len(f.Rows) + 1, Method: term.Points, Icon: icons[term.Points], Amount: fields[0], Most: o.Points.Most,
	})
}

// readLegs reads the parts of a payment; empty ones are left out, bad shapes are noted. Who
// typed only what the client handed over takes what is still due of it in cash.
func readLegs(f *kit.Form) []till.Leg {
	var legs []till.Leg
	for _, m := range till.Ways {
		handed := m == term.Cash && f.Text("tendered") != ""
		if f.Text(string(m)) == "" && !handed {
			continue
		}
		leg := till.Leg{Method: m, Amount: f.Fen(string(m)), Reference: f.Text("ref_" + string(m))}
		if handed {
			leg.Tendered = f.Fen("tendered")
		}
		legs = append(legs, leg)
	}
	return legs
}

// legsOf reads typed values again, for the sums of a refused form; bad shapes count nothing.
func legsOf(values url.Values, due term.Fen) []till.Leg {
	var legs []till.Leg
	for _, m := range till.Ways {
		amount, err := term.ParseFen(values.Get(string(m)))
		tendered, noCash := term.ParseFen(values.Get("tendered"))
		handed := m == term.Cash && noCash == nil
		if err != nil && !handed {
			continue
		}
		leg := till.Leg{Method: m, Amount: amount}
		if handed {
			leg.Tendered = tendered
		}
		legs = append(legs, leg)
	}
	return till.OfTendered(legs, due)
}

func (h desk) pay(c echo.Context) error {
	id, f := orderID(c), kit.Read(c)
	in := till.Take{Order: id, Legs: readLegs(f)}
	err := f.Err()
	if err == nil {
		in.Legs, err = h.tendered(c, id, in.Legs)
	}
	if err == nil {
		_, err = h.Take(c.Request().Context(), kit.Who(c), in)
	}
	if faults, ok := fault.FieldsOf(err); ok {
		return h.drawOrder(c, http.StatusUnprocessableEntity, id, typed{form: "pay", values: f.Values(), faults: faults})
	}
	if err != nil {
		return err
	}
	var sum term.Fen
	for _, l := range in.Legs {
		sum += l.Amount
	}
	if change := till.Change(in.Legs); change > 0 {
		return kit.Done(c, "finance.take.change", []any{sum, change}, "/till/%d", id)
	}
	return kit.Done(c, "finance.take.done", []any{sum}, "/till/%d", id)
}

// tendered reckons the cash part from what was handed over where only that was typed.
func (h desk) tendered(c echo.Context, id term.OrderID, legs []till.Leg) ([]till.Leg, error) {
	if !slices.ContainsFunc(legs, func(l till.Leg) bool { return l.Amount == 0 && l.Tendered > 0 }) {
		return legs, nil
	}
	o, err := h.Order(c.Request().Context(), kit.Who(c), id)
	return till.OfTendered(legs, o.Due), err
}

func (h desk) cancel(c echo.Context) error {
	id, f := orderID(c), kit.Read(c)
	err := h.Cancel(c.Request().Context(), kit.Who(c), id, f.Text("reason"))
	if faults, ok := fault.FieldsOf(err); ok {
		return h.drawOrder(c, http.StatusUnprocessableEntity, id, typed{form: "cancel", values: f.Values(), faults: faults})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "finance.order.cancelled", nil, "/till/%d", id)
}

func (h desk) issueStatement(c echo.Context) error {
	id := orderID(c)
	if _, err := h.IssueStatement(c.Request().Context(), kit.Who(c), id); err != nil {
		return err
	}
	return kit.Done(c, "finance.statement.done", nil, "/till/%d", id)
}

func (h desk) invoice(c echo.Context) error {
	id, f := orderID(c), kit.Read(c)
	in := till.NoteInvoice{Order: id, Number: f.Text("number"), Title: f.Text("title"), Amount: f.Fen("amount")}
	err := f.Err()
	if err == nil {
		err = h.NoteInvoice(c.Request().Context(), kit.Who(c), in)
	}
	if faults, ok := fault.FieldsOf(err); ok {
		return h.drawOrder(c, http.StatusUnprocessableEntity, id, typed{form: "invoice", values: f.Values(), faults: faults})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "finance.invoice.noted", nil, "/till/%d", id)
}
