package reception

import (
	"context"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// TopicWaits is the live topic of the wait list.
const TopicWaits = "waits"

// urgent is the highest urgency of the wait list.
const urgent = 2

// WaitIn is an entry of the wait list as entered; minutes since midnight.
type WaitIn struct {
	Client       term.ClientID
	Lead         term.LeadID
	Item         term.ItemID
	Staff        term.StaffID // 0: anybody who may
	FromDay      term.Day
	ToDay        term.Day
	From, To     int // 0 and 0: the whole day
	Minutes      int // 0: as long as the item takes
	Urgency      int
	Note         string
	wholeMinutes int
}

// AddWait puts somebody on the wait list (row:A6): what is wanted, with whom, on which days and
// at what time. Nobody waits twice for one thing.
func (d *Desk) AddWait(ctx context.Context, by access.Actor, in WaitIn) (id term.WaitID, err error) {
	err = d.Write(ctx, by, access.WaitAdd, func(tx *store.Tx) error {
		if err := checkWait(tx.Read, &in); err != nil {
			return err
		}
		w := store.Wait{
			Client: in.Client, Lead: in.Lead, Item: in.Item, Staff: in.Staff, FromDay: in.FromDay, ToDay: in.ToDay,
			From: in.From, To: in.To, Minutes: in.wholeMinutes, Urgency: in.Urgency, Note: strings.TrimSpace(in.Note), State: store.WaitWaiting,
		}
		if err := tx.AddWait(&w); err != nil {
			return err
		}
		id = w.ID
		tx.Result("wait", int64(id))
		tx.Publish(TopicWaits)
		return nil
	})
	return id, err
}

// checkWait names what is wrong with an entry; the same rules as for a booking hold for whom and
// what it is for.
func checkWait(r *store.Read, in *WaitIn) error {
	var bad fault.Fields
	if in.Client == 0 && in.Lead == 0 {
		bad.Add("client", "booking.wrong.client")
	}
	if in.Item == 0 && in.Staff == 0 {
		bad.Add("item", "wait.wrong.what")
	}
	window(in, r.Today(), &bad)
	booking := Booking{Client: in.Client, Lead: in.Lead, Item: in.Item, Staff: in.Staff}
	item, err := itemOf(r, &booking, store.Appointment{}, &bad)
	if err != nil {
		return err
	}
	if _, err := named(r, booking, item, &bad); err != nil {
		return err
	}
	in.wholeMinutes = in.Minutes
	if in.Minutes == 0 {
		in.wholeMinutes = lasts(item)
	}
	if in.Minutes < 0 || in.Minutes > maxMinutes {
		bad.Add("minutes", "booking.wrong.minutes", maxMinutes)
	} else if in.From < in.To && in.wholeMinutes > in.To-in.From {
		bad.Add("to", "wait.wrong.short", in.wholeMinutes)
	}
	if err := bad.Err(); err != nil || in.Client == 0 {
		return err
	}
	have, err := r.WaitsOf(in.Client)
	for _, w := range have {
		if w.Item == in.Item && (w.Staff == in.Staff || w.Staff == 0) && in.FromDay <= w.ToDay && w.FromDay <= in.ToDay {
			return fault.Clash("wait.refuse.twice").At("/reception/waits")
		}
	}
	return err
}

// window checks days and hours of an entry; without hours the whole day counts.
func window(in *WaitIn, today term.Day, bad *fault.Fields) {
	if in.FromDay == "" {
		in.FromDay = today
	}
	if in.From == 0 && in.To == 0 {
		in.To = 24 * 60
	}
	switch {
	case in.ToDay == "", in.ToDay < in.FromDay:
		bad.Add("to_day", "roster.bad.to")
	case in.ToDay < today:
		bad.Add("to_day", "booking.wrong.past")
	case today.Add(horizonDays) < in.ToDay:
		bad.Add("to_day", "booking.wrong.far", horizonDays/365)
	}
	if in.From < 0 || in.To > 24*60 || in.To <= in.From {
		bad.Add("to", "roster.bad.hours")
	}
	if in.Urgency < 0 || in.Urgency > urgent {
		bad.Add("urgency", "kit.bad.choice")
	}
}

func waitRef(id term.WaitID) store.Subject { return store.Subject{Noun: "wait", ID: int64(id)} }

// waiting reads an entry that still waits.
func waiting(r *store.Read, id term.WaitID) (store.Wait, error) {
	w, err := r.Wait(id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return w, fault.NotFound("wait").Because(err)
	case err != nil:
		return w, err
	case w.State != store.WaitWaiting:
		return w, fault.Clash("wait.refuse.over", fault.Word("wait.state."+w.State))
	}
	return w, nil
}

// CloseWait takes an entry off the list, with the actor's reason.
func (d *Desk) CloseWait(ctx context.Context, by access.Actor, id term.WaitID) error {
	return d.WriteOn(ctx, by, access.WaitClose, waitRef(id), func(tx *store.Tx) error {
		w, err := waiting(tx.Read, id)
		if err != nil {
			return err
		}
		w.CloseReason = strings.TrimSpace(by.Reason)
		if w.CloseReason == "" {
			var bad fault.Fields
			bad.Add("_reason", "booking.wrong.reason")
			return bad.Err()
		}
		w.State = store.WaitClosed
		tx.Result("wait", int64(id))
		tx.Publish(TopicWaits)
		return tx.SaveWait(&w)
	})
}

// BookWait books a free slot for somebody who waits and clears the entry, in one write: of two
// desks that take the same slot the second is refused, and its entry keeps waiting.
func (d *Desk) BookWait(ctx context.Context, by access.Actor, id term.WaitID, staff term.StaffID, start term.Instant) (booked term.AppointmentID, err error) {
	var taken *Taken
	err = d.WriteOn(ctx, by, access.WaitBook, waitRef(id), func(tx *store.Tx) error {
		taken = nil
		w, err := waiting(tx.Read, id)
		if err != nil {
			return err
		}
		if w.Staff != 0 {
			staff = w.Staff
		}
		booked, taken, err = d.bookIn(tx, by, Booking{
			Client: w.Client, Lead: w.Lead, Item: w.Item, Staff: staff, Start: start, Minutes: w.Minutes, Note: w.Note,
		})
		if err != nil || taken != nil {
			return taken.orError(err)
		}
		w.State, w.Appointment = store.WaitBooked, booked
		tx.Result("appointment", int64(booked))
		tx.Publish(TopicWaits)
		return tx.SaveWait(&w)
	})
	return booked, d.offer(ctx, by, taken, err)
}
