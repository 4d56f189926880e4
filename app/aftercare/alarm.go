package aftercare

import (
	"context"
	"maps"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/task"
	"meixu/store"
)

// alarm puts a red flag on the physicians' screens as soon as it was posted, by a write of its
// own: that the rest of the form is unfinished or refused must not keep a doctor waiting
// (S6-07). What is refused otherwise, or is done already, is left to the deed that follows,
// which goes on with what was begun here.
func (d *Desk) alarm(ctx context.Context, by access.Actor, in *Said) error {
	answers, v, err := d.heard(ctx, by, *in)
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
		s, err := d.papers(tx, by, t)
		if err != nil {
			return err
		}
		if s.begun {
			in.Typed.ID, in.Typed.Version = s.Draft().ID, s.Draft().Version
		}
		was := s.answers()
		for i := range s.Fillings {
			s.Fillings[i].Answers = s.Part(i, answers)
		}
		s.Answers = answers
		_, err = d.raise(tx, by, s, was)
		return err
	})
}

// heard reads what a post says, before anything is written: an open follow-up of the actor's
// own role with what was said and the verdict, else no red flag.
func (d *Desk) heard(ctx context.Context, by access.Actor, in Said) (said form.Answers, v Verdict, err error) {
	said = form.Answers{}
	err = d.Read(ctx, by, access.FollowupCall, func(r *store.Read) error {
		t, err := followup(r, in.Task)
		if err != nil {
			return err
		}
		if t.State != store.TaskOpen || !task.Concerns(by, t) || !by.FillsForm(t.FormCode) {
			return nil
		}
		treated, err := treatedOf(r, t)
		if err != nil {
			return err
		}
		s, err := scriptOf(r, t, treated)
		if err != nil {
			return err
		}
		maps.Copy(said, in.Typed.Answers)
		said.Keep(s.Answers)
		v = verdictOf(s.Template, said)
		return nil
	})
	return said, v, err
}
