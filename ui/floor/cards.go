package floor

import (
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/reports"
	"meixu/store/term"
	"meixu/ui/kit"
)

// cards are the cards of a board as they were drawn, by visit. A change of one visit draws one
// card anew; the others stand as they are.
type cards map[term.VisitID]drawnCard

type drawnCard struct {
	face string // all that the drawing shows
	html kit.HTML
}

// face is all that a drawn card shows of a visit: two cards with one face look the same. The day
// is part of it, because clocks of today are written without it.
func face(c reports.Card, today term.Day) string {
	var f strings.Builder
	fmt.Fprint(&f, today, c.Late, c.Since, c.Limit, c.Next, c.CardStep, "\x00")
	for _, s := range []string{c.Number, c.Name, c.Who, c.Room} {
		f.WriteString(s + "\x00")
	}
	for _, item := range c.Items {
		f.WriteString(item + "\x00")
	}
	for _, b := range c.Badges {
		f.WriteString(b.Key + b.Tone + b.Icon + "\x00")
	}
	if c.Line != nil {
		for _, s := range c.Line.Stages {
			f.WriteString(s.Title + s.State + s.Note + "\x00")
		}
	}
	return f.String()
}

// drawCards draws the cards of a board, those that look as before from what was drawn before.
func (h room) drawCards(c echo.Context, b reports.Board, before cards) (cards, error) {
	drawn, draw := make(cards, b.Open), boardPage.Fragments(c)
	today := b.At.Day(h.DB.Zone())
	for _, lane := range b.Lanes {
		for i := range lane.Cards {
			card := lane.Cards[i]
			now := drawnCard{face: face(card, today)}
			if old, ok := before[card.Visit]; ok && old.face == now.face {
				drawn[card.Visit] = old
				continue
			}
			var err error
			if now.html, err = draw("visit-card", boardView{Card: card}); err != nil {
				return nil, err
			}
			drawn[card.Visit] = now
		}
	}
	return drawn, nil
}

// pieces are the drawn cards alone.
func (d cards) pieces() map[term.VisitID]kit.HTML {
	list := make(map[term.VisitID]kit.HTML, len(d))
	for visit, card := range d {
		list[visit] = card.html
	}
	return list
}
