package sop

import (
	"cmp"
	"time"

	"meixu/app/access"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Run is the SOP of one visit to be read: each step, who, when, by which evidence, what
// was skipped and why, and how well the visit kept to it.
type Run struct {
	Visit     term.VisitID
	Code      string
	Edition   int
	Title     words.Text
	StartedAt term.Instant
	EndedAt   term.Instant
	Stages    []RunStage
	Score     Score

	sheet *sheet // for its line of stages
}

// RunStage is one stage of a run; stages of the clinic are left out.
type RunStage struct {
	ID    string
	Title words.Text
	Steps []RunStep
}

// RunStep is one step, once for the visit or once per treatment.
type RunStep struct {
	Step
	Treatment term.TreatmentID
	// State is todo, running, late, done, manual, skipped, not_applicable, undone, or red:
	// stamped, but the evidence no longer holds.
	State     string
	StartedAt term.Instant
	DueAt     term.Instant
	DoneAt    term.Instant
	Staff     term.StaffID // who stamped it; 0: nobody yet, or the system
	Name      string       // of that person
	By        string       // under which role
	Reason    string
	Ref       store.Subject
	Minutes   int // from the start of its clock, or from the step before, to the stamp
	Late      bool
	Where     string
	// Proved says that a room proves this step; a hard one of these is never stamped by hand.
	Proved bool
	// Carried is the visit whose evidence counts here too; its Number is empty for evidence of this visit.
	Carried Carried
	// History are the older stamps that no longer count, oldest first.
	History []store.SOPStamp
}

// ByClient says that the client did the step; a Name is then who handed the tablet over.
func (s RunStep) ByClient() bool { return s.By == byClient }

// Key is the words key of the state.
func (s RunStep) Key() string { return "sop.state." + s.State }

// Settled says that the step is done, stamped by hand, or left out.
func (s RunStep) Settled() bool {
	return s.State == "done" || s.State == "manual" || s.State == "skipped" || s.State == "not_applicable"
}

// Stampable says that the actor may stamp the step by hand, with a reason.
func (s RunStep) Stampable(by access.Actor) bool {
	return !s.Settled() && (s.Gate != Hard || !s.Proved) && mayStamp(by, &s.Step) == nil
}

// Skippable says that the step is soft and still open.
func (s RunStep) Skippable() bool { return !s.Settled() && s.Gate != Hard }

// View reads the run of a visit.
func (e *Engine) View(r *store.Read, visit term.VisitID) (Run, error) {
	sh, run, err := e.open(r, Subject{Visit: visit})
	if err != nil {
		return Run{}, err
	}
	score := sh.score() // before the provers speak: figures count what was stamped
	if err := e.proveAll(r, sh); err != nil {
		return Run{}, err
	}
	stamps, err := r.SOPStamps(visit)
	if err != nil {
		return Run{}, err
	}
	view := Run{
		Visit: visit, Code: sh.t.Code, Edition: sh.t.Edition, Title: sh.t.Title,
		StartedAt: run.CreatedAt, EndedAt: run.EndedAt, Score: score,
	}
	if sh.halt, err = sh.halted(r); err != nil {
		return view, err
	}
	view.sheet = sh
	for i, stage := range sh.t.Stages {
		part := RunStage{ID: stage.ID, Title: stage.Title}
		for _, s := range sh.t.steps {
			if s.stage != i {
				continue
			}
			for _, c := range sh.t.cells(s, sh.on, sh.facts) {
				part.Steps = append(part.Steps, e.runStep(sh, s, c, stamps))
			}
		}
		if len(part.Steps) > 0 {
			view.Stages = append(view.Stages, part)
		}
	}
	for _, stage := range view.Stages {
		if err := sh.carry(r, stage.Steps, run.CreatedAt); err != nil {
			return view, err
		}
		if err := name(r, stage.Steps); err != nil {
			return view, err
		}
	}
	return view, nil
}

// Steps reads the steps of a run that a page shows, for the visit and one treatment, in the
// order of the template; the others are not asked about.
func (e *Engine) Steps(r *store.Read, on Subject, want func(*Step) bool) ([]RunStep, error) {
	sh, _, err := e.open(r, on)
	if err != nil {
		return nil, err
	}
	stamps, err := r.SOPStamps(on.Visit)
	if err != nil {
		return nil, err
	}
	var list []RunStep
	for _, s := range sh.t.steps {
		if !want(s) {
			continue
		}
		for _, c := range sh.t.cells(s, sh.on, sh.facts) {
			if err := e.prove(r, sh, s, c); err != nil {
				return nil, err
			}
			list = append(list, e.runStep(sh, s, c, stamps))
		}
	}
	return list, name(r, list)
}

// name fills in who stamped the steps.
func name(r *store.Read, steps []RunStep) error {
	names := map[term.StaffID]string{0: ""}
	for i := range steps {
		s := &steps[i]
		if _, known := names[s.Staff]; !known {
			person, err := r.Staff(s.Staff)
			if err != nil {
				return err
			}
			names[s.Staff] = person.Name
		}
		s.Name = names[s.Staff]
	}
	return nil
}

// Conformance sums up the scores of the visits that arrived in [from, to), at most 2000.
func (e *Engine) Conformance(r *store.Read, from, to term.Instant) (Score, error) {
	var sum Score
	runs, err := r.SOPRunsBetween(from, to, 2000)
	if err != nil {
		return sum, err
	}
	for _, run := range runs {
		s, err := e.Score(r, run.Visit)
		if err != nil {
			return sum, err
		}
		sum = Score{
			sum.Satisfied + s.Satisfied, sum.Missed + s.Missed, sum.Pending + s.Pending, sum.Late + s.Late,
			sum.Manual + s.Manual,
		}
	}
	return sum, nil
}

// Score reads only how well the visit kept to the SOP.
func (e *Engine) Score(r *store.Read, visit term.VisitID) (Score, error) {
	sh, _, err := e.open(r, Subject{Visit: visit})
	if err != nil {
		return Score{}, err
	}
	return sh.score(), nil
}

func (e *Engine) runStep(sh *sheet, s *Step, c cell, stamps []store.SOPStamp) RunStep {
	m := sh.marks[c]
	row := RunStep{
		Step: *s, Treatment: c.treatment, State: sh.state(c), StartedAt: m.StartedAt, DueAt: m.DueAt, DoneAt: m.DoneAt,
		Staff: m.Staff, By: m.Role, Reason: m.Reason, Ref: m.Ref, Late: late(m) || sh.overdue(c),
		Where: cmp.Or(sh.proofs[c].Where, e.where(s, Subject{sh.on.Visit, c.treatment})), Proved: e.provers[s.Prove] != nil,
	}
	since := m.StartedAt
	for _, old := range stamps {
		if old.Step == s.ID && old.Treatment == c.treatment && old.ID != m.ID {
			row.History = append(row.History, old)
		}
		if m.StartedAt.IsZero() && old.ID < m.ID && old.DoneAt.After(since) && !old.DoneAt.After(m.DoneAt) {
			since = old.DoneAt
		}
	}
	if !since.IsZero() && !m.DoneAt.IsZero() {
		row.Minutes = int(m.DoneAt.Sub(since) / time.Minute)
	}
	return row
}

func (sh *sheet) state(c cell) string {
	m, stamped := sh.marks[c]
	p, live := sh.proofs[c]
	if s := sh.t.byID[c.step]; s != nil && sh.served(s, c) {
		live = false
	}
	switch {
	case sh.overdue(c):
		return "late"
	case stamped && m.State == store.StampOpen && (!live || !p.Done):
		return "running"
	case m.State == store.StampDone && live && !p.Done:
		return "red"
	case (!stamped || m.State == store.StampOpen) && live && p.Done:
		return "done"
	case !stamped:
		return "todo"
	}
	return string(m.State)
}
