package reception

import (
	"context"
	"time"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// Carry takes a booking to another time or column, or makes it longer or shorter, as it is
// dragged in the calendar. What is not named stays as it is booked.
type Carry struct {
	Version int
	Start   term.Instant // zero keeps the time
	Minutes int          // 0 keeps the length
	To      Place        // the column; zero keeps person, room and device
	Overlap bool         // managers only, with the actor's reason
}

// Carry moves a booking as it was dragged.
func (d *Desk) Carry(ctx context.Context, by access.Actor, id term.AppointmentID, in Carry) error {
	return d.moving(ctx, by, id, in.Version, func(a store.Appointment) Booking {
		b := Booking{
			Staff: a.Staff, Room: a.Room, Device: a.Device, Start: a.StartsAt, Note: a.Note, AskDoctor: a.AskDoctor,
			Minutes: int(a.EndsAt.Sub(a.StartsAt) / time.Minute), Overlap: in.Overlap,
		}
		if !in.Start.IsZero() {
			b.Start = in.Start
		}
		if in.Minutes != 0 {
			b.Minutes = in.Minutes
		}
		b.take(in.To)
		return b
	})
}

// take books the person, room or device of a column.
func (b *Booking) take(p Place) {
	switch {
	case p.ID == 0:
	case p.In == onRoom:
		b.Room = term.RoomID(p.ID)
	case p.In == onDevice:
		b.Device = term.DeviceID(p.ID)
	default:
		b.Staff = term.StaffID(p.ID)
	}
}

// LastDeed is who did what to a booking at last, and when.
type LastDeed struct {
	Who    string
	At     term.Instant
	Action string
}

// LastOn tells who was the last to change a booking, for those who meant to change it as it was
// before.
func (d *Desk) LastOn(ctx context.Context, by access.Actor, id term.AppointmentID) (last LastDeed, err error) {
	err = d.Read(ctx, by, access.AppointmentView, func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Subject: bookingRef(id), Limit: 1})
		if err != nil || len(acts) == 0 {
			return err
		}
		last.At, last.Action = acts[0].At, acts[0].Act.Action
		s, err := r.Staff(acts[0].Act.Staff)
		last.Who = s.Name
		return err
	})
	return last, err
}
