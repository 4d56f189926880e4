package store

import "meixu/store/term"

// SessionRow is one paid item with the sessions that are left.
type SessionRow struct {
	Line      term.OrderLineID
	Item      string
	ItemEN    string
	Left      int
	Sessions  int
	ExpiresOn term.Day
	Order     term.OrderID
	Number    string
}

// SessionsLeft lists the paid items of a client of which sessions are left.
func (r *Read) SessionsLeft(client term.ClientID) ([]SessionRow, error) {
	return many(r, func(from row) (s SessionRow, err error) {
		err = from.Scan(&s.Line, &s.Item, &s.ItemEN, &s.Left, &s.Sessions, optDay{&s.ExpiresOn}, &s.Order, &s.Number)
		return s, err
	}, `SELECT l.id, i.name, i.name_en, sum(m.amount), l.sessions, l.expires_on, o.id, o.number
		FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN items i ON i.id = l.item_id
		JOIN ledger m ON m.kind = 'session' AND m.account_id = l.id
		WHERE o.client_id = ? GROUP BY l.id HAVING sum(m.amount) > 0 ORDER BY l.id LIMIT 100`, client)
}

// ConsentByID reads one consent.
func (r *Read) ConsentByID(id int64) (Consent, error) { return load[Consent](r, "id = ?", id) }
