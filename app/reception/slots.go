package reception

import (
	"cmp"
	"slices"
	"time"

	"meixu/store"
	"meixu/store/term"
)

// Times of booking.
const (
	// slotStep is the grid of free slots that are offered.
	slotStep = 15 * time.Minute
	// talkMinutes is how long a booking without an item takes.
	talkMinutes = 30
	// maxMinutes bounds one booking.
	maxMinutes = 8 * 60
	// horizonDays is how far ahead a booking may lie: reviews of long treatments lie within a
	// year, and a year typed wrong (9999) would block the slot out of everybody's sight.
	horizonDays = 2 * 365
	// searchDays is how far ahead free slots are looked for.
	searchDays = 14
	// offered is how many free slots are named (row:A4).
	offered = 3
)

// Hours are the clinic's opening hours in clinic time, and the days on which it is closed.
type Hours struct {
	Open, Close time.Duration // since midnight
	Closed      []term.Day
	Zone        *time.Location
}

// ordinary are the hours of a clinic that has set none.
func ordinary(zone *time.Location) Hours {
	return Hours{Open: 9 * time.Hour, Close: 20 * time.Hour, Zone: zone}
}

// within says that a slot lies in the opening hours of one day.
func (h Hours) within(from, to term.Instant) bool {
	day := from.Day(h.Zone)
	if slices.Contains(h.Closed, day) {
		return false
	}
	start := day.Start(h.Zone)
	return !from.Before(start.Add(h.Open)) && !to.After(start.Add(h.Close))
}

// Slot is a time with what it takes: a person of the house, a room, a device, the client.
type Slot struct {
	store.Appointment
	// Before and Clean are how long room and device are taken before it and afterwards, to be
	// set up and cleaned (row:A4, S4-10). The people are free at once.
	Before, Clean time.Duration
	// RoomKind and DeviceKind say what is to be chosen when no room or device was named; "" for
	// nothing.
	RoomKind, DeviceKind string
}

// Clash says in what a slot collides with one that stands: staff, room, device or client.
type Clash struct {
	With Slot
	In   []string
}

// What a slot takes.
const (
	onStaff  = "staff"
	onRoom   = "room"
	onDevice = "device"
	onClient = "client"
)

// living says that an appointment still takes its slot.
func living(a store.Appointment) bool {
	switch a.State {
	case term.AppointmentRequested, term.AppointmentConfirmed, term.AppointmentArrived:
		return true
	default:
		return false
	}
}

// clashes lists what stands in the way of a slot, in order of time.
func clashes(want Slot, standing []Slot) (out []Clash) {
	for _, s := range standing {
		if s.ID == want.ID && want.ID != 0 || !living(s.Appointment) {
			continue
		}
		if in := want.shares(s); len(in) > 0 {
			out = append(out, Clash{s, in})
		}
	}
	slices.SortStableFunc(out, func(a, b Clash) int { return a.With.StartsAt.Time().Compare(b.With.StartsAt.Time()) })
	return out
}

// shares names what two slots would both need at one time; rooms and devices are needed while
// they are set up and cleaned as well.
func (want Slot) shares(s Slot) (in []string) {
	meet := want.StartsAt.Before(s.EndsAt) && s.StartsAt.Before(want.EndsAt)
	dirty := want.StartsAt.Add(-want.Before).Before(s.EndsAt.Add(s.Clean)) && s.StartsAt.Add(-s.Before).Before(want.EndsAt.Add(want.Clean))
	if meet && want.Staff != 0 && want.Staff == s.Staff {
		in = append(in, onStaff)
	}
	if dirty && want.Room != 0 && want.Room == s.Room {
		in = append(in, onRoom)
	}
	if dirty && want.Device != 0 && want.Device == s.Device {
		in = append(in, onDevice)
	}
	if meet && (want.Client != 0 && want.Client == s.Client || want.Lead != 0 && want.Lead == s.Lead) {
		in = append(in, onClient)
	}
	return in
}

// nearest finds the three free slots that lie nearest to the wanted one: later or earlier,
// in opening hours and within the person's shift, not in the past, on the grid.
func (b *board) nearest(want Slot, now term.Instant) []term.Instant {
	zone := b.hours.Zone
	first := max(want.StartsAt.Day(zone), now.Day(zone))
	var free []term.Instant
	for n := range searchDays {
		b.freeOn(want, first.Add(n), now, func(s Slot) bool {
			free = append(free, s.StartsAt)
			return true
		})
		if n > 0 && len(free) >= offered {
			break
		}
	}
	slices.SortStableFunc(free, func(a, b term.Instant) int {
		return cmp.Or(cmp.Compare(away(a, want.StartsAt), away(b, want.StartsAt)), a.Time().Compare(b.Time()))
	})
	free = free[:min(offered, len(free))]
	slices.SortFunc(free, func(a, b term.Instant) int { return a.Time().Compare(b.Time()) })
	return free
}

func away(a, b term.Instant) time.Duration { return a.Sub(b).Abs() }

// bookingMoves are the deeds on a booking: from, deed, to.
var bookingMoves = map[string]map[term.AppointmentState]term.AppointmentState{
	BookingConfirm: {term.AppointmentRequested: term.AppointmentConfirmed},
	BookingCancel: {
		term.AppointmentRequested: term.AppointmentCancelled, term.AppointmentConfirmed: term.AppointmentCancelled,
	},
	BookingNoShow: {
		term.AppointmentRequested: term.AppointmentNoShow, term.AppointmentConfirmed: term.AppointmentNoShow,
	},
	BookingRestore: {
		term.AppointmentCancelled: term.AppointmentConfirmed, term.AppointmentNoShow: term.AppointmentConfirmed,
		term.AppointmentConfirmed: term.AppointmentRequested, // confirmed by mistake
	},
}

// Deeds on a booking that stands.
const (
	BookingConfirm = "confirm"
	BookingCancel  = "cancel"
	BookingNoShow  = "no_show"
	BookingRestore = "restore"
)
