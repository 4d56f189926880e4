package forms

import (
	"context"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// BeginDraft begins a filling and keeps what was typed so far.
func (d *Desk) BeginDraft(ctx context.Context, by access.Actor, s Start, in Typed) (id term.AnswerID, err error) {
	err = d.Write(ctx, by, access.FormBegin, func(tx *store.Tx) error {
		f, err := d.Begin(tx, by, s)
		if err != nil || in.Answers == nil {
			id = f.Row.ID
			tx.Result(Noun, int64(id))
			return err
		}
		in.ID, in.Version, id = f.Row.ID, f.Row.Version, f.Row.ID
		tx.Result(Noun, int64(id))
		_, err = d.Save(tx, by, in)
		return err
	})
	return id, err
}

// BeginSigned begins a filling that is complete at once, and signs it.
func (d *Desk) BeginSigned(ctx context.Context, by access.Actor, s Start, in Typed) (id term.AnswerID, err error) {
	err = d.Write(ctx, by, access.FormSign, func(tx *store.Tx) error {
		f, err := d.Begin(tx, by, s)
		if err != nil {
			return err
		}
		in.ID, in.Version, id = f.Row.ID, f.Row.Version, f.Row.ID
		tx.Result(Noun, int64(id))
		if in.Answers == nil {
			in.Answers = form.Answers{}
		}
		_, err = d.Sign(tx, by, in)
		return err
	})
	return id, err
}

// SaveDraft keeps what was typed in a draft.
func (d *Desk) SaveDraft(ctx context.Context, by access.Actor, in Typed) error {
	return d.WriteOn(ctx, by, access.FormSave, subjectOf(in.ID), func(tx *store.Tx) error {
		tx.Result(Noun, int64(in.ID))
		_, err := d.Save(tx, by, in)
		return err
	})
}

// SignDraft keeps what was typed and locks it.
func (d *Desk) SignDraft(ctx context.Context, by access.Actor, in Typed) error {
	return d.WriteOn(ctx, by, access.FormSign, subjectOf(in.ID), func(tx *store.Tx) error {
		tx.Result(Noun, int64(in.ID))
		_, err := d.Sign(tx, by, in)
		return err
	})
}

// Correct amends a signed filling; the reason is the actor's.
func (d *Desk) Correct(ctx context.Context, by access.Actor, in Typed) (id term.AnswerID, err error) {
	err = d.WriteOn(ctx, by, access.FormAmend, subjectOf(in.ID), func(tx *store.Tx) error {
		f, err := d.Amend(tx, by, in, by.Reason)
		id = f.Row.ID
		tx.Result(Noun, int64(id))
		return err
	})
	return id, err
}

// Void takes a filling out of use; the reason is the actor's (REG-EMR-14).
func (d *Desk) Void(ctx context.Context, by access.Actor, id term.AnswerID) error {
	return d.WriteOn(ctx, by, access.FormVoid, subjectOf(id), func(tx *store.Tx) error {
		row, err := tx.Answer(id)
		if err != nil {
			return gone(err, "answer")
		}
		if !by.FillsForm(row.FormCode) && !by.Is(access.Manager) && !by.Is(access.Quality) {
			return fault.Forbidden(string(access.FormVoid))
		}
		tx.Result(Noun, int64(id))
		news(tx, row)
		return form.Void(tx, by, id, by.Reason)
	})
}

func subjectOf(id term.AnswerID) store.Subject { return store.Subject{Noun: Noun, ID: int64(id)} }
