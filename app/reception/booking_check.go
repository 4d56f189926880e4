package reception

import (
	"errors"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/people"
	"meixu/store"
)

// wanted checks what was typed and completes the slot from item and session; a is what is
// booked so far.
func wanted(r *store.Read, in Booking, a store.Appointment) (want Slot, err error) {
	var bad fault.Fields
	if in.Client == 0 && in.Lead == 0 && !in.anybody {
		bad.Add("client", "booking.wrong.client")
	}
	if in.Start.IsZero() {
		bad.Add("start", "booking.wrong.start")
	} else if in.Start.Before(r.Now()) && in.Start != a.StartsAt {
		bad.Add("start", "booking.wrong.past")
	} else if r.Now().Add(horizonDays * 24 * time.Hour).Before(in.Start) {
		bad.Add("start", "booking.wrong.far", horizonDays/365)
	}
	if in.Minutes < 0 || in.Minutes > maxMinutes {
		bad.Add("minutes", "booking.wrong.minutes", maxMinutes)
	}
	if in.Staff == 0 && in.Room == 0 && in.Device == 0 {
		bad.Add("staff", "booking.wrong.staff")
	}
	item, err := itemOf(r, &in, a, &bad)
	if err != nil {
		return want, err
	}
	treated, err := named(r, in, item, &bad)
	if err != nil {
		return want, err
	}
	if in.Line != 0 && in.Staff != a.Staff && bad.Err() == nil { // a paid session is done, not talked about
		if err := operates(r, in.Staff, &bad); err != nil {
			return want, err
		}
	}
	if err := bad.Err(); err != nil {
		return want, err
	}
	if in.Minutes == 0 {
		in.Minutes = lasts(item)
	}
	want = buffered(a, item)
	want.Client, want.Lead, want.Item, want.Line = in.Client, in.Lead, in.Item, in.Line
	want.Staff, want.Room, want.Device = in.Staff, in.Room, in.Device
	if treated || in.Staff == 0 {
		want.RoomKind, want.DeviceKind = item.RoomKind, item.DeviceKind
	}
	want.StartsAt, want.EndsAt = in.Start, in.Start.Add(time.Duration(in.Minutes)*time.Minute)
	want.Note, want.AskDoctor = strings.TrimSpace(in.Note), in.AskDoctor
	return want, nil
}

func lasts(i store.Item) int {
	if i.ID == 0 || i.Minutes == 0 {
		return talkMinutes
	}
	return i.Minutes
}

// itemOf reads the item; a paid session decides it and must be the client's. What is booked already
// stays booked and can be moved, also when the item was taken off sale since.
func itemOf(r *store.Read, in *Booking, booked store.Appointment, bad *fault.Fields) (i store.Item, err error) {
	if in.Line != 0 {
		item, ok, err := sessionFor(r, *in, booked)
		if err != nil {
			return i, err
		}
		if !ok {
			bad.Add("line", "booking.wrong.line")
			return i, nil
		}
		in.Item = item.ID
		return item, nil
	}
	if in.Item == 0 {
		return i, nil
	}
	i, err = r.Item(in.Item)
	if errors.Is(err, store.ErrNotFound) {
		bad.Add("item", "booking.wrong.item")
		return store.Item{}, nil
	}
	if err == nil && !i.Enabled && i.ID != booked.Item {
		bad.Add("item", "booking.wrong.item_off", i.Name)
	}
	return i, err
}

// named checks that the client may be booked, and that person, room and device exist and fit
// the item: who may not do it is not offered for it (row:O2). It says whether the item is done
// in the booking.
func named(r *store.Read, in Booking, item store.Item, bad *fault.Fields) (treated bool, err error) {
	if in.Client != 0 {
		number, open, err := r.ClientOpen(in.Client)
		if errors.Is(err, store.ErrNotFound) {
			return false, fault.NotFound("client").Because(err)
		}
		if err != nil {
			return false, err
		}
		if !open {
			return false, fault.Refuse("S1-02", "booking.refuse.file", number).Ask("manager")
		}
	}
	if in.Lead != 0 {
		if _, err := r.Lead(in.Lead); errors.Is(err, store.ErrNotFound) {
			bad.Add("client", "booking.wrong.client")
		} else if err != nil {
			return false, err
		}
	}
	if treated, err = staffed(r, in, item, bad); err != nil {
		return false, err
	}
	return treated, equipped(r, in, item, treated, bad)
}

// staffed says whether the booked person would do the item, and refuses one who may not.
func staffed(r *store.Read, in Booking, item store.Item, bad *fault.Fields) (treated bool, err error) {
	if in.Staff == 0 {
		return false, nil
	}
	s, err := r.Staff(in.Staff)
	if errors.Is(err, store.ErrNotFound) || err == nil && !s.Active {
		bad.Add("staff", "booking.wrong.nobody")
		return false, nil
	}
	if err != nil || item.ID == 0 || !medical(s) { // a talk, or a consultant who receives the client
		return false, err
	}
	return true, people.CheckOperator(r, s.ID, item)
}

func medical(s store.Staff) bool {
	for _, role := range s.Roles {
		if role == string(access.Physician) || role == string(access.Nurse) {
			return true
		}
	}
	return false
}

// equipped checks room and device; their kind must fit when the item is done there.
func equipped(r *store.Read, in Booking, item store.Item, treated bool, bad *fault.Fields) error {
	if in.Room != 0 {
		room, err := r.Room(in.Room)
		switch {
		case errors.Is(err, store.ErrNotFound):
			bad.Add("room", "booking.wrong.room")
		case err != nil:
			return err
		case room.State != "open":
			bad.Add("room", "booking.wrong.stopped", room.Name)
		case treated && item.RoomKind != "" && room.Kind != item.RoomKind:
			bad.Add("room", "booking.wrong.kind", item.Name, item.RoomKind)
		}
	}
	if in.Device == 0 {
		return nil
	}
	device, err := r.Device(in.Device)
	switch {
	case errors.Is(err, store.ErrNotFound):
		bad.Add("device", "booking.wrong.device")
	case err != nil:
		return err
	case device.State != "in_use":
		bad.Add("device", "booking.wrong.stopped", device.Name)
	case treated && item.DeviceKind != "" && device.Kind != item.DeviceKind:
		bad.Add("device", "booking.wrong.kind", item.Name, item.DeviceKind)
	}
	return nil
}
