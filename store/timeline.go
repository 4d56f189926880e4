package store

import (
	"encoding/json"
	"slices"

	"meixu/store/term"
)

// Happening is one entry of a client's timeline.
type Happening struct {
	// Noun is what happened: visit, appointment, lead, wait, talk, skin, answer, exam, plan, order,
	// document, consent, withdrawal, treatment, lot, redeem, payment, media, task, event, rating,
	// message, complaint. The forms of a talk and of the skin are answers with a noun of their own,
	// and the call that an unhappy rating asks for is a complaint.
	Noun    string
	ID      int64
	At      term.Instant
	Number  string
	State   string // of a document also "over": the visit ended before it was signed
	TitleZH string // of items and templates; the words key of a task, the kind of a message
	TitleEN string // the arguments of a task, as JSON
	Extra   string // view of a photo, purpose of a consent, quantity of a lot, which of a course an appointment is: 2/5
	Amount  term.Fen
	Who     string
	Ref     int64    // the row whose page tells more: the treatment of a lot, the order of a payment
	Signers []string // capacities in which a document is signed
}

// timelineKeys finds when what happened, each kind from an index of its own: what is sorted is
// small however long the history is, and kinds that are not wanted are not looked at.
// What is still to come (timelineAhead) is not among them: ?5 is when today begins.
const timelineKeys = `SELECT 'visit' AS noun, id, arrived_at AS at FROM visits WHERE client_id = ?1 AND instr(?2, '"visit"')
	UNION ALL SELECT 'appointment', id, starts_at FROM appointments WHERE client_id = ?1 AND instr(?2, '"appointment"') AND NOT (starts_at >= ?5 AND state IN ('requested','confirmed'))
	UNION ALL SELECT 'lead', id, created_at FROM leads WHERE client_id = ?1 AND instr(?2, '"lead"')
	UNION ALL SELECT 'wait', id, created_at FROM waits WHERE client_id = ?1 AND instr(?2, '"wait"') AND state <> 'waiting'
	UNION ALL SELECT noun, id, at FROM (
		SELECT CASE WHEN form_code IN ('F4','F17') THEN 'talk' WHEN form_code IN ('F3','F16-SKINTEST') THEN 'skin' ELSE 'answer' END AS noun,
			id, coalesce(signed_at, created_at) AS at FROM answers
		WHERE client_id = ?1 AND state <> 'amended' AND (instr(?2, '"talk"') OR instr(?2, '"skin"') OR instr(?2, '"answer"'))) WHERE instr(?2, '"' || noun || '"')
	UNION ALL SELECT 'exam', id, signed_at FROM exams WHERE client_id = ?1 AND instr(?2, '"exam"')
	UNION ALL SELECT 'plan', id, created_at FROM plans WHERE client_id = ?1 AND instr(?2, '"plan"')
	UNION ALL SELECT 'order', id, created_at FROM orders WHERE client_id = ?1 AND instr(?2, '"order"')
	UNION ALL SELECT 'document', id, created_at FROM documents WHERE client_id = ?1 AND instr(?2, '"document"')
	UNION ALL SELECT 'consent', id, given_at FROM client_consents WHERE client_id = ?1 AND instr(?2, '"consent"')
	UNION ALL SELECT 'withdrawal', id, withdrawn_at FROM client_consents WHERE client_id = ?1 AND withdrawn_at IS NOT NULL AND instr(?2, '"withdrawal"')
	UNION ALL SELECT 'treatment', id, coalesce(started_at, created_at) FROM treatments WHERE client_id = ?1 AND instr(?2, '"treatment"')
	UNION ALL SELECT 'lot', u.id, u.taken_at FROM treatments t JOIN lot_uses u ON u.treatment_id = t.id WHERE t.client_id = ?1 AND instr(?2, '"lot"')
	UNION ALL SELECT 'redeem', m.id, m.at FROM orders o JOIN order_lines l ON l.order_id = o.id
		JOIN ledger m ON m.kind = 'session' AND m.account_id = l.id AND m.ref_noun = 'treatment' WHERE o.client_id = ?1 AND instr(?2, '"redeem"')
	UNION ALL SELECT 'payment', p.id, p.at FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.client_id = ?1 AND instr(?2, '"payment"')
	UNION ALL SELECT 'media', id, taken_at FROM media WHERE client_id = ?1 AND state <> 'void' AND instr(?2, '"media"')
	UNION ALL SELECT noun, id, at FROM (SELECT ` + taskNoun + ` AS noun, id, coalesce(done_at, updated_at) AS at FROM tasks
		WHERE client_id = ?1 AND state <> 'open' AND (instr(?2, '"task"') OR instr(?2, '"complaint"'))) WHERE instr(?2, '"' || noun || '"')
	UNION ALL SELECT 'event', id, opened_at FROM events WHERE client_id = ?1 AND instr(?2, '"event"')
	UNION ALL SELECT 'rating', id, at FROM ratings WHERE client_id = ?1 AND anonymous = 0 AND instr(?2, '"rating"')
	UNION ALL SELECT 'message', id, coalesce(sent_at, send_after) FROM outbox WHERE client_id = ?1 AND instr(?2, '"message"') AND NOT (send_after >= ?5 AND state = 'ready')
	ORDER BY 3 DESC, 1, 2 DESC LIMIT ?3 OFFSET ?4`

// taskNoun tells complaints from other tasks: the call that an unhappy rating asks for. That of a rating
// without a name is in no file: it would say who gave it.
const taskNoun = `CASE WHEN kind = 'call_back' AND subject_noun = 'rating'
	AND EXISTS (SELECT 1 FROM ratings a WHERE a.id = subject_id AND a.anonymous = 0) THEN 'complaint' WHEN kind = 'call_back' AND subject_noun = 'rating' THEN 'unnamed' ELSE 'task' END`

// timelineAhead finds what is still to come, soonest first: living appointments from today on, who waits
// for a free slot, tasks that are open, messages that wait for their hour.
const timelineAhead = `SELECT 'appointment' AS noun, id, starts_at AS at FROM appointments
		WHERE client_id = ?1 AND instr(?2, '"appointment"') AND starts_at >= ?4 AND state IN ('requested','confirmed')
	UNION ALL SELECT 'wait', id, created_at FROM waits WHERE client_id = ?1 AND instr(?2, '"wait"') AND state = 'waiting'
	UNION ALL SELECT noun, id, at FROM (SELECT ` + taskNoun + ` AS noun, id, due_at AS at FROM tasks
		WHERE client_id = ?1 AND state = 'open' AND (instr(?2, '"task"') OR instr(?2, '"complaint"'))) WHERE instr(?2, '"' || noun || '"')
	UNION ALL SELECT 'message', id, send_after FROM outbox WHERE client_id = ?1 AND instr(?2, '"message"') AND send_after >= ?4 AND state = 'ready'
	ORDER BY 3, 1, 2 LIMIT ?3`

// timelineRows tells what the entries of one page are.
const timelineRows = `WITH page(noun, id, at) AS MATERIALIZED (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)),
	told(noun, id, at, number, state, zh, en, extra, amount, staff, ref, signers) AS (
	SELECT p.noun, p.id, p.at, x.number, x.state, '', '', x.close_reason_sealed, 0, x.consultant_id, x.id, '[]' FROM page p JOIN visits x ON x.id = p.id WHERE p.noun = 'visit'
	UNION ALL SELECT p.noun, p.id, p.at, '', x.state, coalesce(i.name, ''), coalesce(i.name_en, ''), coalesce((
			SELECT count(iif(b.starts_at <= x.starts_at, 1, NULL)) || '/' || count(*) FROM appointments b WHERE b.series_id = x.series_id
			AND b.state IN ('requested','confirmed','arrived') HAVING count(*) > 1), ''), 0, x.staff_id, x.id, '[]'
		FROM page p JOIN appointments x ON x.id = p.id LEFT JOIN items i ON i.id = x.item_id WHERE p.noun = 'appointment'
	UNION ALL SELECT p.noun, p.id, p.at, '', x.state, '', '', x.channel, 0, x.owner_id, 0, '[]' FROM page p JOIN leads x ON x.id = p.id WHERE p.noun = 'lead'
	UNION ALL SELECT p.noun, p.id, p.at, '', x.state, coalesce(i.name, ''), coalesce(i.name_en, ''), '', 0, x.staff_id, 0, '[]'
		FROM page p JOIN waits x ON x.id = p.id LEFT JOIN items i ON i.id = x.item_id WHERE p.noun = 'wait'
	UNION ALL SELECT p.noun, p.id, p.at, x.form_code, x.state, coalesce(json_extract(t.body, '$.title.zh'), x.form_code),
		coalesce(json_extract(t.body, '$.title.en'), ''), CASE x.red WHEN 1 THEN 'red' ELSE '' END, 0, coalesce(x.signed_by, x.staff_id), x.id, '[]'
		FROM page p JOIN answers x ON x.id = p.id LEFT JOIN form_templates t ON t.id = x.template_id WHERE p.noun IN ('talk','skin','answer')
	UNION ALL SELECT p.noun, p.id, p.at, '', x.verdict, '', '', '', 0, x.physician_id, x.answer_id, '[]' FROM page p JOIN exams x ON x.id = p.id WHERE p.noun = 'exam'
	UNION ALL SELECT p.noun, p.id, p.at, x.number, x.state, '', '', '', (SELECT coalesce(sum(price_fen * sessions), 0) FROM plan_items
		WHERE plan_id = x.id AND state IN ('proposed','approved')), x.consultant_id, x.id, '[]' FROM page p JOIN plans x ON x.id = p.id WHERE p.noun = 'plan'
	UNION ALL SELECT p.noun, p.id, p.at, x.number, x.state, '', '', '', x.total_fen, NULL, x.id, '[]' FROM page p JOIN orders x ON x.id = p.id WHERE p.noun = 'order'
	UNION ALL SELECT p.noun, p.id, p.at, x.number,
		iif(x.state = 'open' AND EXISTS (SELECT 1 FROM visits v WHERE v.id = x.visit_id AND v.state <> 'open'), 'over', x.state),
		coalesce(json_extract(t.body, '$.title.zh'), x.kind), coalesce(json_extract(t.body, '$.title.en'), ''), x.kind, 0, NULL, x.id, x.signers
		FROM page p JOIN documents x ON x.id = p.id LEFT JOIN document_templates t ON t.id = x.template_id WHERE p.noun = 'document'
	UNION ALL SELECT p.noun, p.id, p.at, '', iif(p.noun = 'consent', 'given', 'withdrawn'), '', '', x.purpose, 0, iif(p.noun = 'consent', NULL, x.withdrawn_by), 0, '[]'
		FROM page p JOIN client_consents x ON x.id = p.id WHERE p.noun IN ('consent','withdrawal')
	UNION ALL SELECT p.noun, p.id, p.at, x.number, x.state, i.name, i.name_en, '', 0, x.operator_id, x.id, '[]'
		FROM page p JOIN treatments x ON x.id = p.id JOIN items i ON i.id = x.item_id WHERE p.noun = 'treatment'
	UNION ALL SELECT p.noun, p.id, p.at, l.lot, iif(x.closed_at IS NULL, 'taken', 'closed'), d.name, '', CAST(x.used_qty AS TEXT), 0, x.taken_by, x.treatment_id, '[]'
		FROM page p JOIN lot_uses x ON x.id = p.id JOIN lots l ON l.id = x.lot_id JOIN products d ON d.id = l.product_id WHERE p.noun = 'lot'
	UNION ALL SELECT p.noun, p.id, p.at, o.number, iif(x.amount < 0, 'used', 'back'), i.name, i.name_en, '', 0, NULL, x.ref_id, '[]'
		FROM page p JOIN ledger x ON x.id = p.id JOIN order_lines l ON l.id = x.account_id JOIN orders o ON o.id = l.order_id JOIN items i ON i.id = l.item_id WHERE p.noun = 'redeem'
	UNION ALL SELECT p.noun, p.id, p.at, x.number, x.kind, '', '', x.reason_sealed, x.amount_fen, x.cashier_id, x.order_id, '[]' FROM page p JOIN payments x ON x.id = p.id WHERE p.noun = 'payment'
	UNION ALL SELECT p.noun, p.id, p.at, '', x.kind, '', '', x.view, 0, x.taken_by, x.id, '[]' FROM page p JOIN media x ON x.id = p.id WHERE p.noun = 'media'
	UNION ALL SELECT p.noun, p.id, p.at, '', x.state, x.title_key, x.title_args_sealed, x.outcome, 0, coalesce(x.done_by, x.staff_id), coalesce(a.answer_id, x.id), '[]'
		FROM page p JOIN tasks x ON x.id = p.id LEFT JOIN ratings a ON p.noun = 'complaint' AND a.id = x.subject_id WHERE p.noun IN ('task','complaint')
	UNION ALL SELECT p.noun, p.id, p.at, x.number, x.state, x.kind, '', x.code, 0, x.opened_by, x.id, '[]' FROM page p JOIN events x ON x.id = p.id WHERE p.noun = 'event'
	UNION ALL SELECT p.noun, p.id, p.at, CAST(x.score AS TEXT), 'given', '', '', coalesce(CAST(x.nps AS TEXT), ''), 0, NULL, x.answer_id, '[]' FROM page p JOIN ratings x ON x.id = p.id WHERE p.noun = 'rating'
	UNION ALL SELECT p.noun, p.id, p.at, '', x.state, x.kind, '', x.channel, 0, x.sent_by, 0, '[]' FROM page p JOIN outbox x ON x.id = p.id WHERE p.noun = 'message')
	SELECT x.noun, x.id, x.at, x.number, x.state, x.zh, x.en, x.extra, x.amount, coalesce(s.name, ''), x.ref, x.signers
	FROM told x LEFT JOIN staff s ON s.id = x.staff ORDER BY x.at DESC, x.noun, x.id DESC`

// Timeline lists what happened with a client, newest first, of the nouns that the reader may
// see, and nothing that is still to come, in two queries however long the history is.
func (r *Read) Timeline(client term.ClientID, nouns []string, limit, offset int) ([]Happening, error) {
	list, err := json.Marshal(nouns)
	if err != nil {
		return nil, err
	}
	keys, err := many(r, scanKey, timelineKeys, client, string(list), limit, offset, r.Today().Start(r.Zone()))
	if err != nil {
		return nil, err
	}
	return r.told(client, keys)
}

// Ahead lists what is still to come of a client, soonest first, in two queries.
func (r *Read) Ahead(client term.ClientID, nouns []string, limit int) ([]Happening, error) {
	list, err := json.Marshal(nouns)
	if err != nil {
		return nil, err
	}
	keys, err := many(r, scanKey, timelineAhead, client, string(list), limit, r.Today().Start(r.Zone()))
	if err != nil {
		return nil, err
	}
	all, err := r.told(client, keys)
	slices.Reverse(all)
	return all, err
}

func scanKey(from row) (key [3]any, err error) { return key, from.Scan(&key[0], &key[1], &key[2]) }

// told reads what the keys stand for, newest first.
func (r *Read) told(client term.ClientID, keys [][3]any) ([]Happening, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	page, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	return many(r, func(from row) (h Happening, err error) {
		var title, extra []byte // of some nouns sealed
		if err = from.Scan(&h.Noun, &h.ID, &h.At, &h.Number, &h.State, &h.TitleZH, &title, &extra, &h.Amount, &h.Who, maybe(&h.Ref), jsonText{&h.Signers}); err != nil {
			return h, err
		}
		h.TitleEN, h.Extra = string(title), string(extra)
		return h, h.unseal(r, client)
	}, timelineRows, string(page))
}

// unseal opens what of the entry is sealed: why a visit or a payment was closed, and the
// arguments of a task's title.
func (h *Happening) unseal(r *Read, client term.ClientID) (err error) {
	switch h.Noun {
	case "visit":
		h.Extra, err = r.unseal(client, "visits", h.ID, "close_reason_sealed", []byte(h.Extra))
	case "payment":
		h.Extra, err = r.unseal(0, "payments", h.ID, "reason_sealed", []byte(h.Extra))
	case "task", "complaint":
		h.TitleEN, err = r.unseal(client, "tasks", h.ID, "title_args_sealed", []byte(h.TitleEN))
	}
	return err
}
