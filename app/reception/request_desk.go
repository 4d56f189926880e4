package reception

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/engine/message"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// RequestRow is a booking that a guest asked for, as the desk sees it.
type RequestRow struct {
	store.BookingRequest
	Window Window
	Item   string
	ItemEN string
	// Known are the files with this number; Same is the one of them with the same name, 0 for none.
	Known []store.Client
	Same  term.ClientID
	// Apart are files with another number: those of the same name, and the one that was looked for.
	Apart []store.Client
	// Matches are the first free slots of the window.
	Matches []WaitSlot
	Start   term.Instant // of the booking that came of it
	// Fold says that others of the same number stand before it.
	Fold bool
}

// RequestList are the bookings that guests asked for: those that wait, and those answered lately.
type RequestList struct {
	Waiting, Answered []RequestRow
}

// answeredFor is how long an answered request stays on the list.
const answeredFor = 3 * 24 * time.Hour

// Requests lists what guests asked for, with the files that may be theirs and the free slots.
func (d *Desk) Requests(ctx context.Context, by access.Actor, sought RequestFile) (l RequestList, err error) {
	err = d.Read(ctx, by, access.RequestView, func(r *store.Read) error {
		names, err := directoryOf(r)
		if err != nil {
			return err
		}
		waiting, err := r.BookingRequests(store.RequestWaiting, requestsMost)
		if err != nil {
			return err
		}
		m, err := matcherOf(r)
		if err != nil {
			return err
		}
		count := map[string]int{}
		for _, q := range waiting {
			row, err := requestRow(names, q)
			if err != nil {
				return err
			}
			count[q.Phone]++
			row.Fold = count[q.Phone] > numberShown
			if err := row.meet(r, m, names); err != nil {
				return err
			}
			l.Waiting = append(l.Waiting, row)
		}
		if err := d.apart(r, l.Waiting, sought); err != nil {
			return err
		}
		return l.answered(r, names)
	})
	return l, err
}

func (l *RequestList) answered(r *store.Read, names directory) error {
	done, err := r.BookingRequestsSince(r.Now().Add(-answeredFor), mostWaits)
	if err != nil {
		return err
	}
	for _, q := range done {
		row, err := requestRow(names, q)
		if err != nil {
			return err
		}
		if q.Appointment != 0 {
			a, err := r.Appointment(q.Appointment)
			if err != nil {
				return err
			}
			row.Start = a.StartsAt
		}
		l.Answered = append(l.Answered, row)
	}
	return nil
}

func requestRow(names directory, q store.BookingRequest) (RequestRow, error) {
	row := RequestRow{BookingRequest: q, Window: windowOf(q)}
	if q.Item == 0 {
		return row, nil
	}
	i, known := names.items[q.Item]
	if !known {
		var err error
		if i, err = names.r.Item(q.Item); err != nil {
			return row, err
		}
		names.items[q.Item] = i
	}
	row.Item, row.ItemEN = i.Name, i.NameEN
	return row, nil
}

// meet adds the files of the number and the free slots of the window.
func (row *RequestRow) meet(r *store.Read, m *matcher, names directory) (err error) {
	if row.Known, err = filesOf(r, row.Phone); err != nil {
		return err
	}
	for _, c := range row.Known {
		if term.Likeness(c.Name) == term.Likeness(row.Name) {
			row.Same = c.ID
		}
	}
	item := names.items[row.BookingRequest.Item]
	for _, s := range m.matches(row.wanted(), item) {
		row.Matches = append(row.Matches, WaitSlot{Staff: s.Staff, Who: names.staff[s.Staff], Start: s.StartsAt})
	}
	return nil
}

// wanted is the request as an entry of the wait list, to look for free slots.
func (row *RequestRow) wanted() store.Wait {
	q := row.BookingRequest
	return store.Wait{Item: q.Item, FromDay: q.Day, ToDay: q.Day, From: q.From, To: q.To, Minutes: q.Minutes}
}

// RequestsWaiting counts what waits for an answer, for the strip on the desk's pages.
func (d *Desk) RequestsWaiting(ctx context.Context, by access.Actor) (n int, err error) {
	err = d.Read(ctx, by, access.RequestView, func(r *store.Read) error {
		n, err = r.CountBookingRequests()
		return err
	})
	return n, err
}

// Acceptance is how the desk takes a request: for which file (0 makes an inquiry of the guest), with
// whom and when.
type Acceptance struct {
	Chosen bool // somebody said for whom
	Client term.ClientID
	Phone  string // PhoneKept or PhoneTaken, where the file has another number than the request
	// Version is that of the file whose number the page showed, where it gives way to another.
	Version int
	Staff   term.StaffID
	Start   term.Instant
}

// AcceptRequest books what a guest asked for and tells the guest, in one write with the look whether
// the slot is free: of two desks the second is refused.
func (d *Desk) AcceptRequest(ctx context.Context, by access.Actor, id term.RequestID, in Acceptance) (booked term.AppointmentID, err error) {
	var taken *Taken
	err = d.WriteOn(ctx, by, access.RequestAccept, requestRef(id), func(tx *store.Tx) error {
		taken = nil
		q, err := openRequest(tx.Read, id)
		if err != nil {
			return err
		}
		if err := d.whoFor(tx, by, &q, in); err != nil {
			return err
		}
		booked, taken, err = d.bookIn(tx, by, Booking{
			Client: q.Client, Lead: q.Lead, Item: q.Item, Staff: in.Staff, Start: in.Start, Minutes: q.Minutes, Confirmed: true,
			Note: cmp.Or(q.Note, requestNote(by.Lang, q.Number)),
		})
		if err != nil || taken != nil {
			return taken.orError(err)
		}
		q.State, q.Appointment = store.RequestAccepted, booked
		tx.Result("appointment", int64(booked))
		tx.Publish(TopicRequests)
		return tx.SaveBookingRequest(&q)
	})
	return booked, d.offer(ctx, by, taken, err)
}

func requestRef(id term.RequestID) store.Subject {
	return store.Subject{Noun: "booking_request", ID: int64(id)}
}

// openRequest reads a request that waits still.
func openRequest(r *store.Read, id term.RequestID) (store.BookingRequest, error) {
	q, err := r.BookingRequest(id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return q, fault.NotFound("request").Because(err)
	case err == nil && q.State != store.RequestWaiting:
		return q, fault.Clash("request.refuse.over", q.Number, fault.Word("request.state."+q.State)).At("/reception/requests")
	}
	return q, err
}

// Ready answers to a guest whose wish cannot be met.
const (
	AnswerOther = message.Other // with other times
	AnswerSorry = message.Sorry // by a call to the house
)

// DeclineRequest answers a guest with a ready text in the outbox: other times that are free, or that
// it cannot be done. told is false when the person wants no messages: somebody must call.
func (d *Desk) DeclineRequest(ctx context.Context, by access.Actor, id term.RequestID, answer string) (told bool, err error) {
	if answer != AnswerOther && answer != AnswerSorry {
		var bad fault.Fields
		bad.Add("answer", "kit.bad.choice")
		return false, bad.Err()
	}
	var free []term.Instant
	if err := d.Read(ctx, by, access.RequestDecline, func(r *store.Read) error {
		q, err := openRequest(r, id)
		if err == nil && answer == AnswerOther {
			free, err = otherTimes(r, q)
		}
		return err
	}); err != nil {
		return false, err
	}
	if answer == AnswerOther && len(free) == 0 {
		return false, fault.Refuse("A9", "request.refuse.nothing")
	}
	err = d.WriteOn(ctx, by, access.RequestDecline, requestRef(id), func(tx *store.Tx) error {
		q, err := openRequest(tx.Read, id)
		if err != nil {
			return err
		}
		if err := toWhom(tx, by, &q, answer); err != nil {
			return err
		}
		q.State = store.RequestDeclined
		tx.Result("booking_request", int64(id))
		tx.Publish(TopicRequests)
		if err := tx.SaveBookingRequest(&q); err != nil {
			return err
		}
		told, err = message.Reply(tx, answer, q, free)
		return err
	})
	return told, err
}

// toWhom ties an answer to the one file of name and number, else to an inquiry, which stays open
// while other times are offered.
func toWhom(tx *store.Tx, by access.Actor, q *store.BookingRequest, answer string) error {
	known, err := filesOf(tx.Read, q.Phone)
	if err != nil {
		return err
	}
	for _, c := range known {
		if len(known) == 1 && term.Likeness(c.Name) == term.Likeness(q.Name) {
			q.Client = c.ID
			return nil
		}
	}
	in := crm.NewLead{Name: q.Name, Phone: q.Phone, Channel: "online"}
	if q.Lead, err = crm.Inquired(tx, by, in); err != nil || answer == AnswerOther {
		return err
	}
	return crm.GivenUp(tx, q.Lead, by.Lang.T("request.declined"))
}

// otherTimes are the first free slots from the wished day on, at any time of the day.
func otherTimes(r *store.Read, q store.BookingRequest) (free []term.Instant, err error) {
	m, err := matcherOf(r)
	if err != nil {
		return nil, err
	}
	item := store.Item{}
	if q.Item != 0 {
		if item, err = r.Item(q.Item); err != nil {
			return nil, err
		}
	}
	first := max(q.Day, r.Today())
	for _, s := range m.matches(store.Wait{Item: q.Item, FromDay: first, ToDay: first.Add(searchDays), To: 24 * 60, Minutes: q.Minutes}, item) {
		if !slices.Contains(free, s.StartsAt) {
			free = append(free, s.StartsAt)
		}
	}
	return free, nil
}
