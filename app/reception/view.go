package reception

import (
	"context"
	"errors"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/closing"
	"meixu/app/engine/document"
	"meixu/app/engine/patience"
	"meixu/app/engine/sop"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Sheet is one visit as the desk sees it.
type Sheet struct {
	Visit       store.Visit
	Client      store.Client
	Ticket      store.Ticket
	Banner      *banner.View
	Stepper     *sop.Stepper
	Consultants []Candidate
	Physicians  []store.Staff
	Consultant  string
	Physician   string
	Room        string
	Rooms       []store.Room
	Limit       int          // minutes from the arrival, by tier; 0 when the client waits no more
	CanUndo     bool         // the last deed on the number can be undone
	Gaps        sop.Gaps     // hard steps of the reception that are missing
	Agreed      bool         // every consent of the visit is signed: none can be refused any more
	Used        bool         // something came of the visit; it cannot be undone any more
	Wanted      []words.Text // items of the sessions wanted today
	Open        sop.Gaps     // what an early end of the visit calls off or leaves open
}

// Sheet reads one visit for the desk.
func (d *Desk) Sheet(ctx context.Context, by access.Actor, id term.VisitID) (s Sheet, err error) {
	err = d.ViewOf(ctx, by, access.DeskView, func(r *store.Read) (term.ClientID, error) {
		if s.Visit, err = visit(r, id); err != nil {
			return 0, err
		}
		if s.Client, err = r.Client(s.Visit.Client); err != nil {
			return 0, err
		}
		if s.Banner, err = banner.Of(r, by, s.Client.ID); err != nil {
			return 0, err
		}
		if s.Stepper, err = d.SOP.Stepper(r, id, by.Lang); err != nil {
			return 0, err
		}
		return s.Client.ID, d.dress(r, &s)
	})
	return s, err
}

// dress adds ticket, people, rooms and what is missing.
func (d *Desk) dress(r *store.Read, s *Sheet) (err error) {
	if s.Ticket, err = r.TicketOf(s.Visit.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	limits, err := patience.Of(r)
	if err != nil {
		return err
	}
	s.Limit, s.CanUndo = limits.Now(stay(s.Visit, s.Ticket, s.Client.Tier)), MayUndo(s.Ticket, r.Today())
	if s.Rooms, err = r.Rooms(); err != nil {
		return err
	}
	for _, room := range s.Rooms {
		if room.ID == s.Ticket.Room && s.Ticket.Room != 0 {
			s.Room = room.Name
		}
	}
	if s.Consultants, err = rotation(r, s.Visit); err != nil {
		return err
	}
	if s.Physicians, err = physicians(r); err != nil {
		return err
	}
	if s.Consultant, err = staffName(r, s.Visit.Consultant); err != nil {
		return err
	}
	if s.Physician, err = staffName(r, s.Visit.Physician); err != nil {
		return err
	}
	if s.Used, err = inUse(r, s.Visit); err != nil {
		return err
	}
	if s.Agreed, err = document.Agreed(r, s.Visit.ID); err != nil {
		return err
	}
	for _, line := range s.Visit.Wanted {
		l, err := r.OrderLine(line)
		if err != nil {
			return err
		}
		item, err := r.Item(l.Item)
		if err != nil {
			return err
		}
		s.Wanted = append(s.Wanted, words.Text{ZH: item.Name, EN: item.NameEN})
	}
	if s.Open, err = closing.Leaving(r, s.Visit.ID); err != nil {
		return err
	}
	s.Gaps, err = d.SOP.Gate(r, sop.Subject{Visit: s.Visit.ID}, "S2-05") // what must stand before the doctor
	return err
}

// Today is the desk's first page.
type Today struct {
	Queue    Queue
	Open     int // clients in the house
	Longest  term.Instant
	Limit    int          // minutes, of whoever waits longest
	Leads    []store.Lead // not answered yet
	Bookings []Expected
	Late     int // bookings whose time has passed
}

// Expected is a booking of today that was not used yet.
type Expected struct {
	store.Appointment
	Name   string
	Number string
	Item   string
	ItemEN string
	With   string
	Late   bool
	Missed bool // late beyond the grace, and not in the house
}

// Today reads who is here, who is to come and who waits for an answer.
func (d *Desk) Today(ctx context.Context, by access.Actor) (t Today, err error) {
	err = d.Read(ctx, by, access.DeskView, func(r *store.Read) error {
		if t.Queue, err = queue(r); err != nil {
			return err
		}
		visits, err := r.OpenVisits()
		if err != nil {
			return err
		}
		t.Open = len(visits)
		t.Longest, t.Limit = t.Queue.longest()
		leads, err := r.OpenLeads(200)
		if err != nil {
			return err
		}
		for _, l := range leads {
			if l.FirstReplyAt.IsZero() {
				t.Leads = append(t.Leads, l)
			}
		}
		t.Bookings, err = expected(r)
		for i := range t.Bookings {
			b := &t.Bookings[i]
			if b.Late {
				t.Late++
			}
			here := slices.ContainsFunc(visits, func(v store.Visit) bool { return b.Client != 0 && v.Client == b.Client })
			b.Missed = !here && patience.Missed(b.StartsAt, r.Now())
		}
		return err
	})
	return t, err
}

// longest is since when the person who waits longest is here; zero when nobody waits.
func (q Queue) longest() (since term.Instant, limit int) {
	for _, w := range q.Waiting {
		if since.IsZero() || w.Ticket.CreatedAt.Before(since) {
			since, limit = w.Ticket.CreatedAt, w.Limit
		}
	}
	return since, limit
}

// expected lists today's bookings that wait for their client, by time.
func expected(r *store.Read) (list []Expected, err error) {
	day := r.Today()
	all, err := r.AppointmentsBetween(day.Start(r.Zone()), day.End(r.Zone()), 500)
	if err != nil {
		return nil, err
	}
	staff, err := r.StaffNames()
	if err != nil {
		return nil, err
	}
	var ids []term.ClientID
	for _, a := range all {
		if a.State == term.AppointmentRequested || a.State == term.AppointmentConfirmed {
			list = append(list, Expected{Appointment: a, With: staff[a.Staff], Late: a.StartsAt.Before(r.Now())})
			ids = append(ids, a.Client)
		}
	}
	clients, err := r.ClientsIn(ids)
	if err != nil {
		return nil, err
	}
	items := map[term.ItemID]store.Item{}
	for i := range list {
		b := &list[i]
		if err := nameOf(r, b, clients); err != nil {
			return nil, err
		}
		if _, known := items[b.Appointment.Item]; !known && b.Appointment.Item != 0 {
			item, err := r.Item(b.Appointment.Item)
			if err != nil {
				return nil, err
			}
			items[item.ID] = item
		}
		b.Item, b.ItemEN = items[b.Appointment.Item].Name, items[b.Appointment.Item].NameEN
	}
	return list, nil
}

// nameOf puts the client's or the lead's name on a booking.
func nameOf(r *store.Read, b *Expected, clients map[term.ClientID]store.Client) error {
	if c, ok := clients[b.Client]; ok {
		b.Name, b.Number = c.Name, c.Number
		return nil
	}
	l, err := r.Lead(b.Lead)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	b.Name = l.Name
	return err
}
