// Package message keeps the outbox: texts that must leave the house once, by a person who copies
// them or by a gateway (row:A8). A text is made from a template and names a time, the clinic and
// the surname of staff, never what is done (no item, no medical word). A message has one key, of
// its kind, subject and time, so that nobody gets it twice; it waits through quiet hours, runs out
// with what it is about, and is held back when the client said no, also when the no came after it
// was made. Everything here is a step in somebody's transaction: nothing is sent inside of one.
package message

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"meixu/store"
	"meixu/store/term"
)

// Kinds of message to clients.
const (
	Reminder  = "reminder"  // the evening before
	Confirm   = "confirm"   // a booking stands
	Change    = "change"    // it was moved
	Cancelled = "cancelled" // it was called off
	Other     = "other"     // a wish cannot be met; other times are free
	Sorry     = "sorry"     // a wish cannot be met
	Followup  = "followup"  // somebody will call today
	Birthday  = "birthday"  // marketing: only with consent (REG-ADV-16)
	House     = "house"     // to the house's own people, without any client's data
)

// Kinds are the kinds to clients, in the order of the page.
var Kinds = []string{Reminder, Confirm, Change, Cancelled, Other, Sorry, Followup, Birthday}

// Classes of message: what a client may refuse on its own.
const (
	Service   = "service"
	Marketing = "marketing"
)

// Settings of which gateway takes messages to clients, and which those to the house; "" is none.
const (
	SettingClients = "message.route.clients"
	SettingHouse   = "message.route.house"
)

// Topic is the live topic of the outbox.
const Topic = "messages"

// Why a message was dropped, failed or is unsure; words keys `message.why.<word>`.
const (
	WhyMoved   = "moved"   // the appointment has another time
	WhyOver    = "over"    // what it was about is over or called off
	WhyLate    = "late"    // its time is over
	WhyRefused = "refused" // the client does not want it
	WhyConsent = "consent" // marketing without consent
	WhyPerson  = "person"  // somebody gave it up
	WhyDied    = "died"    // the program ended while a gateway had it in hand
	WhyLost    = "lost"    // the answer of the gateway never came
	WhyAnswer  = "answer"  // the gateway said no
	WhyReach   = "reach"   // the gateway could not be reached
	WhySetup   = "setup"   // the gateway is not set up for this kind
	WhyPhone   = "phone"   // there is no number
	WhyCap     = "cap"     // enough messages today
	WhyQuiet   = "quiet"   // not at this hour
)

// draft is a message to be made.
type draft struct {
	kind, key string
	to        person
	about     store.Appointment // ID 0 for none
	task      term.TaskID
	after     term.Instant // not before; zero: now
	expires   term.Instant
	times     []term.Instant // free ones that are offered instead
	fresh     bool           // nothing can have been said about it yet
	again     string         // makes another key when the message of the key was sent already; "" never
}

// put adds a message, or takes up again the one of its key that was dropped because the appointment
// had moved. It says whether one waits now that did not before.
func put(tx *store.Tx, d draft) (bool, error) {
	t, err := Template(tx.Read, d.kind)
	if err != nil || !t.On || d.to.refuses(t.Class) {
		return false, err
	}
	var have store.Message
	if !d.fresh {
		if have, err = tx.MessageByKey(d.key); err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, err
		}
	}
	if have.ID != 0 && have.State != store.MessageDropped {
		if d.again == "" || have.State == store.MessageReady {
			return false, nil
		}
		d.key, d.again = d.key+"/"+d.again, ""
		return put(tx, d)
	}
	if have.ID != 0 && have.Why != WhyMoved && have.Why != WhyOver {
		return false, nil
	}
	facts, err := factsOf(tx.Read, d.to, d.about)
	if err != nil {
		return false, err
	}
	facts["times"] = timesOf(d.times, d.to.lang, tx.Zone())
	after := d.after
	if after.Before(tx.Now()) {
		after = tx.Now()
	}
	hours, err := Hours(tx.Read)
	if err != nil {
		return false, err
	}
	m := have
	m.Kind, m.Channel, m.Client, m.Lead, m.Key = d.kind, "person", d.to.client, d.to.lead, d.key
	m.Appointment, m.Task, m.Address = d.about.ID, d.task, d.to.phone
	m.Text, m.Facts = t.fill(d.to.lang, facts)
	m.State, m.Why, m.Code, m.Attempts = store.MessageReady, "", "", 0
	m.SendAfter, m.ExpiresAt = hours.Next(after, tx.Zone()).String(), d.expires
	tx.Publish(Topic)
	if m.ID != 0 {
		return true, tx.SaveMessage(&m)
	}
	return true, tx.AddMessage(&m)
}

// Tell adds a message to the house's own people; key makes it one.
func Tell(tx *store.Tx, what, key string, count int) error {
	route, err := tx.Setting(SettingHouse)
	if err != nil || route == "" {
		return err
	}
	key = "house/" + what + "/" + key
	if _, err := tx.MessageByKey(key); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	clinic, err := tx.Setting("clinic.name")
	if err != nil {
		return err
	}
	text := strings.NewReplacer("{clinic}", clinic, "{count}", strconv.Itoa(count)).Replace(texts.House[what].ZH)
	tx.Publish(Topic)
	return tx.AddMessage(&store.Message{
		Kind: House, Channel: "person", Key: key, Text: text, State: store.MessageReady, SendAfter: tx.Now().String(),
		ExpiresAt: tx.Now().Add(12 * time.Hour),
	})
}

// drop ends a message that waits.
func drop(tx *store.Tx, m store.Message, why string) error {
	m.State, m.Why = store.MessageDropped, why
	tx.Publish(Topic)
	return tx.SaveMessage(&m)
}

func keyOf(kind string, a store.Appointment) string {
	return fmt.Sprintf("%s/appointment:%d/%s", kind, a.ID, a.StartsAt)
}

// SettingCap is how many messages a client gets a day at most; CapUsual when it was never set.
const (
	SettingCap = "message.cap"
	CapUsual   = 3
)

// Settings of the quiet hours, whole hours of the day.
const (
	SettingFrom = "message.quiet_from"
	SettingTo   = "message.quiet_to"
)

// Quiet are the hours in which nobody is written to: from From until To, over midnight when From
// is the later one; the same twice means none.
type Quiet struct{ From, To int }

// Hours reads the quiet hours, 21 to 9 when nothing was set.
func Hours(r *store.Read) (q Quiet, err error) {
	if q.From, err = number(r, SettingFrom, 21); err == nil {
		q.To, err = number(r, SettingTo, 9)
	}
	return q, err
}

func number(r *store.Read, name string, usual int) (int, error) {
	text, err := r.Setting(name)
	if n, bad := strconv.Atoi(text); err == nil && bad == nil {
		return n, nil
	}
	return usual, err
}

// Holds says that a moment lies in the quiet hours.
func (q Quiet) Holds(at term.Instant, zone *time.Location) bool {
	hour := at.Time().In(zone).Hour()
	from, to := q.From%24, q.To%24
	if from <= to {
		return hour >= from && hour < to
	}
	return hour >= from || hour < to
}

// Next is the moment itself, or the end of the quiet hours that it lies in.
func (q Quiet) Next(at term.Instant, zone *time.Location) term.Instant {
	if !q.Holds(at, zone) {
		return at
	}
	local := at.Time().In(zone)
	end := time.Date(local.Year(), local.Month(), local.Day(), q.To%24, 0, 0, 0, zone)
	if !end.After(local) {
		end = end.AddDate(0, 0, 1)
	}
	return term.At(end)
}
