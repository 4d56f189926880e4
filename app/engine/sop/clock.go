package sop

import (
	"time"

	"meixu/app/access"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Clock starts the clocks that wait for a signal: "start", a step, or a word of the
// template such as "redflag". A clock that runs or is over is left alone.
func (e *Engine) Clock(tx *store.Tx, on Subject, signal string) error {
	w, err := e.work(tx, access.Actor{}, on)
	if err != nil {
		return err
	}
	for _, s := range w.t.steps {
		if s.From != signal || s.Scope == OfClinic {
			continue
		}
		for _, c := range w.t.cells(s, on, w.facts) {
			if m, ok := w.marks[c]; ok && m.State != store.StampUndone {
				continue
			}
			clock := store.SOPStamp{State: store.StampOpen, StartedAt: tx.Now()}
			if s.Limit > 0 {
				clock.DueAt = tx.Now().Add(time.Duration(s.Limit) * time.Minute)
			}
			if err := w.add(c, clock); err != nil {
				return err
			}
		}
	}
	return nil
}

// Late is one clock that is over, for the board: which step of which visit, whose duty it
// is, since when, and who is to hear of it.
type Late struct {
	Visit      term.VisitID
	Treatment  term.TreatmentID
	Step       string
	Title      words.Text
	Rule       string
	Role       string
	EscalateTo string
	Prove      string // the evidence that stops the clock
	DueAt      term.Instant
	Minutes    int // over the limit
}

// Overdue lists the clocks that are over, longest first.
func (e *Engine) Overdue(r *store.Read, limit int) ([]Late, error) {
	stamps, err := r.SOPOverdue(limit)
	if err != nil {
		return nil, err
	}
	visits := make([]term.VisitID, len(stamps))
	for i, m := range stamps {
		visits[i] = m.Visit
	}
	runs, err := r.SOPRunsIn(visits)
	if err != nil {
		return nil, err
	}
	list := make([]Late, 0, len(stamps))
	for _, m := range stamps {
		t, err := e.Template(r, runs[m.Visit].Template)
		if err != nil {
			return nil, err
		}
		s, ok := t.Step(m.Step)
		if !ok {
			continue
		}
		list = append(list, Late{
			Visit: m.Visit, Treatment: m.Treatment, Step: s.ID, Title: s.Title, Rule: s.RuleID(), Role: s.Role,
			EscalateTo: s.EscalateTo, Prove: s.Prove, DueAt: m.DueAt, Minutes: int(r.Now().Sub(m.DueAt) / time.Minute),
		})
	}
	return list, nil
}
