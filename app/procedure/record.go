package procedure

import (
	"context"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// SignRecord locks the record under the operator's or a lead physician's name (S5-09).
func (s *Suite) SignRecord(ctx context.Context, by access.Actor, id term.TreatmentID) error {
	return s.do(ctx, by, access.RecordSign, id, func(w *work) error {
		if err := maySign(w.t, by); err != nil {
			return err
		}
		if w.t.Locked() {
			return fault.Clash("procedure.refuse.signed_already")
		}
		if w.t.Record == 0 {
			return w.signStop()
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

// AmendRecord puts a corrected record beside the signed one, with a reason (REG-EMR-01).
// What was used must still be what the stock says.
func (s *Suite) AmendRecord(
	ctx context.Context, by access.Actor, id term.TreatmentID, answers form.Answers, reason string,
) error {
	by.Reason = strings.TrimSpace(reason)
	return s.do(ctx, by, access.RecordAmend, id, func(w *work) error {
		if err := maySign(w.t, by); err != nil {
			return err
		}
		if !w.t.Locked() {
			return w.refuse("REG-EMR-09", "procedure.refuse.not_signed").Ask("physician")
		}
		if w.t.Record == 0 { // stopped before there was one: the note of the stop stands for itself
			return w.refuse("S5-03", "procedure.refuse.no_record").Ask("physician")
		}
		if err := w.immediate(answers); err != nil {
			return err
		}
		if err := w.amendable(answers); err != nil {
			return err
		}
		f, err := form.Amend(w.tx, by, w.t.Record, answers, by.Reason)
		if err != nil {
			return err
		}
		w.t.Record, w.t.RecordSignedAt, w.t.RecordSignedBy = f.Row.ID, w.tx.Now(), by.Staff
		if err := w.save(); err != nil {
			return err
		}
		return w.counted()
	})
}

// amendable names everything that an amendment lacks: the reason, a fresh signature, and
// what the form asks for.
func (w *work) amendable(answers form.Answers) error {
	old, err := form.Open(w.tx.Read, w.t.Record)
	if err != nil {
		return err
	}
	wrong := form.Validate(old.Template, form.Amended(old, answers), true)
	if w.by.Reason == "" {
		wrong.Add("_reason", "procedure.amend.reason")
	}
	return wrong.Err()
}
