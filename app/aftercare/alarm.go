package aftercare

import (
	"context"
	"maps"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/task"
	"meixu/app/forms"
	"meixu/store"
)

// alarm puts a red flag on the physicians' screens as soon as it was posted, by a write of its
// own: that the rest of the form is unfinished or refused must not keep a doctor waiting
// (S6-07). What is refused otherwise, or is done already, is left to the deed that follows.
func (d *Desk) alarm(ctx context.Context, by access.Actor, in Said) error {
	f, v, err := d.heard(ctx, by, in)
	if err != nil || v.Red == "" {
		return err
	}
	by.Once = "" // the one-time key belongs to the deed; one answer raises one event
	return d.WriteOn(ctx, by, access.FollowupCall, ref("task", int64(in.Task)), func(tx *store.Tx) error {
		tx.Result("followup", int64(in.Task))
		t, err := followup(tx.Read, in.Task)
		if err != nil {
			return err
		}
		if f.Row, err = d.paper(tx, by, t); err != nil {
			return err
		}
		_, err = d.raise(tx, by, f, v)
		return err
	})
}

// heard reads what a post says, before anything is written: an open follow-up of the actor's
// own role with its script and the verdict, else no red flag.
func (d *Desk) heard(ctx context.Context, by access.Actor, in Said) (f form.Filled, v Verdict, err error) {
	err = d.Read(ctx, by, access.FollowupCall, func(r *store.Read) error {
		c := Call{}
		if c.Task, err = followup(r, in.Task); err != nil {
			return err
		}
		if c.Task.State != store.TaskOpen || !task.Concerns(by, c.Task) || !by.FillsForm(c.Task.FormCode) {
			return nil
		}
		if c.Treatment, err = treatment(r, c.Task.Treatment); err != nil {
			return err
		}
		if c.Item, err = r.Item(c.Treatment.Item); err != nil {
			return err
		}
		if err := c.script(r); err != nil {
			return err
		}
		said := form.Answers{}
		maps.Copy(said, in.Typed.Answers)
		f = form.Filled{Template: c.Template, Answers: said.Keep(c.Answers)}
		v = verdictOf(f.Template, f.Answers, signOf)
		return nil
	})
	return f, v, err
}

// paper is the draft of a follow-up, begun when there is none.
func (d *Desk) paper(tx *store.Tx, by access.Actor, t store.Task) (store.Answer, error) {
	row, err := answerOf(tx.Read, t)
	if err != nil || row.ID != 0 {
		return row, err
	}
	f, err := d.house.Forms.Begin(tx, by, forms.Start{Code: t.FormCode, Again: true, Subject: form.Subject{
		Client: t.Client, Visit: t.Visit, Treatment: t.Treatment, Task: t.ID,
	}})
	return f.Row, err
}

// signOf is a red flag in the words of the physicians' screens.
func signOf(x form.Flag) string { return strings.TrimSpace(x.Text.ZH + " " + x.Detail) }
