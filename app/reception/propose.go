package reception

import (
	"context"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/people"
	"meixu/store"
	"meixu/store/term"
)

// lastBookings is how many of a client's last bookings are looked through for the item that is
// proposed.
const lastBookings = 5

// Propose prepares the booking of somebody in a slot that was clicked: with a paid session that
// is left, else with the item of the last booking, as far as the person of the slot may do it,
// and with a room and a device that the item needs and that are free then.
func (d *Desk) Propose(ctx context.Context, by access.Actor, in Booking) (s BookingSheet, out Booking, err error) {
	out = in
	read := func(r *store.Read) error {
		if err := s.lists(r); err != nil {
			return err
		}
		if err := s.whom(r, by, in.Client, in.Lead); err != nil {
			return err
		}
		if in.Client == 0 {
			return nil
		}
		item, err := s.proposed(r, &out)
		if err != nil || item.ID == 0 || out.Start.IsZero() || s.receives(out.Staff) {
			return err
		}
		return equip(r, item, &out)
	}
	if in.Client != 0 {
		err = d.View(ctx, by, access.AppointmentBook, in.Client, read)
		return s, out, err
	}
	err = d.Read(ctx, by, access.AppointmentBook, read)
	return s, out, err
}

// proposed chooses the item: the oldest paid session first, then what was booked last.
func (s *BookingSheet) proposed(r *store.Read, out *Booking) (store.Item, error) {
	for _, left := range s.Sessions {
		if may, err := mayDo(r, out.Staff, left.Item); err != nil || may {
			out.Line, out.Item = left.Line.ID, left.Item.ID
			return left.Item, err
		}
	}
	before, err := r.AppointmentsOf(out.Client, lastBookings)
	if err != nil {
		return store.Item{}, err
	}
	for _, a := range before {
		if a.Item == 0 {
			continue
		}
		item, err := r.Item(a.Item)
		if err != nil || !item.Enabled {
			return store.Item{}, err
		}
		if may, err := mayDo(r, out.Staff, item); err != nil || may {
			out.Item = item.ID
			return item, err
		}
	}
	return store.Item{}, nil
}

// mayDo says that nobody is named, or that the person may do the item or only receives the client.
func mayDo(r *store.Read, id term.StaffID, item store.Item) (bool, error) {
	if id == 0 {
		return true, nil
	}
	s, err := r.Staff(id)
	if err != nil || !medical(s) {
		return err == nil, err
	}
	switch err := people.CheckOperator(r, id, item); fault.KindOf(err) {
	case fault.KindRefused, fault.KindConflict, fault.KindInvalid:
		return false, nil
	default:
		return err == nil, err
	}
}

// receives says that the person talks with the client and does not treat: no room for the item
// is taken then.
func (s *BookingSheet) receives(id term.StaffID) bool {
	return slices.ContainsFunc(s.Staff, func(x store.Staff) bool { return x.ID == id && !medical(x) })
}

// equip adds a room and a device of the kinds that the item needs, free ones where there are,
// as the booking itself would choose them.
func equip(r *store.Read, item store.Item, out *Booking) error {
	until := out.Start.Add(time.Duration(lasts(item)) * time.Minute)
	slot := buffered(store.Appointment{Item: item.ID, StartsAt: out.Start, EndsAt: until, Room: out.Room, Device: out.Device}, item)
	slot.RoomKind, slot.DeviceKind = item.RoomKind, item.DeviceKind
	err := furnish(r, &slot)
	out.Room, out.Device = slot.Room, slot.Device
	return err
}
