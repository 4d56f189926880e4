package feedback

import (
	"context"
	"errors"
	"time"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/forms"
	"meixu/store"
	"meixu/store/term"
)

// Sighting is a red flag that was seen during a treatment or its observation.
type Sighting struct{ store.Event }

// Closed says that a physician closed it with outcome and severity.
func (s Sighting) Closed() bool { return s.State == stateClosed }

// Harmless says that it was closed as an event without harm (severity A).
func (s Sighting) Harmless() bool { return s.Closed() && s.Severity == "A" }

// Path is the page of the red flag.
func (s Sighting) Path() string { return Path(s.ID) }

// Seen lists the red flags that were seen on the client of a treatment, newest first; those
// that a later call found are not among them.
func Seen(r *store.Read, client term.ClientID, treatment term.TreatmentID) (list []Sighting, err error) {
	all, err := r.EventsOf(client, 200)
	for _, e := range all {
		if e.Kind == RedFlag && e.Treatment == treatment && e.Answer == 0 {
			list = append(list, Sighting{e})
		}
	}
	return list, err
}

// Taken says that the physician who signs a treatment out has its red flags in hand: those
// that nobody took are taken under the own name (S6-07).
func Taken(tx *store.Tx, by access.Actor, seen []Sighting) error {
	for _, s := range seen {
		if s.State != stateOpen || !by.May(access.AlertTake) {
			continue
		}
		e := s.Event
		e.State, e.TakenAt, e.TakenBy = stateTaken, tx.Now(), by.Staff
		if err := tx.SaveEvent(&e); err != nil {
			return err
		}
		news(tx, e)
	}
	return nil
}

// kindReport is the task to fill the adverse event form of a treatment.
const kindReport = task.Adverse

// reportWithin is the time for the form: REG-EVT-10 asks for the register the same day.
const reportWithin = 24 * time.Hour

func treatmentRef(id term.TreatmentID) store.Subject {
	return store.Subject{Noun: "treatment", ID: int64(id)}
}

// AskReport opens the physician's task to fill F11 after a treatment was stopped (S5-05).
func AskReport(tx *store.Tx, t store.Treatment) error {
	_, err := task.Open(tx, task.New{
		Kind: kindReport, Subject: treatmentRef(t.ID), Key: "F11", Client: t.Client, Visit: t.Visit, Treatment: t.ID,
		Role: access.Physician, Staff: t.Operator, Due: tx.Now().Add(reportWithin), TitleKey: "task.title.adverse",
		Args: []string{t.Number}, Day: task.NoDay, Priority: task.HardDue, Escalate: []task.Rung{{After: 0, Role: access.Quality}},
	})
	return err
}

// reportDone closes the task of a treatment's F11 when the form is signed.
func reportDone(tx *store.Tx, by access.Actor, row store.Answer) error {
	if row.Treatment == 0 {
		return nil
	}
	t, err := tx.TaskByKey(kindReport, treatmentRef(row.Treatment).String()+"/F11")
	if errors.Is(err, store.ErrNotFound) || err == nil && t.State != store.TaskOpen {
		return nil
	}
	if err != nil {
		return err
	}
	return task.Done(tx, by, t.ID, "signed", row.ID)
}

// ReportOf finds the adverse event form of a treatment, begun or signed; 0 when there is none.
func ReportOf(r *store.Read, t store.Treatment) (term.AnswerID, error) {
	all, err := r.AnswersOf(t.Client, 200)
	for _, row := range all {
		if row.FormCode == "F11" && row.Treatment == t.ID && !row.Voided() && row.State != store.AnswerAmended {
			return row.ID, err
		}
	}
	return 0, err
}

// ReportTreatment begins F11 for a treatment that was stopped, with item, lots, times and the
// reason of the stop filled in; one that was begun is given back.
func (o *Office) ReportTreatment(ctx context.Context, by access.Actor, id term.TreatmentID) (answer term.AnswerID, err error) {
	err = o.WriteOn(ctx, by, access.AdverseReport, treatmentRef(id), func(tx *store.Tx) error {
		t, err := tx.Treatment(id)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("treatment").Because(err)
		}
		if err != nil {
			return err
		}
		if answer, err = ReportOf(tx.Read, t); err != nil || answer != 0 {
			tx.Result(forms.Noun, int64(answer))
			return err
		}
		a := Alert{Line: Line{Event: store.Event{
			Client: t.Client, Visit: t.Visit, Treatment: t.ID, OpenedAt: reportTime(t, tx.Now()), Note: t.StopReason,
		}, Who: by.Name}}
		if err := a.treated(tx.Read); err != nil {
			return err
		}
		answer, err = o.beginReport(tx, by, a)
		return err
	})
	return answer, err
}

// reportTime is when the event happened: the stop, or now.
func reportTime(t store.Treatment, now term.Instant) term.Instant {
	if t.FinishedAt.IsZero() {
		return now
	}
	return t.FinishedAt
}
