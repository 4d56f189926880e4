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
		f, err := d.beginHere(tx, by, s)
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
		f, err := d.beginHere(tx, by, s)
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
		if err := d.here(tx.Read, in.ID); err != nil {
			return err
		}
		_, err := d.Save(tx, by, in)
		return err
	})
}

// SignDraft keeps what was typed and locks it.
func (d *Desk) SignDraft(ctx context.Context, by access.Actor, in Typed) error {
	return d.WriteOn(ctx, by, access.FormSign, subjectOf(in.ID), func(tx *store.Tx) error {
		tx.Result(Noun, int64(in.ID))
		if err := d.here(tx.Read, in.ID); err != nil {
			return err
		}
		_, err := d.Sign(tx, by, in)
		return err
	})
}

// Correct amends a signed filling; the reason is the actor's.
func (d *Desk) Correct(ctx context.Context, by access.Actor, in Typed) (id term.AnswerID, err error) {
	err = d.WriteOn(ctx, by, access.FormAmend, subjectOf(in.ID), func(tx *store.Tx) error {
		row, err := tx.Answer(in.ID)
		if err != nil {
			return gone(err, "answer")
		}
		if !d.rule(row.FormCode).Corrected {
			if err := d.elsewhere(row); err != nil {
				return err
			}
		}
		f, err := d.Amend(tx, by, in, by.Reason)
		id = f.Row.ID
		tx.Result(Noun, int64(id))
		return err
	})
	return id, err
}

// beginHere begins a filling of a form that belongs to no other page.
func (d *Desk) beginHere(tx *store.Tx, by access.Actor, s Start) (form.Filled, error) {
	if err := d.elsewhereFor(by, s); err != nil {
		return form.Filled{}, err
	}
	return d.Begin(tx, by, s)
}

// elsewhereFor leads whoever may fill the form to its page; who may not hears that first.
func (d *Desk) elsewhereFor(by access.Actor, s Start) error {
	if !by.FillsForm(s.Code) {
		return nil
	}
	return d.elsewhere(store.Answer{FormCode: s.Code, Visit: s.Visit, Treatment: s.Treatment, Task: s.Task})
}

// here refuses a filling that belongs to another page.
func (d *Desk) here(r *store.Read, id term.AnswerID) error {
	row, err := r.Answer(id)
	if err != nil {
		return gone(err, "answer")
	}
	return d.elsewhere(row)
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
		if err := d.elsewhere(row); err != nil {
			return err
		}
		tx.Result(Noun, int64(id))
		news(tx, row)
		return form.Void(tx, by, id, by.Reason)
	})
}

func subjectOf(id term.AnswerID) store.Subject { return store.Subject{Noun: Noun, ID: int64(id)} }
