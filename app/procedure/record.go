package procedure

import (
	"context"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/inventory"
	"meixu/store"
	"meixu/store/term"
)

// SignRecord locks the record under the operator's or a lead physician's name (S5-09), as it stood
// on the page from which it was signed (REG-SIG-02).
func (s *Suite) SignRecord(ctx context.Context, by access.Actor, id term.TreatmentID) error {
	return s.sign(ctx, by, access.RecordSign, id, func(w *work) error {
		if err := maySign(w.t, by); err != nil {
			return err
		}
		if w.t.Locked() {
			return fault.Clash("procedure.refuse.signed_already")
		}
		if w.t.Record == 0 {
			return w.signStop()
		}
		if err := w.sound(); err != nil {
			return err
		}
		f, err := form.Sign(w.tx, by, w.t.Record)
		if err != nil {
			return err
		}
		w.t.RecordSignedAt, w.t.RecordSignedBy = w.tx.Now(), by.Staff
		if err := w.save(); err != nil {
			return err
		}
		if err := w.closeSignTask(f.Row.ID); err != nil {
			return err
		}
		return w.prove(ProveSigned, answerRef(f))
	})
}

func (w *work) closeSignTask(answer term.AnswerID) error {
	t, err := w.tx.TaskByKey(task.SignRecord, ref(w.t.ID).String()+"/record")
	if isNone(err) || err == nil && t.State != store.TaskOpen {
		return nil
	}
	if err != nil {
		return err
	}
	return task.Done(w.tx, w.by, t.ID, "signed", answer)
}

// Amendment is a corrected record in the place of the signed one.
type Amendment struct {
	Treatment term.TreatmentID
	Shown     form.Shown // the record as it was read
	Answers   form.Answers
	Reason    string
	Second    Second // wanted when the amounts of a toxic drug change
}

// AmendRecord puts a corrected record beside the signed one, with a reason (REG-EMR-01), and
// checks it by the rules of the first. When other amounts were used than the first record
// said, what was destroyed is counted anew with it: of a toxic drug before two (REG-DRG-03).
func (s *Suite) AmendRecord(ctx context.Context, by access.Actor, in Amendment) error {
	by.Reason = strings.TrimSpace(in.Reason)
	var f fault.Fields
	if in.Second.Staff != 0 {
		if err := s.second(ctx, by, access.RecordAmend, in.Second, &f); err != nil {
			return err
		}
	}
	return s.sign(ctx, by, access.RecordAmend, in.Treatment, func(w *work) error {
		if err := maySign(w.t, by); err != nil {
			return err
		}
		if !w.t.Locked() {
			return w.refuse("REG-EMR-09", "procedure.refuse.not_signed").Ask("physician")
		}
		if w.t.Record == 0 { // stopped before there was one: the note of the stop stands for itself
			return w.refuse("S5-03", "procedure.refuse.no_record").Ask("physician")
		}
		if err := w.immediate(in.Answers); err != nil {
			return err
		}
		if err := w.amendable(in, f); err != nil {
			return err
		}
		answer, err := form.Amend(w.tx, by, w.t.Record, in.Answers, by.Reason)
		if err != nil {
			return err
		}
		w.t.Record, w.t.RecordSignedAt, w.t.RecordSignedBy = answer.Row.ID, w.tx.Now(), by.Staff
		if err := w.save(); err != nil {
			return err
		}
		if err := w.recount(in.Second.Staff); err != nil {
			return err
		}
		return w.sound()
	})
}

// amendable names everything that an amendment lacks: the reason, a fresh signature, what the
// form asks for, and what contradicts itself.
func (w *work) amendable(in Amendment, f fault.Fields) error {
	old, err := form.Open(w.tx.Read, w.t.Record)
	if err != nil {
		return err
	}
	if in.Shown != form.ShownOf(old.Row) {
		return store.ErrStale
	}
	whole := form.Amended(old, in.Answers)
	wrong := append(form.Validate(old.Template, whole, true), f...)
	contradicted, err := w.contradicted(old.Template, whole)
	if err != nil {
		return err
	}
	wrong = append(wrong, contradicted...)
	if w.by.Reason == "" {
		wrong.Add("_reason", "procedure.amend.reason")
	}
	return wrong.Err()
}

// recount follows an amended record: what a lot was used more or less was destroyed less or
// more. What went back to the shelf stays there; more than was taken is refused by sound.
func (w *work) recount(second term.StaffID) error {
	_, record, err := tally(w.tx.Read, w.t, w.item)
	if err != nil {
		return err
	}
	uses, err := inventory.Uses(w.tx.Read, w.t.ID)
	if err != nil {
		return err
	}
	var lines []inventory.CloseCmd
	for _, u := range uses {
		if u.Open() || putBackBefore(u, w.t) {
			continue
		}
		lot := lotKey(u.Lot.Lot)
		cmd := inventory.CloseCmd{Use: u.Use.ID, Returned: u.Use.ReturnedQty, Second: second, Reason: w.by.Reason}
		cmd.Used = min(record.Used[lot], u.Use.TakenQty-u.Use.ReturnedQty)
		cmd.Wasted = u.Use.TakenQty - u.Use.ReturnedQty - cmd.Used
		record.Used[lot] -= cmd.Used
		if cmd.Used != u.Use.UsedQty {
			lines = append(lines, cmd)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if err := w.closeUses(lines, second); err != nil {
		return err
	}
	_, err = w.note("counts", second, store.NoteBody{Text: w.by.Reason})
	return err
}
