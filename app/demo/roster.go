package demo

import (
	"fmt"
	"slices"

	"meixu/app/people"
	"meixu/store/term"
)

// shifts are the usual weeks of the practice clinic: the kind of shift by its place in the list,
// and on which days counted from the last one of the story the person rests.
var shifts = []struct {
	login string
	kind  int
	rests []int
}{
	{"front", 1, []int{5}},
	{"consultant", 1, []int{4}},
	{"consultant2", 2, []int{3, 6}},
	{"doctor", 1, []int{4, 6}},
	{"doctor2", 1, []int{5}},
	{"doctor3", 0, []int{0, 1, 2, 3, 4, 5, 6}},
	{"nurse", 0, []int{2, 5}},
	{"nurse2", 1, []int{4}},
	{"cashier", 1, []int{6}},
	{"stock", 0, []int{2, 3}},
	{"aftercare", 0, []int{5}},
	{"quality", 0, []int{3, 4}},
	{"manager", 1, []int{2}},
}

// roster draws who works when in the six weeks after the last day of the story, and asks for one
// leave that waits for an answer. The last day itself is drawn at its end (onDuty).
func (m *maker) roster() error {
	office, manager, last := m.app.Rooms.People, m.by["manager"], term.At(m.end).Day(m.zone)
	manager.Reason = "按每人的常用班次排班" // bookings of the story may lie beside it
	v, err := office.Roster(m.ctx, manager, last, last.Add(6))
	if err != nil {
		return err
	}
	for _, s := range shifts {
		week := make([]int64, len(v.Days))
		for n, day := range v.Days {
			if !slices.Contains(s.rests, n) {
				week[day.Weekday] = v.Kinds[s.kind].ID
			}
		}
		_, err := office.DrawWeek(m.ctx, manager, people.WeekIn{
			Staff: m.by[s.login].Staff, Week: week, From: last.Add(1), To: last.Add(45), Usual: true,
		})
		if err != nil {
			return fmt.Errorf("roster of %s: %w", s.login, err)
		}
	}
	_, err = office.AskLeave(m.ctx, m.by["consultant2"], people.LeaveIn{Kind: "annual", From: last.Add(12), To: last.Add(14), Reason: "回老家探亲"})
	return err
}
