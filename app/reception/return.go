package reception

import (
	"errors"

	"meixu/app/fault"
	"meixu/store"
)

// mayReturn says whether a booking that was given up may take its slot again: as a new one it asks
// whether file, person, room, device and paid session may still be booked, and whether nobody else has
// the slot, also while that is running. What is confirmed and goes back to be asked holds its slot still;
// of what is over only the record changes.
func mayReturn(r *store.Read, a store.Appointment) error {
	if living(a) || !r.Now().Before(a.EndsAt) {
		return nil
	}
	if err := bookableAgain(r, a); err != nil {
		return err
	}
	slots, err := slotsOf(r, []store.Appointment{a})
	if err != nil {
		return err
	}
	met, err := beside(r, slots[0])
	if err != nil {
		return err
	}
	if len(met) == 0 {
		off, err := offDuty(r, slots[0])
		if off != nil {
			return off
		}
		return err
	}
	hs, err := holders(r, Slot{Appointment: a}, met)
	if err != nil {
		return err
	}
	return hs[0].refusal(r.Zone())
}

// bookableAgain holds a booking against the rules of a new one; its item may be off sale since.
func bookableAgain(r *store.Read, a store.Appointment) error {
	in := Booking{Client: a.Client, Lead: a.Lead, Item: a.Item, Line: a.Line, Staff: a.Staff, Room: a.Room, Device: a.Device}
	var bad fault.Fields
	item, err := itemOf(r, &in, store.Appointment{Item: a.Item}, &bad)
	if err == nil {
		_, err = named(r, in, item, &bad)
	}
	if err = errors.Join(err, bad.Err()); err == nil {
		return nil
	}
	if why := refusalOf(bad.Err()); why != nil { // the button has no fields to mark
		return fault.Refuse("S1-02", why.Key, why.Args...)
	}
	return err
}
