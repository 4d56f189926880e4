package demo

import (
	"errors"
	"fmt"

	"meixu/app/people"
	"meixu/app/reception"
	"meixu/store/term"
)

// columns are the people whose days ahead are booked: where they work, for which wishes and at
// which quarters of an hour after the doors open at ten.
var columns = []struct {
	login, room string
	wishes      []string // "" is a talk
	at          []int
}{
	{"doctor", "注射室", []string{"btx", "filler", "masseter"}, []int{1, 6, 15, 20, 26}},
	{"doctor2", "光电治疗室", []string{"ipl", "pico"}, []int{0, 7, 16, 24}},
	{"nurse2", "皮肤护理室", []string{"clean", "hydra", "repair"}, []int{2, 9, 17, 25}},
	{"consultant", "咨询室", []string{""}, []int{0, 5, 15, 21, 27}},
	{"consultant2", "面诊室", []string{""}, []int{12, 18, 30}},
}

// ahead books the next six days, fuller at the weekend; what the roster or others do not leave free
// is left, as the desk would.
func (m *maker) ahead() error {
	for day := 1; day <= 6; day++ {
		for c := range columns {
			for n := range columns[c].at {
				if (day*3+c*5+n*7)%5 == 0 && day < 5 {
					continue // nobody asked
				}
				if err := m.bookAhead(day, c, n); err != nil {
					return fmt.Errorf("day %d, %s: %w", day, columns[c].login, err)
				}
			}
		}
	}
	return nil
}

// bookAhead makes the nth booking of a column on a day.
func (m *maker) bookAhead(day, c, n int) error {
	column := columns[c]
	quarter, wish := column.at[n], column.wishes[(day+n)%len(column.wishes)]
	in := reception.Booking{
		Client: m.clients[(day*13+c*11+n*17)%clientCount], Staff: m.by[column.login].Staff, Room: m.rooms[column.room],
		Start: term.At(m.on(-day, 10+quarter/4, quarter%4*15)), Minutes: 30, Confirmed: (day+c+n)%4 != 0,
	}
	if wish != "" {
		item := m.items[wishes[wish].item]
		in.Item, in.Device, in.Minutes = item.ID, m.devices[item.DeviceKind], 0
	}
	if in.Client == 0 {
		return nil
	}
	_, err := m.app.Rooms.Desk.Book(m.ctx, m.by["front"], in)
	var taken *reception.Taken
	if errors.As(err, &taken) {
		return nil
	}
	return err
}

// onDuty puts those who work today into today's roster, when the story is told: it plays at any
// hour, and a shift would have refused half of it.
func (m *maker) onDuty() error {
	office, manager, today := m.app.Rooms.People, m.by["manager"], m.today()
	manager.Reason = "按今天实际到岗登记"
	v, err := office.Roster(m.ctx, manager, today, today)
	if err != nil {
		return err
	}
	for _, s := range shifts {
		if s.login == "doctor3" {
			continue
		}
		week := make([]int64, 7)
		week[v.Days[0].Weekday] = v.Kinds[s.kind].ID
		_, err := office.DrawWeek(m.ctx, manager, people.WeekIn{Staff: m.by[s.login].Staff, Week: week, From: today, To: today})
		if err != nil {
			return fmt.Errorf("%s today: %w", s.login, err)
		}
	}
	return nil
}
