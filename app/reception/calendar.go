package reception

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/people"
	"meixu/store"
	"meixu/store/term"
)

// What the columns of the calendar stand for.
const (
	ByPeople      = "people"
	ByDoctors     = "doctors"
	ByConsultants = "consultants"
	ByNurses      = "nurses"
	ByRooms       = "rooms"
	ByDevices     = "devices"
)

// CalendarBy lists the ways to lay out the columns, in the order of the switch.
var CalendarBy = []string{ByPeople, ByDoctors, ByConsultants, ByNurses, ByRooms, ByDevices}

// columnRoles are the people of a way of columns.
var columnRoles = map[string][]access.Role{
	ByPeople:      {access.Physician, access.Consultant, access.Nurse},
	ByDoctors:     {access.Physician},
	ByConsultants: {access.Consultant},
	ByNurses:      {access.Nurse},
}

// Bounds of one look at the calendar.
const (
	calendarDays  = 7
	calendarCards = 2000
)

// Place is what a column of the calendar stands for: one person, room or device. The zero place
// is the column of bookings that name none.
type Place struct {
	In string // staff, room or device
	ID int64
}

// String is "staff-3"; "none" for the zero place.
func (p Place) String() string {
	if p.ID == 0 {
		return "none"
	}
	return fmt.Sprintf("%s-%d", p.In, p.ID)
}

// ParsePlace reads "staff-3".
func ParsePlace(text string) (Place, bool) {
	in, number, ok := strings.Cut(text, "-")
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || id <= 0 || !slices.Contains([]string{onStaff, onRoom, onDevice}, in) {
		return Place{}, false
	}
	return Place{in, id}, true
}

// placeIn is the place that an appointment takes of a kind.
func placeIn(a store.Appointment, in string) Place {
	switch in {
	case onRoom:
		return Place{in, int64(a.Room)}
	case onDevice:
		return Place{in, int64(a.Device)}
	}
	return Place{onStaff, int64(a.Staff)}
}

// CalendarAsk is one look at the calendar: a day with a column each for people, rooms or
// devices, or several days of one column.
type CalendarAsk struct {
	Day  term.Day // "" is today
	Days int      // 1 to 7
	By   string   // people when it is none of CalendarBy
	Only Place    // of one column alone
	All  bool     // with the ones that were cancelled or missed
}

// CalendarColumn is one column with its name.
type CalendarColumn struct {
	Place
	Name string
	Note string // title of a person, kind of a room, number of a device
}

// Calendar is what the calendar shows.
type Calendar struct {
	CalendarAsk
	Columns []CalendarColumn
	Cards   []Card
	Hours   Hours
	Off     []OffDuty
	Now     term.Instant
}

// OffDuty is when the person of a column is not at work, in minutes since midnight.
type OffDuty struct {
	Place
	Day      term.Day
	From, To int
}

// Kind is what the columns stand for: staff, room or device.
func (a CalendarAsk) Kind() string {
	switch a.By {
	case ByRooms:
		return onRoom
	case ByDevices:
		return onDevice
	}
	return onStaff
}

// sound completes what was asked and keeps it in its bounds.
func (a *CalendarAsk) sound(today term.Day) {
	if a.Day == "" {
		a.Day = today
	}
	a.Days = min(max(a.Days, 1), calendarDays)
	if !slices.Contains(CalendarBy, a.By) {
		a.By = ByPeople
	}
	if a.Only.In != a.Kind() {
		a.Only = Place{}
	}
}

// Calendar reads the bookings of some days with what a card tells of each.
func (d *Desk) Calendar(ctx context.Context, by access.Actor, ask CalendarAsk) (c Calendar, err error) {
	err = d.Read(ctx, by, access.AppointmentView, func(r *store.Read) error {
		ask.sound(r.Today())
		c = Calendar{CalendarAsk: ask, Now: r.Now()}
		if c.Hours, err = hoursOf(r); err != nil {
			return err
		}
		if err := c.columns(r); err != nil {
			return err
		}
		zone := r.Zone()
		all, err := r.AppointmentsBetween(c.Day.Start(zone), c.Day.Add(c.Days).Start(zone), calendarCards)
		if err != nil {
			return err
		}
		if err := c.leaveOut(r, all); err != nil {
			return err
		}
		if c.Cards, err = cardsOf(r, by, c.chosen(all)); err != nil {
			return err
		}
		c.unplaced()
		return c.offDuty(r)
	})
	return c, err
}

// columns fills in who or what there is to book.
func (c *Calendar) columns(r *store.Read) error {
	var all []CalendarColumn
	add := func(id int64, name, note string) {
		all = append(all, CalendarColumn{Place{c.Kind(), id}, name, note})
	}
	switch c.By {
	case ByRooms:
		rooms, err := r.Rooms()
		if err != nil {
			return err
		}
		for _, x := range rooms {
			if x.State == "open" {
				add(int64(x.ID), x.Name, x.Kind)
			}
		}
	case ByDevices:
		devices, err := r.Devices()
		if err != nil {
			return err
		}
		for _, x := range devices {
			if x.State == "in_use" {
				add(int64(x.ID), x.Name, x.Number)
			}
		}
	default:
		if err := peopleOf(r, c.By, add); err != nil {
			return err
		}
	}
	c.Columns = slices.DeleteFunc(all, func(x CalendarColumn) bool { return c.Only.ID != 0 && x.Place != c.Only })
	if c.Only.ID != 0 && len(c.Columns) == 0 {
		return fault.NotFound("appointment")
	}
	return nil
}

// leaveOut takes away the columns of those who may not practise (REG-STF-04): nobody can be booked there.
// Who has bookings still stays, so that they can be given to somebody else.
func (c *Calendar) leaveOut(r *store.Read, all []store.Appointment) error {
	if c.Kind() != onStaff || c.Only.ID != 0 {
		return nil
	}
	barred, err := people.Suspended(r)
	for _, a := range all {
		if living(a) {
			delete(barred, a.Staff)
		}
	}
	c.Columns = slices.DeleteFunc(c.Columns, func(x CalendarColumn) bool { return barred[term.StaffID(x.ID)] })
	return err
}

// offDuty reads when the people of the columns are not at work; a day without a roster leaves
// everybody at work.
func (c *Calendar) offDuty(r *store.Read) error {
	if c.Kind() != onStaff {
		return nil
	}
	roster, err := people.RosterOf(r, c.Day, c.Day.Add(c.Days-1))
	if err != nil {
		return err
	}
	for _, x := range c.Columns {
		for i := range c.Days {
			c.Off = append(c.Off, offOn(roster, x.Place, c.Day.Add(i))...)
		}
	}
	return nil
}

func offOn(roster people.Roster, p Place, day term.Day) []OffDuty {
	const night = 24 * 60
	staff := term.StaffID(p.ID)
	s, drawn := roster.Shift(staff, day)
	switch {
	case p.ID == 0, !roster.Drawn(day) && !roster.Away(staff, day):
		return nil
	case roster.Away(staff, day), !drawn, s.Rests():
		return []OffDuty{{p, day, 0, night}}
	}
	return []OffDuty{{p, day, 0, s.From}, {p, day, s.To, night}}
}

func peopleOf(r *store.Read, by string, add func(id int64, name, note string)) error {
	seen := map[term.StaffID]bool{}
	for _, role := range columnRoles[by] {
		some, err := r.StaffWithRole(string(role))
		if err != nil {
			return err
		}
		for _, s := range some {
			if !seen[s.ID] {
				seen[s.ID] = true
				add(int64(s.ID), s.Name, s.Title)
			}
		}
	}
	return nil
}

// chosen are the bookings that belong to the columns that are shown, and those without any.
func (c *Calendar) chosen(all []store.Appointment) []store.Appointment {
	shown := map[Place]bool{}
	for _, x := range c.Columns {
		shown[x.Place] = true
	}
	return slices.DeleteFunc(all, func(a store.Appointment) bool {
		if !c.All && (a.State == term.AppointmentCancelled || a.State == term.AppointmentNoShow) {
			return true
		}
		at := placeIn(a, c.Kind())
		if at.ID == 0 { // only where nobody is left out: not among the doctors alone
			return c.Only.ID != 0 || c.By == ByDoctors || c.By == ByConsultants || c.By == ByNurses
		}
		return !shown[at]
	})
}

// unplaced adds the column of the bookings that name nobody, when there are any.
func (c *Calendar) unplaced() {
	for i := range c.Cards {
		c.Cards[i].Column = placeIn(c.Cards[i].Appointment, c.Kind())
		if c.Cards[i].Column.ID == 0 && (len(c.Columns) == 0 || c.Columns[len(c.Columns)-1].ID != 0) {
			c.Columns = append(c.Columns, CalendarColumn{})
		}
	}
}
