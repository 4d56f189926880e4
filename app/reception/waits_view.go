package reception

import (
	"context"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/people"
	"meixu/store"
	"meixu/store/term"
)

// mostWaits bounds the wait list.
const mostWaits = 200

// WaitSlot is a free slot that suits somebody who waits.
type WaitSlot struct {
	Staff term.StaffID
	Who   string
	Start term.Instant
}

// WaitRow is an entry of the wait list with the slots that suit.
type WaitRow struct {
	store.Wait
	Client  string
	Number  string
	Phone   string // masked
	Item    string
	ItemEN  string
	Wants   string // the person wanted; "" for anybody
	Matches []WaitSlot
}

// WaitList is the wait list: who has a match first, urgent before others, then the oldest.
type WaitList struct {
	Rows  []WaitRow
	Match int // rows with a match
	// Freed is the booking that was given up and whose time is looked at; zero for all.
	Freed BookingRow
}

// Waits lists who waits, with the free slots of the next two weeks that suit (row:A6). It is
// worked out from bookings and roster whenever it is asked for, so a slot that becomes free is
// seen at once. freed narrows it to those who could take the time of a booking given up.
func (d *Desk) Waits(ctx context.Context, by access.Actor, freed term.AppointmentID) (l WaitList, err error) {
	err = d.Read(ctx, by, access.WaitView, func(r *store.Read) error {
		l, err = waitList(r, freed)
		return err
	})
	return l, err
}

// WaitersFor counts who waits and could take the time of a booking that was given up.
func waitersFor(r *store.Read, id term.AppointmentID) (int, error) {
	l, err := waitList(r, id)
	return l.Match, err
}

func waitList(r *store.Read, freed term.AppointmentID) (l WaitList, err error) {
	names, err := directoryOf(r)
	if err != nil {
		return l, err
	}
	m, err := matcherOf(r)
	if err != nil {
		return l, err
	}
	if freed != 0 {
		a, err := appointment(r, freed)
		if err != nil {
			return l, err
		}
		if l.Freed, err = names.row(a); err != nil {
			return l, err
		}
		m.freed = a
	}
	all, err := r.Waiting(mostWaits)
	if err != nil {
		return l, err
	}
	var rest []WaitRow
	for _, w := range all {
		row, err := m.row(names, w)
		switch {
		case err != nil:
			return l, err
		case len(row.Matches) > 0:
			l.Rows = append(l.Rows, row)
		case freed == 0:
			rest = append(rest, row)
		}
	}
	l.Match = len(l.Rows)
	l.Rows = append(l.Rows, rest...)
	return l, nil
}

// matcher finds free slots for those who wait.
type matcher struct {
	board *board
	cover people.Cover
	talks []term.StaffID        // who can be booked when no item is named
	spare map[term.StaffID]bool // physicians: their time goes to what nobody else may do
	today term.Day
	now   term.Instant
	freed store.Appointment
}

func matcherOf(r *store.Read) (m *matcher, err error) {
	m = &matcher{today: r.Today(), now: r.Now(), spare: map[term.StaffID]bool{}}
	if m.board, err = boardOf(r, m.today, m.today.Add(searchDays)); err != nil {
		return nil, err
	}
	if m.cover, err = people.CoverOf(r); err != nil {
		return nil, err
	}
	staff, err := offerable(r)
	for _, s := range staff {
		m.talks = append(m.talks, s.ID)
		m.spare[s.ID] = slices.Contains(s.Roles, string(access.Physician))
	}
	return m, err
}

func (m *matcher) row(names directory, w store.Wait) (WaitRow, error) {
	b, err := names.row(store.Appointment{Client: w.Client, Lead: w.Lead, Item: w.Item})
	if err != nil {
		return WaitRow{}, err
	}
	row := WaitRow{Wait: w, Client: b.Client, Number: b.Number, Phone: b.Phone, Item: b.Item, ItemEN: b.ItemEN, Wants: names.staff[w.Staff]}
	item := names.items[w.Item]
	for _, s := range m.matches(w, item) {
		row.Matches = append(row.Matches, WaitSlot{Staff: s.Staff, Who: names.staff[s.Staff], Start: s.StartsAt})
	}
	return row, nil
}

// matches are the first free slots in the window of an entry.
func (m *matcher) matches(w store.Wait, item store.Item) (found []Slot) {
	last := min(w.ToDay, m.today.Add(searchDays))
	for day := max(w.FromDay, m.today); day <= last && len(found) < offered; day = day.Add(1) {
		if m.freed.ID != 0 && day != m.freed.StartsAt.Day(m.board.hours.Zone) {
			continue
		}
		for _, staff := range m.candidates(w, item) {
			found = append(found, m.onDay(w, item, staff, day, offered-len(found))...)
		}
	}
	return found
}

// candidates are the people with whom an entry can be booked.
func (m *matcher) candidates(w store.Wait, item store.Item) []term.StaffID {
	switch {
	case w.Staff != 0:
		return []term.StaffID{w.Staff}
	case item.ID != 0:
		may := slices.Clone(m.cover.May(item))
		slices.SortStableFunc(may, func(a, b term.StaffID) int { return m.last(a) - m.last(b) })
		return may
	}
	return m.talks
}

// last is 1 for those who are offered after everybody else who may.
func (m *matcher) last(id term.StaffID) int {
	if m.spare[id] {
		return 1
	}
	return 0
}

// onDay are the first free slots of a person on a day that suit an entry.
func (m *matcher) onDay(w store.Wait, item store.Item, staff term.StaffID, day term.Day, most int) (found []Slot) {
	if most <= 0 || m.freed.ID != 0 && m.freed.Staff != staff {
		return nil
	}
	want := buffered(store.Appointment{Client: w.Client, Lead: w.Lead, Item: w.Item, Staff: staff}, item)
	if slices.Contains(m.cover.May(item), staff) {
		want.RoomKind, want.DeviceKind = item.RoomKind, item.DeviceKind
	}
	start := day.Start(m.board.hours.Zone)
	want.StartsAt, want.EndsAt = start, start.Add(time.Duration(w.Minutes)*time.Minute)
	m.board.freeOn(want, day, m.now, func(s Slot) bool {
		from, to := s.StartsAt.Sub(start), s.EndsAt.Sub(start)
		if from < time.Duration(w.From)*time.Minute || to > time.Duration(w.To)*time.Minute || !m.inFreed(s) {
			return true
		}
		found = append(found, s)
		return len(found) < most
	})
	return found
}

// inFreed says that a slot begins in the time of the booking that was given up.
func (m *matcher) inFreed(s Slot) bool {
	return m.freed.ID == 0 || !s.StartsAt.Before(m.freed.StartsAt) && s.StartsAt.Before(m.freed.EndsAt)
}
