package sop

import (
	"fmt"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Start opens the run of a visit with the newest edition and starts its first clocks.
func (e *Engine) Start(tx *store.Tx, visit term.VisitID) error {
	newest, err := tx.SOPTemplateLatest(Code)
	if err != nil {
		return fmt.Errorf("sop: no template %s is published: %w", Code, err)
	}
	run := store.SOPRun{Visit: visit, Template: newest.ID}
	if err := tx.AddSOPRun(&run); err != nil {
		return err
	}
	return e.Clock(tx, Subject{Visit: visit}, "start")
}

// End closes the run: the client left and nothing more will be done in the house. Clocks
// of the visit stop where they are, those of treatments (aftercare) go on.
func (e *Engine) End(tx *store.Tx, by access.Actor, visit term.VisitID) error {
	sh, run, err := e.open(tx.Read, Subject{Visit: visit})
	if err != nil || sh.ended {
		return err
	}
	for _, s := range sh.t.steps {
		c := cell{s.ID, 0}
		if sh.marks[c].State != store.StampOpen {
			continue
		}
		if err := e.add(tx, by, run, c, store.SOPStamp{State: store.StampUndone}); err != nil {
			return err
		}
	}
	run.EndedAt = tx.Now()
	e.news(tx, visit)
	return tx.SaveSOPRun(&run)
}

// Prove stamps every step of the kind, because a room has just made the evidence ref. A
// step whose prover says "not yet" (the first of two consents) is left as it is; a step
// that is stamped already stays so. Then the hooks of the step and of the kind run.
func (e *Engine) Prove(tx *store.Tx, by access.Actor, on Subject, kind string, ref store.Subject) error {
	sh, run, err := e.open(tx.Read, on)
	if err != nil {
		return err
	}
	steps := sh.t.ProvedBy(kind)
	fresh := len(steps) == 0
	for _, s := range steps {
		for _, c := range sh.targets(s) {
			stamped, err := e.proveCell(tx, by, run, sh, s, c, ref)
			if err != nil {
				return err
			}
			fresh = fresh || stamped
		}
	}
	if !fresh {
		return nil
	}
	return e.fire(tx, by, on, kind)
}

func (e *Engine) proveCell(tx *store.Tx, by access.Actor, run store.SOPRun, sh *sheet, s *Step, c cell, ref store.Subject) (bool, error) {
	if err := e.prove(tx.Read, sh, s, c); err != nil {
		return false, err
	}
	if p, live := sh.proofs[c]; live && !p.Done {
		return false, nil
	} else if live && ref.Noun == "" {
		ref = p.Ref
	}
	if sh.marks[c].State == store.StampDone {
		return false, nil
	}
	if _, live := sh.proofs[c]; !live { // a prover knows the item's own time
		if err := sh.tooEarly(s, c); err != nil {
			return false, err
		}
	}
	return true, e.stamp(tx, by, run, s, c, store.SOPStamp{State: store.StampDone, Ref: ref})
}

// targets are the cells that evidence on the subject stamps: facts may lag behind a
// treatment that has just been opened, so the treatment named always counts.
func (sh *sheet) targets(s *Step) []cell {
	switch {
	case s.Scope == OfVisit:
		return []cell{{s.ID, 0}}
	case s.Scope == OfTreatment && sh.on.Treatment != 0:
		return []cell{{s.ID, sh.on.Treatment}}
	}
	return sh.t.cells(s, sh.on, sh.facts)
}

// Stamp stamps a step by hand, with a reason. It is for steps whose room is not built or
// whose evidence lies on paper: a hard step that a room can prove is refused.
func (e *Engine) Stamp(tx *store.Tx, by access.Actor, on Subject, step, reason string) error {
	sh, run, s, err := e.byHand(tx, on, step, reason)
	if err != nil {
		return err
	}
	if s.Gate == Hard && e.provers[s.Prove] != nil {
		return fault.Refuse(s.RuleID(), "sop.stamp.proved", s.Title).Ask(s.Role).At(e.where(s, on))
	}
	if err := sh.mayStamp(by, s); err != nil {
		return err
	}
	return e.stampByHand(tx, by, run, sh, s, store.SOPStamp{State: store.StampManual, Reason: reason})
}

// Skip leaves out a soft step, with a reason that stays on the run. Hard steps cannot be
// skipped by anybody.
func (e *Engine) Skip(tx *store.Tx, by access.Actor, on Subject, step, reason string) error {
	sh, run, s, err := e.byHand(tx, on, step, reason)
	if err != nil {
		return err
	}
	if s.Gate == Hard {
		return fault.Refuse(s.RuleID(), "sop.skip.hard", s.Title).Ask(s.Role).At(e.where(s, on))
	}
	return e.stampByHand(tx, by, run, sh, s, store.SOPStamp{State: store.StampSkipped, Reason: reason})
}

// Undo makes the newest stamp of a step no longer count, by a new stamp with a reason. Its
// clock, if it had one, runs on from where it began.
func (e *Engine) Undo(tx *store.Tx, by access.Actor, on Subject, step, reason string) error {
	sh, run, s, err := e.byHand(tx, on, step, reason)
	if err != nil {
		return err
	}
	for _, c := range sh.targets(s) {
		old, ok := sh.marks[c]
		if !ok || old.State == store.StampOpen || old.State == store.StampUndone {
			return fault.Refuse(s.RuleID(), "sop.undo.nothing", s.Title)
		}
		undone := store.SOPStamp{State: store.StampUndone, Reason: reason, Ref: old.Ref}
		if err := e.add(tx, by, run, c, undone); err != nil {
			return err
		}
		if old.StartedAt.IsZero() {
			continue
		}
		clock := store.SOPStamp{State: store.StampOpen, StartedAt: old.StartedAt, DueAt: old.DueAt}
		if err := e.add(tx, by, run, c, clock); err != nil {
			return err
		}
	}
	e.news(tx, on.Visit)
	return nil
}

func (e *Engine) byHand(tx *store.Tx, on Subject, step, reason string) (*sheet, store.SOPRun, *Step, error) {
	sh, run, err := e.open(tx.Read, on)
	if err != nil {
		return nil, run, nil, err
	}
	s, ok := sh.t.Step(step)
	if !ok {
		return nil, run, nil, fault.NotFound("step")
	}
	if strings.TrimSpace(reason) == "" {
		var fields fault.Fields
		fields.Add("reason", "sop.reason.missing", s.Title)
		return nil, run, nil, fields.Err()
	}
	return sh, run, s, nil
}

// mayStamp says whether the actor has the duty of the step; managers and quality stand in
// for every step that is no physician's.
func (sh *sheet) mayStamp(by access.Actor, s *Step) error {
	roles := append([]string{s.Role}, s.With...)
	if s.Role != string(access.Physician) {
		roles = append(roles, string(access.Manager), string(access.Quality))
	}
	for _, role := range roles {
		if by.Is(access.Role(role)) && (!s.Lead || by.Lead) {
			return nil
		}
	}
	return fault.Refuse(s.RuleID(), "sop.stamp.role", s.Title).Ask(s.Role)
}

func (e *Engine) stampByHand(
	tx *store.Tx, by access.Actor, run store.SOPRun, sh *sheet, s *Step, stamp store.SOPStamp,
) error {
	for _, c := range sh.targets(s) {
		if stamp.State == store.StampManual {
			if err := sh.tooEarly(s, c); err != nil {
				return err
			}
		}
		if err := e.stamp(tx, by, run, s, c, stamp); err != nil {
			return err
		}
	}
	if stamp.State != store.StampManual {
		return nil
	}
	return e.fire(tx, by, sh.on, s.Prove)
}

// tooEarly refuses a step that must last (observation) before its time is over.
func (sh *sheet) tooEarly(s *Step, c cell) error {
	m := sh.marks[c]
	if s.AtLeast == 0 || m.State != store.StampOpen {
		return nil
	}
	over := m.StartedAt.Add(time.Duration(s.AtLeast) * time.Minute)
	if !sh.now.Before(over) {
		return nil
	}
	left := int((over.Sub(sh.now) + time.Minute - time.Millisecond) / time.Minute)
	return fault.Refuse(s.RuleID(), "sop.early", s.Title, left).Ask(s.Role)
}

// stamp ends the running clock of the cell, or adds a stamp of its own; then the clocks
// that this step starts begin and its hooks run.
func (e *Engine) stamp(tx *store.Tx, by access.Actor, run store.SOPRun, s *Step, c cell, stamp store.SOPStamp) error {
	if by.Is(access.Role(s.Role)) {
		stamp.Role = s.Role // of several duties, the one that the step asks for
	}
	if err := e.add(tx, by, run, c, stamp); err != nil {
		return err
	}
	e.news(tx, run.Visit)
	if stamp.State == store.StampSkipped {
		return nil
	}
	on := Subject{Visit: run.Visit, Treatment: c.treatment}
	if err := e.Clock(tx, on, s.ID); err != nil {
		return err
	}
	return e.fire(tx, by, on, s.ID)
}

func (e *Engine) add(tx *store.Tx, by access.Actor, run store.SOPRun, c cell, stamp store.SOPStamp) error {
	stamp.Run, stamp.Visit, stamp.Step, stamp.Treatment = run.ID, run.Visit, c.step, c.treatment
	if stamp.State == store.StampOpen {
		return tx.AddSOPStamp(&stamp)
	}
	stamp.DoneAt, stamp.Staff = tx.Now(), by.Staff
	if stamp.Role == "" {
		stamp.Role = roleOf(by)
	}
	stamps, err := tx.SOPStamps(run.Visit)
	if err != nil {
		return err
	}
	for i := len(stamps) - 1; i >= 0; i-- {
		old := stamps[i]
		if old.Step != c.step || old.Treatment != c.treatment {
			continue
		}
		if old.State != store.StampOpen {
			break
		}
		stamp.ID, stamp.Version, stamp.CreatedAt = old.ID, old.Version, old.CreatedAt
		stamp.StartedAt, stamp.DueAt = old.StartedAt, old.DueAt
		return tx.SaveSOPStamp(&stamp)
	}
	return tx.AddSOPStamp(&stamp)
}

func (e *Engine) fire(tx *store.Tx, by access.Actor, on Subject, stepOrKind string) error {
	for _, h := range e.hooks[stepOrKind] {
		if err := h(tx, by, on); err != nil {
			return fmt.Errorf("sop: after %s: %w", stepOrKind, err)
		}
	}
	return nil
}

func (e *Engine) news(tx *store.Tx, visit term.VisitID) {
	tx.Publish(fmt.Sprintf("visit:%d", visit))
	tx.Publish("board")
}

func roleOf(by access.Actor) string {
	switch {
	case by.IsSystem():
		return "system"
	case !by.Guest.None():
		return "guest"
	case len(by.Roles) > 0:
		return string(by.Roles[0])
	}
	return ""
}
