package reception

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/engine/banner"
	"meixu/app/engine/message"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/finance"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Arrive is one coming of a client, by booking or without.
type Arrive struct {
	Client      term.ClientID
	Appointment term.AppointmentID // 0: came without booking
	// Lines are paid lines of which the client wants a session today.
	Lines []term.OrderLineID
	VIP   bool
}

// Arrive opens a visit: greeted, a queue number, the SOP begun and everything stamped that
// stands already (S1-02, S1-03, S1-05 … S1-07).
func (d *Desk) Arrive(ctx context.Context, by access.Actor, in Arrive) (id term.VisitID, err error) {
	err = d.Write(ctx, by, access.VisitArrive, func(tx *store.Tx) error {
		v, err := d.open(tx, by, in)
		if err != nil {
			return err
		}
		id = v.ID
		tx.Result("visit", int64(v.ID))
		if err := d.SOP.Start(tx, v.ID); err != nil {
			return err
		}
		if err := d.stampArrival(tx, by, v); err != nil {
			return err
		}
		news(tx, v.ID)
		if len(v.Wanted) == 0 {
			return nil
		}
		return d.SOP.Prove(tx, by, sop.Subject{Visit: v.ID}, SignalSession, visitRef(v.ID))
	})
	if noun, again, ok := fault.Replayed(err); ok && noun == "visit" {
		return term.VisitID(again), nil
	}
	return id, err
}

// open adds visit and ticket and ties booking and leads to them.
func (d *Desk) open(tx *store.Tx, by access.Actor, in Arrive) (v store.Visit, err error) {
	c, err := client(tx.Read, in.Client)
	if err != nil {
		return v, err
	}
	if err := mayOpen(tx.Read, by, c); err != nil {
		return v, err
	}
	booked, err := booking(tx.Read, in)
	if err != nil {
		return v, err
	}
	if err := checkLines(tx.Read, &in, booked); err != nil {
		return v, err
	}
	v = store.Visit{
		Client: c.ID, Appointment: in.Appointment, State: term.VisitOpen, Stage: term.StageReception, Station: term.AtWaiting,
		StationAt: tx.Now(), ArrivedAt: tx.Now(), GreetedAt: tx.Now(), VIP: in.VIP, Wanted: in.Lines,
	}
	if err := tx.AddVisit(&v); err != nil {
		return v, err
	}
	if in.Appointment != 0 {
		was := booked
		booked.Before, booked.State, booked.Client = booked.State, term.AppointmentArrived, c.ID
		if err := tx.SaveAppointment(&booked); err != nil {
			return v, err
		}
		if err := message.Follow(tx, was, booked); err != nil {
			return v, err
		}
	}
	stream := StreamConsult
	if len(in.Lines) > 0 {
		stream = StreamTreatment
	}
	return v, ticket(tx, v.ID, stream)
}

func mayOpen(r *store.Read, by access.Actor, c store.Client) error {
	open, err := r.OpenVisit(c.ID)
	if errors.Is(err, store.ErrNotFound) {
		return mayArrive(c, nil, by.Is(access.Manager))
	}
	if err != nil {
		return err
	}
	return mayArrive(c, &open, by.Is(access.Manager))
}

// booking reads the appointment that the client came for and refuses one that is not theirs or not of
// today: a slot of another day would count as used and stay taken.
func booking(r *store.Read, in Arrive) (a store.Appointment, err error) {
	if in.Appointment == 0 {
		return a, nil
	}
	if a, err = r.Appointment(in.Appointment); errors.Is(err, store.ErrNotFound) {
		return a, fault.NotFound("appointment")
	}
	if err != nil {
		return a, err
	}
	if a.State != term.AppointmentRequested && a.State != term.AppointmentConfirmed {
		return a, fault.Clash("reception.arrive.booking", fault.Word(a.State.Key()))
	}
	if day := a.StartsAt.Day(r.Zone()); day != r.Today() { // a page from before midnight, or a post by hand
		return a, fault.Clash("reception.arrive.day", string(day)).At(fmt.Sprintf("/reception/appointments/%d", a.ID))
	}
	if a.Client == in.Client {
		return a, nil
	}
	var f fault.Fields
	f.Add("appointment", "reception.arrive.foreign")
	if a.Client != 0 || a.Lead == 0 {
		return a, f.Err()
	}
	l, err := r.Lead(a.Lead)
	if err == nil && l.Client != in.Client {
		return a, f.Err()
	}
	return a, err
}

// checkLines keeps only paid lines of the client with sessions left; the line for which the
// slot was booked comes by itself.
func checkLines(r *store.Read, in *Arrive, booked store.Appointment) error {
	if booked.Line != 0 && len(in.Lines) == 0 {
		in.Lines = []term.OrderLineID{booked.Line}
	}
	if len(in.Lines) == 0 {
		return nil
	}
	slices.Sort(in.Lines)
	in.Lines = slices.Compact(in.Lines) // of each line one session a visit, however often it is posted
	left, err := finance.RemainingLines(r, in.Client)
	if err != nil {
		return err
	}
	for _, line := range in.Lines {
		found := false
		for _, l := range left {
			found = found || l.Line.ID == line
		}
		if !found {
			return fault.Refuse("REG-FEE-08", "reception.arrive.no_session").Ask("cashier")
		}
	}
	return nil
}

// ticket gives out the next number of the day in the stream: C01, T01.
func ticket(tx *store.Tx, visit term.VisitID, stream string) error {
	n, err := tx.CountTickets(tx.Today(), stream)
	if err != nil {
		return err
	}
	way, err := openWay(tx, visit)
	if err != nil {
		return err
	}
	return tx.AddTicket(&store.Ticket{
		Visit: visit, Day: tx.Today(), Stream: stream, Number: fmt.Sprintf("%s%02d", stream, n+1), State: term.TicketWaiting, Way: way,
	})
}

// stampArrival stamps what the arrival itself proves and what stood before it.
func (d *Desk) stampArrival(tx *store.Tx, by access.Actor, v store.Visit) error {
	lead, err := crm.Arrived(tx, v.Client, v.ID)
	if err != nil {
		return err
	}
	kinds := []string{ProveArrived, crm.ProveConsent, crm.ProveIdentity, crm.ProveFile}
	if v.Appointment != 0 {
		kinds = append(kinds, ProveBooked)
	}
	if lead.ID != 0 {
		kinds = append(kinds, crm.ProveAnswer)
	}
	for _, kind := range kinds {
		if err := d.SOP.Prove(tx, by, sop.Subject{Visit: v.ID}, kind, store.Subject{}); err != nil {
			return err
		}
	}
	return nil
}

// Arrival is what the desk looks at before it opens a visit.
type Arrival struct {
	Client   store.Client
	Banner   *banner.View
	Open     *store.Visit // the visit that is open already
	Today    []Booked     // bookings of today that were not used yet
	Sessions []finance.Remaining
	Visits   int // earlier visits, at most 50 counted
}

// Booked is a booking with the words the desk wants.
type Booked struct {
	store.Appointment
	Item string
	// ItemEN is the item in English.
	ItemEN string
	With   string
}

// Arrival reads the client who stands at the desk.
func (d *Desk) Arrival(ctx context.Context, by access.Actor, id term.ClientID) (a Arrival, err error) {
	err = d.View(ctx, by, access.VisitArrive, id, func(r *store.Read) error {
		if a.Client, err = client(r, id); err != nil {
			return err
		}
		if a.Banner, err = banner.Of(r, by, id); err != nil {
			return err
		}
		v, err := r.OpenVisit(id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err == nil {
			a.Open = &v
		}
		if a.Sessions, err = finance.RemainingLines(r, id); err != nil {
			return err
		}
		earlier, err := r.VisitsOf(id, 0, 50)
		a.Visits = len(earlier)
		if err != nil {
			return err
		}
		a.Today, err = bookedToday(r, a.Client)
		return err
	})
	return a, err
}

// bookedToday lists what the client (or the lead of which the client came) booked for today.
func bookedToday(r *store.Read, c store.Client) (list []Booked, err error) {
	day := r.Today()
	all, err := r.AppointmentsBetween(day.Start(r.Zone()), day.End(r.Zone()), 500)
	if err != nil {
		return nil, err
	}
	leads, err := r.LeadsOf(c.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		mine := a.Client == c.ID
		for _, l := range leads {
			mine = mine || a.Client == 0 && a.Lead == l.ID
		}
		if !mine || a.State != term.AppointmentRequested && a.State != term.AppointmentConfirmed {
			continue
		}
		b, err := bookedAs(r, a)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, nil
}

// bookedAs reads what a booking is for and with whom.
func bookedAs(r *store.Read, a store.Appointment) (Booked, error) {
	b := Booked{Appointment: a}
	if a.Item != 0 {
		item, err := r.Item(a.Item)
		if err != nil {
			return b, err
		}
		b.Item, b.ItemEN = item.Name, item.NameEN
	}
	if a.Staff != 0 {
		s, err := r.Staff(a.Staff)
		if err != nil {
			return b, err
		}
		b.With = s.Name
	}
	return b, nil
}

func client(r *store.Read, id term.ClientID) (store.Client, error) {
	c, err := r.Client(id)
	if errors.Is(err, store.ErrNotFound) {
		return c, fault.NotFound("client").Because(err)
	}
	return c, err
}

func visit(r *store.Read, id term.VisitID) (store.Visit, error) {
	v, err := r.Visit(id)
	if errors.Is(err, store.ErrNotFound) {
		return v, fault.NotFound("visit").Because(err)
	}
	return v, err
}

// news tells queue and board that something about the visit changed.
func news(tx *store.Tx, id term.VisitID) {
	tx.Publish(live.Queue)
	tx.Publish(live.Board)
	tx.Publish(fmt.Sprintf("visit:%d", id))
}
