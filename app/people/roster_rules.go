package people

import (
	"fmt"
	"slices"
	"time"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// TopicRoster is the live topic of the roster: shifts and leave.
const TopicRoster = "roster"

// weekDays is how many days a usual week has.
const weekDays = 7

// drawDays bounds how many days are drawn at once: two months and a bit.
const drawDays = 70

// Duty says how a person stands to a time.
type Duty string

// How a person stands to a time.
const (
	DutyOn      Duty = "on"      // at work
	DutyOpen    Duty = "open"    // no roster is drawn for the day: opening hours count
	DutyRest    Duty = "rest"    // has the day off, or is not on the roster of the day
	DutyOutside Duty = "outside" // works that day, at other hours
	DutyAway    Duty = "away"    // on leave
)

// Roster is who works when on some days, read once.
type Roster struct {
	Zone   *time.Location
	drawn  map[term.Day]bool
	shifts map[staffDay]store.Shift
	away   map[term.StaffID][]store.Leave
}

type staffDay struct {
	staff term.StaffID
	day   term.Day
}

// RosterOf reads the roster of the days from one to another, both included.
func RosterOf(r *store.Read, from, to term.Day) (Roster, error) {
	list, err := r.ShiftsBetween(from, to)
	if err != nil {
		return Roster{}, err
	}
	leaves, err := r.LeavesBetween(from, to)
	return rosterOf(list, leaves, r.Zone()), err
}

func rosterOf(list []store.Shift, leaves []store.Leave, zone *time.Location) Roster {
	t := Roster{Zone: zone, drawn: map[term.Day]bool{}, shifts: map[staffDay]store.Shift{}, away: map[term.StaffID][]store.Leave{}}
	for _, s := range list {
		t.drawn[s.Day] = true
		t.shifts[staffDay{s.Staff, s.Day}] = s
	}
	for _, l := range leaves {
		if l.State == store.LeaveApproved {
			t.away[l.Staff] = append(t.away[l.Staff], l)
		}
	}
	return t
}

// Drawn says that a roster exists for the day.
func (t Roster) Drawn(day term.Day) bool { return t.drawn[day] }

// Shift is the shift of a person on a day; ok is false when none is drawn.
func (t Roster) Shift(staff term.StaffID, day term.Day) (s store.Shift, ok bool) {
	s, ok = t.shifts[staffDay{staff, day}]
	return s, ok
}

// Away says that the person has leave on the day.
func (t Roster) Away(staff term.StaffID, day term.Day) bool {
	return slices.ContainsFunc(t.away[staff], func(l store.Leave) bool { return l.From <= day && day <= l.To })
}

// Duty says how a person stands to a time within one day. Without a roster for the day the
// opening hours count, which are not asked here.
func (t Roster) Duty(staff term.StaffID, from, to term.Instant) Duty {
	day := from.Day(t.Zone)
	s, ok := t.Shift(staff, day)
	switch {
	case t.Away(staff, day):
		return DutyAway
	case !t.drawn[day]:
		return DutyOpen
	case !ok || s.Rests():
		return DutyRest
	}
	start := day.Start(t.Zone)
	if from.Before(start.Add(minutes(s.From))) || to.After(start.Add(minutes(s.To))) {
		return DutyOutside
	}
	return DutyOn
}

// Serves says that the person may be booked for the time.
func (t Roster) Serves(staff term.StaffID, from, to term.Instant) bool {
	d := t.Duty(staff, from, to)
	return d == DutyOn || d == DutyOpen
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// ClockOf prints minutes since midnight as 09:00.
func ClockOf(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// CheckDuty refuses a person who does not work at the time (S1-02, row:O10): it says who, why,
// and when she works next. nil when there is no roster for the day.
func CheckDuty(r *store.Read, staff term.StaffID, from, to term.Instant) error {
	day := from.Day(r.Zone())
	t, err := dayRoster(r, staff, day)
	if err != nil {
		return err
	}
	duty := t.Duty(staff, from, to)
	if duty == DutyOn || duty == DutyOpen {
		return nil
	}
	who, err := r.Staff(staff)
	if err != nil {
		return err
	}
	s, _ := t.Shift(staff, day)
	if duty == DutyOutside {
		return fault.Refuse("S1-02", "roster.refuse.outside", who.Name, string(day), ClockOf(s.From), ClockOf(s.To)).Ask("manager").At("/people/roster")
	}
	last := day
	for _, l := range t.away[staff] {
		last = max(last, l.To)
	}
	next, err := r.NextShift(staff, last)
	if err != nil && !missing(err) {
		return err
	}
	if err != nil {
		return fault.Refuse("S1-02", "roster.refuse."+string(duty), who.Name, string(day)).Ask("manager").At("/people/roster")
	}
	return fault.Refuse("S1-02", "roster.refuse."+string(duty)+".next", who.Name, string(day), string(next.Day), ClockOf(next.From), ClockOf(next.To)).
		Ask("manager").At("/people/roster")
}

// dayRoster is the roster of one person on one day, with three short queries.
func dayRoster(r *store.Read, staff term.StaffID, day term.Day) (Roster, error) {
	drawn, err := r.Rostered(day)
	if err != nil {
		return Roster{}, err
	}
	leaves, err := r.Away(staff, day)
	if err != nil {
		return Roster{}, err
	}
	s, err := r.ShiftOn(staff, day)
	if err != nil && !missing(err) {
		return Roster{}, err
	}
	t := rosterOf(nil, leaves, r.Zone())
	t.drawn[day] = drawn
	if err == nil {
		t.shifts[staffDay{staff, day}] = s
	}
	return t, nil
}

// weekdayOf counts from Monday, 0 to 6.
func weekdayOf(day term.Day) int {
	t := day.Start(time.UTC).Time()
	return (int(t.Weekday()) + weekDays - 1) % weekDays
}

// daysFrom lists the days from one to another, both included.
func daysFrom(from, to term.Day) (days []term.Day) {
	for d := from; d <= to && len(days) <= 366; d = d.Add(1) {
		days = append(days, d)
	}
	return days
}

// checkRange names what is wrong with a range of days that is to be drawn.
func checkRange(from, to term.Day, today term.Day, bad *fault.Fields) {
	if from == "" {
		bad.Add("from", "roster.bad.from")
	}
	if to == "" || to < from {
		bad.Add("to", "roster.bad.to")
	}
	if from == "" || to == "" {
		return
	}
	if from.Before(today.Add(-31)) {
		bad.Add("from", "roster.bad.past")
	}
	if len(daysFrom(from, to)) > drawDays || today.Add(400) < to {
		bad.Add("to", "roster.bad.long", drawDays)
	}
}
