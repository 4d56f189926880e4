package message

import (
	"strconv"

	"meixu/store"
	"meixu/store/term"
)

// Follow is the step by which every deed that books, moves or ends an appointment keeps the
// outbox right: what waits with the old time is dropped, and the client is told what is new. was is
// the row before, empty for a new booking.
func Follow(tx *store.Tx, was, is store.Appointment) error {
	living := func(s term.AppointmentState) bool {
		return s == term.AppointmentRequested || s == term.AppointmentConfirmed
	}
	moved := was.ID != 0 && (was.StartsAt != is.StartsAt || was.Staff != is.Staff)
	if was.ID != 0 && was.State == is.State && !moved {
		return nil
	}
	told, today, err := saidOf(tx, was, is, living(is.State) && !moved)
	if err != nil || !is.StartsAt.After(tx.Now()) {
		return err
	}
	told = told || was.State == term.AppointmentConfirmed
	switch {
	case is.State == term.AppointmentCancelled && living(was.State) && told:
		err = tell(tx, Cancelled, was, is)
	case !living(is.State):
	case moved && living(was.State) && told:
		err = tell(tx, Change, was, is)
	case is.State == term.AppointmentConfirmed && !today: // the reminder of this evening says the same
		err = tell(tx, Confirm, was, is)
	}
	return err
}

// saidOf drops what is not true any more, and says whether the client was told something about the
// appointment before, and whether the reminder of today tells of it. Of a new one nothing was said.
func saidOf(tx *store.Tx, was, is store.Appointment, keep bool) (told, today bool, err error) {
	if was.ID == 0 {
		return false, false, nil
	}
	if told, err = dropWaiting(tx, is, keep); err != nil {
		return told, false, err
	}
	today, err = toldToday(tx, is, Reminder)
	return told, today, err
}

// dropWaiting drops what waits about an appointment, and says whether the client was told something
// of it already. One that only was confirmed or restored keeps what still is true.
func dropWaiting(tx *store.Tx, a store.Appointment, keep bool) (told bool, err error) {
	list, err := tx.MessagesOn(a.ID)
	if err != nil {
		return false, err
	}
	for _, m := range list {
		told = told || m.State == store.MessageSent || m.State == store.MessageUnsure || m.State == store.MessageSending
		if m.State != store.MessageReady && m.State != store.MessageFailed || keep && m.Kind != Cancelled {
			continue
		}
		why := WhyMoved
		if a.State != term.AppointmentRequested && a.State != term.AppointmentConfirmed || m.Kind == Cancelled {
			why = WhyOver
		}
		if err := drop(tx, m, why); err != nil {
			return told, err
		}
	}
	return told, nil
}

// tell makes the message of a kind about an appointment. A client who got the same one before, and
// something else since, gets it again.
func tell(tx *store.Tx, kind string, was, is store.Appointment) error {
	to, err := personOf(tx.Read, is.Client, is.Lead)
	if err != nil {
		return err
	}
	_, err = put(tx, draft{
		kind: kind, key: keyOf(kind, is), fresh: was.ID == 0, to: to, about: is, expires: is.StartsAt, again: strconv.Itoa(is.Version),
	})
	return err
}
