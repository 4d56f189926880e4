package store

import (
	"meixu/store/term"
)

// DayMoney is what one way of paying brought on one day: taken less voided and paid back.
type DayMoney struct {
	Day    term.Day
	Method term.PayMethod
	Net    term.Fen
	Count  int // payments taken
}

// MoneyOn sums the payments of the days by way of paying, in one query.
func (r *Read) MoneyOn(days ...term.Day) ([]DayMoney, error) {
	var d [3]term.Day
	copy(d[:], days)
	return many(r, func(from row) (m DayMoney, err error) {
		err = from.Scan(&m.Day, &m.Method, &m.Net, &m.Count)
		return m, err
	}, `SELECT p.day, g.method, sum(CASE p.kind WHEN 'payment' THEN g.amount_fen ELSE -g.amount_fen END), count(DISTINCT CASE p.kind WHEN 'payment' THEN p.id END)
		FROM payments p JOIN payment_legs g ON g.payment_id = p.id
		WHERE p.day IN (?, ?, ?) GROUP BY p.day, g.method ORDER BY p.day, g.method LIMIT 30`, d[0], d[1], d[2])
}

// WaitRow is how long one client of the day waited for the first call.
type WaitRow struct {
	Visit     term.VisitID
	Number    string
	Client    term.ClientID
	ArrivedAt term.Instant
	CalledAt  term.Instant // zero: still waiting, or served without a call
}

// Waits lists the visits that arrived in [from, to) with the first call of their number.
func (r *Read) Waits(from, to term.Instant, limit int) ([]WaitRow, error) {
	return many(r, func(from row) (w WaitRow, err error) {
		err = from.Scan(&w.Visit, &w.Number, &w.Client, &w.ArrivedAt, &w.CalledAt)
		return w, err
	}, `SELECT v.id, v.number, v.client_id, v.arrived_at, (SELECT min(t.called_at) FROM tickets t WHERE t.visit_id = v.id)
		FROM visits v WHERE v.arrived_at >= ? AND v.arrived_at < ? ORDER BY v.arrived_at, v.id LIMIT ?`, from, to, limit)
}

// PaidRow is one payment, void or refund of a day.
type PaidRow struct {
	Number  string
	Order   term.OrderID
	Client  term.ClientID
	Kind    string
	Amount  term.Fen
	Methods string
	Cashier string
	At      term.Instant
}

// PaidOn lists the payments of a day with client, cashier, ways of paying and how much of it was money.
func (r *Read) PaidOn(day term.Day, limit int) ([]PaidRow, error) {
	return many(r, func(from row) (p PaidRow, err error) {
		err = from.Scan(&p.Number, &p.Order, &p.Client, &p.Kind, &p.Amount, &p.Methods, &p.Cashier, &p.At)
		return p, err
	}, `SELECT p.number, p.order_id, o.client_id, p.kind, p.amount_fen - p.points_fen,
			coalesce((SELECT group_concat(DISTINCT g.method) FROM payment_legs g WHERE g.payment_id = p.id), ''), s.name, p.at
		FROM payments p JOIN orders o ON o.id = p.order_id JOIN staff s ON s.id = p.cashier_id
		WHERE p.day = ? ORDER BY p.id DESC LIMIT ?`, day, limit)
}

// RunsOf lists the newest runs of one job.
func (r *Read) RunsOf(job string, limit int) ([]JobRun, error) {
	return many(r, scanJobRun, `SELECT `+jobRunColumns+` FROM job_runs WHERE job = ? ORDER BY id DESC LIMIT ?`, job, limit)
}
