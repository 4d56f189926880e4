package finance

import (
	"context"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
)

// LineView is an order line with its item, list price, discount and sessions.
type LineView struct {
	Line store.OrderLine
	Item store.Item
	List term.Fen // list price per session: of the plan, else the price itself
	Off  term.Fen // discount of the whole line
	Left int      // sessions paid and not used
}

// PaymentView is a payment with its parts and people.
type PaymentView struct {
	store.Payment
	Legs     []store.PaymentLeg
	Cashier  string
	Approver string
	Voided   bool // a later void reverses it
	MayVoid  bool // a void would not be refused by its date, sessions or refunds
	Change   term.Fen
}

// KindKey is the words key of the payment's kind.
func (p PaymentView) KindKey() string { return "finance.kind." + p.Kind }

// OrderView is one order as the till shows it.
type OrderView struct {
	Order     store.Order
	Lines     []LineView
	Payments  []PaymentView
	Invoices  []store.Invoice
	Gaps      sop.Gaps // what is missing at the door "pay"
	Statement store.Document
	Banner    *banner.View
	Due       term.Fen
	Paid      term.Fen
	Billable  term.Fen
	Points    PointView
	NoUntil   term.Instant // end of the seven days (REG-FEE-10)
	NoReason  bool
	Capital   string
	Approvers []store.Staff
}

// Order reads one order for the till; that its client was looked at is noted. Who may only
// see the state of an order gets no payments, invoices or approvers.
func (t *Till) Order(ctx context.Context, by access.Actor, id term.OrderID) (v OrderView, err error) {
	err = t.ViewOf(ctx, by, access.OrderView, func(r *store.Read) (term.ClientID, error) {
		v, err = t.readOrder(r, by, id)
		return v.Order.Client, err
	})
	return v, err
}

func (t *Till) readOrder(r *store.Read, by access.Actor, id term.OrderID) (v OrderView, err error) {
	if v.Order, err = r.Order(id); err != nil {
		return v, orderFault(err)
	}
	if v.Lines, err = readLines(r, id); err != nil {
		return v, err
	}
	if v.Banner, err = banner.Of(r, by, v.Order.Client); err != nil {
		return v, err
	}
	if v.Due, err = dueOf(r, v.Order); err != nil {
		return v, err
	}
	v.Capital = document.Capital(v.Due)
	if v.Order.State == term.OrderOpen {
		if v.Gaps, err = t.door(r, v.Order); err != nil {
			return v, err
		}
	}
	if !by.May(access.TillView) {
		return v, nil
	}
	paid, err := r.Balance(money, int64(id))
	if err != nil {
		return v, err
	}
	v.Paid = term.Fen(paid)
	if v.Statement, _, err = statementOf(r, id); err != nil {
		return v, err
	}
	if v.Invoices, err = r.InvoicesOf(id); err != nil {
		return v, err
	}
	if v.Billable, err = billable(r, v.Order); err != nil {
		return v, err
	}
	if v.Approvers, err = approvers(r, by); err != nil {
		return v, err
	}
	if v.Points, err = pointsAt(r, v.Order, v.Due); err != nil {
		return v, err
	}
	return v, v.readPayments(r)
}

func (v *OrderView) readPayments(r *store.Read) error {
	payments, err := r.PaymentsOf(v.Order.ID)
	if err != nil {
		return err
	}
	for _, p := range payments {
		row := PaymentView{Payment: p}
		facts, err := voidFactsOf(r, p, v.Order)
		if err != nil {
			return err
		}
		row.Voided, row.MayVoid = facts.voided, mayVoid(p, v.Order, facts) == nil
		if row.Legs, err = r.PaymentLegs(p.ID); err != nil {
			return err
		}
		for _, l := range row.Legs {
			row.Change += max(0, l.TenderedFen-l.AmountFen)
		}
		if row.Cashier, row.Approver, err = people(r, p); err != nil {
			return err
		}
		if p.Kind == Payment && !facts.voided {
			v.NoUntil, v.NoReason = noReasonEnd(p.At), InNoReason(p.At, r.Now())
		}
		v.Payments = append(v.Payments, row)
	}
	return nil
}

// readLines reads the lines of an order with item, list price and sessions left.
func readLines(r *store.Read, order term.OrderID) ([]LineView, error) {
	lines, err := r.OrderLines(order)
	if err != nil {
		return nil, err
	}
	list := make([]LineView, 0, len(lines))
	for _, l := range lines {
		row := LineView{Line: l, List: l.PriceFen}
		if row.Item, err = r.Item(l.Item); err != nil {
			return nil, err
		}
		if l.PlanItem != 0 {
			planned, err := r.PlanItem(l.PlanItem)
			if err != nil {
				return nil, err
			}
			row.List = max(planned.ListFen, l.PriceFen)
		}
		row.Off = row.List.Times(l.Sessions) - l.TotalFen
		if row.Left, err = SessionsLeft(r, l.ID); err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, nil
}

func people(r *store.Read, p store.Payment) (cashier, approver string, err error) {
	s, err := r.Staff(p.Cashier)
	if err != nil || p.ApprovedBy == 0 {
		return s.Name, "", err
	}
	second, err := r.Staff(p.ApprovedBy)
	return s.Name, second.Name, err
}

// approvers lists who may approve beside the person at the till.
func approvers(r *store.Read, by access.Actor) ([]store.Staff, error) {
	var list []store.Staff
	seen := map[term.StaffID]bool{by.Staff: true}
	for _, role := range access.Holders(access.PaymentApprove) {
		staff, err := r.StaffWithRole(string(role))
		if err != nil {
			return nil, err
		}
		for _, s := range staff {
			if !seen[s.ID] {
				seen[s.ID] = true
				list = append(list, s)
			}
		}
	}
	return list, nil
}

// Waiting is one order that waits to be paid.
type Waiting struct {
	Order    store.Order
	Name     string
	Number   string // member number
	Phone    string // masked
	Due      term.Fen
	Ready    bool // nothing is missing at the door "pay"
	Ticket   string
	Here     bool // the client stands at the till
	OpenHere bool // the visit is open
}

// Open lists the orders that wait to be paid, oldest first.
func (t *Till) Open(ctx context.Context, by access.Actor) (list []Waiting, err error) {
	err = t.Read(ctx, by, access.TillView, func(r *store.Read) error {
		list, err = t.open(r)
		return err
	})
	return list, err
}

// open lists the unpaid orders and whether each may be paid now.
func (t *Till) open(r *store.Read) ([]Waiting, error) {
	list, err := waiting(r)
	if err != nil {
		return nil, err
	}
	for i := range list {
		row := &list[i]
		v, err := r.Visit(row.Order.Visit)
		if err != nil {
			return nil, err
		}
		row.OpenHere, row.Here = v.Open(), v.Open() && v.Station == term.AtTill
		gaps, err := t.door(r, row.Order)
		if err != nil {
			return nil, err
		}
		row.Ready = len(gaps) == 0
	}
	return list, nil
}

// waiting lists the orders that wait for money, with what is due.
func waiting(r *store.Read) ([]Waiting, error) {
	orders, err := r.OrdersIn(term.OrderOpen, 200)
	if err != nil {
		return nil, err
	}
	ids := make([]term.ClientID, 0, len(orders))
	for _, o := range orders {
		ids = append(ids, o.Client)
	}
	clients, err := r.ClientsIn(ids)
	if err != nil {
		return nil, err
	}
	list := make([]Waiting, 0, len(orders))
	for _, o := range orders {
		c := clients[o.Client]
		row := Waiting{Order: o, Name: c.Name, Number: c.Number, Phone: term.MaskPhone(c.Phone)}
		if row.Due, err = dueOf(r, o); err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, nil
}

// Back reckons a refund for the screen: asked counts per line, nil for all that is left.
func (t *Till) Back(
	ctx context.Context, by access.Actor, order term.OrderID, asked map[term.OrderLineID]int,
) (b Back, v OrderView, err error) {
	if v, err = t.Order(ctx, by, order); err != nil {
		return b, v, err
	}
	err = t.Read(ctx, by, access.PaymentRefund, func(r *store.Read) error {
		if asked == nil {
			asked = map[term.OrderLineID]int{}
			for _, l := range v.Lines {
				asked[l.Line.ID] = l.Left
			}
		}
		b, err = quoteBack(r, order, asked)
		return err
	})
	return b, v, err
}

// PaymentPaper reads the frozen paper of a payment, with how often it was printed. That the
// client's paper was looked at is noted.
func (t *Till) PaymentPaper(
	ctx context.Context, by access.Actor, id term.PaymentID,
) (p store.Payment, v document.View, err error) {
	err = t.Read(ctx, by, access.ReceiptPrint, func(r *store.Read) error {
		p, err = r.Payment(id)
		return noSuch("payment", err)
	})
	if err == nil {
		v, err = t.show(ctx, by, access.ReceiptPrint, p.Document)
	}
	return p, v, err
}

// StatementPaper reads the frozen statement of charges of an order.
func (t *Till) StatementPaper(ctx context.Context, by access.Actor, id term.OrderID) (v document.View, err error) {
	var doc store.Document
	err = t.Read(ctx, by, access.TillView, func(r *store.Read) error {
		if _, err = r.Order(id); err != nil { // no order, no paper: 0 would be no filter at all
			return noSuch(nounOrder, err)
		}
		doc, _, err = statementOf(r, id)
		return err
	})
	if err != nil {
		return v, err
	}
	return t.show(ctx, by, access.TillView, doc.ID)
}

// show reads a paper and notes that its client's paper was looked at.
func (t *Till) show(
	ctx context.Context, by access.Actor, p access.Permission, id term.DocumentID,
) (v document.View, err error) {
	var client term.ClientID
	err = t.Read(ctx, by, p, func(r *store.Read) error {
		doc, err := r.Document(id)
		client = doc.Client
		return noSuch("document", err)
	})
	if err != nil {
		return v, err
	}
	err = t.View(ctx, by, p, client, func(r *store.Read) error {
		v, err = document.Show(r, id)
		return err
	})
	return v, err
}

// OrderOf names the order of a payment.
func (t *Till) OrderOf(ctx context.Context, by access.Actor, id term.PaymentID) (order term.OrderID, err error) {
	err = t.Read(ctx, by, access.TillView, func(r *store.Read) error {
		p, err := r.Payment(id)
		order = p.Order
		return noSuch("payment", err)
	})
	return order, err
}
