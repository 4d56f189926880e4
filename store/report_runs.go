package store

import (
	"encoding/json"

	"meixu/store/term"
)

// idList is a list of ids as JSON, for "IN (SELECT value FROM json_each(?))".
func idList[I ~int64](ids []I) (string, error) {
	if len(ids) == 0 {
		return "[]", nil
	}
	list, err := json.Marshal(ids)
	return string(list), err
}

// SOPRunsIn reads the runs of the visits in one query.
func (r *Read) SOPRunsIn(visits []term.VisitID) (map[term.VisitID]SOPRun, error) {
	list, err := idList(visits)
	if err != nil {
		return nil, err
	}
	rows, err := loadAll[SOPRun](r, "visit_id IN (SELECT value FROM json_each(?))", list)
	if err != nil {
		return nil, err
	}
	runs := make(map[term.VisitID]SOPRun, len(rows))
	for _, run := range rows {
		runs[run.Visit] = run
	}
	return runs, nil
}

// SOPStampsIn lists the stamps of the visits in the order in which they were made.
func (r *Read) SOPStampsIn(visits []term.VisitID) ([]SOPStamp, error) {
	list, err := idList(visits)
	if err != nil {
		return nil, err
	}
	return loadAll[SOPStamp](r, "visit_id IN (SELECT value FROM json_each(?)) ORDER BY id", list)
}

// SOPDue lists the newest stamp of one step per visit and treatment whose clock ran out in
// [from, to), for figures about limits that were kept.
func (r *Read) SOPDue(step string, from, to term.Instant, limit int) ([]SOPStamp, error) {
	return loadAll[SOPStamp](r, `step = ? AND due_at >= ? AND due_at < ?
		AND id = (SELECT max(n.id) FROM sop_steps n WHERE n.visit_id = sop_steps.visit_id AND n.step = sop_steps.step
			AND n.treatment_id IS sop_steps.treatment_id)
		ORDER BY due_at DESC, id DESC LIMIT ?`, step, from, to, limit)
}

// VisitsIn reads the visits of the ids in one query.
func (r *Read) VisitsIn(ids []term.VisitID) (map[term.VisitID]Visit, error) {
	return byIDs[Visit](r, ids)
}
