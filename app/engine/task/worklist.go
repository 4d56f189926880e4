package task

import (
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Row is one line of the worklist.
type Row struct {
	store.Task
	// Tone is red (a red flag), late, amber (somebody else heard of it before it is due:
	// the 36th hour of the 48-hour call), warn or "".
	Tone string
	// Minutes until due; negative when late.
	Minutes int
}

// bilingual parts the two languages of an argument that comes from template data.
const bilingual = "\x1f"

// Both makes a title argument of a text of template data, printed in the page's language.
func Both(t words.Text) string { return t.ZH + bilingual + t.EN }

// Title prints the title in the language.
func (w Row) Title(lang words.Lang) string { return Title(w.Task, lang) }

// InquiryOf is the inquiry that a task is about when there is no file yet; 0 for none.
func InquiryOf(t store.Task) term.LeadID {
	if t.Client != 0 || t.Subject.Noun != "lead" {
		return 0
	}
	return term.LeadID(t.Subject.ID)
}

// Inquiries reads the inquiries that tasks are about, at once, so that each can be told from the next.
func Inquiries(r *store.Read, tasks []store.Task) (map[term.LeadID]store.Lead, error) {
	var ids []term.LeadID
	for _, t := range tasks {
		if id := InquiryOf(t); id != 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return r.LeadsIn(ids)
}

// Plain are the tasks of rows.
func Plain(rows []Row) []store.Task {
	list := make([]store.Task, len(rows))
	for i, row := range rows {
		list[i] = row.Task
	}
	return list
}

// Title prints the title of a task in the language.
func Title(t store.Task, lang words.Lang) string {
	args := make([]any, len(t.TitleArgs))
	for i, a := range t.TitleArgs {
		args[i] = a
		if zh, en, ok := strings.Cut(a, bilingual); ok {
			args[i] = words.Text{ZH: zh, EN: en}.In(lang)
		} else if key, ok := strings.CutPrefix(a, "@"); ok {
			args[i] = lang.T(key)
		}
	}
	return lang.T(t.TitleKey, args...)
}

// Filter chooses the part of the worklist to show.
type Filter struct {
	Kind  string       // "" for all
	Until term.Instant // due before; zero for all
	All   bool         // also what colleagues of the role hold in person
	// Limit and Offset page the list; Limit 0 means 50.
	Limit, Offset int
}

// Worklist lists what the actor has to do: red flags first, then in the order of due.
func Worklist(r *store.Read, by access.Actor, f Filter) ([]Row, error) {
	list, err := r.Tasks(f.of(by))
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(list))
	for i, t := range list {
		rows[i] = row(t, r.Now())
	}
	return rows, nil
}

// Total counts what Worklist lists on all its pages.
func Total(r *store.Read, by access.Actor, f Filter) (int, error) { return r.CountTasks(f.of(by)) }

// Badge counts what the actor has to do; Due means until the end of today.
func Badge(r *store.Read, by access.Actor) (store.TaskCounts, error) {
	return r.TaskCounts(Filter{}.of(by))
}

func (f Filter) of(by access.Actor) store.TaskFilter {
	roles := make([]string, len(by.Roles))
	for i, role := range by.Roles {
		roles[i] = string(role)
	}
	return store.TaskFilter{
		Staff: by.Staff, Roles: roles, Kind: f.Kind, Until: f.Until, All: f.All, Limit: f.Limit, Offset: f.Offset,
	}
}

func row(t store.Task, now term.Instant) Row {
	w := Row{Task: t, Minutes: int(t.DueAt.Sub(now) / time.Minute)}
	switch {
	case t.Priority == RedFlag:
		w.Tone = "red"
	case t.DueAt.Before(now):
		w.Tone = "late"
	case nearing(t, now):
		w.Tone = "amber"
	case !t.WarnAt.IsZero() && !t.WarnAt.After(now):
		w.Tone = "warn"
	}
	return w
}

// nearing says that a rung which lies before the due time was reached.
func nearing(t store.Task, now term.Instant) bool {
	for _, rung := range t.Ladder {
		if rung.After < 0 && !t.DueAt.Add(time.Duration(rung.After)*time.Minute).After(now) {
			return true
		}
	}
	return false
}
