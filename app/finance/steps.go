package finance

import (
	"errors"
	"strings"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Limits of one line; beyond them somebody has mistyped.
const (
	maxSessions = 200
	maxPriceFen = term.Fen(100_000_000_00)
	maxLines    = 50
)

// Line is one item to be sold: sessions at a price per session, in fen.
type Line struct {
	PlanItem term.PlanItemID
	Item     term.ItemID
	Sessions int
	Price    term.Fen
}

// NewOrder is what a client agreed to buy.
type NewOrder struct {
	Client       term.ClientID
	Visit        term.VisitID
	Plan         term.PlanID // 0: without a plan
	Lines        []Line
	CoolingUntil term.Instant // end of the cooling-off period (REG-CON-11); zero for none
}

// PlaceOrder is the step that puts an order on the till's list. Its total is the exact sum of
// its lines, and a plan has at most one order that lives (S3-06; index order_plan_once).
func PlaceOrder(tx *store.Tx, in NewOrder) (store.Order, error) {
	total, err := totalOf(in.Lines)
	if err != nil {
		return store.Order{}, err
	}
	have, err := tx.OrdersOfVisit(in.Visit)
	if err != nil {
		return store.Order{}, err
	}
	for _, o := range have {
		if in.Plan != 0 && o.Plan == in.Plan && o.State != term.OrderCancelled {
			return store.Order{}, fault.Refuse("S3-06", "finance.order.plan_taken", o.Number).At(pathOf(o.ID))
		}
	}
	o := store.Order{
		Client: in.Client, Visit: in.Visit, Plan: in.Plan, TotalFen: total, State: term.OrderOpen,
		CoolingUntil: in.CoolingUntil,
	}
	if err := tx.AddOrder(&o); err != nil {
		return store.Order{}, err
	}
	for _, l := range in.Lines {
		row := store.OrderLine{
			Order: o.ID, PlanItem: l.PlanItem, Item: l.Item, Sessions: l.Sessions,
			PriceFen: l.Price, TotalFen: l.Price.Times(l.Sessions),
		}
		if err := tx.AddOrderLine(&row); err != nil {
			return store.Order{}, err
		}
	}
	news(tx, o)
	return o, nil
}

// CancelOrder is the step that calls off an order nobody has paid for. Money that lies on it
// must go back first.
func CancelOrder(tx *store.Tx, order term.OrderID, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		var f fault.Fields
		f.Add("reason", "finance.reason.missing")
		return f.Err()
	}
	o, err := tx.Order(order)
	if err != nil {
		return orderFault(err)
	}
	if o.State != term.OrderOpen {
		return fault.Refuse("S3-06", "finance.order.not_open", o.Number, fault.Word(o.State.Key())).At(pathOf(o.ID))
	}
	paid, err := tx.Balance(money, int64(o.ID))
	if err != nil {
		return err
	}
	if paid != 0 {
		return fault.Refuse("REG-FEE-10", "finance.order.has_money", o.Number, term.Fen(paid)).Ask("cashier").At(pathOf(o.ID))
	}
	o.State, o.CancelReason, o.ClosedAt = term.OrderCancelled, reason, tx.Now()
	news(tx, o)
	return tx.SaveOrder(&o)
}

// UseSession is the step that takes one paid session for a treatment, once. An unpaid order
// or an empty line refuses (REG-FEE-08).
func UseSession(tx *store.Tx, line term.OrderLineID, treatment term.TreatmentID) error {
	l, err := tx.OrderLine(line)
	if err != nil {
		return orderFault(err)
	}
	o, err := tx.Order(l.Order)
	if err != nil {
		return err
	}
	if o.State != term.OrderPaid {
		return fault.Refuse("REG-FEE-08", "finance.session.unpaid", o.Number, fault.Word(o.State.Key())).
			Ask("cashier").At(pathOf(o.ID))
	}
	used, err := usedMove(tx.Read, line, treatment)
	if err != nil {
		return err
	}
	if used != 0 {
		return fault.Refuse("S5-02", "finance.session.twice")
	}
	left, err := SessionsLeft(tx.Read, line)
	if err != nil {
		return err
	}
	if left < 1 {
		return fault.Refuse("REG-FEE-08", "finance.session.none", o.Number).Ask("cashier").At(pathOf(o.ID))
	}
	_, err = tx.Move(store.Account{Kind: session, ID: int64(line)}, -1, treatmentRef(treatment))
	return err
}

// ReturnSession is the step that gives the session of a stopped treatment back to the client.
func ReturnSession(tx *store.Tx, line term.OrderLineID, treatment term.TreatmentID) error {
	used, err := usedMove(tx.Read, line, treatment)
	if err != nil {
		return err
	}
	if used == 0 {
		return fault.Refuse("S5-02", "finance.session.not_used")
	}
	_, err = tx.Reverse(used, treatmentRef(treatment))
	return err
}

// SessionsLeft is how many sessions of a line are paid and not yet used.
func SessionsLeft(r *store.Read, line term.OrderLineID) (int, error) {
	n, err := r.Balance(session, int64(line))
	return int(n), err
}

// DebtOf is what the client still owes on open orders, in fen.
func DebtOf(r *store.Read, client term.ClientID) (term.Fen, error) { return r.DebtOf(client) }

// Remaining is a paid line with sessions left, for a later visit.
type Remaining struct {
	Line  store.OrderLine
	Order store.Order
	Item  store.Item
	Left  int
}

// RemainingLines lists the client's paid lines with sessions left, oldest first.
func RemainingLines(r *store.Read, client term.ClientID) ([]Remaining, error) {
	lines, err := r.OrderLinesOf(client)
	if err != nil {
		return nil, err
	}
	var list []Remaining
	for _, l := range lines {
		left, err := SessionsLeft(r, l.ID)
		if err != nil {
			return nil, err
		}
		if left < 1 {
			continue
		}
		row := Remaining{Line: l, Left: left}
		if row.Order, err = r.Order(l.Order); err != nil {
			return nil, err
		}
		if row.Item, err = r.Item(l.Item); err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, nil
}

// usedMove is the movement by which the treatment took its session; 0 when it holds none.
func usedMove(r *store.Read, line term.OrderLineID, treatment term.TreatmentID) (store.MoveID, error) {
	moves, err := r.MovementsOf(treatmentRef(treatment))
	if err != nil {
		return 0, err
	}
	var used store.MoveID
	for _, m := range moves {
		if m.Account != (store.Account{Kind: session, ID: int64(line)}) {
			continue
		}
		switch {
		case m.Reverses != 0 && m.Reverses == used:
			used = 0
		case m.Amount < 0:
			used = m.ID
		}
	}
	return used, nil
}

func treatmentRef(id term.TreatmentID) store.Subject {
	return store.Subject{Noun: nounTreating, ID: int64(id)}
}

func paymentRef(id term.PaymentID) store.Subject {
	return store.Subject{Noun: nounPayment, ID: int64(id)}
}

// orderFault says "no such order" where the store says "no such row".
func orderFault(err error) error { return noSuch("order", err) }

func noSuch(noun string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.NotFound(noun).Because(err)
	}
	return err
}
