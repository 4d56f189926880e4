package procedure

import (
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/feedback"
	"meixu/app/people"
	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/term"
)

func answerRef(f form.Filled) store.Subject {
	return store.Subject{Noun: "answer", ID: int64(f.Row.ID)}
}

// marked proves the marks of the lead physician (S4-02).
func (w *work) marked(f form.Filled) error {
	if !w.by.Lead {
		return w.refuse("S4-02", "procedure.refuse.lead").Ask(access.LeadPhysician)
	}
	if area := f.Answers.Value("area"); area != "" && area != w.t.Area {
		w.t.Area = area
		if err := w.save(); err != nil {
			return err
		}
	}
	return w.prove(ProveMark, answerRef(f))
}

// skinTest proves a negative reading, not before the test was watched (S4-04).
func (w *work) skinTest(f form.Filled) error {
	if f.Answers.Value("needed") == form.Yes {
		notes, err := w.tx.TreatmentNotes(w.t.ID)
		if err != nil {
			return err
		}
		n, ok := lastNote(notes, "skintest")
		if !ok {
			return w.refuse("S4-04", "procedure.refuse.skintest.none").Ask("nurse")
		}
		if left := minutesLeft(n.At.Add(skinTestWait), w.tx.Now()); left > 0 {
			return w.refuse("S4-04", "procedure.refuse.skintest.early", left).Ask("nurse")
		}
	}
	return w.prove(ProveSkinTest, answerRef(f))
}

// gaps asks the SOP what is missing before the start, without the steps named.
func (w *work) gaps(without ...string) (sop.Gaps, error) {
	all, err := w.s.flow.Gate(w.tx.Read, w.on(), "start")
	return slices.DeleteFunc(all, func(g sop.Gap) bool { return slices.Contains(without, g.Step) }), err
}

// signInSteps are checked by the first of the three checks (F18); room, lots and device come
// with the second.
var signInSteps = []string{"S4-01", "S4-02", "S4-03", "S4-04", "S4-05", "S3-02", "S3-03", "S3-04"}

// signIn leads to signed_in once who, what and where are certain (F18).
func (w *work) signIn() error {
	if w.t.Operator == 0 || w.t.Room == 0 {
		return w.refuse("S5-02", "procedure.refuse.unassigned").Ask("nurse")
	}
	gaps, err := w.gaps()
	if err != nil {
		return err
	}
	gaps = slices.DeleteFunc(gaps, func(g sop.Gap) bool { return !slices.Contains(signInSteps, g.Step) })
	if err := gaps.Err(); err != nil {
		return err
	}
	w.t.State, w.t.SignedInAt = term.TreatmentSignedIn, w.tx.Now()
	return w.save()
}

// timeOut is the last stop before the first action: everything but itself must be there
// (S5-01). The operator says it, a second person confirms it.
func (w *work) timeOut(f form.Filled) error {
	if w.by.Staff != w.t.Operator && (!w.by.Lead || !w.by.Is(access.Physician)) {
		return w.refuse("S5-01", "procedure.refuse.timeout_operator").Ask("physician")
	}
	if err := people.CheckOperator(w.tx.Read, w.t.Operator, w.item); err != nil {
		return err
	}
	if err := w.operatorFree(); err != nil {
		return err
	}
	gaps, err := w.gaps("S5-01")
	if err != nil {
		return err
	}
	if err := gaps.Err(); err != nil {
		return err
	}
	w.t.State, w.t.TimedOutAt = term.TreatmentTimedOut, w.tx.Now()
	if err := w.save(); err != nil {
		return err
	}
	return w.prove(ProveTimeOut, answerRef(f))
}

// recorded proves that the record is complete (S5-03); it stays a draft until it is signed.
func (w *work) recorded(f form.Filled) error {
	if w.t.Locked() {
		return w.refuse("REG-EMR-01", "form.refuse.locked.signed")
	}
	w.t.Record = f.Row.ID
	if err := w.save(); err != nil {
		return err
	}
	return w.prove(ProveRecord, answerRef(f))
}

// recordDue is how long after the end a record may stay unsigned (REG-EMR-02), and when the
// operator is reminded.
const (
	recordDue  = 24 * time.Hour
	recordWarn = 20 * time.Hour
)

// signOut ends the procedure (S5-08): the record is complete, what it says was used is what
// the stock says, and both persons agree. Then observation begins, or the client may go.
func (w *work) signOut(f form.Filled) error {
	gaps, err := w.s.flow.Gate(w.tx.Read, w.on(), "finish")
	if err != nil {
		return err
	}
	gaps = slices.DeleteFunc(gaps, func(g sop.Gap) bool { return g.Step == "S5-08" || g.Treatment != 0 && g.Treatment != w.t.ID })
	if err := gaps.Err(); err != nil {
		return err
	}
	if err := w.sound(); err != nil {
		return err
	}
	if err := feedback.Taken(w.tx, w.by, w.flags); err != nil {
		return err
	}
	w.t.FinishedAt = w.tx.Now()
	w.t.ObserveUntil = observeUntil(w.item, w.t.FinishedAt)
	w.t.State = term.TreatmentSignedOut
	station := term.AtLeaving
	if !w.t.ObserveUntil.IsZero() {
		w.t.State, station = term.TreatmentObserving, term.AtObservation
	}
	if err := w.save(); err != nil {
		return err
	}
	if err := readiness.UseRoom(w.tx, w.t.Room); err != nil {
		return err
	}
	if err := w.askSignature(); err != nil {
		return err
	}
	if err := w.tx.MoveTo(w.t.Visit, term.StageAftercare, station); err != nil {
		return err
	}
	if err := w.prove(ProveSignOut, answerRef(f)); err != nil {
		return err
	}
	return w.prove(SignalFinished, answerRef(f))
}

// askSignature opens the task to sign the record (REG-EMR-02); late, quality hears of it.
func (w *work) askSignature() error {
	_, err := task.Open(w.tx, task.New{
		Kind: task.SignRecord, Subject: ref(w.t.ID), Key: "record", Client: w.t.Client, Visit: w.t.Visit,
		Treatment: w.t.ID, Role: access.Physician, Staff: w.t.Operator, Due: w.tx.Now().Add(recordDue),
		Warn: w.tx.Now().Add(recordWarn), TitleKey: "procedure.task.sign", Args: []string{w.t.Number}, Day: task.NoDay,
		Priority: task.HardDue, Escalate: []task.Rung{{After: 0, Role: access.Quality}},
	})
	return err
}
