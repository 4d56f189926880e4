package store

import (
	"meixu/store/term"
)

// TrailFilter chooses the acts about one client; zero fields mean all.
type TrailFilter struct {
	Client   term.ClientID
	Staff    term.StaffID
	Action   string
	From, To term.Instant
	// Kind is "view" for acts that changed nothing of the client, "change" for the others.
	Kind   string
	Before term.ActID // page back from here
	Limit  int        // at most 200
}

// clientRows names every row that is about the client ?1: what the trail of a client covers.
const clientRows = `WITH v(id) AS (SELECT id FROM visits WHERE client_id = ?1),
	o(id) AS (SELECT id FROM orders WHERE client_id = ?1),
	t(id) AS (SELECT id FROM treatments WHERE client_id = ?1),
	d(id) AS (SELECT id FROM documents WHERE client_id = ?1),
	p(id) AS (SELECT id FROM plans WHERE client_id = ?1),
	i(id) AS (SELECT id FROM plan_items WHERE plan_id IN (SELECT id FROM p)),
	y(id) AS (SELECT id FROM payments WHERE order_id IN (SELECT id FROM o)),
	n(id) AS (SELECT id FROM order_lines WHERE order_id IN (SELECT id FROM o)),
	mine(tbl, row) AS (
		SELECT 'clients', ?1
		UNION ALL SELECT 'client_consents', id FROM client_consents WHERE client_id = ?1
		UNION ALL SELECT 'leads', id FROM leads WHERE client_id = ?1
		UNION ALL SELECT 'appointments', id FROM appointments WHERE client_id = ?1
		UNION ALL SELECT 'visits', id FROM v
		UNION ALL SELECT 'tickets', id FROM tickets WHERE visit_id IN (SELECT id FROM v)
		UNION ALL SELECT 'sop_runs', id FROM sop_runs WHERE visit_id IN (SELECT id FROM v)
		UNION ALL SELECT 'sop_steps', id FROM sop_steps WHERE visit_id IN (SELECT id FROM v)
		UNION ALL SELECT 'answers', id FROM answers WHERE client_id = ?1
		UNION ALL SELECT 'exams', id FROM exams WHERE client_id = ?1
		UNION ALL SELECT 'plans', id FROM p
		UNION ALL SELECT 'plan_items', id FROM i
		UNION ALL SELECT 'contra_rulings', id FROM contra_rulings WHERE plan_item_id IN (SELECT id FROM i)
		UNION ALL SELECT 'phrase_hits', id FROM phrase_hits WHERE visit_id IN (SELECT id FROM v)
		UNION ALL SELECT 'documents', id FROM d
		UNION ALL SELECT 'signatures', id FROM signatures WHERE document_id IN (SELECT id FROM d)
		UNION ALL SELECT 'media', id FROM media WHERE client_id = ?1
		UNION ALL SELECT 'orders', id FROM o
		UNION ALL SELECT 'order_lines', id FROM n
		UNION ALL SELECT 'payments', id FROM y
		UNION ALL SELECT 'payment_legs', id FROM payment_legs WHERE payment_id IN (SELECT id FROM y)
		UNION ALL SELECT 'invoices', id FROM invoices WHERE client_id = ?1
		UNION ALL SELECT 'ledger', id FROM ledger WHERE kind = 'money' AND account_id IN (SELECT id FROM o)
		UNION ALL SELECT 'ledger', id FROM ledger WHERE kind = 'session' AND account_id IN (SELECT id FROM n)
		UNION ALL SELECT 'treatments', id FROM t
		UNION ALL SELECT 'treatment_notes', id FROM treatment_notes WHERE client_id = ?1
		UNION ALL SELECT 'lot_uses', id FROM lot_uses WHERE treatment_id IN (SELECT id FROM t)
		UNION ALL SELECT 'tasks', id FROM tasks WHERE client_id = ?1
		UNION ALL SELECT 'events', id FROM events WHERE client_id = ?1
		UNION ALL SELECT 'ratings', id FROM ratings WHERE client_id = ?1
		UNION ALL SELECT 'outbox', id FROM outbox WHERE client_id = ?1
		UNION ALL SELECT 'contact_choices', id FROM contact_choices WHERE client_id = ?1
		UNION ALL SELECT 'guest_links', id FROM guest_links WHERE client_id = ?1)`

// TrailOf lists who saw and changed what of one client, newest first, with the changes of
// that client's rows only.
func (r *Read) TrailOf(f TrailFilter) ([]ActRow, error) {
	from, to := f.From.String(), f.To.String()
	acts, err := many(r, r.openedAct, clientRows+`,
		changed(act) AS MATERIALIZED (SELECT DISTINCT c.act FROM mine m JOIN act_changes c ON c.tbl = m.tbl AND c.row = m.row),
		seen(act) AS (SELECT id FROM acts WHERE subject_noun = 'client' AND subject_id = ?1
			UNION SELECT id FROM acts WHERE subject_noun = 'visit' AND subject_id IN (SELECT id FROM v))
		SELECT `+actColumns+` FROM acts
		WHERE (id IN (SELECT act FROM changed) OR id IN (SELECT act FROM seen))
		AND (?2 = 0 OR staff_id = ?2) AND (?3 = '' OR action = ?3) AND (?4 = '' OR at >= ?4) AND (?5 = '' OR at < ?5)
		AND (?6 <> 'view' OR id NOT IN (SELECT act FROM changed)) AND (?6 <> 'change' OR id IN (SELECT act FROM changed))
		AND (?7 = 0 OR id < ?7) ORDER BY id DESC LIMIT ?8`,
		f.Client, f.Staff, f.Action, from, to, f.Kind, f.Before, max(1, min(f.Limit, 200)))
	if err != nil {
		return nil, err
	}
	return acts, r.clientChanges(f.Client, acts)
}

// clientChanges fills in what the acts did to the client's rows.
func (r *Read) clientChanges(client term.ClientID, acts []ActRow) error {
	list, at, err := places(acts)
	if err != nil {
		return err
	}
	changes, err := many(r, scanChangeOf, clientRows+` SELECT c.act, c.tbl, c.row, c.op, c.changes FROM act_changes c
		WHERE c.act IN (SELECT value FROM json_each(?2)) AND (c.tbl, c.row) IN (SELECT tbl, row FROM mine) ORDER BY c.id LIMIT 5000`, client, list)
	for _, c := range changes {
		acts[at[c.act]].Changes = append(acts[at[c.act]].Changes, c.Change)
	}
	return err
}

// places lists the ids of the acts for a query, and says where each act stands in its list.
func places(acts []ActRow) (list string, at map[term.ActID]int, err error) {
	ids := make([]term.ActID, len(acts))
	at = make(map[term.ActID]int, len(acts))
	for i, a := range acts {
		ids[i], at[a.ID] = a.ID, i
	}
	list, err = idList(ids)
	return list, at, err
}

// changeOf is a change with the act that made it.
type changeOf struct {
	act term.ActID
	Change
}

func scanChangeOf(from row) (c changeOf, err error) {
	err = from.Scan(&c.act, &c.Table, &c.Row, &c.Op, &c.Changes)
	return c, err
}

// ChangesIn fills in what the acts changed, at most the first 60 changes of each, for the
// trail of the whole house.
func (r *Read) ChangesIn(acts []ActRow) error {
	list, at, err := places(acts)
	if err != nil {
		return err
	}
	changes, err := many(r, scanChangeOf, `SELECT act, tbl, row, op, changes FROM (SELECT id, act, tbl, row, op, changes,
			row_number() OVER (PARTITION BY act ORDER BY id) AS nth FROM act_changes WHERE act IN (SELECT value FROM json_each(?)))
		WHERE nth <= 60 ORDER BY id`, list)
	for _, c := range changes {
		acts[at[c.act]].Changes = append(acts[at[c.act]].Changes, c.Change)
	}
	return err
}
