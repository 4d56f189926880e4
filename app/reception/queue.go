package reception

import (
	"context"
	"errors"
	"strconv"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/patience"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// WaitMinutes is how long a client waits before the manager is told by the SOP (S1-04), whatever
// the tier.
const WaitMinutes = 15

// OnTicket is a deed on a queue number: Call, Serve, Skip or Back.
type OnTicket struct {
	Ticket int64
	Deed   string
	Room   term.RoomID // where the client is called to; 0 keeps the one of before
	// Stood is how the number stood on the page from which the deed is posted (Stood, StoodAfter); ""
	// says nothing. When a colleague moved the number meanwhile the deed is refused: two desks that
	// press the same call would send one client to two rooms.
	Stood string
}

// Stood is how a number stands, for the page that shows it: its state and how often it was called.
func Stood(t store.Ticket) string { return string(t.State) + "." + strconv.Itoa(t.Calls) }

// StoodAfter is how a number stands after a deed; "" where that hangs on what was before.
func StoodAfter(deed string) string {
	for _, deeds := range moves {
		if to, ok := deeds[deed]; ok {
			return string(to)
		}
	}
	return ""
}

// stands says that a number still stands as a page showed it; a page may know the state alone.
func stands(t store.Ticket, seen string) bool {
	return seen == "" || seen == string(t.State) || seen == Stood(t)
}

// WantsReason says that a deed on a number leaves the usual way, so that it asks why (row:A7).
func WantsReason(deed string) bool { return deed == Skip || deed == Back || deed == UndoMove }

// MoveTicket calls a number (again), takes the client in, skips, or puts back (S1-04). What leaves
// the usual way wants the actor's reason.
func (d *Desk) MoveTicket(ctx context.Context, by access.Actor, in OnTicket) error {
	on := store.Subject{Noun: "ticket", ID: in.Ticket}
	return d.WriteOn(ctx, by, access.QueueCall, on, func(tx *store.Tx) error {
		if WantsReason(in.Deed) {
			if err := deed.Reasoned(by); err != nil {
				return err
			}
		}
		t, err := tx.Ticket(in.Ticket)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("ticket").Because(err)
		}
		if err != nil {
			return err
		}
		tx.Result("visit", int64(t.Visit))
		if err := d.moved(tx, by, &t, in); err != nil {
			return err
		}
		if err := tx.SaveTicket(&t); err != nil {
			return err
		}
		news(tx, t.Visit)
		if in.Deed != Call && in.Deed != Serve {
			return nil
		}
		return d.SOP.Prove(tx, by, sop.Subject{Visit: t.Visit}, ProveCalled, on)
	})
}

// moved puts a number where the deed takes it.
func (d *Desk) moved(tx *store.Tx, by access.Actor, t *store.Ticket, in OnTicket) (err error) {
	if !stands(*t, in.Stood) {
		return fault.Clash("reception.ticket.other", t.Number, fault.Word(t.State.Key()), t.Calls).At("/reception/queue")
	}
	if in.Deed == UndoMove {
		return d.undoMove(tx, by, t)
	}
	before := t.State
	if t.State, err = moveTicket(t.State, in.Deed); err != nil {
		return err
	}
	t.Before = before
	return calledTo(tx.Read, t, in)
}

// undoMove takes the last deed of the day back: the number stands as before, and a call that was
// undone does not count.
func (d *Desk) undoMove(tx *store.Tx, by access.Actor, t *store.Ticket) error {
	if !MayUndo(*t, tx.Today()) {
		return fault.Clash("reception.ticket.no_undo", fault.Word(t.State.Key()))
	}
	attended := func() bool { return t.Calls > 0 || t.State == term.TicketServing }
	was := attended()
	if t.State == term.TicketCalled {
		t.Calls--
	}
	t.State, t.Before = t.Before, ""
	if !was || attended() {
		return nil
	}
	t.CalledAt = term.Instant{}
	return d.SOP.Undo(tx, by, sop.Subject{Visit: t.Visit}, StepCalled, by.Reason)
}

// MayUndo says that the last deed on a number of today can be undone.
func MayUndo(t store.Ticket, today term.Day) bool {
	return t.Before != "" && t.Day == today && t.State != term.TicketDone
}

// calledTo stamps the call and its room.
func calledTo(r *store.Read, t *store.Ticket, in OnTicket) error {
	if in.Room != 0 {
		if _, err := r.Room(in.Room); err != nil {
			var f fault.Fields
			f.Add("room", "reception.ticket.room")
			return f.Err()
		}
		t.Room = in.Room
	}
	if in.Deed == Call {
		t.Calls++
		t.CalledAt = r.Now()
	}
	return nil
}

// Waiting is one line of the queue.
type Waiting struct {
	Ticket     store.Ticket
	Visit      store.Visit
	Client     store.Client
	Consultant string
	Physician  string
	Room       string
	Limit      int  // minutes from the arrival, by tier; 0 when the client waits no more
	Undo       bool // the last deed on the number can be undone
}

// Number reads one queue number with whose it is.
func (d *Desk) Number(ctx context.Context, by access.Actor, ticket int64) (w Waiting, err error) {
	err = d.Read(ctx, by, access.QueueCall, func(r *store.Read) error {
		if w.Ticket, err = r.Ticket(ticket); errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("ticket").Because(err)
		}
		if err != nil {
			return err
		}
		if w.Visit, err = r.Visit(w.Ticket.Visit); err != nil {
			return err
		}
		w.Undo = MayUndo(w.Ticket, r.Today())
		w.Client, err = r.Client(w.Visit.Client)
		return err
	})
	return w, err
}

// Queue lists who waits or is called today, in the order of arrival; skipped ones last.
func (d *Desk) Queue(ctx context.Context, by access.Actor) (q Queue, err error) {
	err = d.Read(ctx, by, access.QueueView, func(r *store.Read) error {
		q, err = queue(r)
		return err
	})
	return q, err
}

// Queue is the waiting room.
type Queue struct {
	Waiting []Waiting
	Skipped []Waiting
	Serving []Waiting
	Rooms   []store.Room
}

// Next is the number that F6 calls: the first that waits and was not called yet.
func (q Queue) Next() int64 {
	for _, w := range q.Waiting {
		if w.Ticket.State == term.TicketWaiting {
			return w.Ticket.ID
		}
	}
	return 0
}

func queue(r *store.Read) (q Queue, err error) {
	tickets, err := r.TicketsOn(r.Today())
	if err != nil {
		return q, err
	}
	if q.Rooms, err = r.Rooms(); err != nil {
		return q, err
	}
	open, err := openVisits(r)
	if err != nil {
		return q, err
	}
	names, err := r.StaffNames()
	if err != nil {
		return q, err
	}
	ids := make([]term.ClientID, 0, len(tickets))
	for _, v := range open {
		ids = append(ids, v.Client)
	}
	clients, err := r.ClientsIn(ids)
	if err != nil {
		return q, err
	}
	rooms := map[term.RoomID]string{}
	for _, room := range q.Rooms {
		rooms[room.ID] = room.Name
	}
	limits, err := patience.Of(r)
	for _, t := range tickets {
		v, ok := open[t.Visit]
		if !ok {
			continue
		}
		q.add(Waiting{
			Ticket: t, Visit: v, Client: clients[v.Client], Room: rooms[t.Room],
			Consultant: names[v.Consultant], Physician: names[v.Physician],
			Limit: limits.Now(stay(v, t, clients[v.Client].Tier)), Undo: MayUndo(t, r.Today()),
		})
	}
	return q, err
}

func (q *Queue) add(w Waiting) {
	switch w.Ticket.State {
	case term.TicketSkipped:
		q.Skipped = append(q.Skipped, w)
	case term.TicketServing:
		q.Serving = append(q.Serving, w)
	default:
		q.Waiting = append(q.Waiting, w)
	}
}

func openVisits(r *store.Read) (map[term.VisitID]store.Visit, error) {
	list, err := r.OpenVisits()
	open := make(map[term.VisitID]store.Visit, len(list))
	for _, v := range list {
		open[v.ID] = v
	}
	return open, err
}
