package aftercare

import (
	"slices"
	"strconv"
	"strings"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/feedback"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// raise puts the red flags of a call on the physicians' screens: one of each treatment whose own
// question says so. was is what the drafts said before; nil when they are saved already. It
// gives the newest red flag of the call.
func (d *Desk) raise(tx *store.Tx, by access.Actor, s Script, was []form.Answers) (newest term.EventID, err error) {
	told, err := raisedBy(tx.Read, s.Fillings)
	if err != nil {
		return 0, err
	}
	signs := s.signs(told, was)
	for i, f := range s.Fillings {
		t, err := tx.Treatment(f.Row.Treatment)
		if err != nil {
			return 0, err
		}
		heard := feedback.Heard{Answer: f.Row, Signs: signs[i]}
		if heard.Physician, err = physicianOf(tx.Read, t); err != nil {
			return 0, err
		}
		id, err := d.house.Feedback.Tell(tx, by, heard)
		if err != nil {
			return 0, err
		}
		newest = max(newest, id)
	}
	return newest, nil
}

// raisedBy are the red flags that each of the records raised.
func raisedBy(r *store.Read, fillings []form.Filled) (told [][]store.Event, err error) {
	told = make([][]store.Event, len(fillings))
	for i, f := range fillings {
		if told[i], err = feedback.Told(r, f.Row.ID); err != nil {
			return nil, err
		}
	}
	return told, nil
}

// signs parts what was heard among the forms: a sign belongs to the treatment whose question
// asks for it. What is asked once about several goes to the red flag that stands, else to the
// form whose own questions alarm, else to the first. A caller who heard what no question asks
// for says so in the conclusion.
func (s Script) signs(told [][]store.Event, was []form.Answers) [][]feedback.Sign {
	list := make([][]feedback.Sign, len(s.Fillings))
	var shared, concluded []feedback.Sign
	alarms := false
	for i, f := range s.Fillings {
		own := s.Own(i)
		for _, flag := range form.RedFlags(f.Template, f.Answers) {
			sign := signOf(flag)
			sign.Anew = was != nil && denied(f.Template, was[i], flag)
			_, first := own[flag.LinkID]
			switch {
			case flag.LinkID == assessment:
				sign.Text = s.Answers.Value("action")
				concluded = append(concluded[:0], sign)
				continue
			case !s.Shared(i, flag.LinkID):
				list[i] = append(list[i], sign)
			case first:
				shared = append(shared, sign)
			}
			alarms = alarms || !sign.Mild
		}
	}
	if !alarms {
		shared = append(shared, concluded...)
	}
	for _, sign := range shared {
		if at := home(list, told, sign); at >= 0 {
			list[at] = append(list[at], sign)
		}
	}
	return list
}

// home is the form to which a sign of a shared question goes; -1 when it was handled already.
func home(list [][]feedback.Sign, told [][]store.Event, sign feedback.Sign) int {
	lives := func(fits func(store.Event) bool) int {
		return slices.IndexFunc(told, func(events []store.Event) bool {
			return slices.ContainsFunc(events, func(e store.Event) bool { return feedback.Living(e) && fits(e) })
		})
	}
	if at := lives(func(e store.Event) bool { return feedback.Knows(e, sign) }); at >= 0 {
		return at
	}
	handled := func(e store.Event) bool { return feedback.Knows(e, sign) }
	if !sign.Anew && slices.ContainsFunc(told, func(events []store.Event) bool { return slices.ContainsFunc(events, handled) }) {
		return -1
	}
	if at := lives(func(store.Event) bool { return true }); at >= 0 {
		return at
	}
	alarms := func(signs []feedback.Sign) bool {
		return slices.ContainsFunc(signs, func(x feedback.Sign) bool { return !x.Mild })
	}
	return max(0, slices.IndexFunc(list, alarms))
}

// denied says that a question had been answered, and not as the flag says.
func denied(t form.Template, was form.Answers, flag form.Flag) bool {
	return was.Value(flag.LinkID) != "" && !slices.ContainsFunc(form.RedFlags(t, was), func(f form.Flag) bool { return keyOf(f) == keyOf(flag) })
}

// signOf is a red flag in the words of the physicians' screens.
func signOf(f form.Flag) feedback.Sign {
	said := []string{f.Text.ZH}
	if f.Answer == form.Yes || f.Answer == form.No { // a question alone may say the opposite
		said[0] = words.ZH.T("aftercare.sign.said", f.Text.ZH, words.ZH.T("form.answer."+f.Answer))
	}
	if _, err := strconv.ParseFloat(f.Answer, 64); err == nil {
		said = append(said, f.Answer)
	}
	if f.Detail != "" {
		said = append(said, f.Detail)
	}
	return feedback.Sign{
		Key: keyOf(f), Text: strings.Join(said, " "), Card: f.Escalation, Mild: f.Urgency == string(defaults.WithinDay),
	}
}

func keyOf(f form.Flag) string { return f.LinkID + "=" + f.Answer + "@" + f.Escalation }
