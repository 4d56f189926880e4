package reception

import (
	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// CardState is what a card of the calendar says in one word: the state of the booking, and from
// the arrival on that of the visit.
type CardState string

// States of a card beyond those of the booking.
const (
	CardArrived CardState = "arrived"
	CardServing CardState = "serving"
	CardToPay   CardState = "to_pay"
	CardDone    CardState = "done"
	CardLeft    CardState = "left"
)

// Key is the words key of the state.
func (s CardState) Key() string { return "calendar.state." + string(s) }

// Marks of a card (screens.md section 2).
const (
	MarkNew     = "new"     // a lead that has no file yet
	MarkFirst   = "first"   // has a file and was never here
	MarkVIP     = "vip"     // a tier above the ordinary one
	MarkAlarm   = "alarm"   // the file has red words
	MarkDebt    = "debt"    // owes money
	MarkDeposit = "deposit" // nothing was paid yet of what the booking is for
	MarkLast    = "last"    // the last session of the course
	MarkAsk     = "ask"     // the doctor is to be asked
	MarkOverlap = "overlap" // booked on purpose over another one
)

// Card is one booking as the calendar shows it.
type Card struct {
	BookingRow
	Column Place
	State  CardState
	Marks  []string
	// Since is when the client began to wait; zero when nobody waits.
	Since term.Instant
	Debt  term.Fen // 0 for those who see no money
}

// cardsOf reads what the cards tell beside the bookings: four queries for any number of them.
func cardsOf(r *store.Read, by access.Actor, all []store.Appointment) ([]Card, error) {
	n, err := directoryOf(r)
	if err != nil {
		return nil, err
	}
	know, err := markingsOf(r, all)
	if err != nil {
		return nil, err
	}
	cards := make([]Card, 0, len(all))
	for _, a := range all {
		row, err := n.row(a)
		if err != nil {
			return nil, err
		}
		card := Card{BookingRow: row, State: CardState(a.State)}
		if v, came := know.visits[a.ID]; came && a.State == term.AppointmentArrived { // not one that was taken back
			card.Visit = v.ID
			card.ofVisit(v)
		}
		card.marks(by, n.clients[a.Client], know)
		cards = append(cards, card)
	}
	return cards, nil
}

// markings are the facts behind the marks, of all cards at once.
type markings struct {
	clients map[term.ClientID]store.ClientMark
	left    map[term.OrderLineID]int
	unpaid  map[store.Unpaid]bool
	visits  map[term.AppointmentID]store.Visit
}

func markingsOf(r *store.Read, all []store.Appointment) (know markings, err error) {
	var clients []term.ClientID
	var lines []term.OrderLineID
	var ids []term.AppointmentID
	for _, a := range all {
		ids = append(ids, a.ID)
		if a.Client != 0 {
			clients = append(clients, a.Client)
		}
		if a.Line != 0 {
			lines = append(lines, a.Line)
		}
	}
	if know.clients, err = r.ClientMarks(clients); err != nil {
		return know, err
	}
	if know.unpaid, err = r.UnpaidAmong(clients); err != nil {
		return know, err
	}
	if know.left, err = r.SessionsLeftIn(lines); err != nil {
		return know, err
	}
	know.visits, err = r.VisitsFor(ids)
	return know, err
}

// ofVisit takes the state of the visit that came of the booking.
func (c *Card) ofVisit(v store.Visit) {
	switch {
	case v.State == term.VisitCompleted:
		c.State = CardDone
	case !v.Open():
		c.State = CardLeft
	case v.Station == term.AtTill:
		c.State = CardToPay
	case v.Station == term.AtWaiting:
		c.State, c.Since = CardArrived, v.StationAt
	case v.Station == term.AtLeaving:
		c.State = CardDone
	default:
		c.State = CardServing
	}
}

// marks sets the badges of the card, as far as the actor may know of them (rulings 32).
func (c *Card) marks(by access.Actor, client store.Client, know markings) {
	mark := func(is bool, name string) {
		if is {
			c.Marks = append(c.Marks, name)
		}
	}
	file := c.Appointment.Client
	told := know.clients[file]
	mark(file == 0, MarkNew)
	mark(file != 0 && told.Visits == 0, MarkFirst)
	mark(client.Tier != "" && client.Tier != "normal", MarkVIP)
	mark(by.Sees(access.FieldAlarm) && client.Alarmed(), MarkAlarm)
	if by.Sees(access.FieldMoney) {
		c.Debt = told.Debt
		due := c.Line == 0 && know.unpaid[store.Unpaid{Client: file, Item: c.Appointment.Item}] && c.State != CardDone && c.State != CardLeft
		mark(due, MarkDeposit)
		mark(told.Debt > 0 && !due, MarkDebt)
	}
	mark(c.Line != 0 && know.left[c.Line] == 1, MarkLast)
	mark(c.AskDoctor, MarkAsk)
	mark(c.OverlapBy != 0, MarkOverlap)
}

// lacksDeposit says of one booking that nothing was paid yet of what it is for.
func lacksDeposit(r *store.Read, by access.Actor, a store.Appointment) (bool, error) {
	if !living(a) || a.Client == 0 || a.Item == 0 || a.Line != 0 || !by.Sees(access.FieldMoney) {
		return false, nil
	}
	unpaid, err := r.UnpaidAmong([]term.ClientID{a.Client})
	return unpaid[store.Unpaid{Client: a.Client, Item: a.Item}], err
}
