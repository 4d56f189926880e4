package sop

import (
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
)

// Stamp stamps a step by hand, with a reason. It is for steps whose room is not built or
// whose evidence lies on paper: a hard step that a room can prove is refused.
func (e *Engine) Stamp(tx *store.Tx, by access.Actor, on Subject, step, reason string) error {
	w, s, err := e.byHand(tx, by, on, [2]string{step, reason})
	if err != nil {
		return err
	}
	if s.Gate == Hard && e.provers[s.Prove] != nil {
		return fault.Refuse(s.RuleID(), "sop.stamp.proved", s.Title).Ask(s.Role).At(e.where(s, on))
	}
	if err := mayStamp(by, s); err != nil {
		return err
	}
	for _, c := range w.targets(s) {
		if err := w.tooEarly(s, c); err != nil {
			return err
		}
	}
	if err := w.stampAll(s, store.SOPStamp{State: store.StampManual, Reason: reason}); err != nil {
		return err
	}
	return w.fire(on, s.Prove)
}

// Skip leaves out a soft step, with a reason that stays on the run. Hard steps cannot be
// skipped by anybody.
func (e *Engine) Skip(tx *store.Tx, by access.Actor, on Subject, step, reason string) error {
	w, s, err := e.byHand(tx, by, on, [2]string{step, reason})
	if err != nil {
		return err
	}
	if s.Gate == Hard {
		return fault.Refuse(s.RuleID(), "sop.skip.hard", s.Title).Ask(s.Role).At(e.where(s, on))
	}
	return w.stampAll(s, store.SOPStamp{State: store.StampSkipped, Reason: reason})
}

// Undo makes the newest stamp of a step no longer count, by a new stamp with a reason. Its
// clock, if it had one, runs on from where it began.
func (e *Engine) Undo(tx *store.Tx, by access.Actor, on Subject, step, reason string) error {
	w, s, err := e.byHand(tx, by, on, [2]string{step, reason})
	if err != nil {
		return err
	}
	for _, c := range w.targets(s) {
		old, ok := w.marks[c]
		if !ok || old.State == store.StampOpen || old.State == store.StampUndone {
			return fault.Refuse(s.RuleID(), "sop.undo.nothing", s.Title)
		}
		if err := w.add(c, store.SOPStamp{State: store.StampUndone, Reason: reason, Ref: old.Ref}); err != nil {
			return err
		}
		if old.StartedAt.IsZero() {
			continue
		}
		clock := store.SOPStamp{State: store.StampOpen, StartedAt: old.StartedAt, DueAt: old.DueAt}
		if err := w.add(c, clock); err != nil {
			return err
		}
	}
	w.news()
	return nil
}

// byHand opens the run for a stamp by hand: step and reason as typed.
func (e *Engine) byHand(tx *store.Tx, by access.Actor, on Subject, typed [2]string) (*work, *Step, error) {
	w, err := e.work(tx, by, on)
	if err != nil {
		return nil, nil, err
	}
	s, ok := w.t.Step(typed[0])
	if !ok || s.Scope == OfClinic {
		return nil, nil, fault.NotFound("step")
	}
	if strings.TrimSpace(typed[1]) == "" {
		var fields fault.Fields
		fields.Add("reason", "sop.reason.missing", s.Title)
		return nil, nil, fields.Err()
	}
	return w, s, nil
}

// mayStamp says whether the actor has the duty of the step; managers and quality stand in
// for every step that is no physician's.
func mayStamp(by access.Actor, s *Step) error {
	roles := append([]string{s.Role}, s.With...)
	if s.Role != string(access.Physician) {
		roles = append(roles, string(access.Manager), string(access.Quality))
	}
	for _, role := range roles {
		if by.Is(access.Role(role)) && (!s.Lead || by.Lead) {
			return nil
		}
	}
	return fault.Refuse(s.RuleID(), "sop.stamp.role", s.Title).Ask(Gap{Role: s.Role, Lead: s.Lead}.whom())
}

// stampAll stamps the cells that are not stamped yet. Of two who do the same, the second is
// told so.
func (w *work) stampAll(s *Step, stamp store.SOPStamp) error {
	fresh := false
	for _, c := range w.targets(s) {
		if state := w.marks[c].State; state == store.StampDone || state == store.StampManual || state == stamp.State {
			continue
		}
		fresh = true
		if err := w.stamp(s, c, stamp); err != nil {
			return err
		}
	}
	if !fresh {
		return fault.Clash("sop.stamp.already", s.Title)
	}
	return nil
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
