package people

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// swapWithin is how soon colleague and manager should answer.
const swapWithin = 24 * time.Hour

// SwapIn is an exchange of shifts as it is asked for.
type SwapIn struct {
	Other  term.StaffID
	Mine   term.Day // the asker gives this day
	Theirs term.Day // and takes this one
	Reason string
}

// SwapLine is one exchange with names, hours, and the bookings that it would leave without cover.
type SwapLine struct {
	store.Swap
	AskerName, OtherName, Answerer string
	Gives, Takes                   string // hours of the asker's and of the other's day
	Own, MayAccept, MayAnswer      bool
	Gaps                           []Gap
}

// Open says that the exchange waits for somebody.
func (l SwapLine) Open() bool { return l.State == store.SwapAsked || l.State == store.SwapAccepted }

// Badge is the words key of how it stands.
func (l SwapLine) Badge() string { return "roster.swap." + l.State }

// SwapView is the page of the exchanges: those of the reader, or all for who approves them.
type SwapView struct {
	Lines      []SwapLine
	Colleagues []store.Staff
	Mine       []Cell // the reader's drawn days to come
}

// swapDays is how far ahead shifts are exchanged.
const swapDays = 62

// Swaps lists the exchanges of shifts, with the bookings that each would leave without cover.
func (o *Office) Swaps(ctx context.Context, by access.Actor) (v SwapView, err error) {
	err = o.Read(ctx, by, access.SwapAsk, func(r *store.Read) error {
		who := by.Staff
		if by.May(access.SwapAnswer) {
			who = 0
		}
		list, err := r.Swaps(who, 50)
		if err != nil {
			return err
		}
		t, err := RosterOf(r, r.Today(), r.Today().Add(swapDays))
		if err != nil {
			return err
		}
		if v.Lines, err = swapLines(r, by, t, list); err != nil {
			return err
		}
		all, err := rostered(r)
		for _, s := range all {
			if s.ID != by.Staff {
				v.Colleagues = append(v.Colleagues, s)
			}
		}
		for _, day := range daysFrom(r.Today(), r.Today().Add(swapDays)) {
			if c := cellOf(t, by.Staff, day, nil); c.Drawn && !c.Rest && !c.Away {
				v.Mine = append(v.Mine, c)
			}
		}
		return err
	})
	return v, err
}

func swapLines(r *store.Read, by access.Actor, t Roster, list []store.Swap) (lines []SwapLine, err error) {
	names, err := r.StaffNames()
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		own := s.Asker == by.Staff || s.Other == by.Staff
		line := SwapLine{
			Swap: s, AskerName: names[s.Asker], OtherName: names[s.Other], Answerer: names[s.AnsweredBy],
			Gives: cellOf(t, s.Asker, s.AskerDay, nil).Hours(), Takes: cellOf(t, s.Other, s.OtherDay, nil).Hours(), Own: own,
			MayAccept: s.State == store.SwapAsked && s.Other == by.Staff,
			MayAnswer: s.State == store.SwapAccepted && !own && by.May(access.SwapAnswer),
		}
		if line.Open() {
			if line.Gaps, err = swapGaps(r, t, s); err != nil {
				return nil, err
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// swapped is the roster as it would be after the exchange.
func (t Roster) swapped(s store.Swap) Roster {
	t.shifts = maps.Clone(t.shifts)
	for _, day := range s.Days() {
		a, b := staffDay{s.Asker, day}, staffDay{s.Other, day}
		x, y := t.shifts[a], t.shifts[b]
		t.shifts[a], t.shifts[b] = y, x
	}
	return t
}

// swapGaps are the bookings that have cover now and would have none after the exchange.
func swapGaps(r *store.Read, t Roster, s store.Swap) (gaps []Gap, err error) {
	after := t.swapped(s)
	for _, day := range s.Days() {
		if day < r.Today() {
			continue
		}
		now, err := gapsOf(r, t, day, day)
		if err != nil {
			return nil, err
		}
		known := map[term.AppointmentID]bool{}
		for _, g := range now {
			known[g.Appointment] = true
		}
		then, err := gapsOf(r, after, day, day)
		if err != nil {
			return nil, err
		}
		for _, g := range then {
			if !known[g.Appointment] {
				gaps = append(gaps, g)
			}
		}
	}
	return gaps, nil
}

func swapSubject(id int64) store.Subject { return store.Subject{Noun: "swap", ID: id} }

// AskSwap asks a colleague to exchange shifts. It counts when the colleague agreed and a manager, who is
// neither of them, approved (row:O10).
func (o *Office) AskSwap(ctx context.Context, by access.Actor, in SwapIn) error {
	return o.Write(ctx, by, access.SwapAsk, func(tx *store.Tx) error {
		s := store.Swap{
			Asker: by.Staff, Other: in.Other, AskerDay: in.Mine, OtherDay: in.Theirs, Reason: strings.TrimSpace(in.Reason), State: store.SwapAsked,
		}
		if err := checkSwap(tx.Read, s); err != nil {
			return err
		}
		if err := tx.AddSwap(&s); err != nil {
			return err
		}
		tx.Result("swap", s.ID)
		tx.Publish(TopicRoster)
		return swapTask(tx, s, "ask", access.Manager, s.Other)
	})
}

// checkSwap names what is wrong with an exchange now.
func checkSwap(r *store.Read, s store.Swap) error {
	var bad fault.Fields
	if s.Other == 0 || s.Other == s.Asker {
		bad.Add("other", "roster.swap.bad.other")
	} else if err := works(r, s.Other, &bad); err != nil {
		return err
	}
	for _, x := range []struct {
		field string
		day   term.Day
	}{{"mine", s.AskerDay}, {"theirs", s.OtherDay}} {
		if x.day == "" || x.day < r.Today() || r.Today().Add(swapDays) < x.day {
			bad.Add(x.field, "roster.swap.bad.day", swapDays)
		}
	}
	if s.Reason == "" {
		bad.Add("reason", "people.bad.reason")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	t, err := RosterOf(r, min(s.AskerDay, s.OtherDay), max(s.AskerDay, s.OtherDay))
	if err != nil {
		return err
	}
	gives, drawn := t.Shift(s.Asker, s.AskerDay)
	takes, known := t.Shift(s.Other, s.OtherDay)
	if !drawn || gives.Rests() {
		bad.Add("mine", "roster.swap.bad.rest")
	}
	if !known || s.AskerDay != s.OtherDay && takes.Rests() {
		bad.Add("theirs", "roster.swap.bad.theirs")
	}
	for _, day := range s.Days() {
		if t.Away(s.Asker, day) || t.Away(s.Other, day) {
			bad.Add("mine", "roster.swap.bad.away", string(day))
		}
	}
	return bad.Err()
}

func swapTask(tx *store.Tx, s store.Swap, key string, role access.Role, staff term.StaffID) error {
	due := tx.Now().Add(swapWithin)
	_, err := task.Open(tx, task.New{
		Kind: task.Swap, Subject: swapSubject(s.ID), Key: key, Role: role, Staff: staff, Due: due, Day: task.NoDay,
		TitleKey: "task.title.swap." + key, Args: []string{string(s.AskerDay), string(s.OtherDay)},
	})
	return err
}

// closeSwapTask ends what asked somebody for an answer, if it is still open.
func closeSwapTask(tx *store.Tx, s store.Swap, key string) error {
	t, err := tx.TaskByKey(task.Swap, swapSubject(s.ID).String()+"/"+key)
	if missing(err) || err == nil && t.State != store.TaskOpen {
		return nil
	}
	if err != nil {
		return err
	}
	return task.Done(tx, access.System("roster"), t.ID, "done", 0)
}

// onSwap reads an exchange in one of the states, and says no to one that stands otherwise. For who has
// no part in it (mine) there is none, however it stands.
func onSwap(tx *store.Tx, id int64, mine func(store.Swap) bool, states ...string) (store.Swap, error) {
	s, err := tx.Swap(id)
	if err != nil {
		return s, none(err, "swap")
	}
	if !mine(s) {
		return s, fault.NotFound("swap")
	}
	if slices.Contains(states, s.State) {
		return s, nil
	}
	return s, fault.Clash("roster.refuse.answered", fault.Word("roster.swap."+s.State))
}

// AcceptSwap agrees to what a colleague asked for; then it is the manager's turn.
func (o *Office) AcceptSwap(ctx context.Context, by access.Actor, id int64) error {
	return o.WriteOn(ctx, by, access.SwapAccept, swapSubject(id), func(tx *store.Tx) error {
		s, err := onSwap(tx, id, func(s store.Swap) bool { return s.Other == by.Staff }, store.SwapAsked)
		if err != nil {
			return err
		}
		if err := standsAs(tx.Read, s, s.CreatedAt); err != nil {
			return err
		}
		s.State, s.AcceptedAt = store.SwapAccepted, tx.Now()
		tx.Result("swap", id)
		tx.Publish(TopicRoster)
		if err := closeSwapTask(tx, s, "ask"); err != nil {
			return err
		}
		if err := swapTask(tx, s, "approve", access.Manager, 0); err != nil {
			return err
		}
		return tx.SaveSwap(&s)
	})
}

// standsAs says that an exchange can be carried out as it was agreed to: nothing is in its way, and the
// shifts are those of that time. Other hours than she agreed to would be nobody's word.
func standsAs(r *store.Read, s store.Swap, since term.Instant) error {
	if err := checkSwap(r, s); err != nil {
		return stale(err)
	}
	for _, day := range s.Days() {
		all, err := cellsOf(r, day, day)
		if err != nil {
			return err
		}
		for _, staff := range []term.StaffID{s.Asker, s.Other} {
			if all[staffDay{staff, day}].UpdatedAt.After(since) {
				return fault.Refuse("row:O10", "roster.swap.stale").Ask("manager").At("/people/roster")
			}
		}
	}
	return nil
}

// stale turns a fault of the form that was filled in earlier into one of now.
func stale(err error) error {
	if _, ok := fault.FieldsOf(err); ok {
		return fault.Refuse("row:O10", "roster.swap.stale").Ask("manager").At("/people/roster")
	}
	return err
}

// WithdrawSwap takes one's own question back, or declines a colleague's, while nobody approved it.
func (o *Office) WithdrawSwap(ctx context.Context, by access.Actor, id int64) error {
	return o.WriteOn(ctx, by, access.SwapWithdraw, swapSubject(id), func(tx *store.Tx) error {
		s, err := onSwap(tx, id, func(s store.Swap) bool { return s.Asker == by.Staff || s.Other == by.Staff }, store.SwapAsked, store.SwapAccepted)
		if err != nil {
			return err
		}
		s.State = store.SwapWithdrawn
		return settleSwap(tx, &s)
	})
}

func settleSwap(tx *store.Tx, s *store.Swap) error {
	tx.Result("swap", s.ID)
	tx.Publish(TopicRoster)
	for _, key := range []string{"ask", "approve"} {
		if err := closeSwapTask(tx, *s, key); err != nil {
			return err
		}
	}
	return tx.SaveSwap(s)
}

// AnswerSwap approves or refuses an exchange of two others that both agreed to; a refusal wants words.
// With the approval the roster changes in the same deed. Bookings that lose their cover stay and are
// warned of, before on the page of the exchange and then on the roster.
func (o *Office) AnswerSwap(ctx context.Context, by access.Actor, id int64, approve bool, answer string) error {
	return o.WriteOn(ctx, by, access.SwapAnswer, swapSubject(id), func(tx *store.Tx) error {
		s, err := onSwap(tx, id, func(store.Swap) bool { return true }, store.SwapAccepted)
		if err != nil {
			return err
		}
		if s.Asker == by.Staff || s.Other == by.Staff {
			return fault.Refuse("row:O10", "roster.swap.own").Ask("owner")
		}
		s.State, s.AnsweredAt, s.AnsweredBy, s.Answer = store.SwapRefused, tx.Now(), by.Staff, strings.TrimSpace(answer)
		if !approve {
			var bad fault.Fields
			if s.Answer == "" {
				bad.Add("answer", "people.bad.reason")
			}
			if err := bad.Err(); err != nil {
				return err
			}
			return settleSwap(tx, &s)
		}
		if err := standsAs(tx.Read, s, s.AcceptedAt); err != nil {
			return err
		}
		s.State = store.SwapApproved
		if err := exchange(tx, s); err != nil {
			return err
		}
		return settleSwap(tx, &s)
	})
}

// exchange gives each of the two what the roster had for the other on the days.
func exchange(tx *store.Tx, s store.Swap) error {
	for _, day := range s.Days() {
		all, err := cellsOf(tx.Read, day, day)
		if err != nil {
			return err
		}
		a, b := all[staffDay{s.Asker, day}], all[staffDay{s.Other, day}]
		for _, x := range []struct {
			staff term.StaffID
			takes store.Shift
		}{{s.Asker, b}, {s.Other, a}} {
			if _, err := all.set(tx, x.staff, day, store.ShiftKind{ID: x.takes.Kind, From: x.takes.From, To: x.takes.To}); err != nil {
				return err
			}
		}
	}
	return nil
}
