package feedback

import (
	"errors"
	"fmt"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Found is a red flag that was seen on the client: about whom, in which visit and treatment.
type Found struct {
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	Card      string // ESC-VO
	Signs     string // what was seen
	Physician term.StaffID
}

// Raise opens the event of a red flag that was seen. Signs seen again while the same card of the
// treatment is open belong to the event that there is.
func (o *Office) Raise(tx *store.Tx, by access.Actor, in Found) (term.EventID, error) {
	seen, err := Seen(tx.Read, in.Client, in.Treatment)
	if err != nil {
		return 0, err
	}
	for _, s := range seen {
		if s.Code == in.Card && !s.Closed() {
			return s.ID, noted(tx, &s.Event, Sign{Text: in.Signs})
		}
	}
	e := store.Event{Code: in.Card, Client: in.Client, Visit: in.Visit, Treatment: in.Treatment, Note: in.Signs}
	return e.ID, o.open(tx, by, &e, in.Physician)
}

// open puts an event on the physicians' screens at once and starts the clock of S6-07. An
// event keeps its emergency card: another card is another event.
func (o *Office) open(tx *store.Tx, by access.Actor, e *store.Event, physician term.StaffID) (err error) {
	e.Kind, e.State, e.OpenedAt, e.OpenedBy = RedFlag, stateOpen, tx.Now(), by.Staff
	if err := tx.AddEvent(e); err != nil {
		return err
	}
	e.Task, err = task.Raise(tx, task.Alarm{
		Subject: ref(e.ID), Client: e.Client, Visit: e.Visit, Treatment: e.Treatment, Physician: physician,
		Card: e.Code, Name: defaults.CardTitle(e.Code), Minutes: minutesFor(e.Code), Signs: e.Note,
	})
	if err != nil {
		return err
	}
	if err := tx.SaveEvent(e); err != nil {
		return err
	}
	news(tx, *e)
	if e.Visit == 0 {
		return nil
	}
	return o.flow.Clock(tx, sop.Subject{Visit: e.Visit, Treatment: e.Treatment}, "redflag")
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
