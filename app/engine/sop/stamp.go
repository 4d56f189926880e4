package sop

import (
	"fmt"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// work is one deed on one run: who stamps what, in which transaction.
type work struct {
	*sheet
	e   *Engine
	tx  *store.Tx
	by  access.Actor
	run store.SOPRun
}

func (e *Engine) work(tx *store.Tx, by access.Actor, on Subject) (*work, error) {
	sh, run, err := e.open(tx.Read, on)
	return &work{sh, e, tx, by, run}, err
}

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
	w, err := e.work(tx, by, Subject{Visit: visit})
	if err != nil || w.ended {
		return err
	}
	for _, s := range w.t.steps {
		c := cell{s.ID, 0}
		if w.marks[c].State != store.StampOpen {
			continue
		}
		if err := w.add(c, store.SOPStamp{State: store.StampUndone}); err != nil {
			return err
		}
	}
	w.run.EndedAt = tx.Now()
	w.news()
	return tx.SaveSOPRun(&w.run)
}

// Resume takes the end of a run back: the visit was closed by mistake and goes on.
func (e *Engine) Resume(tx *store.Tx, by access.Actor, visit term.VisitID) error {
	w, err := e.work(tx, by, Subject{Visit: visit})
	if err != nil || !w.ended {
		return err
	}
	w.run.EndedAt = term.Instant{}
	w.news()
	return tx.SaveSOPRun(&w.run)
}

// Prove stamps every step of the kind, because a room has just made the evidence ref. A
// step whose prover says "not yet" (the first of two consents) is left as it is; a step
// that is stamped already stays so. Then the hooks of the step and of the kind run.
func (e *Engine) Prove(tx *store.Tx, by access.Actor, on Subject, kind string, ref store.Subject) error {
	w, err := e.work(tx, by, on)
	if err != nil {
		return err
	}
	steps := w.t.ProvedBy(kind)
	fresh := len(steps) == 0
	for _, s := range steps {
		for _, c := range w.targets(s) {
			stamped, err := w.prove(s, c, ref)
			if err != nil {
				return err
			}
			fresh = fresh || stamped
		}
	}
	if !fresh {
		return nil
	}
	return w.fire(on, kind)
}

// prove stamps one cell if its evidence stands and it is not stamped yet.
func (w *work) prove(s *Step, c cell, ref store.Subject) (bool, error) {
	if err := w.e.prove(w.tx.Read, w.sheet, s, c); err != nil {
		return false, err
	}
	p, live := w.proofs[c]
	if live && !p.Done || w.marks[c].State == store.StampDone {
		return false, nil
	}
	if live && ref.Noun == "" {
		ref = p.Ref
	}
	if !live { // a prover knows the item's own time
		if err := w.tooEarly(s, c); err != nil {
			return false, err
		}
	}
	return true, w.stamp(s, c, store.SOPStamp{State: store.StampDone, Ref: ref})
}

// Waive marks the steps of a kind as not applicable, because a room knows that they cannot be
// done any more (a treatment was stopped), with the reason. A step that is done stays done; the
// room's prover must say that nothing more is wanted, else a hard gate stays shut. Clocks that
// the step would have started begin all the same.
func (e *Engine) Waive(tx *store.Tx, by access.Actor, on Subject, kind, reason string) error {
	w, err := e.work(tx, by, on)
	if err != nil {
		return err
	}
	for _, s := range w.t.ProvedBy(kind) {
		for _, c := range w.targets(s) {
			if m := w.marks[c]; m.State == store.StampDone || m.State == store.StampManual {
				continue
			}
			if err := w.stamp(s, c, store.SOPStamp{State: store.StampNotApplicable, Reason: reason}); err != nil {
				return err
			}
		}
	}
	return nil
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

// stamp ends the running clock of the cell, or adds a stamp of its own; then the clocks
// that this step starts begin and its hooks run.
func (w *work) stamp(s *Step, c cell, stamp store.SOPStamp) error {
	if w.by.Guest.None() && w.by.Is(access.Role(s.Role)) {
		stamp.Role = s.Role // of several duties, the one that the step asks for
	}
	if err := w.add(c, stamp); err != nil {
		return err
	}
	w.news()
	if stamp.State == store.StampSkipped {
		return nil
	}
	on := Subject{Visit: w.run.Visit, Treatment: c.treatment}
	if err := w.e.Clock(w.tx, on, s.ID); err != nil {
		return err
	}
	return w.fire(on, s.ID)
}

// add writes a stamp: over the running clock of its cell, or as a row of its own.
func (w *work) add(c cell, stamp store.SOPStamp) error {
	stamp.Run, stamp.Visit, stamp.Step, stamp.Treatment = w.run.ID, w.run.Visit, c.step, c.treatment
	if stamp.State == store.StampOpen {
		return w.tx.AddSOPStamp(&stamp)
	}
	if err := w.refresh(); err != nil { // a hook may have stamped meanwhile
		return err
	}
	old := w.marks[c]
	stamp.DoneAt, stamp.Staff = w.tx.Now(), w.by.Staff
	if stamp.Role == "" {
		stamp.Role = roleOf(w.by)
	}
	if old.State != store.StampOpen {
		return w.tx.AddSOPStamp(&stamp)
	}
	stamp.ID, stamp.Version, stamp.CreatedAt = old.ID, old.Version, old.CreatedAt
	stamp.StartedAt, stamp.DueAt = old.StartedAt, old.DueAt
	return w.tx.SaveSOPStamp(&stamp)
}

func (w *work) refresh() error {
	stamps, err := w.tx.SOPStamps(w.run.Visit)
	w.mark(stamps)
	return err
}

func (w *work) fire(on Subject, stepOrKind string) error {
	for _, h := range w.e.hooks[stepOrKind] {
		if err := h(w.tx, w.by, on); err != nil {
			return fmt.Errorf("sop: after %s: %w", stepOrKind, err)
		}
	}
	return nil
}

func (w *work) news() {
	w.tx.Publish(fmt.Sprintf("visit:%d", w.run.Visit))
	w.tx.Publish("board")
}

// byClient is the role of a stamp that the client made, on a phone or on a tablet that the
// stamp's person of the staff handed over and answers for.
const byClient = "guest"

func roleOf(by access.Actor) string {
	switch {
	case by.IsSystem():
		return "system"
	case !by.Guest.None():
		return byClient
	case len(by.Roles) > 0:
		return string(by.Roles[0])
	}
	return ""
}
