package store

import (
	"meixu/store/term"
)

// Points of members (row:C6) are movements of the ledger on the accounts of orders: kind "earned" and
// kind "burned". Whose they are says the order, so that they follow it.

// PointsFenOf is what points stand for in the money of an order, less what went back.
func (r *Read) PointsFenOf(order term.OrderID) (term.Fen, error) {
	return one(r, value[term.Fen], `SELECT coalesce(sum(CASE kind WHEN 'payment' THEN points_fen ELSE -points_fen END), 0)
		FROM payments WHERE order_id = ?`, order)
}

// PointsOf is how many points a client has.
func (r *Read) PointsOf(client term.ClientID) (int64, error) {
	return one(r, value[int64], `SELECT coalesce(sum(m.amount), 0) FROM orders o
		JOIN ledger m ON m.kind IN ('earned','burned') AND m.account_id = o.id WHERE o.client_id = ?`, client)
}

// PointMove is one movement of points with what it rests on.
type PointMove struct {
	Kind    string // earned or burned
	At      term.Instant
	Amount  int64
	Order   term.OrderID
	Number  string // of the order
	Cause   string // payment, refund or void
	Payment term.PaymentID
	Reason  string // that was given for a refund or void
}

// PointMoves lists the movements of a client's points, newest first.
func (r *Read) PointMoves(client term.ClientID, limit int) ([]PointMove, error) {
	return many(r, func(from row) (m PointMove, err error) {
		var reason []byte
		if err = from.Scan(&m.Kind, &m.At, &m.Amount, &m.Order, &m.Number, &m.Cause, &m.Payment, &reason); err != nil {
			return m, err
		}
		m.Reason, err = r.unseal(0, "payments", int64(m.Payment), "reason_sealed", reason)
		return m, err
	}, `SELECT m.kind, m.at, m.amount, o.id, o.number, p.kind, p.id, p.reason_sealed FROM orders o
		JOIN ledger m ON m.kind IN ('earned','burned') AND m.account_id = o.id
		JOIN payments p ON m.ref_noun = 'payment' AND p.id = m.ref_id WHERE o.client_id = ? ORDER BY m.id DESC LIMIT ?`, client, limit)
}
