package procedure

import (
	"context"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/store"
)

// observedProof wants the end of the observation and, where there was one to keep, its signed
// form: a draft proves nothing (S5-10). A form with red answers proves it when the physician
// closed the red flags it raised.
func observedProof(r *store.Read, t store.Treatment, _ store.Item) (sop.Proof, error) {
	if t.FinishedAt.IsZero() {
		return missing("procedure.gap.finish_first"), nil
	}
	if left := minutesLeft(t.ObserveUntil, r.Now()); left > 0 {
		return missing("procedure.gap.observing", left), nil
	}
	if t.ObserveUntil.IsZero() {
		return done(t.FinishedAt, ref(t.ID)), nil
	}
	row, signed, err := observation(r, t)
	if err != nil || !signed {
		return missing("procedure.gap.observe_form"), err
	}
	if row.Red {
		open, err := openFlags(r, t)
		if err != nil {
			return sop.Proof{}, err
		}
		if len(open) > 0 {
			p := missing("procedure.gap.observe_red", open[0].Number)
			p.Where = open[0].Path()
			return p, nil
		}
	}
	return done(row.SignedAt, store.Subject{Noun: "answer", ID: int64(row.ID)}), nil
}

// observation is the newest observation form of a treatment that was signed.
func observation(r *store.Read, t store.Treatment) (row store.Answer, signed bool, err error) {
	row, err = r.TreatmentAnswer(t.ID, codeObserve)
	switch {
	case isNone(err):
		return row, false, nil
	case err != nil || row.State == store.AnswerSigned:
		return row, err == nil, err
	}
	all, err := r.AnswersOfVisit(t.Visit) // a draft may stand beside what was signed before
	for _, a := range all {
		if a.Treatment == t.ID && a.FormCode == codeObserve && a.State == store.AnswerSigned {
			row, signed = a, true
		}
	}
	return row, signed, err
}

// openFlags are the red flags seen on the client of a treatment that nobody has closed.
func openFlags(r *store.Read, t store.Treatment) (open []feedback.Sighting, err error) {
	seen, err := feedback.Seen(r, t.Client, t.ID)
	for _, s := range seen {
		if !s.Closed() {
			open = append(open, s)
		}
	}
	return open, err
}

// mayLeave is nil when the observation is over, its form is signed and every red flag has a
// physician who has it in hand (S5-10, S6-07).
func (w *work) mayLeave() (sop.Proof, error) {
	if err := mayRelease(w.t, w.tx.Now()); err != nil {
		return sop.Proof{}, err
	}
	p, err := observedProof(w.tx.Read, w.t, w.item)
	if err != nil {
		return p, err
	}
	if !p.Done {
		where := p.Where
		if where == "" {
			where = Path(w.t.ID) + "/form/observe"
		}
		return p, fault.Refuse("S5-10", p.Key, p.Args...).Ask("nurse").At(where)
	}
	open, err := openFlags(w.tx.Read, w.t)
	for _, s := range open {
		if s.TakenBy == 0 {
			return p, fault.Refuse("S6-07", "procedure.refuse.flag_untaken", s.Number).Ask("physician").At(s.Path())
		}
	}
	return p, err
}

// alarm raises the red flags of a posted observation form in a write of its own, of a draft too:
// what was seen on the client must not wait until the form is finished, right, or posted from a
// page that shows what a colleague saved meanwhile (S6-07). What is refused otherwise is left to
// the deed that follows.
func (s *Suite) alarm(ctx context.Context, by access.Actor, in Fill) error {
	var flags []form.Flag
	err := s.Read(ctx, by, access.ObservationNote, func(r *store.Read) error {
		t, err := read(r, in.Treatment)
		if err != nil || may(t, access.ObservationNote) != nil {
			return err
		}
		item, err := r.Item(t.Item)
		if err != nil {
			return err
		}
		f, err := sheetOf(r, t, item, FormObserve)
		flags = form.RedFlags(f.Template, clone(in.Answers).Keep(f.Answers))
		return err
	})
	if err != nil || len(flags) == 0 {
		return err
	}
	by.Once = "" // the one-time key belongs to the deed; signs seen again belong to the open event
	return s.do(ctx, by, access.ObservationNote, in.Treatment, func(w *work) error { return w.alarmObserved(flags) })
}

// alarmObserved raises what an observation form found.
func (w *work) alarmObserved(flags []form.Flag) error {
	for _, flag := range flags {
		signs := flag.Text.In(w.by.Lang)
		if flag.Detail != "" {
			signs += " · " + flag.Detail
		}
		if err := w.raise(flag.Escalation, signs); err != nil {
			return err
		}
	}
	return nil
}

// watch refuses to sign an observation form before its time; one that found something is kept
// all the same, as its alarm was (early).
func (w *work) watch(in Fill, f form.Filled) (early, err error) {
	if !in.Done {
		return nil, nil
	}
	early = mayRelease(w.t, w.tx.Now())
	if f.Row.Red {
		return early, nil
	}
	return nil, early
}

// observed proves the observation by its signed form (S5-10).
func (w *work) observed(f form.Filled) error {
	p, err := observedProof(w.tx.Read, w.t, w.item)
	if err != nil || !p.Done {
		return err // red answers: the run stays open until the physician has closed the flags
	}
	return w.prove(ProveObserved, answerRef(f))
}

// left says that the client has gone: nothing is noted of the observation any more.
func left(t store.Treatment, deed access.Permission) bool {
	return !t.ReleasedAt.IsZero() && (deed == access.ObservationNote || deed == access.ReactionLog)
}
