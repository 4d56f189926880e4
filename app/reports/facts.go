package reports

import (
	"meixu/app/engine/sop"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// surveyed reads how the visits that arrived in a span kept to the SOP.
func (o *Office) surveyed(r *store.Read, span span) (map[term.VisitID]sop.Survey, []store.Visit, error) {
	visits, err := r.VisitsBetween(span.from, span.to, mostVisits)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]term.VisitID, len(visits))
	for i, v := range visits {
		ids[i] = v.ID
	}
	surveys, err := o.SOP.Surveys(r, ids, words.ZH)
	return surveys, visits, err
}
