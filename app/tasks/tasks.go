// Package tasks is everybody's own work list: what is due, what is late, done or put off with
// a reason. What a task asks for is done in its room; the list leads there.
package tasks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// List is the service of the room.
type List struct{ deed.Doer }

// New makes the list.
func New(d deed.Doer) *List { return &List{Doer: d} }

// Line is one task with whom it is about and where it is done.
type Line struct {
	task.Row
	Name string // of the client
	// Where is the page on which the task is done; Here says that it is closed on the list.
	Where string
	Here  bool
}

// Filter chooses a part of the list.
type Filter struct {
	Kind          string
	Late          bool // due before now
	Today         bool // due before the end of today
	Limit, Offset int
}

// Page is one page of the list.
type Page struct {
	Lines  []Line
	Counts store.TaskCounts
	Kinds  []string
	Total  int
}

// Outcomes are what can come of a task that the list closes; words, never free text, because
// the column is not sealed.
var Outcomes = []string{"done", "arranged", "declined"}

// most bounds how many open tasks one person's list counts.
const most = 500

// Mine reads the actor's list: red flags first, then in the order of due.
func (l *List) Mine(ctx context.Context, by access.Actor, f Filter) (p Page, err error) {
	err = l.Read(ctx, by, access.TaskView, func(r *store.Read) error {
		all, err := task.Worklist(r, by, task.Filter{Limit: most})
		if err != nil {
			return err
		}
		if p.Counts, err = task.Badge(r, by); err != nil {
			return err
		}
		p.Kinds = kindsOf(all)
		rows := slices.DeleteFunc(all, func(row task.Row) bool { return !f.wants(r, row) })
		p.Total = len(rows)
		p.Lines, err = linesOf(r, rows[min(f.Offset, len(rows)):min(f.Offset+f.Limit, len(rows))])
		return err
	})
	return p, err
}

// kindsOf are the kinds of tasks in the order in which they first come.
func kindsOf(rows []task.Row) (kinds []string) {
	for _, row := range rows {
		if !slices.Contains(kinds, row.Kind) {
			kinds = append(kinds, row.Kind)
		}
	}
	return kinds
}

// wants says that a task belongs to the part of the list that was chosen.
func (f Filter) wants(r *store.Read, row task.Row) bool {
	late, today := row.DueAt.Before(r.Now()), row.DueAt.Before(r.Today().End(r.Zone()))
	return (f.Kind == "" || f.Kind == row.Kind) && (!f.Late || late) && (!f.Today || today)
}

// Open reads one task of the actor.
func (l *List) Open(ctx context.Context, by access.Actor, id term.TaskID) (line Line, err error) {
	err = l.Read(ctx, by, access.TaskView, func(r *store.Read) error {
		t, err := r.Task(id)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("task").Because(err)
		}
		if err != nil {
			return err
		}
		if !task.Concerns(by, t) {
			return (&fault.Error{Kind: fault.KindForbidden, Key: "task.others"}).Ask(t.Role)
		}
		lines, err := linesOf(r, []task.Row{{Task: t}})
		if err == nil {
			line = lines[0]
		}
		return err
	})
	return line, err
}

// linesOf joins tasks with the names of those whom they are about, read at once.
func linesOf(r *store.Read, rows []task.Row) ([]Line, error) {
	var ids []term.ClientID
	for _, row := range rows {
		if row.Client != 0 {
			ids = append(ids, row.Client)
		}
	}
	clients, err := r.ClientsIn(ids)
	if err != nil {
		return nil, err
	}
	asked, err := task.Inquiries(r, task.Plain(rows))
	lines := make([]Line, 0, len(rows))
	for _, row := range rows {
		line := Line{Row: row, Name: cmp.Or(clients[row.Client].Name, asked[task.InquiryOf(row.Task)].Name)}
		line.Where, line.Here = whereOf(row.Task)
		lines = append(lines, line)
	}
	return lines, err
}

// whereOf is the page of a task's work; here says that the list itself closes it.
func whereOf(t store.Task) (path string, here bool) {
	switch {
	case t.Kind == task.Followup && t.Treatment != 0:
		return fmt.Sprintf("/aftercare/%d", t.ID), false
	case t.Kind == task.Escalation && t.Subject.Noun == "event":
		return fmt.Sprintf("/alerts/%d", t.Subject.ID), false
	case t.Kind == task.SignRecord && t.Treatment != 0:
		return fmt.Sprintf("/procedure/%d", t.Treatment), false
	case t.Kind == task.Adverse && t.Treatment != 0: // without harm a word in the list closes it
		return fmt.Sprintf("/procedure/%d#report", t.Treatment), true
	case t.Kind == task.Approval && t.Subject.Noun == "export":
		return fmt.Sprintf("/exchange/exports/%d", t.Subject.ID), false
	case t.Kind == task.Swap:
		return "/people/swaps", false
	case t.Kind == task.Handover:
		return fmt.Sprintf("/people/handover/%d", t.Subject.ID), false
	case t.Kind == task.Rebook:
		return fmt.Sprintf("/reception/appointments/%d", t.Subject.ID), true
	case t.Kind == task.Rating:
		return "/feedback/messages", false
	case t.Visit != 0:
		return fmt.Sprintf("/visit/%d", t.Visit), true
	case t.Client != 0:
		return fmt.Sprintf("/client/%d", t.Client), true
	}
	return "", true
}

// Done closes a task that no room closes, with what came of it.
func (l *List) Done(ctx context.Context, by access.Actor, id term.TaskID, outcome string) error {
	return l.WriteOn(ctx, by, access.TaskDone, ref(id), func(tx *store.Tx) error {
		t, err := tx.Task(id)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("task").Because(err)
		}
		if err != nil {
			return err
		}
		tx.Result("task", int64(id))
		where, here := whereOf(t)
		if !here {
			return fault.Refuse(ruleOf(t), "tasks.elsewhere").Ask(t.Role).At(where)
		}
		if !slices.Contains(Outcomes, outcome) {
			var f fault.Fields
			f.Add("outcome", "tasks.outcome.missing")
			return f.Err()
		}
		return task.Done(tx, by, id, outcome, 0)
	})
}

// ruleOf is the step that a task of a room belongs to.
func ruleOf(t store.Task) string {
	switch t.Kind {
	case task.Followup:
		return "S6-03"
	case task.Escalation:
		return "S6-07"
	case task.SignRecord:
		return "S5-09"
	case task.Handover:
		return "row:C7"
	case task.Swap:
		return "row:O10"
	}
	return "S6-08"
}

// Move sets another due time, with a reason; hard limits only the manager puts off.
func (l *List) Move(ctx context.Context, by access.Actor, id term.TaskID, due term.Instant, reason string) error {
	by.Reason = strings.TrimSpace(reason)
	return l.WriteOn(ctx, by, access.TaskMove, ref(id), func(tx *store.Tx) error {
		tx.Result("task", int64(id))
		return task.Move(tx, by, id, due, reason)
	})
}

// Badge counts what the actor has to do.
func (l *List) Badge(ctx context.Context, by access.Actor) (c store.TaskCounts, err error) {
	err = l.Read(ctx, by, access.TaskView, func(r *store.Read) error {
		c, err = task.Badge(r, by)
		return err
	})
	return c, err
}

func ref(id term.TaskID) store.Subject { return store.Subject{Noun: "task", ID: int64(id)} }
