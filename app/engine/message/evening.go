package message

import (
	"fmt"
	"slices"

	"meixu/store"
	"meixu/store/term"
)

// eveningHour is the hour from which tomorrow's messages are made (row:A8: the evening before).
const eveningHour = 18

// atOnce bounds the appointments and calls of one day.
const atOnce = 2000

// Evening makes what is to be sent for tomorrow: reminders of appointments, words that somebody
// will call, and birthday wishes to those who agreed. Each is made once, so that it may run as often
// as somebody likes; before the evening hour, when a PC was off in the evening, it makes up for
// today. ahead makes tomorrow's before the evening. It says how many new ones wait.
func Evening(tx *store.Tx, ahead bool) (n int, err error) {
	local := tx.Now().Time().In(tx.Zone())
	day := tx.Today()
	if local.Hour() >= eveningHour || ahead {
		day = day.Add(1)
	}
	for _, make := range []func(*store.Tx, term.Day) (int, error){reminders, calls, wishes} {
		made, err := make(tx, day)
		if err != nil {
			return n, err
		}
		n += made
	}
	if n > 0 && day != tx.Today() {
		err = Tell(tx, "evening", string(day), n)
	}
	return n, err
}

// reminders are made for every appointment that stands between now and the end of the day.
func reminders(tx *store.Tx, day term.Day) (n int, err error) {
	list, err := tx.AppointmentsBetween(tx.Now(), day.End(tx.Zone()), atOnce)
	if err != nil {
		return 0, err
	}
	for _, a := range list {
		if a.State != term.AppointmentRequested && a.State != term.AppointmentConfirmed {
			continue
		}
		told, err := toldToday(tx, a, Confirm, Change)
		if err != nil {
			return n, err
		}
		if told {
			continue
		}
		to, err := personOf(tx.Read, a.Client, a.Lead)
		if err != nil {
			return n, err
		}
		made, err := put(tx, draft{kind: Reminder, key: keyOf(Reminder, a), to: to, about: a, expires: a.StartsAt})
		if err != nil {
			return n, err
		}
		n += count(made)
	}
	return n, nil
}

// toldToday says that the client is told of exactly this time today anyway, by a message of one of the
// kinds: one evening brings one of confirmation and reminder, whichever came first. What nobody has
// sent yet will be told today, since whatever day it waits.
func toldToday(tx *store.Tx, a store.Appointment, kinds ...string) (bool, error) {
	list, err := tx.MessagesOn(a.ID)
	for _, m := range list {
		lost := m.State == store.MessageDropped || m.State == store.MessageFailed
		today := m.State == store.MessageReady || m.CreatedAt.Day(tx.Zone()) == tx.Today()
		if !lost && m.ExpiresAt == a.StartsAt && today && slices.Contains(kinds, m.Kind) {
			return true, err
		}
	}
	return false, err
}

// calls are made for the follow-ups that are due on the day, one a client.
func calls(tx *store.Tx, day term.Day) (n int, err error) {
	list, err := tx.TasksDue("followup", day.Start(tx.Zone()), day.End(tx.Zone()), atOnce)
	if err != nil {
		return 0, err
	}
	for _, t := range list {
		if t.Client == 0 {
			continue
		}
		to, err := personOf(tx.Read, t.Client, 0)
		if err != nil {
			return n, err
		}
		made, err := put(tx, draft{
			kind: Followup, key: fmt.Sprintf("%s/client:%d/%s", Followup, t.Client, day), to: to, task: t.ID,
			after: day.Start(tx.Zone()), expires: day.End(tx.Zone()),
		})
		if err != nil {
			return n, err
		}
		n += count(made)
	}
	return n, nil
}

// wishes are made for those who agreed to marketing and were born on this day of the year.
func wishes(tx *store.Tx, day term.Day) (n int, err error) {
	for last := int64(0); ; {
		given, err := tx.ConsentsAfter(term.ForMarketing, last, atOnce)
		if err != nil || len(given) == 0 {
			return n, err
		}
		for _, c := range given {
			made, err := wish(tx, c.Client, day)
			if err != nil {
				return n, err
			}
			n += count(made)
		}
		last = given[len(given)-1].ID
	}
}

func wish(tx *store.Tx, client term.ClientID, day term.Day) (bool, error) {
	to, err := personOf(tx.Read, client, 0)
	if err != nil || !bornOn(to.birth, day) {
		return false, err
	}
	return put(tx, draft{
		kind: Birthday, key: fmt.Sprintf("%s/client:%d/%s", Birthday, client, day[:4]), to: to,
		after: day.Start(tx.Zone()), expires: day.End(tx.Zone()),
	})
}

// bornOn says that the day is the birthday; who was born on 29 February has it on the 28th in years
// without one.
func bornOn(birth, day term.Day) bool {
	if len(birth) != 10 || len(day) != 10 {
		return false
	}
	if birth[5:] == "02-29" && day[5:] == "02-28" {
		return day.Add(1)[5:] != "02-29"
	}
	return birth[5:] == day[5:]
}

func count(made bool) int {
	if made {
		return 1
	}
	return 0
}
