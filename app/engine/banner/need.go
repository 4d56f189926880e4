package banner

import (
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// needForm is the need card (row:C8).
const needForm = "F17"

// Need is what the client said once: wishes, fears, past results. It hangs on the banner, so that
// reception, consultation, plan, procedure and aftercare read it and nobody asks again.
type Need struct {
	Lines []NeedLine
	By    string
	At    term.Instant
	Form  term.AnswerID
}

// NeedLine is one question of the card with its answer in words.
type NeedLine struct{ Ask, Said string }

// needOf reads the newest signed need card, as far as the actor may: the budget is for those who see
// money. A tablet in a client's hand shows none.
func needOf(r *store.Read, by access.Actor, client term.ClientID) (*Need, error) {
	if !by.Guest.None() || !by.ReadsForm(needForm) {
		return nil, nil
	}
	said, err := r.SignedSaid(client, needForm)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	view, err := form.Reading(said, func(level string) bool { return by.SeesLevel(needForm, level) })
	if err != nil {
		return nil, err
	}
	n := &Need{By: said.By, At: said.At, Form: said.ID}
	for _, g := range view.Sections {
		for _, x := range g.Fields {
			if said := inWords(x, by.Lang); said != "" && !x.Masked {
				n.Lines = append(n.Lines, NeedLine{x.Text.In(by.Lang), said})
			}
		}
	}
	if len(n.Lines) == 0 {
		return nil, nil
	}
	return n, nil
}

// inWords joins an answer's pieces.
func inWords(f form.Field, lang words.Lang) string {
	if f.Type == form.YesNo { // a no says nothing on a card
		if f.Value == form.Yes {
			return lang.T("kit.yes")
		}
		return ""
	}
	var list []string
	for _, s := range f.Said {
		if text := strings.TrimSpace(s.In(lang) + s.Typed); text != "" {
			list = append(list, text)
		}
	}
	return strings.Join(list, lang.T("kit.differ.and"))
}
