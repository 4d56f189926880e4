package reception

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/catalog"
	"meixu/app/engine/banner"
	"meixu/app/engine/patience"
	"meixu/app/finance"
	"meixu/app/people"
	"meixu/store"
	"meixu/store/term"
)

// BookingRow is one booking with the names that it points to.
type BookingRow struct {
	store.Appointment
	Client string
	Number string // member number; "" for a lead
	Phone  string // masked
	Item   string
	ItemEN string
	Staff  string
	Room   string
	Device string
	// Late says that the client should be here and is not.
	Late bool
	// Missed says that she is so late that the booking may be noted as not come.
	Missed bool
	// Visit is the visit that came of it.
	Visit term.VisitID
}

// Open says that the client may still come.
func (b BookingRow) Open() bool {
	return b.State == term.AppointmentRequested || b.State == term.AppointmentConfirmed
}

// directory looks names up once a page.
type directory struct {
	r       *store.Read
	clients map[term.ClientID]store.Client
	items   map[term.ItemID]store.Item
	staff   map[term.StaffID]string
	rooms   map[term.RoomID]string
	devices map[term.DeviceID]string
}

func directoryOf(r *store.Read) (n directory, err error) {
	n = directory{
		r: r, clients: map[term.ClientID]store.Client{}, items: map[term.ItemID]store.Item{},
		staff: map[term.StaffID]string{}, rooms: map[term.RoomID]string{}, devices: map[term.DeviceID]string{},
	}
	all, err := r.AllStaff()
	if err != nil {
		return n, err
	}
	for _, s := range all {
		n.staff[s.ID] = s.Name
	}
	rooms, err := r.Rooms()
	if err != nil {
		return n, err
	}
	for _, x := range rooms {
		n.rooms[x.ID] = x.Name
	}
	devices, err := r.Devices()
	for _, x := range devices {
		n.devices[x.ID] = x.Name
	}
	return n, err
}

func (n directory) row(a store.Appointment) (b BookingRow, err error) {
	b = BookingRow{Appointment: a, Staff: n.staff[a.Staff], Room: n.rooms[a.Room], Device: n.devices[a.Device]}
	b.Late, b.Missed = b.Open() && a.StartsAt.Before(n.r.Now()), b.Open() && patience.Missed(a.StartsAt, n.r.Now())
	if a.Item != 0 {
		i, ok := n.items[a.Item]
		if !ok {
			if i, err = n.r.Item(a.Item); err != nil {
				return b, err
			}
			n.items[a.Item] = i
		}
		b.Item, b.ItemEN = i.Name, i.NameEN
	}
	if a.Client == 0 {
		l, err := n.r.Lead(a.Lead)
		b.Client, b.Phone = l.Name, term.MaskPhone(l.Phone)
		return b, err
	}
	c, ok := n.clients[a.Client]
	if !ok {
		if c, err = n.r.Client(a.Client); err != nil {
			return b, err
		}
		n.clients[a.Client] = c
	}
	b.Client, b.Number, b.Phone = c.Name, c.Number, term.MaskPhone(c.Phone)
	return b, nil
}

// holders names what stands in the way of a slot.
func holders(r *store.Read, want Slot, met []Clash) ([]Holder, error) {
	n, err := directoryOf(r)
	if err != nil {
		return nil, err
	}
	out := make([]Holder, 0, len(met))
	for _, m := range met {
		b, err := n.row(m.With.Appointment)
		if err != nil {
			return nil, err
		}
		h := Holder{From: b.StartsAt, To: b.EndsAt, Client: b.Client, Item: b.Item, ItemEN: b.ItemEN, In: m.In[0]}
		switch h.In {
		case onStaff:
			h.What = n.staff[want.Staff]
		case onRoom:
			h.What, h.To = n.rooms[want.Room], b.EndsAt.Add(m.With.Clean)
		case onDevice:
			h.What, h.To = n.devices[want.Device], b.EndsAt.Add(m.With.Clean)
		default:
			h.What = b.Client
		}
		out = append(out, h)
	}
	return out, nil
}

// DayFilter narrows the list of a day; zero values mean all.
type DayFilter struct {
	Day   term.Day // "" is today
	Staff term.StaffID
	Room  term.RoomID
}

// DayList are the bookings of a day by time.
type DayList struct {
	DayFilter
	Rows  []BookingRow
	Staff []store.Staff // who is booked that day, for the filter
	Rooms []store.Room
	Open  int // still to come
}

// Bookings lists the bookings of a day.
func (d *Desk) Bookings(ctx context.Context, by access.Actor, f DayFilter) (l DayList, err error) {
	err = d.Read(ctx, by, access.AppointmentView, func(r *store.Read) error {
		if f.Day == "" {
			f.Day = r.Today()
		}
		l.DayFilter = f
		n, err := directoryOf(r)
		if err != nil {
			return err
		}
		all, err := r.AppointmentsBetween(f.Day.Start(r.Zone()), f.Day.End(r.Zone()), 1000)
		if err != nil {
			return err
		}
		if err := l.fill(n, all); err != nil {
			return err
		}
		if l.Rooms, err = r.Rooms(); err != nil {
			return err
		}
		l.Staff, err = bookable(r)
		return err
	})
	return l, err
}

// fill takes the bookings that the filter asks for.
func (l *DayList) fill(n directory, all []store.Appointment) error {
	want := l.DayFilter
	for _, a := range all {
		if want.Staff != 0 && a.Staff != want.Staff || want.Room != 0 && a.Room != want.Room {
			continue
		}
		row, err := n.row(a)
		if err != nil {
			return err
		}
		if row.Open() {
			l.Open++
		}
		l.Rows = append(l.Rows, row)
	}
	return nil
}

// bookable are the people who can be booked: those who talk and those who treat.
func bookable(r *store.Read) (list []store.Staff, err error) {
	for _, role := range []access.Role{access.Consultant, access.Physician, access.Nurse} {
		some, err := r.StaffWithRole(string(role))
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			if !slices.ContainsFunc(list, func(x store.Staff) bool { return x.ID == s.ID }) {
				list = append(list, s)
			}
		}
	}
	return list, nil
}

// offerable are who a new booking may be given to: not who may not practise because the paper is
// suspended (REG-STF-04).
func offerable(r *store.Read) ([]store.Staff, error) {
	list, err := bookable(r)
	if err != nil {
		return nil, err
	}
	barred, err := people.Suspended(r)
	return slices.DeleteFunc(list, func(s store.Staff) bool { return barred[s.ID] }), err
}

// BookingSheet is what the page of a new or standing booking shows.
type BookingSheet struct {
	Row      BookingRow
	Phone    string // masked; whole on a booking about which somebody may call
	Banner   *banner.View
	Name     string // whom the slot is for
	Sessions []finance.Remaining
	Items    []store.Item
	Staff    []store.Staff
	Rooms    []store.Room
	Devices  []store.Device
	Overlap  string      // who overlapped
	Visit    store.Visit // that came of it; zero for none
	Rest     int         // later sessions of its course that do not lie at their interval
	Waiters  int         // who waits and could take the time of a booking that was given up
	Deposit  bool        // nothing was paid yet of what it is for; false for those who see no money
	whole    string
}

// Course is the paid line of which more than one session is left, so that they can be booked in one
// act; 0 for none.
func (s BookingSheet) Course() term.OrderLineID {
	for _, r := range s.Sessions {
		if r.Left > 1 {
			return r.Line.ID
		}
	}
	return 0
}

// BookingFor prepares a new booking for a client or a lead; with neither, only the lists.
func (d *Desk) BookingFor(ctx context.Context, by access.Actor, client term.ClientID, lead term.LeadID) (s BookingSheet, err error) {
	read := func(r *store.Read) error {
		if err := s.lists(r); err != nil {
			return err
		}
		return s.whom(r, by, client, lead)
	}
	if client != 0 {
		err = d.View(ctx, by, access.AppointmentBook, client, read)
		return s, err
	}
	err = d.Read(ctx, by, access.AppointmentBook, read)
	return s, err
}

// Booking reads one booking.
func (d *Desk) Booking(ctx context.Context, by access.Actor, id term.AppointmentID) (s BookingSheet, err error) {
	var a store.Appointment
	err = d.Read(ctx, by, access.AppointmentView, func(r *store.Read) error {
		a, err = appointment(r, id)
		return err
	})
	if err != nil {
		return s, err
	}
	read := func(r *store.Read) error {
		if err := s.lists(r); err != nil {
			return err
		}
		n, err := directoryOf(r)
		if err != nil {
			return err
		}
		if s.Row, err = n.row(a); err != nil {
			return err
		}
		s.Overlap = n.staff[a.OverlapBy]
		came, err := r.VisitsFor([]term.AppointmentID{a.ID})
		if err != nil {
			return err
		}
		s.Visit = came[a.ID]
		if err := s.next(r, by, a); err != nil {
			return err
		}
		if s.Deposit, err = lacksDeposit(r, by, a); err != nil {
			return err
		}
		if err := s.whom(r, by, a.Client, a.Lead); err != nil {
			return err
		}
		if a.Client != 0 && r.Now().Before(a.EndsAt.Add(calledFor)) {
			s.Phone = s.whole
		}
		return nil
	}
	if a.Client != 0 {
		err = d.View(ctx, by, access.AppointmentView, a.Client, read)
	} else {
		err = d.Read(ctx, by, access.AppointmentView, read)
	}
	return s, err
}

// next counts what a booking leaves to be done: the rest of its course to be shifted, or those who
// wait for a time that was given up.
func (s *BookingSheet) next(r *store.Read, by access.Actor, a store.Appointment) error {
	if a.Series != 0 && living(a) && by.May(access.SeriesShift) {
		rest, err := restOf(r, a.ID, nil)
		s.Rest = rest.Out()
		return err
	}
	if living(a) || !by.May(access.WaitView) || !r.Now().Before(a.EndsAt) {
		return nil
	}
	var err error
	s.Waiters, err = waitersFor(r, a.ID)
	return err
}

func (s *BookingSheet) lists(r *store.Read) (err error) {
	if s.Items, err = catalog.Search(r, catalog.Filter{Enabled: true}); err != nil {
		return err
	}
	if s.Staff, err = offerable(r); err != nil {
		return err
	}
	if s.Rooms, err = r.Rooms(); err != nil {
		return err
	}
	s.Devices, err = r.Devices()
	return err
}
