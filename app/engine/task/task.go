// Package task keeps everything that is due: follow-ups, call-backs, red flags, records to
// sign, papers that expire, approvals. A task has a kind, a subject, somebody whose duty it
// is, a due time, a ladder of those who hear of it when it is late, and an outcome. There
// is one worklist and one job that escalates; nothing is lost when staff leave.
package task

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Kinds that several rooms use; rooms add their own words.
const (
	Followup   = "followup"   // call a client after a treatment
	Escalation = "escalation" // a red flag on the doctor's screen
	CallBack   = "call_back"
	SignRecord = "sign_record"
	Approval   = "approval"
	Adverse    = "adverse" // fill the adverse event form (F11)
	Rating     = "rating"
	Licence    = "licence"
	Device     = "device"
	Handover   = "handover" // give away what somebody held whose account was closed in an emergency
	Swap       = "swap"     // answer an exchange of shifts
	Rebook     = "rebook"   // find somebody for a booking that nobody could take over
)

// Priorities. Hard tasks follow from a rule; red flags stand above everything.
const (
	Normal  = 0
	HardDue = 1
	RedFlag = 2
)

// NoDay is the day of tasks that are no follow-up of a day.
const NoDay = -1

// Rung is one rung of the ladder: this long after due, this role hears of it.
type Rung struct {
	After time.Duration
	Role  access.Role
}

// New describes a task to open.
type New struct {
	Kind    string
	Subject store.Subject
	// Key tells tasks of one kind and subject apart; the due time when empty. Opening the
	// same kind, subject and key again gives the task that is there, open or done.
	Key       string
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	Role      access.Role  // whose duty it is
	Staff     term.StaffID // whose it is in person; 0: anyone of the role
	Due       term.Instant
	Warn      term.Instant // when it turns yellow; zero: never
	Escalate  []Rung       // in rising order
	TitleKey  string
	// Args are printed into the title; "@key" is translated. Never personal data.
	Args     []string
	Note     string // free text, sealed with the client's key
	FormCode string // the form that answers it, F8
	Day      int    // follow-ups: days after the treatment; else NoDay
	Priority int
}

func (n New) check() error {
	switch {
	case n.Kind == "" || n.TitleKey == "" || n.Due.IsZero():
		return fmt.Errorf("task: %q needs kind, title and due", n.Kind)
	case n.Role == "" && n.Staff == 0:
		return fmt.Errorf("task: %s is nobody's duty", n.Kind)
	case n.Role != "" && !n.Role.Known():
		return fmt.Errorf("task: %s for unknown role %q", n.Kind, n.Role)
	}
	for i, r := range n.Escalate {
		if !r.Role.Known() || i > 0 && r.After < n.Escalate[i-1].After {
			return fmt.Errorf("task: %s has a broken ladder at rung %d", n.Kind, i)
		}
	}
	return nil
}

func (n New) key() string {
	if n.Key == "" {
		return n.Subject.String() + "/" + n.Due.String()
	}
	return n.Subject.String() + "/" + n.Key
}

// Open opens a task, or gives the one that was opened before under the same key.
func Open(tx *store.Tx, n New) (term.TaskID, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	have, err := tx.TaskByKey(n.Kind, n.key())
	if err == nil {
		return have.ID, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return 0, err
	}
	t := store.Task{
		Kind: n.Kind, Subject: n.Subject, Key: n.key(), Client: n.Client, Visit: n.Visit, Treatment: n.Treatment,
		TitleKey: n.TitleKey, TitleArgs: n.Args, Note: n.Note, FormCode: n.FormCode, Role: string(n.Role),
		Staff: n.Staff, Day: n.Day, Priority: n.Priority, WarnAt: n.Warn, DueAt: n.Due, Ladder: rungs(n.Escalate),
	}
	aim(&t)
	if err := tx.AddTask(&t); err != nil {
		return 0, err
	}
	news(tx, t)
	return t.ID, nil
}

func rungs(ladder []Rung) (list []store.TaskRung) {
	for _, r := range ladder {
		list = append(list, store.TaskRung{After: int(r.After / time.Minute), Role: string(r.Role)})
	}
	return list
}

// aim sets when the next rung is climbed.
func aim(t *store.Task) {
	t.EscalateAt = term.Instant{}
	if t.Rung < len(t.Ladder) {
		t.EscalateAt = t.DueAt.Add(time.Duration(t.Ladder[t.Rung].After) * time.Minute)
	}
}

func news(tx *store.Tx, t store.Task) {
	tx.Publish("tasks")
	if t.Priority == RedFlag || t.EscalatedTo != "" {
		tx.Publish("alerts")
	}
	if t.Visit != 0 {
		tx.Publish(fmt.Sprintf("visit:%d", t.Visit))
	}
}

// open reads a task that is to be changed and says no when it is closed or not one's own.
func open(tx *store.Tx, by access.Actor, id term.TaskID) (store.Task, error) {
	t, err := tx.Task(id)
	if errors.Is(err, store.ErrNotFound) {
		return t, fault.NotFound("task").Because(err)
	}
	if err != nil {
		return t, err
	}
	if t.State != store.TaskOpen {
		return t, fault.Clash("task.closed", fault.Word("task.state."+string(t.State)))
	}
	if !Concerns(by, t) {
		return t, (&fault.Error{Kind: fault.KindForbidden, Key: "task.others"}).Ask(t.Role)
	}
	return t, nil
}

// Concerns says that the task is the actor's: in person, by role, by escalation, or because
// managers may take every task.
func Concerns(by access.Actor, t store.Task) bool {
	return by.IsSystem() || by.Is(access.Manager) || t.Staff != 0 && t.Staff == by.Staff ||
		t.Role != "" && by.Is(access.Role(t.Role)) || t.EscalatedTo != "" && by.Is(access.Role(t.EscalatedTo))
}

// Done closes a task with its outcome and the form that holds the answer, if any. Of two
// who close it at once the second is told so.
func Done(tx *store.Tx, by access.Actor, id term.TaskID, outcome string, answer term.AnswerID) error {
	t, err := open(tx, by, id)
	if err != nil {
		return err
	}
	t.State, t.Outcome, t.Answer = store.TaskDone, outcome, answer
	t.DoneAt, t.DoneBy, t.EscalateAt = tx.Now(), by.Staff, term.Instant{}
	news(tx, t)
	return tx.SaveTask(&t)
}

// Cancel gives a task up, with a reason. Red flags cannot be given up, only answered.
func Cancel(tx *store.Tx, by access.Actor, id term.TaskID, reason string) error {
	t, err := open(tx, by, id)
	if err != nil {
		return err
	}
	if t.Priority == RedFlag {
		return fault.Refuse("S6-07", "task.red").Ask(string(access.Physician))
	}
	if err := wantReason(reason); err != nil {
		return err
	}
	t.State, t.CancelReason, t.DoneAt, t.DoneBy = store.TaskCancelled, reason, tx.Now(), by.Staff
	t.EscalateAt = term.Instant{}
	news(tx, t)
	return tx.SaveTask(&t)
}

// Reopen takes a task up again that was given up, with a reason and a new due time; its
// ladder begins anew.
func Reopen(tx *store.Tx, by access.Actor, id term.TaskID, due term.Instant, reason string) error {
	t, err := tx.Task(id)
	if errors.Is(err, store.ErrNotFound) {
		return fault.NotFound("task").Because(err)
	}
	if err != nil {
		return err
	}
	if t.State != store.TaskCancelled {
		return fault.Clash("task.not_given_up", fault.Word("task.state."+string(t.State)))
	}
	if !Concerns(by, t) {
		return (&fault.Error{Kind: fault.KindForbidden, Key: "task.others"}).Ask(t.Role)
	}
	if err := wantReason(reason); err != nil {
		return err
	}
	if !t.WarnAt.IsZero() {
		t.WarnAt = t.WarnAt.Add(due.Sub(t.DueAt))
	}
	t.State, t.CancelReason, t.DoneAt, t.DoneBy = store.TaskOpen, "", term.Instant{}, 0
	t.DueAt, t.Rung, t.EscalatedTo, t.Attempts = due, 0, "", 0
	aim(&t)
	news(tx, t)
	return tx.SaveTask(&t)
}

// Move sets another due time. Only a manager may put off a task that a rule made hard.
func Move(tx *store.Tx, by access.Actor, id term.TaskID, due term.Instant, reason string) error {
	t, err := open(tx, by, id)
	if err != nil {
		return err
	}
	if err := fault.Join(wantFuture(tx, due), wantReason(reason)); err != nil {
		return err
	}
	if t.Priority != Normal && due.After(t.DueAt) && !by.Is(access.Manager) && !by.IsSystem() {
		return (&fault.Error{Kind: fault.KindForbidden, Key: "task.hard"}).Ask(string(access.Manager))
	}
	if !t.WarnAt.IsZero() {
		t.WarnAt = t.WarnAt.Add(due.Sub(t.DueAt))
	}
	t.DueAt, t.Rung, t.EscalatedTo = due, 0, ""
	aim(&t)
	news(tx, t)
	return tx.SaveTask(&t)
}

func wantFuture(tx *store.Tx, due term.Instant) error {
	var fields fault.Fields
	if due.IsZero() || due.Before(tx.Now()) {
		fields.Add("due", "task.due.past")
	}
	return fields.Err()
}

// betweenTries is how long after a call that reached nobody the next one counts: the rule asks
// for another time of the day, not for three clicks (aftercare.md section 0).
const betweenTries = 30 * time.Minute

// Attempt notes a call that reached nobody and says how many there were. After the third
// the manager hears of it at once (aftercare.md section 0).
func Attempt(tx *store.Tx, by access.Actor, id term.TaskID) (int, error) {
	t, err := open(tx, by, id)
	if err != nil {
		return 0, err
	}
	if !t.TriedAt.IsZero() && tx.Now().Before(t.TriedAt.Add(betweenTries)) {
		return 0, fault.Refuse("S6-03", "task.tried.soon", t.TriedAt.Clock(tx.Zone()), int(betweenTries.Minutes()))
	}
	t.Attempts++
	t.TriedAt = tx.Now()
	if t.Attempts >= 3 && t.EscalatedTo == "" {
		t.EscalatedTo = string(access.Manager)
	}
	news(tx, t)
	return t.Attempts, tx.SaveTask(&t)
}

// Reassign gives a task to a role, or to a person of the role.
func Reassign(tx *store.Tx, by access.Actor, id term.TaskID, role access.Role, staff term.StaffID) error {
	t, err := open(tx, by, id)
	if err != nil {
		return err
	}
	if role == "" {
		role = access.Role(t.Role)
	}
	if !role.Known() && staff == 0 {
		var fields fault.Fields
		fields.Add("role", "task.nobody")
		return fields.Err()
	}
	t.Role, t.Staff = string(role), staff
	news(tx, t)
	return tx.SaveTask(&t)
}

// HandOver gives all open tasks of a person who leaves (or is ill) to another, or back to
// the role when to is 0; tasks without a role go to the manager. It says how many.
func HandOver(tx *store.Tx, from, to term.StaffID) (int, error) {
	list, err := tx.TasksHeldBy(from)
	if err != nil {
		return 0, err
	}
	for _, t := range list {
		if err := Give(tx, t, to); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// Give makes a task another person's; to 0 gives it back to its role, to the manager when it has none.
func Give(tx *store.Tx, t store.Task, to term.StaffID) error {
	t.Staff = to
	if to == 0 && t.Role == "" {
		t.Role = string(access.Manager)
	}
	news(tx, t)
	return tx.SaveTask(&t)
}

func wantReason(reason string) error {
	var fields fault.Fields
	if strings.TrimSpace(reason) == "" {
		fields.Add("reason", "task.reason.missing")
	}
	return fields.Err()
}
