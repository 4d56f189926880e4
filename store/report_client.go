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

// ClientAppointments lists the living appointments of a client from an instant on.
func (r *Read) ClientAppointments(client term.ClientID, from term.Instant) ([]ComingRow, error) {
	return many(r, func(from row) (c ComingRow, err error) {
		err = from.Scan(&c.ID, &c.StartsAt, &c.EndsAt, &c.State, &c.ItemName, &c.ItemNameEN, &c.StaffName, &c.RoomName)
		return c, err
	}, `SELECT a.id, a.starts_at, a.ends_at, a.state, coalesce(i.name, ''), coalesce(i.name_en, ''), coalesce(s.name, ''), coalesce(o.name, '')
		FROM appointments a LEFT JOIN items i ON i.id = a.item_id LEFT JOIN staff s ON s.id = a.staff_id
		LEFT JOIN rooms o ON o.id = a.room_id
		WHERE a.client_id = ? AND a.starts_at >= ? AND a.state IN ('requested','confirmed') ORDER BY a.starts_at LIMIT 20`, client, from)
}

// ConsentByID reads one consent.
func (r *Read) ConsentByID(id int64) (Consent, error) { return load[Consent](r, "id = ?", id) }
