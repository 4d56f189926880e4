package aftercare

import (
	"context"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/store"
	"meixu/store/term"
)

// schedule opens the follow-ups of a treatment that was signed out; the same follow-up is
// opened once, however often the hook runs. Treatments of one visit share their calls.
func (d *Desk) schedule(tx *store.Tx, _ access.Actor, s sop.Subject) error {
	if s.Treatment == 0 {
		return nil
	}
	t, err := tx.Treatment(s.Treatment)
	if err != nil {
		return err
	}
	item, err := tx.Item(t.Item)
	if err != nil {
		return err
	}
	for _, c := range callsOf(item, endOf(t.FinishedAt, tx.Now()), tx.Zone()) {
		if err := ask(tx, t, item, c); err != nil {
			return err
		}
	}
	return nil
}

// ask opens one follow-up of a treatment, or joins it to the open one of the same visit and
// day: a client is called once, about everything that was done.
func ask(tx *store.Tx, t store.Treatment, item store.Item, c call) error {
	tasks, err := tx.TasksOfVisit(t.Visit)
	if err != nil {
		return err
	}
	n := task.New{
		Kind: task.Followup, Subject: ref("treatment", int64(t.ID)), Key: "D" + number(c.Day), Client: t.Client,
		Visit: t.Visit, Treatment: t.ID, Role: access.Aftercare, Due: c.Due, Warn: c.Warn, Escalate: c.Ladder,
		TitleKey: c.Title, Args: []string{number(c.Day)}, FormCode: formOf(item), Day: c.Day, Priority: c.Priority,
	}
	shared := store.Task{}
	for _, x := range tasks {
		if x.Kind != task.Followup || x.Day != c.Day {
			continue
		}
		if x.About(t.ID) || task.Left(x, t.ID) {
			return nil
		}
		if x.State == store.TaskOpen {
			shared = x
		}
	}
	if shared.ID != 0 {
		return task.Join(tx, shared.ID, n)
	}
	_, err = task.Open(tx, n)
	return err
}

// formOf is the script of an item's follow-ups.
func formOf(item store.Item) string { return "F8-" + item.CareTemplate }

// callOff gives up what makes no sense after a treatment was stopped midway: the calls that
// look for a late effect. The first days stay, because something was done to the client.
func (d *Desk) callOff(tx *store.Tx, by access.Actor, s sop.Subject) error {
	if s.Treatment == 0 {
		return nil
	}
	tasks, err := tx.TasksOfVisit(s.Visit)
	if err != nil {
		return err
	}
	doer := access.System("aftercare")
	doer.Staff = by.Staff
	for _, t := range tasks {
		if !t.About(s.Treatment) || t.Kind != task.Followup || t.State != store.TaskOpen || t.Day <= 2 {
			continue
		}
		if err := task.Leave(tx, doer, t.ID, s.Treatment, by.Lang.T("aftercare.calledoff.stopped")); err != nil {
			return err
		}
	}
	stopped, err := tx.Treatment(s.Treatment)
	if err != nil || stopped.StartedAt.IsZero() {
		return err
	}
	return d.firstCall(tx, stopped)
}

// firstCall opens the 48-hour call alone: after a treatment that was begun and stopped.
func (d *Desk) firstCall(tx *store.Tx, t store.Treatment) error {
	item, err := tx.Item(t.Item)
	if err != nil {
		return err
	}
	return ask(tx, t, item, callOn(2, item.RiskTier, endOf(t.FinishedAt, tx.Now()), tx.Zone()))
}

// endOf is the time a treatment ended, or now while that is not noted.
func endOf(finished, now term.Instant) term.Instant {
	if finished.IsZero() {
		return now
	}
	return finished
}

// Reopen takes a follow-up up again that was called off (a treatment stopped, a visit ended),
// with a reason; it is due when it was due before, or in a day when that has passed.
func (d *Desk) Reopen(ctx context.Context, by access.Actor, id term.TaskID, reason string) error {
	by.Reason = strings.TrimSpace(reason)
	return d.WriteOn(ctx, by, access.FollowupReopen, ref("task", int64(id)), func(tx *store.Tx) error {
		t, err := followup(tx.Read, id)
		if err != nil {
			return err
		}
		tx.Result("followup", int64(id))
		due := t.DueAt
		if due.Before(tx.Now()) {
			due = tx.Now().Add(24 * time.Hour)
		}
		return task.Reopen(tx, by, id, due, reason)
	})
}
