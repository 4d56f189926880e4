package store

import (
	"encoding/json"

	"meixu/store/term"
)

// ConsultRow is how far a visit has come on its way to an order.
type ConsultRow struct {
	Visit      term.VisitID
	Ticket     string   // C01, "" before one was given
	Consultant string   // name, "" when nobody is assigned
	Signed     []string // codes of the forms signed in the visit
	Verdict    string   // of the newest examination, "" without one
	Plan       term.PlanID
	PlanNumber string
	PlanState  term.PlanState
	Lines      int
	TotalFen   term.Fen // of all sessions
	Unsigned   []string // capacities that have yet to sign an open paper of the plan
}

// ConsultRows tells how far each of the visits has come, in one query.
func (r *Read) ConsultRows(visits []term.VisitID) (map[term.VisitID]ConsultRow, error) {
	list, err := idList(visits)
	if err != nil {
		return nil, err
	}
	rows, err := many(r, func(from row) (c ConsultRow, err error) {
		var signed, unsigned string
		err = from.Scan(&c.Visit, &c.Ticket, &c.Consultant, &signed, &c.Verdict, maybe(&c.Plan), &c.PlanNumber, &c.PlanState,
			&c.Lines, &c.TotalFen, &unsigned)
		if err == nil {
			err = json.Unmarshal([]byte(signed), &c.Signed)
		}
		if err == nil {
			err = json.Unmarshal([]byte(unsigned), &c.Unsigned)
		}
		return c, err
	}, `SELECT v.id,
			coalesce((SELECT t.number FROM tickets t WHERE t.visit_id = v.id ORDER BY t.id DESC LIMIT 1), ''),
			coalesce(s.name, ''),
			(SELECT json_group_array(DISTINCT a.form_code) FROM answers a WHERE a.visit_id = v.id AND a.state = 'signed'),
			coalesce((SELECT e.verdict FROM exams e WHERE e.visit_id = v.id ORDER BY e.id DESC LIMIT 1), ''),
			p.id, coalesce(p.number, ''), coalesce(p.state, ''),
			(SELECT count(*) FROM plan_items i WHERE i.plan_id = p.id AND i.state <> 'removed'),
			(SELECT coalesce(sum(i.price_fen * i.sessions), 0) FROM plan_items i WHERE i.plan_id = p.id AND i.state <> 'removed'),
			(SELECT json_group_array(DISTINCT role.value) FROM documents d, json_each(d.signers) role
				WHERE d.visit_id = v.id AND d.plan_id = p.id AND d.state = 'open'
				AND NOT EXISTS (SELECT 1 FROM signatures g WHERE g.document_id = d.id AND g.signer_role = role.value))
		FROM visits v
		LEFT JOIN staff s ON s.id = v.consultant_id
		LEFT JOIN plans p ON p.id = (SELECT max(n.id) FROM plans n WHERE n.visit_id = v.id AND n.state <> 'void') AND p.state <> 'refused'
		WHERE v.id IN (SELECT value FROM json_each(?)) LIMIT 10000`, list)
	byID := make(map[term.VisitID]ConsultRow, len(rows))
	for _, c := range rows {
		byID[c.Visit] = c
	}
	return byID, err
}
