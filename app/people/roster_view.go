package people

import (
	"cmp"
	"context"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// Cell is one day of one person on the page of the roster.
type Cell struct {
	Day    term.Day
	Drawn  bool
	Rest   bool
	Letter string // of the kind of shift; "" for hours of its own
	Kind   int64
	From   int
	To     int
	Away   bool // approved leave
	Asked  bool // leave that waits for an answer
}

// Hours prints the hours of the cell; "" for rest.
func (c Cell) Hours() string {
	if !c.Drawn || c.Rest {
		return ""
	}
	return ClockOf(c.From) + "–" + ClockOf(c.To)
}

// RosterRow is the month of one person.
type RosterRow struct {
	Staff store.Staff
	Role  string // words key of the first duty
	Cells []Cell
	Hours int // minutes drawn, less leave
	Week  []int64
}

// RosterDay heads a column.
type RosterDay struct {
	Day     term.Day
	Weekday int // from Monday, 0 to 6
	Closed  bool
	On      int // people at work
	Gaps    int // bookings without cover
}

// Gap is a booking for which nobody certified is at work, or whose person is not.
type Gap struct {
	Day         term.Day
	Appointment term.AppointmentID
	At          term.Instant
	Item        string
	ItemEN      string
	Staff       string
	// Why is roster.gap.person (the booked person is not at work) or roster.gap.cover (nobody
	// with the papers for the item is).
	Why string
	// Could names who may do the item and is neither booked then nor away: who is at work comes first.
	Could []Stand
	staff term.StaffID // the booked person; 0 for nobody
}

// Stand is somebody who could step in.
type Stand struct {
	Name string
	On   bool // at work then, as drawn
}

// RosterView is the roster of some days.
type RosterView struct {
	From, To term.Day
	Today    term.Day
	Days     []RosterDay
	Rows     []RosterRow
	Kinds    []store.ShiftKind
	Gaps     []Gap
	On       []OnToday
	Asked    int // leaves that wait for an answer
}

// OnToday is somebody who works today.
type OnToday struct {
	Staff    store.Staff
	From, To int
	Now      bool // at work at this moment
}

// Roster reads the roster of some days, with the bookings that lack cover (row:O10).
func (o *Office) Roster(ctx context.Context, by access.Actor, from, to term.Day) (v RosterView, err error) {
	err = o.Read(ctx, by, access.RosterView, func(r *store.Read) error {
		v, err = rosterView(r, from, to)
		return err
	})
	return v, err
}

func rosterView(r *store.Read, from, to term.Day) (v RosterView, err error) {
	v = RosterView{From: from, To: to, Today: r.Today()}
	days := daysFrom(from, to)
	if v.Kinds, err = r.ShiftKinds(); err != nil {
		return v, err
	}
	t, err := RosterOf(r, min(from, v.Today), max(to, v.Today))
	if err != nil {
		return v, err
	}
	all, err := rostered(r)
	if err != nil {
		return v, err
	}
	if v.Gaps, err = gapsOf(r, t, max(from, v.Today), to); err != nil {
		return v, err
	}
	if v.On = onToday(r, t, all); len(days) == 0 {
		return v, nil
	}
	if err := v.rows(r, t, all, days); err != nil {
		return v, err
	}
	v.columns(days)
	return v, nil
}

// rostered are the people who stand on the roster, in the order of the day's duties.
func rostered(r *store.Read) ([]store.Staff, error) {
	all, err := r.AllStaff()
	all = slices.DeleteFunc(all, func(s store.Staff) bool { return !s.Active || dutyRank(s) >= len(access.Duties) })
	slices.SortStableFunc(all, func(a, b store.Staff) int {
		return cmp.Or(cmp.Compare(dutyRank(a), dutyRank(b)), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

func dutyRank(s store.Staff) int {
	for i, role := range access.Duties {
		if slices.Contains(s.Roles, string(role)) {
			return i
		}
	}
	return len(access.Duties)
}

func (v *RosterView) rows(r *store.Read, t Roster, all []store.Staff, days []term.Day) error {
	weeks, err := r.ShiftWeeks()
	if err != nil {
		return err
	}
	leaves, err := r.LeavesBetween(days[0], days[len(days)-1])
	if err != nil {
		return err
	}
	letters := map[int64]string{}
	for _, k := range v.Kinds {
		letters[k.ID] = k.Letter
	}
	for _, s := range all {
		row := RosterRow{Staff: s, Role: access.Duties[dutyRank(s)].Key()}
		for _, w := range weeks {
			if w.Staff == s.ID {
				row.Week = w.Kinds
			}
		}
		for _, day := range days {
			c := cellOf(t, s.ID, day, letters)
			c.Asked = slices.ContainsFunc(leaves, func(l store.Leave) bool {
				return l.Staff == s.ID && l.State == store.LeaveAsked && l.From <= day && day <= l.To
			})
			if !c.Away {
				row.Hours += c.To - c.From
			}
			row.Cells = append(row.Cells, c)
		}
		v.Rows = append(v.Rows, row)
	}
	for _, l := range leaves {
		if l.State == store.LeaveAsked {
			v.Asked++
		}
	}
	return nil
}

func cellOf(t Roster, staff term.StaffID, day term.Day, letters map[int64]string) Cell {
	s, ok := t.Shift(staff, day)
	return Cell{
		Day: day, Drawn: ok, Rest: ok && s.Rests(), Kind: s.Kind, Letter: letters[s.Kind], From: s.From, To: s.To, Away: t.Away(staff, day),
	}
}

func (v *RosterView) columns(days []term.Day) {
	for i, day := range days {
		d := RosterDay{Day: day, Weekday: weekdayOf(day)}
		for _, row := range v.Rows {
			if c := row.Cells[i]; c.Drawn && !c.Rest && !c.Away {
				d.On++
			}
		}
		for _, g := range v.Gaps {
			if g.Day == day {
				d.Gaps++
			}
		}
		v.Days = append(v.Days, d)
	}
}

func onToday(r *store.Read, t Roster, all []store.Staff) (on []OnToday) {
	today, now := r.Today(), r.Now()
	for _, s := range all {
		shift, ok := t.Shift(s.ID, today)
		if ok && !shift.Rests() && !t.Away(s.ID, today) {
			on = append(on, OnToday{s, shift.From, shift.To, t.Duty(s.ID, now, now) == DutyOn})
		}
	}
	return on
}

// mostGaps bounds the list of bookings without cover.
const mostGaps = 200

// gapsOf finds the bookings that the roster leaves without somebody who may do them.
func gapsOf(r *store.Read, t Roster, from, to term.Day) (gaps []Gap, err error) {
	if to < from {
		return nil, nil
	}
	booked, err := r.Busy(from.Start(r.Zone()), to.End(r.Zone()))
	if err != nil {
		return nil, err
	}
	house, err := CoverOf(r)
	if err != nil {
		return nil, err
	}
	for _, a := range booked {
		day := a.StartsAt.Day(r.Zone())
		if a.StartsAt.Before(r.Now()) || !t.Drawn(day) || len(gaps) >= mostGaps {
			continue
		}
		var item store.Item
		if a.Item != 0 {
			if item, err = r.Item(a.Item); err != nil {
				return nil, err
			}
		}
		if why := house.lack(t, a, item); why != "" {
			gaps = append(gaps, Gap{
				Day: day, Appointment: a.ID, At: a.StartsAt, Item: item.Name, ItemEN: item.NameEN, Staff: house.names[a.Staff], Why: why,
				Could: house.could(t, a, item, booked), staff: a.Staff,
			})
		}
	}
	return gaps, nil
}

// LeaveLine is a leave with names. Reason and answer are for the person and those who answer.
type LeaveLine struct {
	store.Leave
	Who      string
	Answerer string
	Own      bool
	Days     int
	Booked   int // bookings of the person that fall into it
}

// Open says that the leave waits for an answer.
func (l LeaveLine) Open() bool { return l.State == store.LeaveAsked }

// Standing says that the leave counts, or may come to.
func (l LeaveLine) Standing() bool { return l.Open() || l.State == store.LeaveApproved }

// Leaves lists the leaves of the last 30 and the next 400 days: those who answer see all,
// everybody else their own.
func (o *Office) Leaves(ctx context.Context, by access.Actor) (lines []LeaveLine, err error) {
	err = o.Read(ctx, by, access.LeaveAsk, func(r *store.Read) error {
		var list []store.Leave
		var err error
		if by.May(access.LeaveAnswer) {
			list, err = r.LeavesBetween(r.Today().Add(-30), r.Today().Add(400))
		} else {
			list, err = r.LeavesOf(by.Staff)
		}
		if err != nil {
			return err
		}
		lines, err = leaveLines(r, by, list)
		return err
	})
	return lines, err
}

func leaveLines(r *store.Read, by access.Actor, list []store.Leave) (lines []LeaveLine, err error) {
	all, err := r.AllStaff()
	if err != nil {
		return nil, err
	}
	names := map[term.StaffID]string{}
	for _, s := range all {
		names[s.ID] = s.Name
	}
	booked, err := r.Busy(r.Now(), r.Now().Add(400*24*time.Hour))
	if err != nil {
		return nil, err
	}
	for _, l := range list {
		line := LeaveLine{Leave: l, Who: names[l.Staff], Answerer: names[l.AnsweredBy], Own: l.Staff == by.Staff, Days: len(daysFrom(l.From, l.To))}
		for _, a := range booked {
			if day := a.StartsAt.Day(r.Zone()); a.Staff == l.Staff && l.From <= day && day <= l.To {
				line.Booked++
			}
		}
		lines = append(lines, line)
	}
	slices.SortStableFunc(lines, func(a, b LeaveLine) int {
		return cmp.Or(-cmp.Compare(open(a), open(b)), -cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID))
	})
	return lines, nil
}

func open(l LeaveLine) int {
	if l.Open() {
		return 1
	}
	return 0
}
