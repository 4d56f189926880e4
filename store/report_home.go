package store

import (
	"encoding/json"

	"meixu/store/term"
)

// StockRow is a product that runs low, or a lot that ends soon.
type StockRow struct {
	Product   string
	Unit      string
	Lot       string
	Left      term.Qty
	Low       term.Qty
	ExpiresOn term.Day
}

// LowStock lists the products of which less is left than their mark, in lots that are fine.
func (r *Read) LowStock(limit int) ([]StockRow, error) {
	return many(r, func(from row) (s StockRow, err error) {
		err = from.Scan(&s.Product, &s.Unit, &s.Left, &s.Low)
		return s, err
	}, `SELECT p.name, p.unit, coalesce(b.held, 0), p.low_qty FROM products p
		LEFT JOIN (SELECT l.product_id AS product, sum(m.amount) AS held FROM lots l
			JOIN ledger m ON m.kind = 'stock' AND m.account_id = l.id
			WHERE l.state = 'ok' AND (l.expires_on IS NULL OR l.expires_on >= ?) GROUP BY l.product_id) b ON b.product = p.id
		WHERE p.low_qty > 0 AND coalesce(b.held, 0) < p.low_qty ORDER BY p.name LIMIT ?`, r.Today(), limit)
}

// EndingLots lists the lots with something left whose last day lies before until.
func (r *Read) EndingLots(until term.Day, limit int) ([]StockRow, error) {
	return many(r, func(from row) (s StockRow, err error) {
		err = from.Scan(&s.Product, &s.Unit, &s.Lot, &s.Left, optDay{&s.ExpiresOn})
		return s, err
	}, `SELECT p.name, p.unit, l.lot, sum(m.amount), l.expires_on FROM lots l JOIN products p ON p.id = l.product_id
		JOIN ledger m ON m.kind = 'stock' AND m.account_id = l.id
		WHERE l.expires_on < ? GROUP BY l.id HAVING sum(m.amount) > 0 ORDER BY l.expires_on, l.id LIMIT ?`, until, limit)
}

// DueRow is an order that waits for money.
type DueRow struct {
	Order  term.OrderID
	Number string
	Client term.ClientID
	Visit  term.VisitID
	DueFen term.Fen
	At     term.Instant
}

// DueRows lists the open orders with what is still owed, oldest first.
func (r *Read) DueRows(limit int) ([]DueRow, error) {
	return many(r, func(from row) (d DueRow, err error) {
		err = from.Scan(&d.Order, &d.Number, &d.Client, &d.Visit, &d.DueFen, &d.At)
		return d, err
	}, `SELECT o.id, o.number, o.client_id, o.visit_id, o.total_fen - coalesce(
			(SELECT sum(m.amount) FROM ledger m WHERE m.kind = 'money' AND m.account_id = o.id), 0), o.created_at
		FROM orders o WHERE o.state = 'open' ORDER BY o.id LIMIT ?`, limit)
}

// AwaitingRow is an open document of an open visit that waits for a signature.
type AwaitingRow struct {
	Document term.DocumentID
	Number   string
	Kind     string
	Client   term.ClientID
	At       term.Instant
}

// PriceRow is a line of an open plan whose price waits for somebody's word.
type PriceRow struct {
	Plan             term.PlanID
	Line             term.PlanItemID
	Visit            term.VisitID
	Client           term.ClientID
	Item, ItemEN     string
	Price, Low, High term.Fen
	Sessions         int
	Version          int // of the line, as it is agreed to
	At               term.Instant
}

// UnusualPrices lists the lines of open visits whose price lies outside the item's band, or more than so
// many percent from the list, and that nobody approved; oldest first.
func (r *Read) UnusualPrices(percent, limit int) ([]PriceRow, error) {
	return many(r, func(from row) (p PriceRow, err error) {
		err = from.Scan(&p.Plan, &p.Line, &p.Visit, &p.Client, &p.Item, &p.ItemEN, &p.Price, &p.Low, &p.High, &p.Sessions, &p.Version, &p.At)
		return p, err
	}, `SELECT p.id, l.id, p.visit_id, p.client_id, i.name, i.name_en, l.price_fen, i.price_low_fen, i.price_high_fen, l.sessions, l.version, l.updated_at
		FROM visits v JOIN plans p ON p.visit_id = v.id JOIN plan_items l ON l.plan_id = p.id JOIN items i ON i.id = l.item_id
		WHERE v.state = 'open' AND p.state IN ('draft','approved') AND l.state <> 'removed' AND l.approved_by IS NULL
			AND (l.price_fen < i.price_low_fen OR l.price_fen > i.price_high_fen OR abs(l.list_fen - l.price_fen) * 100 > l.list_fen * ?)
		ORDER BY l.id LIMIT ?`, percent, limit)
}

// PapersAwaiting lists the papers of open visits that wait for the signature of one of the
// capacities (a JSON list of roles), oldest first.
func (r *Read) PapersAwaiting(roles []string, limit int) ([]AwaitingRow, error) {
	list, err := json.Marshal(roles)
	if err != nil {
		return nil, err
	}
	return many(r, func(from row) (p AwaitingRow, err error) {
		err = from.Scan(&p.Document, &p.Number, &p.Kind, &p.Client, &p.At)
		return p, err
	}, `SELECT d.id, d.number, d.kind, d.client_id, d.created_at FROM visits v JOIN documents d ON d.visit_id = v.id
		WHERE v.state = 'open' AND d.state = 'open' AND EXISTS (SELECT 1 FROM json_each(d.signers) s
			WHERE s.value IN (SELECT value FROM json_each(?))
			AND s.value NOT IN (SELECT g.signer_role FROM signatures g WHERE g.document_id = d.id))
		ORDER BY d.id LIMIT ?`, string(list), limit)
}
