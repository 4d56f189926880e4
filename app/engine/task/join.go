package task

import (
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Join makes an open task about a further treatment, so that one call asks about both. The
// earlier of two due times holds, with its ladder, and the harder of two priorities.
func Join(tx *store.Tx, id term.TaskID, n New) error {
	t, err := tx.Task(id)
	if err != nil {
		return err
	}
	if t.State != store.TaskOpen {
		return fault.Clash("task.closed", fault.Word("task.state."+string(t.State)))
	}
	t.Also = append(t.Also, store.TaskPart{Treatment: n.Treatment, Form: n.FormCode})
	if n.Priority > t.Priority {
		t.Priority, t.TitleKey, t.TitleArgs = n.Priority, n.TitleKey, n.Args
	}
	if n.Due.Before(t.DueAt) {
		t.WarnAt, t.DueAt, t.Rung, t.EscalatedTo = n.Warn, n.Due, 0, ""
		t.Ladder = rungs(n.Escalate)
		aim(&t)
	}
	news(tx, t)
	return tx.SaveTask(&t)
}

// Leave takes a treatment out of a task that is about others too, or gives the task up when
// it is about nothing else; the reason is kept with a task that is given up.
func Leave(tx *store.Tx, by access.Actor, id term.TaskID, treatment term.TreatmentID, reason string) error {
	t, err := open(tx, by, id)
	if err != nil {
		return err
	}
	if len(t.Parts()) < 2 || !t.About(treatment) {
		return Cancel(tx, by, id, reason)
	}
	if err := wantReason(strings.TrimSpace(reason)); err != nil {
		return err
	}
	off := store.TaskPart{Treatment: treatment, Form: t.FormCode, Off: true}
	if t.Treatment == treatment {
		heir := t.Parts()[1]
		t.Treatment, t.FormCode, treatment = heir.Treatment, heir.Form, heir.Treatment
	} else {
		off.Form = t.Parts()[slices.IndexFunc(t.Parts(), func(p store.TaskPart) bool { return p.Treatment == treatment })].Form
	}
	t.Also = append(slices.DeleteFunc(slices.Clone(t.Also), func(p store.TaskPart) bool { return p.Treatment == treatment }), off)
	news(tx, t)
	return tx.SaveTask(&t)
}

// Left says that the treatment was taken out of the task.
func Left(t store.Task, id term.TreatmentID) bool {
	return slices.ContainsFunc(t.Also, func(p store.TaskPart) bool { return p.Off && p.Treatment == id })
}
