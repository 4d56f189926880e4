package reception

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/patience"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// WaitTask is the kind of the tasks that call the manager to a client who waits too long.
const WaitTask = "breach"

// stay is a visit with what ends its waiting. Of several calls only the last is known: who was
// called more than once was attended to in time, or the breach was noted before.
func stay(v store.Visit, t store.Ticket, tier string) patience.Stay {
	s := patience.Stay{Arrived: v.ArrivedAt, Level: patience.LevelOf(v.VIP, tier)}
	if s.Called = t.CalledAt; t.Calls > 1 {
		s.Called = v.ArrivedAt
	}
	switch {
	case v.Station != term.AtWaiting:
		s.InRoom, s.Moved = true, v.StationAt
	case t.State == term.TicketServing || t.State == term.TicketDone:
		s.InRoom, s.Moved = true, t.UpdatedAt
	}
	return s
}

// crossed is one wait over its limit, with the breach that was noted of it.
type crossed struct {
	visit store.Visit
	wait  patience.Wait
	level string
	noted *store.WaitBreach
}

// RaiseWaits notes each wait that crossed the limit of its tier and calls the manager, once a
// wait; what ended since is stamped. The job of every minute calls it. It says how many it noted.
func (d *Desk) RaiseWaits(ctx context.Context, by access.Actor) (n int, err error) {
	var list []crossed
	err = d.Read(ctx, by, access.ClockRaise, func(r *store.Read) error {
		list, err = waitsOver(r)
		return err
	})
	if err != nil || len(list) == 0 {
		return 0, err
	}
	err = d.Write(ctx, by, access.ClockRaise, func(tx *store.Tx) error {
		for _, c := range list {
			if c.noted == nil {
				n++
			}
			if err := c.note(tx); err != nil {
				return err
			}
		}
		tx.Publish(live.Board)
		tx.Publish(live.Queue)
		return nil
	})
	return n, err
}

// note adds the breach and, while the client still waits, calls the manager; a breach that was
// noted before ends.
func (c crossed) note(tx *store.Tx) error {
	if c.noted != nil {
		c.noted.EndedAt = c.wait.Ended
		return tx.SaveWaitBreach(c.noted)
	}
	b := store.WaitBreach{
		Visit: c.visit.ID, Day: c.visit.ArrivedAt.Day(tx.Zone()), Kind: c.wait.Kind, Level: c.level, Minutes: c.wait.Minutes,
		BeganAt: c.visit.ArrivedAt, EndedAt: c.wait.Ended,
	}
	if err := tx.AddWaitBreach(&b); err != nil || !b.EndedAt.IsZero() {
		return err
	}
	_, err := task.Open(tx, task.New{
		Kind: WaitTask, Subject: visitRef(c.visit.ID), Key: c.wait.Kind, Client: c.visit.Client, Visit: c.visit.ID,
		Role: access.Manager, Due: c.wait.Due, Day: task.NoDay,
		TitleKey: "task.title.breach", Args: []string{"@reception.breach.kind." + c.wait.Kind, strconv.Itoa(c.wait.Minutes)},
	})
	return err
}

// waitsOver lists the waits of today's visits that are to be noted, or have ended since.
func waitsOver(r *store.Read) (list []crossed, err error) {
	limits, err := patience.Of(r)
	if err != nil {
		return nil, err
	}
	today := r.Today()
	visits, err := r.VisitsBetween(today.Start(r.Zone()), today.End(r.Zone()), 500)
	if err != nil {
		return nil, err
	}
	noted, err := r.WaitBreachesOn(today)
	if err != nil {
		return nil, err
	}
	stays, err := staysOf(r, visits)
	if err != nil {
		return nil, err
	}
	for _, v := range visits {
		for _, w := range limits.Waits(stays[v.ID]) {
			if !v.Open() && w.Ended.IsZero() {
				w.Ended = v.ClosedAt
			}
			c := crossed{visit: v, wait: w, level: stays[v.ID].Level}
			if c.due(noted, r.Now()) {
				list = append(list, c)
			}
		}
	}
	return list, nil
}

// due says that there is something to note of the wait.
func (c *crossed) due(noted []store.WaitBreach, now term.Instant) bool {
	at := slices.IndexFunc(noted, func(b store.WaitBreach) bool { return b.Visit == c.visit.ID && b.Kind == c.wait.Kind })
	if at < 0 {
		return c.wait.Over(now)
	}
	if c.noted = &noted[at]; !c.noted.EndedAt.IsZero() || c.wait.Ended.IsZero() {
		return false
	}
	if !c.wait.Ended.After(c.wait.Due) {
		c.wait.Ended = now
	}
	return true
}

// staysOf reads what ends the waiting of visits of today, all at once.
func staysOf(r *store.Read, visits []store.Visit) (map[term.VisitID]patience.Stay, error) {
	tickets, err := r.TicketsOf(r.Today())
	if err != nil {
		return nil, err
	}
	of := make(map[term.VisitID]store.Ticket, len(tickets))
	for _, t := range tickets {
		of[t.Visit] = t
	}
	ids := make([]term.ClientID, 0, len(visits))
	for _, v := range visits {
		ids = append(ids, v.Client)
	}
	clients, err := r.ClientsIn(ids)
	stays := make(map[term.VisitID]patience.Stay, len(visits))
	for _, v := range visits {
		stays[v.ID] = stay(v, of[v.ID], clients[v.Client].Tier)
	}
	return stays, err
}

// Breach is one line of the day's list of waits over their limit.
type Breach struct {
	store.WaitBreach
	Client  store.Client
	Number  string // of the visit
	Waited  int    // minutes
	By      string // who gave the reason
	Waiting bool
}

// Breaches lists the waits of a day that crossed their limit.
func (d *Desk) Breaches(ctx context.Context, by access.Actor, day term.Day) (list []Breach, err error) {
	err = d.Read(ctx, by, access.BreachView, func(r *store.Read) error {
		rows, err := r.WaitBreachesOn(day)
		if err != nil {
			return err
		}
		visits, clients := make([]term.VisitID, len(rows)), []term.ClientID{}
		for i, b := range rows {
			visits[i] = b.Visit
		}
		of, err := r.VisitsIn(visits)
		if err != nil {
			return err
		}
		for _, v := range of {
			clients = append(clients, v.Client)
		}
		files, err := r.ClientsIn(clients)
		if err != nil {
			return err
		}
		people, err := r.StaffNames()
		for _, b := range rows {
			line := Breach{WaitBreach: b, Client: files[of[b.Visit].Client], Number: of[b.Visit].Number, By: people[b.Staff], Waiting: b.EndedAt.IsZero()}
			end := b.EndedAt
			if line.Waiting {
				end = r.Now()
			}
			line.Waited = int(end.Sub(b.BeganAt).Minutes())
			list = append(list, line)
		}
		return err
	})
	return list, err
}

// ExplainWait writes why a client waited too long; a later reason stands over the former one,
// which the trail keeps. With the manager's reason the manager's task is done.
func (d *Desk) ExplainWait(ctx context.Context, by access.Actor, id int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := wantReason(reason); err != nil {
		return err
	}
	return d.WriteOn(ctx, by, access.BreachExplain, store.Subject{Noun: "breach", ID: id}, func(tx *store.Tx) error {
		b, err := tx.WaitBreach(id)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("page").Because(err)
		}
		if err != nil {
			return err
		}
		b.Reason, b.Staff = reason, by.Staff
		tx.Result("breach", id)
		if err := tx.SaveWaitBreach(&b); err != nil || !by.Is(access.Manager) {
			return err
		}
		t, err := tx.TaskByKey(WaitTask, visitRef(b.Visit).String()+"/"+b.Kind)
		if errors.Is(err, store.ErrNotFound) || err == nil && t.State != "open" {
			return nil
		}
		if err != nil {
			return err
		}
		return task.Done(tx, by, t.ID, "done", 0)
	})
}
