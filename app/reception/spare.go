package reception

import (
	"cmp"
	"slices"

	"meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
)

// spare are the client's paid sessions that are neither used nor booked for a time to come.
func spare(r *store.Read, client term.ClientID) ([]finance.Remaining, error) {
	list, err := finance.RemainingLines(r, client)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	booked, err := r.LinesBooked(client)
	for i := range list {
		list[i].Left -= booked[list[i].Line.ID]
	}
	return slices.DeleteFunc(list, func(l finance.Remaining) bool { return l.Left < 1 }), err
}

// sessionFor is the item of a paid session: of a new booking one that is spare, because two desks that
// book the last one would both promise it; of a booking that has the session already, any that is left.
func sessionFor(r *store.Read, in Booking, a store.Appointment) (item store.Item, ok bool, err error) {
	lines := spare
	if a.ID != 0 {
		lines = finance.RemainingLines
	}
	list, err := lines(r, in.Client)
	at := slices.IndexFunc(list, func(l finance.Remaining) bool { return l.Line.ID == in.Line })
	if err != nil || at < 0 {
		return item, false, err
	}
	return list[at].Item, true, nil
}

// Operators are those of the people who treat.
func (s BookingSheet) Operators() []store.Staff {
	return slices.DeleteFunc(slices.Clone(s.Staff), func(x store.Staff) bool { return !medical(x) })
}

// Usual is what a paid line says of its course: how many sessions are left to be booked, and the days
// between two of them.
func (s BookingSheet) Usual(line term.OrderLineID) (count, interval int) {
	for _, l := range s.Sessions {
		if l.Line.ID == line {
			return l.Left, cmp.Or(l.Item.IntervalDays, usualInterval)
		}
	}
	return 0, 0
}
