package store

import (
	"meixu/store/term"
)

// PaperRow is a document or a filled form in a list, without its content.
type PaperRow struct {
	ID       int64
	Number   string // of a document
	Code     string // of a form, or the kind of a document
	TitleZH  string
	TitleEN  string
	State    string
	Red      bool         // a form with a red answer
	By       string       // of a form: who filled or signed it, or handed the tablet to the client who did
	ByClient bool         // of a form: the client filled it
	At       term.Instant // when begun or issued
	DoneAt   term.Instant // when signed by all, or locked
	Signers  []string     // capacities in which a document is signed
	Wanted   int          // signatures wanted
	Signed   int
}

// DocumentRows lists the documents of a visit with titles and signatures, in one query.
func (r *Read) DocumentRows(visit term.VisitID) ([]PaperRow, error) {
	return many(r, func(from row) (p PaperRow, err error) {
		err = from.Scan(&p.ID, &p.Number, &p.Code, &p.TitleZH, &p.TitleEN, &p.State, &p.At, &p.DoneAt, jsonText{&p.Signers}, &p.Wanted, &p.Signed)
		return p, err
	}, `SELECT d.id, d.number, d.kind, coalesce(json_extract(t.body, '$.title.zh'), d.kind), coalesce(json_extract(t.body, '$.title.en'), ''),
			d.state, d.created_at, d.completed_at, d.signers, json_array_length(d.signers),
			(SELECT count(*) FROM signatures s WHERE s.document_id = d.id)
		FROM documents d LEFT JOIN document_templates t ON t.id = d.template_id
		WHERE d.visit_id = ? ORDER BY d.id LIMIT 200`, visit)
}

// AnswerRows lists the filled forms of a visit with their titles, without amended ones.
func (r *Read) AnswerRows(visit term.VisitID) ([]PaperRow, error) {
	return many(r, func(from row) (p PaperRow, err error) {
		err = from.Scan(&p.ID, &p.Code, &p.TitleZH, &p.TitleEN, &p.State, &p.Red, &p.By, &p.ByClient, &p.At, &p.DoneAt)
		return p, err
	}, `SELECT a.id, a.form_code, coalesce(json_extract(t.body, '$.title.zh'), a.form_code), coalesce(json_extract(t.body, '$.title.en'), ''),
			a.state, a.red, coalesce(s.name, ''), a.filled_by <> 'staff', a.created_at, a.signed_at
		FROM answers a LEFT JOIN form_templates t ON t.id = a.template_id
			LEFT JOIN staff s ON s.id = CASE WHEN a.filled_by = 'staff' THEN coalesce(a.signed_by, a.staff_id) ELSE a.staff_id END
		WHERE a.visit_id = ? AND a.state <> 'amended' ORDER BY a.id LIMIT 200`, visit)
}

// MoneyRow is an order with what was paid on it.
type MoneyRow struct {
	ID       term.OrderID
	Number   string
	State    term.OrderState
	TotalFen term.Fen
	PaidFen  term.Fen
	Methods  string // "cash,wechat"
	At       term.Instant
	Items    string // names, joined by "、"
}

// MoneyRows lists the orders of a visit with what the ledger says was paid.
func (r *Read) MoneyRows(visit term.VisitID) ([]MoneyRow, error) {
	return many(r, func(from row) (m MoneyRow, err error) {
		err = from.Scan(&m.ID, &m.Number, &m.State, &m.TotalFen, &m.PaidFen, &m.Methods, &m.At, &m.Items)
		return m, err
	}, `SELECT o.id, o.number, o.state, o.total_fen,
			coalesce((SELECT sum(l.amount) FROM ledger l WHERE l.kind = 'money' AND l.account_id = o.id), 0),
			coalesce((SELECT group_concat(DISTINCT g.method) FROM payments p JOIN payment_legs g ON g.payment_id = p.id
				WHERE p.order_id = o.id AND p.kind = 'payment'), ''), o.created_at,
			coalesce((SELECT group_concat(i.name, '、') FROM order_lines n JOIN items i ON i.id = n.item_id WHERE n.order_id = o.id), '')
		FROM orders o WHERE o.visit_id = ? ORDER BY o.id LIMIT 50`, visit)
}
