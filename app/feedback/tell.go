package feedback

import (
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// Sign is one answer of a filled form that is a red flag.
type Sign struct {
	// Key tells which answer of which question asks for which card: what was heard and handled
	// raises no second alarm.
	Key  string
	Text string // in the words of the physicians' screens
	Card string // ESC-VO
	Mild bool   // goes along with an alarm, raises none
	Anew bool   // was denied after it had been heard: it is heard anew
}

// Heard is what a filled form says about a treatment.
type Heard struct {
	Answer    store.Answer
	Signs     []Sign
	Physician term.StaffID
}

// Told lists the red flags that a filled form raised, in the order of their opening.
func Told(r *store.Read, id term.AnswerID) (list []store.Event, err error) {
	if id == 0 {
		return nil, nil
	}
	all, err := r.EventsOfAnswer(id)
	for _, e := range all {
		if e.Kind == RedFlag {
			list = append(list, e)
		}
	}
	return list, err
}

// Living says that somebody has still to close a red flag.
func Living(e store.Event) bool { return e.State != stateClosed }

// Knows says that a red flag was raised by a sign.
func Knows(e store.Event, s Sign) bool { return slices.Contains(strings.Split(e.Told, "\n"), s.Key) }

// Tell brings what a form says before the physicians (S6-07). Signs only add to a red flag that
// stands. A card that is graver than those that stand, or another as grave, alarms anew and has
// steps of its own; so does a sign that comes after all was closed. It gives the newest red
// flag of the form; 0 for none.
func (o *Office) Tell(tx *store.Tx, by access.Actor, in Heard) (newest term.EventID, err error) {
	all, err := Told(tx.Read, in.Answer.ID)
	if err != nil {
		return 0, err
	}
	for _, s := range gravestFirst(in.Signs) {
		if slices.ContainsFunc(all, func(e store.Event) bool { return !Living(e) && Knows(e, s) && !s.Anew }) {
			continue // handled
		}
		if at := holder(all, s); at >= 0 {
			if err := noted(tx, &all[at], s); err != nil {
				return 0, err
			}
			continue
		}
		if s.Mild {
			continue
		}
		e := store.Event{
			Code: s.Card, Client: in.Answer.Client, Visit: in.Answer.Visit, Treatment: in.Answer.Treatment, Answer: in.Answer.ID,
			Note: s.Text, Told: s.Key,
		}
		if err := o.open(tx, by, &e, in.Physician); err != nil {
			return 0, err
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		return 0, nil
	}
	return all[len(all)-1].ID, nil
}

// gravestFirst are signs in the order in which they alarm; mild ones come last.
func gravestFirst(signs []Sign) []Sign {
	list := slices.Clone(signs)
	slices.SortStableFunc(list, func(x, y Sign) int {
		if x.Mild != y.Mild {
			if x.Mild {
				return 1
			}
			return -1
		}
		return gravity(y.Card) - gravity(x.Card)
	})
	return list
}

// holder is the place of the living red flag that a sign belongs to: that which knows it, has
// its card, or has a graver one; -1 for none.
func holder(all []store.Event, s Sign) int {
	for _, fits := range []func(store.Event) bool{
		func(e store.Event) bool { return Knows(e, s) },
		func(e store.Event) bool { return e.Code == s.Card },
		func(e store.Event) bool { return s.Mild || gravity(e.Code) > gravity(s.Card) },
	} {
		if at := slices.IndexFunc(all, func(e store.Event) bool { return Living(e) && fits(e) }); at >= 0 {
			return at
		}
	}
	return -1
}

// between parts the signs in the note of a red flag.
const between = " · "

// noted adds a sign to a red flag that stands; nothing goes.
func noted(tx *store.Tx, e *store.Event, s Sign) error {
	note, told := withText(e.Note, s.Text), e.Told
	if s.Key != "" && !Knows(*e, s) {
		told = strings.TrimPrefix(told+"\n"+s.Key, "\n")
	}
	if e.Note == note && e.Told == told {
		return nil
	}
	e.Note, e.Told = note, told
	if err := tx.SaveEvent(e); err != nil {
		return err
	}
	news(tx, *e)
	return nil
}

// withText is a note with the words of a sign. Words that grew while they were typed take the
// place of the shorter ones at the note's end.
func withText(note, text string) string {
	if text == "" || strings.Contains(between+note+between, between+text+between) {
		return note
	}
	lines := strings.Split(note, between)
	for k := range lines {
		if strings.HasPrefix(text, strings.Join(lines[k:], between)) {
			return strings.Join(append(lines[:k:k], text), between)
		}
	}
	return note + between + text
}
