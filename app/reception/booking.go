package reception

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/message"
	"meixu/app/engine/patience"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Settings of the opening hours: hours as 9 or 20, days as 2026-10-01,2026-10-02.
const (
	SettingOpens  = "clinic.opens"
	SettingCloses = "clinic.closes"
	SettingClosed = "clinic.closed"
)

// Booking is a slot to be booked, for a client or for a lead that has no file yet.
type Booking struct {
	Client  term.ClientID
	Lead    term.LeadID
	Item    term.ItemID
	Line    term.OrderLineID // a paid session that is used; it decides the item
	Staff   term.StaffID
	Room    term.RoomID
	Device  term.DeviceID
	Start   term.Instant
	Minutes int // 0: as long as the item takes
	Note    string
	// AskDoctor keeps a red answer at the screening without any detail (rulings 27).
	AskDoctor bool
	// Confirmed says that the client agreed to the time already.
	Confirmed bool
	// Overlap books although the slot is taken; managers only, with the actor's reason.
	Overlap bool
	// Series is the first appointment of the course that it belongs to.
	Series term.AppointmentID
	// anybody looks for a slot before it is known whom it is for.
	anybody bool
}

// Taken refuses a slot and says who holds it and which slots are free.
type Taken struct {
	Refusal *fault.Error
	Holders []Holder
	Free    []term.Instant
	// Override says that a manager may book nevertheless, with a reason.
	Override bool
	want     Slot // as it was asked for, to look for free slots
}

// Holder is an appointment that stands in the way.
type Holder struct {
	From, To term.Instant
	Client   string
	Item     string
	ItemEN   string
	What     string // name of the person, room or device that is taken
	In       string // staff, room, device or client
}

// Error is the refusal's text for logs.
func (t *Taken) Error() string { return t.Refusal.Error() }

// Unwrap gives the refusal.
func (t *Taken) Unwrap() error { return t.Refusal }

// Book books a slot. Looking and adding are one write: of two who take the same slot, the
// second is refused (row:A4).
func (d *Desk) Book(ctx context.Context, by access.Actor, in Booking) (id term.AppointmentID, err error) {
	var taken *Taken
	err = d.Write(ctx, by, access.AppointmentBook, func(tx *store.Tx) error {
		id, taken, err = d.bookIn(tx, by, in)
		if err != nil || taken != nil {
			return taken.orError(err)
		}
		tx.Result("appointment", int64(id))
		return nil
	})
	return id, d.offer(ctx, by, taken, err)
}

// bookIn books a slot inside a write of its caller.
func (d *Desk) bookIn(tx *store.Tx, by access.Actor, in Booking) (term.AppointmentID, *Taken, error) {
	want, err := wanted(tx.Read, in, store.Appointment{Series: in.Series})
	if err != nil {
		return 0, nil, err
	}
	taken, err := fit(tx.Read, by, &want, in.Overlap)
	if err != nil || taken != nil {
		return 0, taken, err
	}
	want.State = term.AppointmentRequested
	if in.Confirmed {
		want.State = term.AppointmentConfirmed
	}
	if err := tx.AddAppointment(&want.Appointment); err != nil {
		return 0, nil, err
	}
	booked(tx, want.StartsAt)
	if err := d.reviewBooked(tx, by, want.Appointment); err != nil {
		return 0, nil, err
	}
	if err := message.Follow(tx, store.Appointment{}, want.Appointment); err != nil {
		return 0, nil, err
	}
	return want.ID, nil, leadBooked(tx, want.Appointment)
}

// Move takes a booking to another time, person, room or device.
func (d *Desk) Move(ctx context.Context, by access.Actor, id term.AppointmentID, version int, in Booking) error {
	return d.moving(ctx, by, id, version, func(store.Appointment) Booking { return in })
}

// moving changes the slot of a booking to what to makes of it, in one write with the look
// whether that is free.
func (d *Desk) moving(ctx context.Context, by access.Actor, id term.AppointmentID, version int, to func(store.Appointment) Booking) error {
	var taken *Taken
	err := d.WriteOn(ctx, by, access.AppointmentMove, bookingRef(id), func(tx *store.Tx) error {
		taken = nil
		a, err := appointment(tx.Read, id)
		if err != nil {
			return err
		}
		if a.State != term.AppointmentRequested && a.State != term.AppointmentConfirmed {
			return fault.Clash("booking.move.over", fault.Word(a.State.Key()))
		}
		if version != a.Version { // also without one
			return store.ErrStale
		}
		in := to(a)
		in.Client, in.Lead, in.Item, in.Line = a.Client, a.Lead, a.Item, a.Line
		want, err := wanted(tx.Read, in, a)
		if err != nil {
			return err
		}
		if !stays(a, want.Appointment) {
			want.OverlapBy, want.OverlapReason = 0, ""
			if taken, err = fit(tx.Read, by, &want, in.Overlap); err != nil || taken != nil {
				return taken.orError(err)
			}
		}
		tx.Result("appointment", int64(id))
		booked(tx, a.StartsAt, want.StartsAt)
		if err := tx.SaveAppointment(&want.Appointment); err != nil {
			return err
		}
		return message.Follow(tx, a, want.Appointment)
	})
	return d.offer(ctx, by, taken, err)
}

// stays says that a change leaves the slot alone, as one of the note does: who holds it keeps it, also
// where a manager let somebody else in.
func stays(a, b store.Appointment) bool {
	return a.StartsAt == b.StartsAt && a.EndsAt == b.EndsAt && a.Staff == b.Staff && a.Room == b.Room && a.Device == b.Device
}

// orError is the refusal when there is one, else err.
func (t *Taken) orError(err error) error {
	if t == nil {
		return err
	}
	return t
}

func bookingRef(id term.AppointmentID) store.Subject {
	return store.Subject{Noun: "appointment", ID: int64(id)}
}

// booked tells the screens that bookings at these times changed. The board holds those of today:
// what is booked for another day leaves two hundred tablets in peace.
func booked(tx *store.Tx, at ...term.Instant) {
	tx.Publish(live.Appointments)
	if slices.ContainsFunc(at, func(i term.Instant) bool { return i.Day(tx.Zone()) == tx.Today() }) {
		tx.Publish(live.Board)
	}
}

// reviewVisits is for how many of a client's last visits a new booking may be the review.
const reviewVisits = 5

// reviewBooked gives a booking made after a treatment to the SOP as its review (S6-06); the
// prover of aftercare says for which visits it counts.
func (d *Desk) reviewBooked(tx *store.Tx, by access.Actor, a store.Appointment) error {
	if a.Client == 0 {
		return nil
	}
	visits, err := tx.VisitsOf(a.Client, 0, reviewVisits)
	if err != nil {
		return err
	}
	for _, v := range visits {
		treatments, err := tx.TreatmentsOf(v.ID)
		if err != nil {
			return err
		}
		for _, t := range treatments {
			if t.FinishedAt.IsZero() {
				continue
			}
			on := sop.Subject{Visit: v.ID, Treatment: t.ID}
			if err := d.SOP.Prove(tx, by, on, ProveReview, bookingRef(a.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// leadBooked notes that an inquiry led to a booking.
func leadBooked(tx *store.Tx, a store.Appointment) error {
	if a.Lead == 0 {
		return nil
	}
	l, err := tx.Lead(a.Lead)
	if err != nil || l.State != term.LeadOpen {
		return err
	}
	l.State = term.LeadBooked
	return tx.SaveLead(&l)
}

func appointment(r *store.Read, id term.AppointmentID) (store.Appointment, error) {
	a, err := r.Appointment(id)
	if errors.Is(err, store.ErrNotFound) {
		return a, fault.NotFound("appointment").Because(err)
	}
	return a, err
}

// Change confirms, cancels, marks as no-show or restores a booking. All but confirming and
// no-show want the actor's reason.
func (d *Desk) Change(ctx context.Context, by access.Actor, id term.AppointmentID, deed string) error {
	may, known := map[string]access.Permission{
		BookingConfirm: access.AppointmentConfirm, BookingCancel: access.AppointmentCancel,
		BookingNoShow: access.AppointmentNoShow, BookingRestore: access.AppointmentRestore,
	}[deed]
	if !known {
		return fault.NotFound("appointment")
	}
	return d.WriteOn(ctx, by, may, bookingRef(id), func(tx *store.Tx) error {
		a, err := appointment(tx.Read, id)
		if err != nil {
			return err
		}
		to, ok := bookingMoves[deed][a.State]
		if !ok {
			return fault.Clash("booking.not_now", fault.Word(a.State.Key()))
		}
		if err := mayChange(tx, by, a, deed); err != nil {
			return err
		}
		was := a
		a.State, a.CancelReason = to, ""
		if deed == BookingCancel || deed == BookingNoShow {
			a.CancelReason = by.Reason
		}
		tx.Result("appointment", int64(id))
		booked(tx, a.StartsAt)
		if err := tx.SaveAppointment(&a); err != nil {
			return err
		}
		return message.Follow(tx, was, a)
	})
}

// mayMiss refuses a no-show before the grace is over, and one of somebody who is in the house.
func mayMiss(r *store.Read, a store.Appointment) error {
	if !patience.Missed(a.StartsAt, r.Now()) {
		return fault.Refuse("S1-02", "booking.refuse.early", a.StartsAt.Stamp(r.Zone()), a.StartsAt.Add(patience.NoShowGrace).Clock(r.Zone()))
	}
	if a.Client == 0 {
		return nil
	}
	v, err := r.OpenVisit(a.Client)
	if errors.Is(err, store.ErrNotFound) || err == nil && v.ArrivedAt.Day(r.Zone()) != a.StartsAt.Day(r.Zone()) {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.Refuse("S1-02", "booking.refuse.here", v.ArrivedAt.Clock(r.Zone()), v.Number).At(fmt.Sprintf("/reception/visit/%d", v.ID)).Ask("reception")
}

// mayChange asks for the reason, for the time of a no-show, and for a free slot when a booking
// comes back.
func mayChange(tx *store.Tx, by access.Actor, a store.Appointment, deed string) error {
	if (deed == BookingCancel || deed == BookingRestore) && strings.TrimSpace(by.Reason) == "" {
		var bad fault.Fields
		bad.Add("_reason", "booking.wrong.reason")
		return bad.Err()
	}
	if deed == BookingNoShow {
		return mayMiss(tx.Read, a)
	}
	if deed != BookingRestore {
		return nil
	}
	return mayReturn(tx.Read, a)
}
