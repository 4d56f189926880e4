package store

import (
	"encoding/json"
	"slices"

	"meixu/store/term"
)

// Task is one thing due: a follow-up, a call-back, a red flag to answer, an expiring paper.
type Task struct {
	ID        term.TaskID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Kind      string
	Subject   Subject
	// Key makes opening idempotent: one task per kind and key.
	Key       string
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	// Also are the further treatments of the visit that the same call is about.
	Also      []TaskPart
	TitleKey  string   // words key
	TitleArgs []string // never personal data: the screen shows the client's banner
	Note      string   // sealed with the client's key
	FormCode  string
	Role      string       // whose duty it is
	Staff     term.StaffID // whose it is in person; 0: anyone of the role
	// Day is the day after the treatment of a follow-up (D0, D1, D2 …); -1 for other tasks.
	Day         int
	Priority    int // 0 normal, 1 hard rule, 2 red flag
	WarnAt      term.Instant
	DueAt       term.Instant
	Ladder      []TaskRung
	Rung        int          // how many rungs were climbed
	EscalateAt  term.Instant // when the next rung is climbed
	EscalatedTo string       // role of the last rung climbed
	Attempts    int          // calls that reached nobody
	TriedAt     term.Instant // the last of them
	State       TaskState
	Outcome     string
	Answer      term.AnswerID
	DoneAt      term.Instant
	DoneBy      term.StaffID
	// CancelReason says why a task was given up.
	CancelReason string
}

// TaskPart is a treatment that a follow-up is about, and the form that its client is asked.
type TaskPart struct {
	Treatment term.TreatmentID `json:"treatment"`
	Form      string           `json:"form"`
	// Off says that the treatment was stopped and is not asked about any more.
	Off bool `json:"off,omitempty"`
}

// Parts are the treatments that the task is about, the first one first.
func (t Task) Parts() []TaskPart {
	if t.Treatment == 0 {
		return nil
	}
	parts := []TaskPart{{Treatment: t.Treatment, Form: t.FormCode}}
	for _, p := range t.Also {
		if !p.Off {
			parts = append(parts, p)
		}
	}
	return parts
}

// About says that the task is about the treatment.
func (t Task) About(id term.TreatmentID) bool {
	return slices.ContainsFunc(t.Parts(), func(p TaskPart) bool { return p.Treatment == id })
}

// TaskRung is one rung of a ladder: this long after due, this role hears of it.
type TaskRung struct {
	After int    `json:"after"` // minutes after due
	Role  string `json:"role"`
}

// TaskState is open, done or cancelled.
type TaskState string

// Task states.
const (
	TaskOpen      TaskState = "open"
	TaskDone      TaskState = "done"
	TaskCancelled TaskState = "cancelled"
)

func (*Task) table() string { return "tasks" }
func (*Task) columns() string {
	return "id, version, created_at, updated_at, kind, subject_noun, subject_id, key, client_id, visit_id, treatment_id, also, " +
		"title_key, title_args_sealed, note_sealed, form_code, role, staff_id, day_offset, priority, warn_at, due_at, ladder, rung, " +
		"escalate_at, escalated_to, attempts, tried_at, state, outcome, answer_id, done_at, done_by, cancel_reason_sealed"
}

func (t *Task) fields(r *Read) []any {
	return []any{
		&t.ID, &t.Version, &t.CreatedAt, &t.UpdatedAt, &t.Kind, &t.Subject.Noun, &t.Subject.ID, &t.Key, maybe(&t.Client),
		maybe(&t.Visit), maybe(&t.Treatment),
		jsonText{&t.Also},
		&t.TitleKey,
		sealedAs(r, "tasks", &t.ID, &t.Client, "title_args_sealed", &t.TitleArgs),
		sealed(r, "tasks", &t.ID, &t.Client, "note_sealed", &t.Note), &t.FormCode, &t.Role, maybe(&t.Staff), &t.Day,
		&t.Priority, &t.WarnAt, &t.DueAt,
		jsonText{&t.Ladder},
		&t.Rung, &t.EscalateAt, &t.EscalatedTo, &t.Attempts, &t.TriedAt,
		&t.State, &t.Outcome, maybe(&t.Answer), &t.DoneAt, maybe(&t.DoneBy), sealed(r, "tasks", &t.ID, &t.Client, "cancel_reason_sealed", &t.CancelReason),
	}
}

// Task reads one task.
func (r *Read) Task(id term.TaskID) (Task, error) { return load[Task](r, "id = ?", id) }

// TaskByKey reads the task of a kind and key.
func (r *Read) TaskByKey(kind, key string) (Task, error) {
	return load[Task](r, "kind = ? AND key = ?", kind, key)
}

// TasksOfClient lists a client's tasks, newest due first.
func (r *Read) TasksOfClient(client term.ClientID, limit int) ([]Task, error) {
	return loadAll[Task](r, "client_id = ? ORDER BY due_at DESC, id DESC LIMIT ?", client, limit)
}

// TasksOfVisit lists the tasks that came from a visit in the order in which they are due.
func (r *Read) TasksOfVisit(visit term.VisitID) ([]Task, error) {
	return loadAll[Task](r, "visit_id = ? ORDER BY due_at, id", visit)
}

// TasksHeldBy lists the open tasks of one person, for handing them over.
func (r *Read) TasksHeldBy(staff term.StaffID) ([]Task, error) {
	return loadAll[Task](r, "staff_id = ? AND state = 'open' ORDER BY id", staff)
}

// TasksDue lists the open tasks of a kind that are due in [from, to).
func (r *Read) TasksDue(kind string, from, to term.Instant, limit int) ([]Task, error) {
	return loadAll[Task](r, "state = 'open' AND kind = ? AND due_at >= ? AND due_at < ? ORDER BY due_at, id LIMIT ?", kind, from, to, limit)
}

// TasksToEscalate lists the tasks whose next rung is due.
func (r *Read) TasksToEscalate(limit int) ([]Task, error) {
	return loadAll[Task](r, `state = 'open' AND escalate_at IS NOT NULL AND escalate_at <= ?
		ORDER BY escalate_at, id LIMIT ?`, r.Now(), limit)
}

// TaskFilter chooses open tasks: those of the person, those of the roles that nobody holds
// in person, and those that were escalated to the roles.
type TaskFilter struct {
	Staff term.StaffID
	Roles []string
	Kind  string       // "" for all
	Until term.Instant // due before; zero for all
	All   bool         // also those that others of the roles hold in person
	// Limit and Offset page the list; Limit 0 means 50.
	Limit, Offset int
}

// taskMine has one branch per index, because tables of tasks only grow.
const taskMine = `id IN (SELECT id FROM tasks WHERE state = 'open' AND staff_id = ?
	UNION SELECT id FROM tasks WHERE state = 'open' AND role IN (SELECT value FROM json_each(?)) AND (? OR staff_id IS NULL)
	UNION SELECT id FROM tasks WHERE state = 'open' AND escalated_to <> '' AND escalated_to IN (SELECT value FROM json_each(?)))`

func (f TaskFilter) mine() ([]any, error) {
	roles, err := json.Marshal(f.Roles)
	if f.Roles == nil {
		roles = []byte("[]")
	}
	return []any{f.Staff, string(roles), f.All, string(roles)}, err
}

// Tasks is the worklist: red flags first, then in the order in which they are due.
func (r *Read) Tasks(f TaskFilter) ([]Task, error) {
	args, err := f.mine()
	if err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	until := f.Until.String()
	return loadAll[Task](r, taskMine+` AND (? = '' OR kind = ?) AND (? = '' OR due_at < ?)
		ORDER BY priority = 2 DESC, due_at, id LIMIT ? OFFSET ?`,
		append(args, f.Kind, f.Kind, until, until, min(f.Limit, 500), f.Offset)...)
}

// CountTasks counts what Tasks lists on all its pages.
func (r *Read) CountTasks(f TaskFilter) (int, error) {
	args, err := f.mine()
	if err != nil {
		return 0, err
	}
	until := f.Until.String()
	scan := func(from row) (n int, err error) {
		err = from.Scan(&n)
		return n, err
	}
	return one(r, scan, `SELECT count(*) FROM tasks WHERE `+taskMine+` AND (? = '' OR kind = ?) AND (? = '' OR due_at < ?)`,
		append(args, f.Kind, f.Kind, until, until)...)
}

// TaskCounts are the numbers on the badge.
type TaskCounts struct{ Open, Due, Overdue, Red int }

// TaskCounts counts the worklist: all open, due before until, overdue now, red flags.
func (r *Read) TaskCounts(f TaskFilter) (TaskCounts, error) {
	args, err := f.mine()
	if err != nil {
		return TaskCounts{}, err
	}
	until := f.Until
	if until.IsZero() {
		until = r.Today().End(r.Zone())
	}
	scan := func(from row) (c TaskCounts, err error) {
		err = from.Scan(&c.Open, &c.Due, &c.Overdue, &c.Red)
		return c, err
	}
	return one(r, scan, `SELECT count(*), coalesce(sum(due_at < ?), 0), coalesce(sum(due_at < ?), 0),
		coalesce(sum(priority = 2), 0) FROM tasks WHERE `+taskMine, append([]any{until, r.Now()}, args...)...)
}

// AddTask opens a task.
func (tx *Tx) AddTask(t *Task) error {
	if t.State == "" {
		t.State = TaskOpen
	}
	return tx.addRow(t)
}

// SaveTask writes a task over the version read.
func (tx *Tx) SaveTask(t *Task) error { return tx.saveRow(t) }

// OpenTasksAbout tells which of the clients an open task of the kind is about.
func (r *Read) OpenTasksAbout(kind string, clients []term.ClientID) (map[term.ClientID]bool, error) {
	list, err := idList(clients)
	if err != nil {
		return nil, err
	}
	ids, err := many(r, value[term.ClientID], `SELECT DISTINCT client_id FROM tasks
		WHERE client_id IN (SELECT value FROM json_each(?)) AND kind = ? AND state = 'open' LIMIT 10000`, list, kind)
	return setOf(ids), err
}
