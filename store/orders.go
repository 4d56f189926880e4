package store

import (
	"meixu/store/term"
)

// Order is what a client owes for a plan. What was paid is the ledger's sum, never a column.
type Order struct {
	ID           term.OrderID
	Version      int
	CreatedAt    term.Instant
	UpdatedAt    term.Instant
	Number       string
	Client       term.ClientID
	Visit        term.VisitID
	Plan         term.PlanID
	TotalFen     term.Fen
	State        term.OrderState
	CoolingUntil term.Instant
	ClosedAt     term.Instant
	CancelReason string
}

func (*Order) table() string { return "orders" }
func (*Order) columns() string {
	return "id, version, created_at, updated_at, number, client_id, visit_id, plan_id, total_fen, " +
		"state, cooling_until, closed_at, cancel_reason_sealed"
}

func (o *Order) fields(r *Read) []any {
	return []any{
		&o.ID, &o.Version, &o.CreatedAt, &o.UpdatedAt, &o.Number, &o.Client, &o.Visit, maybe(&o.Plan),
		&o.TotalFen, &o.State, &o.CoolingUntil, &o.ClosedAt, sealed(r, "orders", &o.ID, &o.Client, "cancel_reason_sealed", &o.CancelReason),
	}
}

// Order reads one order.
func (r *Read) Order(id term.OrderID) (Order, error) { return load[Order](r, "id = ?", id) }

// OrdersOf lists a client's orders, newest first.
func (r *Read) OrdersOf(client term.ClientID, limit int) ([]Order, error) {
	return loadAll[Order](r, "client_id = ? ORDER BY id DESC LIMIT ?", client, limit)
}

// OrdersOfVisit lists the orders of a visit.
func (r *Read) OrdersOfVisit(visit term.VisitID) ([]Order, error) {
	return loadAll[Order](r, "visit_id = ? ORDER BY id LIMIT 50", visit)
}

// OrdersIn lists orders in a state, oldest first.
func (r *Read) OrdersIn(state term.OrderState, limit int) ([]Order, error) {
	return loadAll[Order](r, "state = ? ORDER BY id LIMIT ?", state, limit)
}

// AddOrder adds an order and gives it its number.
func (tx *Tx) AddOrder(o *Order) (err error) {
	if o.Number, err = tx.Number("O"); err != nil {
		return err
	}
	return tx.addRow(o)
}

// SaveOrder writes an order over the version read.
func (tx *Tx) SaveOrder(o *Order) error { return tx.saveRow(o) }

// OrderLine is one sold item with its sessions; the ledger kind "session" holds what is left.
type OrderLine struct {
	ID        term.OrderLineID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Order     term.OrderID
	PlanItem  term.PlanItemID
	Item      term.ItemID
	Sessions  int
	PriceFen  term.Fen
	TotalFen  term.Fen
	ExpiresOn term.Day
}

func (*OrderLine) table() string { return "order_lines" }
func (*OrderLine) columns() string {
	return "id, version, created_at, updated_at, order_id, plan_item_id, item_id, sessions, " +
		"price_fen, total_fen, expires_on"
}

func (o *OrderLine) fields(*Read) []any {
	return []any{
		&o.ID, &o.Version, &o.CreatedAt, &o.UpdatedAt, &o.Order, maybe(&o.PlanItem), &o.Item, &o.Sessions,
		&o.PriceFen, &o.TotalFen,
		optDay{&o.ExpiresOn},
	}
}

// OrderLine reads one line.
func (r *Read) OrderLine(id term.OrderLineID) (OrderLine, error) {
	return load[OrderLine](r, "id = ?", id)
}

// OrderLines lists the lines of an order.
func (r *Read) OrderLines(order term.OrderID) ([]OrderLine, error) {
	return loadAll[OrderLine](r, "order_id = ? ORDER BY id LIMIT 100", order)
}

// OrderLinesOf lists the lines of a client's paid orders, for remaining sessions.
func (r *Read) OrderLinesOf(client term.ClientID) ([]OrderLine, error) {
	return loadAll[OrderLine](r,
		"order_id IN (SELECT id FROM orders WHERE client_id = ? AND state = 'paid') ORDER BY id LIMIT 500", client)
}

// AddOrderLine adds a line.
func (tx *Tx) AddOrderLine(l *OrderLine) error { return tx.addRow(l) }

// DebtOf is what a client still owes on orders that were neither paid nor cancelled, in fen.
func (r *Read) DebtOf(client term.ClientID) (term.Fen, error) {
	return Recall(r, debtKey(client), func() (term.Fen, error) {
		owed, err := one(r, value[int64], `SELECT coalesce(sum(o.total_fen - coalesce(
			(SELECT sum(l.amount) FROM ledger l WHERE l.kind = 'money' AND l.account_id = o.id), 0)), 0)
			FROM orders o WHERE o.client_id = ? AND o.state = 'open'`, client)
		return term.Fen(owed), err
	})
}

// debtKey is a client's debt in the memory of a snapshot.
type debtKey term.ClientID
