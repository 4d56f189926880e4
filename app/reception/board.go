package reception

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/people"
	"meixu/store"
	"meixu/store/term"
)

// board is who and what is taken on some days, read once, to look for free slots. It is never
// read under the write lock: what it says is asked again when a slot is booked.
type board struct {
	hours  Hours
	roster people.Roster
	days   map[term.Day][]Slot
	house  house
}

// house are the rooms and devices that can be booked.
type house struct {
	rooms   []store.Room
	devices []store.Device
}

// boardOf reads the bookings and the roster from one day to another, both included.
func boardOf(r *store.Read, from, to term.Day) (*board, error) {
	b := &board{days: map[term.Day][]Slot{}}
	var err error
	if b.hours, err = hoursOf(r); err != nil {
		return nil, err
	}
	if b.roster, err = people.RosterOf(r, from, to); err != nil {
		return nil, err
	}
	if b.house, err = houseOf(r); err != nil {
		return nil, err
	}
	rows, err := r.Busy(from.Start(r.Zone()), to.End(r.Zone()))
	if err != nil {
		return nil, err
	}
	standing, err := slotsOf(r, rows)
	for _, s := range standing {
		day := s.StartsAt.Day(r.Zone())
		b.days[day] = append(b.days[day], s)
	}
	return b, err
}

func houseOf(r *store.Read) (h house, err error) {
	if h.rooms, err = r.Rooms(); err != nil {
		return h, err
	}
	h.rooms = slices.DeleteFunc(h.rooms, func(x store.Room) bool { return x.State != "open" })
	h.devices, err = r.Devices()
	h.devices = slices.DeleteFunc(h.devices, func(x store.Device) bool { return x.State != "in_use" })
	return h, err
}

// choices are the rooms and devices that a slot may take: the named one, or those of the kind
// that the item asks for. A room with such a device in it comes before others; 0 stands for none.
func (h house) choices(want Slot) (rooms []term.RoomID, devices []store.Device) {
	for _, x := range h.devices {
		if want.Device == x.ID || want.Device == 0 && want.DeviceKind != "" && x.Kind == want.DeviceKind {
			devices = append(devices, x)
		}
	}
	if want.Room != 0 || want.RoomKind == "" {
		return []term.RoomID{want.Room}, devices
	}
	for _, x := range h.rooms {
		if x.Kind == want.RoomKind {
			rooms = append(rooms, x.ID)
		}
	}
	slices.SortStableFunc(rooms, func(a, b term.RoomID) int { return holds(devices, b) - holds(devices, a) })
	if len(rooms) == 0 {
		rooms = []term.RoomID{0}
	}
	return rooms, devices
}

// holds is 1 when one of the devices stands in the room.
func holds(devices []store.Device, room term.RoomID) int {
	if slices.ContainsFunc(devices, func(x store.Device) bool { return x.Room == room }) {
		return 1
	}
	return 0
}

// place gives a slot room and device: the first ones that are free; those of the room before
// others. Where none is free it takes the first, so that one learns who holds it.
func (h house) place(want Slot, free func(Slot) (bool, error)) (Slot, error) {
	rooms, devices := h.choices(want)
	pick := func(n int, as func(int) Slot) (Slot, error) {
		for i := range n {
			ok, err := free(as(i))
			if err != nil || ok {
				return as(i), err
			}
		}
		return as(0), nil
	}
	if want.Room == 0 {
		chosen, err := pick(len(rooms), func(i int) Slot { return onlyPlace(want, rooms[i], 0) })
		if err != nil {
			return want, err
		}
		want.Room = chosen.Room
	}
	if want.Device == 0 && len(devices) > 0 {
		slices.SortStableFunc(devices, func(a, b store.Device) int {
			return holds([]store.Device{b}, want.Room) - holds([]store.Device{a}, want.Room)
		})
		chosen, err := pick(len(devices), func(i int) Slot { return onlyPlace(want, 0, devices[i].ID) })
		if err != nil {
			return want, err
		}
		want.Device = chosen.Device
	}
	return want, nil
}

// onlyPlace is the slot with a room or a device and nobody in it, to ask for these alone.
func onlyPlace(want Slot, room term.RoomID, device term.DeviceID) Slot {
	want.Room, want.Device = room, device
	want.Staff, want.Client, want.Lead = 0, 0, 0
	return want
}

// furnish chooses room and device of a slot that names none, under the write lock.
func furnish(r *store.Read, want *Slot) error {
	if (want.Room != 0 || want.RoomKind == "") && (want.Device != 0 || want.DeviceKind == "") {
		return nil
	}
	h, err := houseOf(r)
	if err != nil {
		return err
	}
	*want, err = h.place(*want, func(s Slot) (bool, error) {
		met, err := beside(r, s)
		return len(met) == 0, err
	})
	return err
}

// free says whether a slot is free, and with which room and device.
func (b *board) free(want Slot, standing []Slot) (Slot, bool) {
	if !b.hours.within(want.StartsAt, want.EndsAt) || want.Staff != 0 && !b.roster.Serves(want.Staff, want.StartsAt, want.EndsAt) {
		return want, false
	}
	placed, _ := b.house.place(want, func(s Slot) (bool, error) { return len(clashes(s, standing)) == 0, nil })
	return placed, len(clashes(placed, standing)) == 0
}

// freeOn goes over the free slots of a day that lie on the grid, by time, until told to stop.
func (b *board) freeOn(want Slot, day term.Day, now term.Instant, next func(Slot) bool) {
	length, open := want.EndsAt.Sub(want.StartsAt), day.Start(b.hours.Zone)
	standing := b.house.related(want, b.days[day])
	for at := open.Add(b.hours.Open); !at.Add(length).After(open.Add(b.hours.Close)); at = at.Add(slotStep) {
		if at.Before(now) {
			continue
		}
		try := want
		try.StartsAt, try.EndsAt = at, at.Add(length)
		if s, ok := b.free(try, standing); ok && !next(s) {
			return
		}
	}
}

// related are the bookings of a day that a slot could collide with at any time.
func (h house) related(want Slot, day []Slot) (list []Slot) {
	rooms, devices := h.choices(want)
	for _, s := range day {
		if want.Staff != 0 && s.Staff == want.Staff || want.Client != 0 && s.Client == want.Client || want.Lead != 0 && s.Lead == want.Lead ||
			s.Room != 0 && slices.Contains(rooms, s.Room) || s.Device != 0 && (s.Device == want.Device || slices.ContainsFunc(devices, func(x store.Device) bool { return x.ID == s.Device })) {
			list = append(list, s)
		}
	}
	return list
}

// offer adds to a refusal which slots are free: looked for on a snapshot, after the write.
func (d *Desk) offer(ctx context.Context, by access.Actor, taken *Taken, err error) error {
	if taken == nil {
		return err
	}
	if err := d.Read(ctx, by, access.AppointmentView, func(r *store.Read) error {
		from := max(taken.want.StartsAt.Day(r.Zone()), r.Today())
		b, err := boardOf(r, from, from.Add(searchDays))
		if err == nil {
			taken.Free = b.nearest(taken.want, r.Now())
		}
		return err
	}); err != nil {
		return err
	}
	return taken
}
