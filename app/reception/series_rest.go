package reception

import (
	"cmp"
	"context"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/engine/message"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// RestRow is a later session of a course, and where the interval would have it now.
type RestRow struct {
	ID      term.AppointmentID
	Version int
	From    term.Instant // as it is booked
	Session              // as it would be
}

// Rest are the sessions of a course that come after one of it.
type Rest struct {
	This     BookingRow
	Interval int
	Rows     []RestRow
}

// Out counts the sessions that lie elsewhere than the interval would have them, by more than the
// slack of the course.
func (s Rest) Out() (n int) {
	for _, r := range s.Rows {
		if r.From.Sub(r.Wished).Abs() > time.Duration(slack)*24*time.Hour {
			n++
		}
	}
	return n
}

// RestOf proposes where the later sessions of a course go after one of it was moved: each so many
// days after the one before as the item's interval says, or near it where that is taken. starts
// are the times as the desk changed them, in order; nil for the proposal.
func (d *Desk) RestOf(ctx context.Context, by access.Actor, id term.AppointmentID, starts []term.Instant) (s Rest, err error) {
	err = d.Read(ctx, by, access.SeriesShift, func(r *store.Read) error {
		s, err = restOf(r, id, starts)
		return err
	})
	return s, err
}

func restOf(r *store.Read, id term.AppointmentID, starts []term.Instant) (s Rest, err error) {
	a, err := appointment(r, id)
	if err != nil {
		return s, err
	}
	later, err := laterOf(r, a)
	if err != nil {
		return s, err
	}
	names, err := directoryOf(r)
	if err != nil {
		return s, err
	}
	if s.This, err = names.row(a); err != nil || len(later) == 0 {
		return s, err
	}
	item := names.items[a.Item]
	s.Interval = cmp.Or(item.IntervalDays, usualInterval)
	from := r.Today()
	b, err := boardOf(r, from, a.StartsAt.Add(time.Duration(s.Interval*len(later)+searchDays)*24*time.Hour).Day(r.Zone()))
	if err != nil {
		return s, err
	}
	b.without(later)
	for n, x := range later {
		at, free := a.StartsAt.Add(time.Duration((n+1)*s.Interval)*24*time.Hour), min(slack, (s.Interval-1)/2)
		if n < len(starts) {
			at, free = starts[n], 0
		}
		want := movable(x, item)
		session, err := b.session(r, want, at, free)
		if err != nil {
			return s, err
		}
		s.Rows = append(s.Rows, RestRow{ID: x.ID, Version: x.Version, From: x.StartsAt, Session: session})
	}
	return s, nil
}

// laterOf are the sessions of the course that are booked for later than a.
func laterOf(r *store.Read, a store.Appointment) ([]store.Appointment, error) {
	if a.Series == 0 {
		return nil, nil
	}
	all, err := r.SeriesOf(a.Series)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(x store.Appointment) bool {
		return x.ID <= a.ID || x.State != term.AppointmentRequested && x.State != term.AppointmentConfirmed
	}), nil
}

// movable is a session that may take another room and device of the kinds of its item.
func movable(a store.Appointment, item store.Item) Slot {
	want := buffered(a, item)
	if a.Room != 0 && item.RoomKind != "" {
		want.RoomKind, want.Room = item.RoomKind, 0
	}
	if a.Device != 0 && item.DeviceKind != "" {
		want.DeviceKind, want.Device = item.DeviceKind, 0
	}
	return want
}

// without forgets some bookings, which are about to move.
func (b *board) without(gone []store.Appointment) {
	for day, list := range b.days {
		b.days[day] = slices.DeleteFunc(list, func(s Slot) bool {
			return slices.ContainsFunc(gone, func(x store.Appointment) bool { return x.ID == s.ID })
		})
	}
}

// RestMove takes one session to another time.
type RestMove struct {
	ID      term.AppointmentID
	Version int
	Start   term.Instant
}

// ShiftRest takes the later sessions of a course to other times, all in one act or none.
func (d *Desk) ShiftRest(ctx context.Context, by access.Actor, id term.AppointmentID, moves []RestMove) error {
	var taken *Taken
	err := d.WriteOn(ctx, by, access.SeriesShift, bookingRef(id), func(tx *store.Tx) error {
		taken = nil
		a, err := appointment(tx.Read, id)
		if err != nil {
			return err
		}
		later, err := laterOf(tx.Read, a)
		if err != nil {
			return err
		}
		list, err := matched(later, moves)
		if err != nil {
			return err
		}
		for _, m := range list {
			if taken, err = moveSession(tx, by, m); err != nil || taken != nil {
				return taken.orError(err)
			}
			booked(tx, m.StartsAt, m.to)
		}
		tx.Result("appointment", int64(id))
		return nil
	})
	return d.offer(ctx, by, taken, err)
}

// sessionMove is a session and where it goes.
type sessionMove struct {
	store.Appointment
	to term.Instant
}

// matched ties moves to the sessions of the course; those that go later come last first, so that
// none stands in the way of the one before.
func matched(later []store.Appointment, moves []RestMove) (list []sessionMove, err error) {
	var bad fault.Fields
	if len(moves) == 0 {
		bad.Add("start", "booking.wrong.start")
		return nil, bad.Err()
	}
	for _, m := range moves {
		i := slices.IndexFunc(later, func(a store.Appointment) bool { return a.ID == m.ID })
		switch {
		case i < 0:
			return nil, fault.NotFound("appointment")
		case later[i].Version != m.Version:
			return nil, store.ErrStale
		case m.Start.IsZero():
			bad.Add("start", "booking.wrong.start")
			return nil, bad.Err()
		}
		list = append(list, sessionMove{later[i], m.Start})
	}
	slices.SortFunc(list, func(a, b sessionMove) int { return a.to.Time().Compare(b.to.Time()) })
	if list[0].to.After(list[0].StartsAt) {
		slices.Reverse(list)
	}
	return list, nil
}

func moveSession(tx *store.Tx, by access.Actor, m sessionMove) (*Taken, error) {
	if m.to.Time().Equal(m.StartsAt.Time()) {
		return nil, nil
	}
	var item store.Item
	if m.Item != 0 {
		var err error
		if item, err = tx.Item(m.Item); err != nil {
			return nil, err
		}
	}
	free := movable(m.Appointment, item)
	want, err := wanted(tx.Read, Booking{
		Client: m.Client, Lead: m.Lead, Item: m.Item, Staff: m.Staff, Room: free.Room, Device: free.Device, Start: m.to,
		Minutes: int(m.EndsAt.Sub(m.StartsAt).Minutes()), Note: m.Note, AskDoctor: m.AskDoctor,
	}, m.Appointment)
	if err != nil {
		return nil, err
	}
	want.Line, want.OverlapBy, want.OverlapReason = m.Line, 0, ""
	taken, err := fit(tx.Read, by, &want, false)
	if err != nil || taken != nil {
		return taken, err
	}
	if err := tx.SaveAppointment(&want.Appointment); err != nil {
		return nil, err
	}
	return nil, message.Follow(tx, m.Appointment, want.Appointment)
}
