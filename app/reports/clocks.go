package reports

import (
	"context"
	"errors"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/store"
)

// ClockTask is the kind of the tasks that tell somebody of a clock of the SOP that ran out.
const ClockTask = "clock"

// clocksAtOnce bounds one run of the job; the rest follows a minute later.
const clocksAtOnce = 200

// RaiseClocks opens a task for whoever is to hear of each clock of the SOP that ran out, once
// a clock; the job of every minute calls it. It says how many tasks were opened.
func (o *Office) RaiseClocks(ctx context.Context, by access.Actor) (n int, err error) {
	var late []sop.Late
	err = o.Read(ctx, by, access.ClockRaise, func(r *store.Read) error {
		all, err := o.SOP.Overdue(r, clocksAtOnce)
		for _, l := range all {
			if l.EscalateTo == "" {
				continue
			}
			_, err := r.TaskByKey(ClockTask, clockTask(l).fullKey())
			if errors.Is(err, store.ErrNotFound) {
				late = append(late, l)
			} else if err != nil {
				return err
			}
		}
		return err
	})
	if err != nil || len(late) == 0 {
		return 0, err
	}
	err = o.Write(ctx, by, access.ClockRaise, func(tx *store.Tx) error {
		for _, l := range late {
			v, err := tx.Visit(l.Visit)
			if err != nil {
				return err
			}
			n := clockTask(l).New
			n.Client = v.Client // whoever hears of the clock sees at once whose it is
			if _, err := task.Open(tx, n); err != nil {
				return err
			}
		}
		tx.Publish("board")
		return nil
	})
	return len(late), err
}

type clockNew struct{ task.New }

func (n clockNew) fullKey() string { return n.Subject.String() + "/" + n.Key }

// clockTask is the task for a clock that ran out; a clock begun anew is another task.
func clockTask(l sop.Late) clockNew {
	return clockNew{task.New{
		Kind: ClockTask, Subject: store.Subject{Noun: "visit", ID: int64(l.Visit)}, Key: l.Step + "/" + l.DueAt.String(),
		Visit: l.Visit, Treatment: l.Treatment, Role: access.Role(l.EscalateTo), Due: l.DueAt, Day: task.NoDay,
		TitleKey: "reports.clock.task", Args: []string{l.Step, task.Both(l.Title)},
	}}
}
