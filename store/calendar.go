package store

import "meixu/store/term"

// ClientMark is what a card of the calendar tells of its client: how often the client was here
// and what is owed.
type ClientMark struct {
	Visits int
	Debt   term.Fen
}

// ClientMarks reads the marks of many clients in one query, for cards.
func (r *Read) ClientMarks(ids []term.ClientID) (map[term.ClientID]ClientMark, error) {
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	type marked struct {
		id   term.ClientID
		mark ClientMark
	}
	rows, err := many(r, func(from row) (m marked, err error) {
		err = from.Scan(&m.id, &m.mark.Visits, (*int64)(&m.mark.Debt))
		return m, err
	}, `SELECT c.id, (SELECT count(*) FROM visits v WHERE v.client_id = c.id),
		(SELECT coalesce(sum(o.total_fen - coalesce((SELECT sum(l.amount) FROM ledger l WHERE l.kind = 'money' AND l.account_id = o.id), 0)), 0)
			FROM orders o WHERE o.client_id = c.id AND o.state = 'open')
		FROM clients c WHERE c.id IN (SELECT value FROM json_each(?))`, list)
	byID := make(map[term.ClientID]ClientMark, len(rows))
	for _, m := range rows {
		byID[m.id] = m.mark
	}
	return byID, err
}

// SessionsLeftIn tells of many paid lines in one query how many sessions are left.
func (r *Read) SessionsLeftIn(lines []term.OrderLineID) (map[term.OrderLineID]int, error) {
	ids := make([]int64, len(lines))
	for i, l := range lines {
		ids[i] = int64(l)
	}
	sums, err := r.balances("session", ids)
	byID := make(map[term.OrderLineID]int, len(sums))
	for id, n := range sums {
		byID[term.OrderLineID(id)] = int(n)
	}
	return byID, err
}

// VisitsFor reads the visits that came of bookings in one query, by booking; of two it is the
// later one.
func (r *Read) VisitsFor(bookings []term.AppointmentID) (map[term.AppointmentID]Visit, error) {
	list, err := idList(bookings)
	if err != nil {
		return nil, err
	}
	all, err := loadAll[Visit](r, `client_id IN (SELECT a.client_id FROM appointments a WHERE a.id IN (SELECT value FROM json_each(?)))
		AND appointment_id IN (SELECT value FROM json_each(?)) ORDER BY id`, list, list)
	byBooking := make(map[term.AppointmentID]Visit, len(all))
	for _, v := range all {
		byBooking[v.Appointment] = v
	}
	return byBooking, err
}

// Unpaid is an item that a client agreed to and on whose order nothing was paid yet.
type Unpaid struct {
	Client term.ClientID
	Item   term.ItemID
}

// UnpaidAmong reads in one query what of many clients waits for its first payment, for cards.
func (r *Read) UnpaidAmong(clients []term.ClientID) (map[Unpaid]bool, error) {
	list, err := idList(clients)
	if err != nil {
		return nil, err
	}
	rows, err := many(r, func(from row) (u Unpaid, err error) {
		err = from.Scan(&u.Client, &u.Item)
		return u, err
	}, `SELECT DISTINCT o.client_id, l.item_id FROM orders o JOIN order_lines l ON l.order_id = o.id
		WHERE o.client_id IN (SELECT value FROM json_each(?)) AND o.state = 'open' AND o.total_fen > 0
		AND coalesce((SELECT sum(m.amount) FROM ledger m WHERE m.kind = 'money' AND m.account_id = o.id), 0) = 0`, list)
	found := make(map[Unpaid]bool, len(rows))
	for _, u := range rows {
		found[u] = true
	}
	return found, err
}
