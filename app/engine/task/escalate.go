package task

import (
	"time"

	"meixu/app/access"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// escalateAtOnce bounds one run of the job; the rest follows a minute later.
const escalateAtOnce = 500

// Escalate climbs the ladders of all tasks that are late; cron runs it every minute. It
// says how many tasks somebody new heard of. Rungs missed while the house was closed are
// climbed in one go: only the last one is told.
func Escalate(tx *store.Tx) (int, error) {
	list, err := tx.TasksToEscalate(escalateAtOnce)
	if err != nil {
		return 0, err
	}
	for i := range list {
		t := list[i]
		climb(&t, tx.Now())
		news(tx, t)
		if err := tx.SaveTask(&t); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

func climb(t *store.Task, now term.Instant) {
	for !t.EscalateAt.IsZero() && !t.EscalateAt.After(now) {
		t.EscalatedTo = t.Ladder[t.Rung].Role
		t.Rung++
		aim(t)
	}
}

// Alarm is a red flag found by a form or said by a client.
type Alarm struct {
	Subject   store.Subject // where it was found: the answer or the task
	Key       string        // tells alarms of one subject apart
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	Physician term.StaffID // the lead physician of the treatment; 0: any physician
	Card      string       // ESC-VO
	Name      words.Text   // what the card is called
	Minutes   int          // within which it must be answered
	Signs     string       // what was said; sealed
}

// Raise puts a red flag on the doctor's screen at once. When it is not answered in time all
// physicians and then the manager and the owner hear of it.
func Raise(tx *store.Tx, a Alarm) (term.TaskID, error) {
	within := time.Duration(max(a.Minutes, 1)) * time.Minute
	if a.Name == (words.Text{}) {
		a.Name = words.Text{ZH: a.Card}
	}
	return Open(tx, New{
		Kind: Escalation, Subject: a.Subject, Key: a.Key + a.Card, Client: a.Client, Visit: a.Visit, Treatment: a.Treatment,
		Role: access.Physician, Staff: a.Physician, Due: tx.Now().Add(within), Warn: tx.Now(),
		Escalate: []Rung{{0, access.Physician}, {within, access.Manager}, {3 * within, access.Owner}},
		TitleKey: "task.title.escalation", Args: []string{Both(a.Name)}, Note: a.Signs, Day: NoDay, Priority: RedFlag,
	})
}
