package feedback

import (
	"errors"
	"fmt"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Found is a red flag found by a filled form, or seen on the client: then the answer has no id
// and says only about whom, in which visit and treatment.
type Found struct {
	Answer    store.Answer
	Card      string // ESC-VO
	Signs     string // what was said
	Physician term.StaffID
}

// Raise opens the event of a red flag, puts it on the physicians' screens at once and starts
// the clock of S6-07. One answer raises one event; signs seen again while the same card of the
// treatment is open belong to the event that there is.
func (o *Office) Raise(tx *store.Tx, by access.Actor, in Found) (term.EventID, error) {
	have, err := standing(tx.Read, in)
	if err != nil {
		return 0, err
	}
	if have.ID != 0 {
		return have.ID, more(tx, have, in)
	}
	e := store.Event{
		Kind: RedFlag, Code: in.Card, Client: in.Answer.Client, Visit: in.Answer.Visit, Treatment: in.Answer.Treatment,
		Answer: in.Answer.ID, State: stateOpen, Note: in.Signs, OpenedAt: tx.Now(), OpenedBy: by.Staff,
	}
	if err := tx.AddEvent(&e); err != nil {
		return 0, err
	}
	e.Task, err = task.Raise(tx, task.Alarm{
		Subject: ref(e.ID), Client: e.Client, Visit: e.Visit, Treatment: e.Treatment, Physician: in.Physician,
		Card: in.Card, Name: CardName(in.Card), Minutes: minutesFor(in.Card), Signs: in.Signs,
	})
	if err != nil {
		return 0, err
	}
	if err := tx.SaveEvent(&e); err != nil {
		return 0, err
	}
	news(tx, e)
	if e.Visit == 0 {
		return e.ID, nil
	}
	return e.ID, o.flow.Clock(tx, sop.Subject{Visit: e.Visit, Treatment: e.Treatment}, "redflag")
}

// more notes what the same call said later, while nobody closed the event.
func more(tx *store.Tx, e store.Event, in Found) error {
	if e.State == stateClosed || in.Signs == "" || in.Signs == e.Note && in.Card == e.Code {
		return nil
	}
	e.Note, e.Code = in.Signs, in.Card
	if err := tx.SaveEvent(&e); err != nil {
		return err
	}
	news(tx, e)
	return nil
}

// standing finds the event that was raised before for the same finding; it has no id when
// there is none.
func standing(r *store.Read, in Found) (store.Event, error) {
	if in.Answer.ID != 0 {
		e, err := r.EventOfAnswer(in.Answer.ID)
		if errors.Is(err, store.ErrNotFound) {
			return store.Event{}, nil
		}
		return e, err
	}
	seen, err := Seen(r, in.Answer.Client, in.Answer.Treatment)
	for _, s := range seen {
		if s.Code == in.Card && !s.Closed() {
			return s.Event, err
		}
	}
	return store.Event{}, err
}

// SignAdverse is the hook of F11: a signed form stands in the register, an amended one
// corrects its severity.
func SignAdverse(tx *store.Tx, by access.Actor, f form.Filled) error {
	if f.Row.Client == 0 {
		return nil
	}
	e, err := tx.EventOfAnswer(f.Row.ID)
	if errors.Is(err, store.ErrNotFound) && f.Row.Supersedes != 0 {
		e, err = tx.EventOfAnswer(f.Row.Supersedes)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	e.Answer, e.Severity = f.Row.ID, f.Answers.Value("severity")
	e.State = stateTaken
	if f.Answers.Value("closed") == form.Yes {
		e.State, e.ClosedAt, e.ClosedBy = stateClosed, tx.Now(), by.Staff
	}
	tx.Publish(live.Alerts)
	if err := reportDone(tx, by, f.Row); err != nil {
		return err
	}
	if e.ID != 0 {
		return tx.SaveEvent(&e)
	}
	e.Kind, e.Client, e.Visit, e.Treatment = Adverse, f.Row.Client, f.Row.Visit, f.Row.Treatment
	e.OpenedAt, e.OpenedBy, e.TakenAt, e.TakenBy = tx.Now(), by.Staff, tx.Now(), by.Staff
	if err := ofRedFlag(tx.Read, &e, f.Row.CreatedAt); err != nil {
		return err
	}
	return tx.AddEvent(&e)
}

// reported marks the number of an adverse event that is the report of a red flag.
const reported = "-F11"

// ofRedFlag gives a report number and time of the red flag of the same treatment or visit that
// stood when the form was begun: one event, one number. A second report has its own.
func ofRedFlag(r *store.Read, e *store.Event, begun term.Instant) error {
	all, err := r.EventsOf(e.Client, 200) // newest first
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, x := range all {
		taken[x.Number] = true
	}
	for _, x := range all {
		number := x.Number + reported
		if x.Kind == RedFlag && x.Visit == e.Visit && x.Treatment == e.Treatment && !begun.Before(x.OpenedAt) && !taken[number] {
			e.Number, e.OpenedAt, e.OpenedBy = number, x.OpenedAt, x.OpenedBy
			return nil
		}
	}
	return nil
}

func news(tx *store.Tx, e store.Event) {
	tx.Publish(live.Alerts)
	tx.Publish(live.Board)
	if e.Visit != 0 {
		tx.Publish(fmt.Sprintf("visit:%d", e.Visit))
	}
}
