package store

import (
	"encoding/json"

	"meixu/store/term"
)

// Happening is one entry of a client's timeline.
type Happening struct {
	Noun    string // visit, document, treatment, media, payment, task, event, answer, consent, appointment
	ID      int64
	At      term.Instant
	Number  string
	State   string // of a document also "over": the visit ended before it was signed
	TitleZH string // of items and templates; the words key of a task
	TitleEN string // the arguments of a task, as JSON
	Extra   string // lots of a treatment, view of a photo, purpose of a consent
	Amount  term.Fen
	Who     string
	Visit   term.VisitID
	Signers []string // capacities in which a document is signed
}

// Timeline lists what happened with a client, newest first, of the nouns that the reader may
// see, in one query however long the history is.
func (r *Read) Timeline(client term.ClientID, nouns []string, limit, offset int) ([]Happening, error) {
	list, err := json.Marshal(nouns)
	if err != nil {
		return nil, err
	}
	return many(r, func(from row) (h Happening, err error) {
		var title, extra []byte // of some nouns sealed
		if err = from.Scan(&h.Noun, &h.ID, &h.At, &h.Number, &h.State, &h.TitleZH, &title, &extra, &h.Amount, &h.Who, maybe(&h.Visit), jsonText{&h.Signers}); err != nil {
			return h, err
		}
		h.TitleEN, h.Extra = string(title), string(extra)
		return h, h.unseal(r, client)
	}, `WITH want(noun) AS (SELECT value FROM json_each(?2)),
		all_of(noun, id, at, number, state, zh, en, extra, amount, staff, visit) AS (
		SELECT 'visit', id, arrived_at, number, state, '', '', close_reason_sealed, 0, coalesce(consultant_id, 0), id FROM visits WHERE client_id = ?1
		UNION ALL SELECT 'document', d.id, d.created_at, d.number,
			iif(d.state = 'open' AND EXISTS (SELECT 1 FROM visits v WHERE v.id = d.visit_id AND v.state <> 'open'), 'over', d.state), coalesce(json_extract(t.body, '$.title.zh'), d.kind),
			coalesce(json_extract(t.body, '$.title.en'), ''), d.kind, 0, 0, d.visit_id
			FROM documents d LEFT JOIN document_templates t ON t.id = d.template_id WHERE d.client_id = ?1
		UNION ALL SELECT 'treatment', t.id, coalesce(t.started_at, t.created_at), t.number, t.state, i.name, i.name_en,
			coalesce((SELECT group_concat(p.name || ' ' || l.lot, ' · ') FROM lot_uses u JOIN lots l ON l.id = u.lot_id
				JOIN products p ON p.id = l.product_id WHERE u.treatment_id = t.id), ''), 0, coalesce(t.operator_id, 0), t.visit_id
			FROM treatments t JOIN items i ON i.id = t.item_id WHERE t.client_id = ?1
		UNION ALL SELECT 'media', id, taken_at, '', kind, '', '', view, 0, coalesce(taken_by, 0), visit_id FROM media
			WHERE client_id = ?1 AND state <> 'void'
		UNION ALL SELECT 'payment', p.id, p.at, p.number, p.kind, '', '', p.reason_sealed, p.amount_fen, p.cashier_id, o.visit_id
			FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.client_id = ?1
		UNION ALL SELECT 'task', id, coalesce(done_at, due_at), '', state, title_key, title_args_sealed, outcome, 0, coalesce(done_by, 0), visit_id
			FROM tasks WHERE client_id = ?1
		UNION ALL SELECT 'event', id, opened_at, number, state, kind, '', code, 0, coalesce(opened_by, 0), visit_id FROM events WHERE client_id = ?1
		UNION ALL SELECT 'answer', a.id, coalesce(a.signed_at, a.created_at), a.form_code, a.state, coalesce(json_extract(t.body, '$.title.zh'), a.form_code),
			coalesce(json_extract(t.body, '$.title.en'), ''), CASE a.red WHEN 1 THEN 'red' ELSE '' END, 0, coalesce(a.signed_by, a.staff_id, 0), a.visit_id
			FROM answers a LEFT JOIN form_templates t ON t.id = a.template_id WHERE a.client_id = ?1 AND a.state <> 'amended'
		UNION ALL SELECT 'consent', id, given_at, '', 'given', '', '', purpose, 0, 0, NULL FROM client_consents WHERE client_id = ?1
		UNION ALL SELECT 'consent', id, withdrawn_at, '', 'withdrawn', '', '', purpose, 0, coalesce(withdrawn_by, 0), NULL
			FROM client_consents WHERE client_id = ?1 AND withdrawn_at IS NOT NULL
		UNION ALL SELECT 'appointment', a.id, a.starts_at, '', a.state, coalesce(i.name, ''), coalesce(i.name_en, ''), '', 0, coalesce(a.staff_id, 0), NULL
			FROM appointments a LEFT JOIN items i ON i.id = a.item_id WHERE a.client_id = ?1)
		SELECT x.noun, x.id, x.at, x.number, x.state, x.zh, x.en, x.extra, x.amount, coalesce(s.name, ''), x.visit,
			CASE x.noun WHEN 'document' THEN (SELECT signers FROM documents WHERE id = x.id) ELSE '[]' END
		FROM all_of x LEFT JOIN staff s ON s.id = x.staff WHERE x.noun IN (SELECT noun FROM want)
		ORDER BY x.at DESC, x.id DESC LIMIT ?3 OFFSET ?4`, client, string(list), limit, offset)
}

// unseal opens what of the entry is sealed: why a visit or a payment was closed, and the
// arguments of a task's title.
func (h *Happening) unseal(r *Read, client term.ClientID) (err error) {
	switch h.Noun {
	case "visit":
		h.Extra, err = r.unseal(client, "visits", h.ID, "close_reason_sealed", []byte(h.Extra))
	case "payment":
		h.Extra, err = r.unseal(0, "payments", h.ID, "reason_sealed", []byte(h.Extra))
	case "task":
		h.TitleEN, err = r.unseal(client, "tasks", h.ID, "title_args_sealed", []byte(h.TitleEN))
	}
	return err
}

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
