package store

import (
	"meixu/store/term"
)

// Points of members (row:C6) are movements of the ledger on the accounts of orders: kind "earned" and
// kind "burned", and kind "parted" where two files that had been joined were made even. Whose they are
// says the order, so that they follow it.

// PointsFenOf is what points stand for in the money of an order, less what went back.
func (r *Read) PointsFenOf(order term.OrderID) (term.Fen, error) {
	return one(r, value[term.Fen], `SELECT coalesce(sum(CASE kind WHEN 'payment' THEN points_fen ELSE -points_fen END), 0)
		FROM payments WHERE order_id = ?`, order)
}

// PointsOf is how many points a client has.
func (r *Read) PointsOf(client term.ClientID) (int64, error) {
	return one(r, value[int64], `SELECT coalesce(sum(m.amount), 0) FROM orders o
		JOIN ledger m ON m.kind IN ('earned','burned','parted') AND m.account_id = o.id WHERE o.client_id = ?`, client)
}

// PointMove is one movement of points with what it rests on.
type PointMove struct {
	Kind    string // earned, burned or parted
	At      term.Instant
	Amount  int64
	Order   term.OrderID
	Number  string // of the order
	Cause   string // payment, refund, void, or split for points that a parted file gave or got
	Payment term.PaymentID
	Reason  string // that was given for a refund or void
}

// PointMoves lists the movements of a client's points, newest first.
func (r *Read) PointMoves(client term.ClientID, limit int) ([]PointMove, error) {
	return many(r, func(from row) (m PointMove, err error) {
		var reason []byte
		if err = from.Scan(&m.Kind, &m.At, &m.Amount, &m.Order, &m.Number, &m.Cause, maybe(&m.Payment), &reason); err != nil || m.Payment == 0 {
			return m, err
		}
		m.Reason, err = r.unseal(0, "payments", int64(m.Payment), "reason_sealed", reason)
		return m, err
	}, `SELECT m.kind, m.at, m.amount, o.id, o.number, coalesce(p.kind, 'split'), p.id, p.reason_sealed FROM orders o
		JOIN ledger m ON m.kind IN ('earned','burned','parted') AND m.account_id = o.id
		LEFT JOIN payments p ON m.ref_noun = 'payment' AND p.id = m.ref_id WHERE o.client_id = ? ORDER BY m.id DESC LIMIT ?`, client, limit)
}

// GivePoints moves points from one file to the other when they are parted. They lie on the last order of
// either, so that they follow it as all points do; a file that has or owes points has an order.
func (tx *Tx) GivePoints(merge Merge, from, to term.ClientID, amount int64) error {
	for _, side := range []struct {
		client term.ClientID
		amount int64
	}{{from, -amount}, {to, amount}} {
		order, err := one(tx.Read, value[int64], `SELECT id FROM orders WHERE client_id = ? ORDER BY id DESC LIMIT 1`, side.client)
		if err != nil {
			return err
		}
		if _, err := tx.Move(Account{Kind: "parted", ID: order}, side.amount, Subject{Noun: "merge", ID: merge.ID}); err != nil {
			return err
		}
	}
	return nil
}
