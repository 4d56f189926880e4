package sop

import (
	"slices"
	"time"

	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// States of a stage of the line.
const (
	stageTodo    = "todo"
	stageNow     = "now"
	stageDone    = "done"
	stageLate    = "late"
	stageBlocked = "blocked"
	stageEnded   = "ended"
	stageOff     = "off"
)

// Stepper reads the line of stages of one visit, in the reader's language. It asks the provers
// about what a stamp does not settle and evidence of an earlier visit may; the page of a visit,
// which asks about all, draws the line of its View.
func (e *Engine) Stepper(r *store.Read, visit term.VisitID, lang words.Lang) (*Stepper, error) {
	sh, run, err := e.open(r, Subject{Visit: visit})
	if err != nil {
		return nil, err
	}
	if err := e.proveCarried(r, sh); err != nil {
		return nil, err
	}
	if err := e.proveShort(r, sh); err != nil {
		return nil, err
	}
	if sh.halt, err = sh.halted(r); err != nil {
		return nil, err
	}
	return sh.line(run.CreatedAt, lang), nil
}

// Line is the line of stages of a run that was read: the same evidence, the same words.
func (run Run) Line(lang words.Lang) *Stepper {
	if run.sheet == nil {
		return &Stepper{}
	}
	return run.sheet.line(run.StartedAt, lang)
}

// proveShort asks about the steps with pictures of the stage in which the visit is, and keeps what was
// done without them.
func (e *Engine) proveShort(r *store.Read, sh *sheet) error {
	reached := sh.reached()
	for _, s := range sh.t.steps {
		if s.Gate != Hard || s.Scope != OfVisit || s.stage < reached || s.stage > reached+1 || !slices.Contains(s.Evidence, evidencePhoto) {
			continue
		}
		for _, c := range sh.cells(s) {
			if _, asked := sh.proofs[c]; asked || sh.satisfied(s, c) {
				continue
			}
			if err := e.prove(r, sh, s, c); err != nil {
				return err
			}
			if !sh.proofs[c].Short {
				delete(sh.proofs, c)
			}
		}
	}
	return nil
}

// evidencePhoto is the evidence of steps that want pictures.
const evidencePhoto = "photo"

// proveCarried asks about hard steps of the visit without a stamp which the visit has gone
// past, or which stand before treatments that are there already.
func (e *Engine) proveCarried(r *store.Read, sh *sheet) error {
	reached := sh.reached()
	for _, s := range sh.t.steps {
		if s.Gate != Hard || s.Scope != OfVisit || s.stage >= reached && len(sh.facts.Treatments) == 0 {
			continue
		}
		for _, c := range sh.cells(s) { // a step of the visit has one, whatever the treatment
			if sh.satisfied(s, c) {
				continue
			}
			if err := e.prove(r, sh, s, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// halt says that nothing more comes in a visit, and why: it ended before its time, or the
// client refused every line of the plan. It is empty while the visit goes on or was closed as
// it should be.
type halt struct {
	why     string // as written, else by key
	key     string
	refused bool // the plan: that is where the visit stands still
}

// on says that there is a halt.
func (h halt) on() bool { return h.why != "" || h.key != "" }

func (h halt) say(lang words.Lang) string {
	if h.why != "" {
		return h.why
	}
	return lang.T(h.key)
}

// evidenceOfPlan is the kind of evidence whose stage a refused plan ends.
const evidenceOfPlan = "plan.signed"

func (sh *sheet) halted(r *store.Read) (h halt, err error) {
	v, ok, err := known(r.Visit(sh.on.Visit))
	switch {
	case err != nil || !ok || v.State == term.VisitCompleted:
		return h, err
	case v.State != term.VisitOpen:
		return halt{why: v.CloseReason, key: v.State.Key()}, nil
	case len(sh.facts.Kinds)+len(sh.facts.Treatments) > 0 || sh.reached() == 0:
		return h, nil
	}
	plan, ok, err := known(r.PlanOf(sh.on.Visit))
	if err != nil || !ok || plan.State == term.PlanDraft {
		return h, err
	}
	return halt{key: "sop.line.refused", refused: true}, nil
}

// line draws the stages of a sheet; began is when the run began.
func (sh *sheet) line(began term.Instant, lang words.Lang) *Stepper {
	line := &Stepper{}
	reached := sh.standing()
	for i, stage := range sh.t.Stages {
		mark := sh.stage(i, reached, began)
		if mark == nil {
			continue
		}
		mark.ID, mark.Title = stage.ID, stage.Title.In(lang)
		if mark.State == stageEnded {
			mark.Note = sh.halt.say(lang)
		} else if mark.Missing > 0 {
			mark.Note = sh.lackers(i, lang)
			if mark.Note == "" && mark.State == stageBlocked {
				mark.Note = sh.why(i, lang)
			}
		}
		if mark.Who != "" {
			mark.Who = lang.T("access.role." + mark.Who)
		}
		if last := sh.stageEnd(i); !last.IsZero() {
			began = last
		}
		line.Stages = append(line.Stages, *mark)
	}
	return line
}

// standing is the index of the stage in which the visit stands.
func (sh *sheet) standing() int {
	at := sh.reached()
	switch {
	case sh.halt.refused:
		for _, s := range sh.t.ProvedBy(evidenceOfPlan) {
			at = max(at, s.stage)
		}
	case !sh.halt.on() && sh.stageMissing(at) == 0 && at+1 < len(sh.t.Stages):
		at++
		for at+1 < len(sh.t.Stages) && sh.stageFull(at) { // evidence of an earlier visit
			at++
		}
	}
	return at
}

// stage sums up one stage; nil when none of its steps applies to a visit.
func (sh *sheet) stage(i, reached int, began term.Instant) *StepperStage {
	mark := &StepperStage{Missing: sh.stageMissing(i)}
	found, over, who := sh.stageNow(i)
	if !found {
		return nil
	}
	mark.Who = who
	end := sh.stageEnd(i)
	switch {
	case over:
		mark.State = stageLate
	case mark.Missing > 0 && (i < reached || sh.ended) && sh.stageWaits(i):
		mark.State = stageNow // observation, follow-ups: time is what is missing
	case sh.halt.on():
		mark.State, mark.Missing, mark.Who = afterHalt(i, reached, end), 0, ""
	default:
		mark.State = sh.going(i, reached, mark.Missing)
	}
	if mark.State == stageNow || end.IsZero() && over {
		end = sh.now
	}
	if mark.State == stageTodo || mark.State == stageOff || end.Before(began) {
		return mark
	}
	mark.Minutes = int(end.Sub(began) / time.Minute)
	return mark
}

// going is the state of a stage of a visit that takes its course.
func (sh *sheet) going(i, reached, missing int) string {
	switch {
	case !sh.ended && i <= reached && sh.short(i):
		return stageBlocked
	case i < reached && missing > 0 && sh.leftBehind(i):
		return stageBlocked
	case i < reached && missing > 0 && !sh.ended:
		return stageNow // another treatment of the visit has not come so far
	case i < reached || missing == 0 && !sh.stageEnd(i).IsZero():
		return stageDone
	case i == reached && !sh.ended:
		return stageNow
	}
	return stageTodo
}

// afterHalt is the state of a stage of a visit that ended in the stage reached; end is the last
// stamp of the stage.
func afterHalt(i, reached int, end term.Instant) string {
	switch {
	case i == reached:
		return stageEnded
	case i < reached && !end.IsZero():
		return stageDone
	}
	return stageOff
}

// stageFull says that a stage asks for evidence and has all of it.
func (sh *sheet) stageFull(i int) bool {
	asked := false
	for _, s := range sh.t.steps {
		asked = asked || s.stage == i && s.Gate == Hard && len(sh.cells(s)) > 0
	}
	return asked && sh.stageMissing(i) == 0
}

// stageWaits says that a hard step of the stage lacks nothing but time: its clock runs.
func (sh *sheet) stageWaits(i int) bool {
	for _, s := range sh.t.steps {
		if s.stage != i || s.Gate != Hard {
			continue
		}
		for _, c := range sh.cells(s) {
			if sh.marks[c].State == store.StampOpen && !sh.overdue(c) && !sh.satisfied(s, c) {
				return true
			}
		}
	}
	return false
}

// stageNow says whether any step of a stage belongs to a visit, whether one of its clocks ran
// out, and the role that its first unmet hard step waits for.
func (sh *sheet) stageNow(i int) (found, over bool, who string) {
	for _, s := range sh.t.steps {
		if s.stage != i || s.Scope == OfClinic {
			continue
		}
		found = true
		for _, c := range sh.cells(s) {
			over = over || sh.overdue(c)
			if who == "" && s.Gate == Hard && !sh.satisfied(s, c) {
				who = s.Role
			}
		}
	}
	return found, over, who
}

// stageMissing counts the hard steps of a stage that lack their evidence.
func (sh *sheet) stageMissing(i int) (n int) {
	for _, open := range sh.lacks(i) {
		n += open
	}
	return n
}

// stageEnd is the last stamp of the stage; zero when it has none. What was skipped later took
// no time: it counts only where there is nothing else.
func (sh *sheet) stageEnd(i int) (last term.Instant) {
	var left term.Instant
	for c, m := range sh.marks {
		s := sh.t.byID[c.step]
		switch {
		case s == nil || s.stage != i || m.State == store.StampUndone:
		case m.State == store.StampSkipped || m.State == store.StampNotApplicable:
			if m.DoneAt.After(left) {
				left = m.DoneAt
			}
		case m.DoneAt.After(last):
			last = m.DoneAt
		}
	}
	if last.IsZero() {
		return left
	}
	return last
}
