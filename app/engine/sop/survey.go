package sop

import (
	"fmt"

	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Survey is what boards and figures show of one run: how well it kept to the SOP, the line
// of stages, and what comes next.
type Survey struct {
	Visit  term.VisitID
	Score  Score
	Line   *Stepper
	Next   *Pending // nil when no hard step is missing
	Ended  bool
	RunsOn term.Instant // when the run began
}

// Pending is a hard step that lacks its evidence.
type Pending struct {
	Step      string
	Title     words.Text
	Role      string
	Lead      bool
	Treatment term.TreatmentID
}

// Surveys reads many runs at once for figures, with a fixed number of queries: it looks at
// facts and stamps alone. Visits without a run are left out. Its scores are those of Score
// and View.
func (e *Engine) Surveys(r *store.Read, visits []term.VisitID, lang words.Lang) (map[term.VisitID]Survey, error) {
	return e.surveys(r, visits, lang, func(*sheet) error { return nil })
}

// Standing is Surveys for boards: evidence that a visit carries over from an earlier one
// counts in the line and in what comes next, as it does on the page of the visit.
func (e *Engine) Standing(r *store.Read, visits []term.VisitID, lang words.Lang) (map[term.VisitID]Survey, error) {
	return e.surveys(r, visits, lang, func(sh *sheet) (err error) {
		if err := e.proveCarried(r, sh); err != nil {
			return err
		}
		if err := e.proveShort(r, sh); err != nil {
			return err
		}
		sh.halt, err = sh.halted(r)
		return err
	})
}

func (e *Engine) surveys(r *store.Read, visits []term.VisitID, lang words.Lang, prove func(*sheet) error) (map[term.VisitID]Survey, error) {
	facts, err := e.facts(r, visits)
	if err != nil {
		return nil, fmt.Errorf("sop: facts of %d visits: %w", len(visits), err)
	}
	runs, err := r.SOPRunsIn(visits)
	if err != nil {
		return nil, err
	}
	stamps, err := r.SOPStampsIn(visits)
	if err != nil {
		return nil, err
	}
	byVisit := make(map[term.VisitID][]store.SOPStamp, len(visits))
	for _, s := range stamps {
		byVisit[s.Visit] = append(byVisit[s.Visit], s)
	}
	found := make(map[term.VisitID]Survey, len(runs))
	for visit, run := range runs {
		t, err := e.Template(r, run.Template)
		if err != nil {
			return nil, err
		}
		sh := &sheet{
			t: t, facts: facts[visit], on: Subject{Visit: visit}, now: r.Now(), ended: !run.EndedAt.IsZero(),
			marks: map[cell]mark{}, proofs: map[cell]Proof{},
		}
		sh.mark(byVisit[visit])
		score := sh.score()
		if err := prove(sh); err != nil {
			return nil, fmt.Errorf("sop: standing of visit %d: %w", visit, err)
		}
		found[visit] = Survey{
			Visit: visit, Score: score, Line: sh.line(run.CreatedAt, lang), Next: sh.pending(), Ended: sh.ended,
			RunsOn: run.CreatedAt,
		}
	}
	return found, nil
}

// pending is the first hard step, in the order of the template, that lacks its evidence.
func (sh *sheet) pending() *Pending {
	for _, s := range sh.t.steps {
		if s.Gate != Hard || s.Scope == OfClinic {
			continue
		}
		for _, c := range sh.cells(s) {
			if !sh.satisfied(s, c) {
				return &Pending{Step: s.ID, Title: s.Title, Role: s.Role, Lead: s.Lead, Treatment: c.treatment}
			}
		}
	}
	return nil
}
