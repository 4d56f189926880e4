package defaults

import (
	"regexp"

	"meixu/app/words"
)

// english is the plain English of every sentence of the care templates and emergency cards,
// which are written in Chinese; a test holds that none is missing.
var english = func() (f map[string]string) { readJSON(careFiles, "aftercare/english.json", &f); return f }()

// said is a sentence in the language; one without English stays Chinese. Emergency cards are
// called by their titles: the codes in the templates are for us.
func said(zh string, lang words.Lang) string {
	if en := english[zh]; lang == words.EN && en != "" {
		return titled(en, lang)
	}
	return titled(zh, lang)
}

var cardCode = regexp.MustCompile(`ESC-[A-Z]+`)

func titled(text string, lang words.Lang) string {
	return cardCode.ReplaceAllStringFunc(text, func(code string) string {
		return lang.T("aftercare.card", CardTitle(code).In(lang))
	})
}

// CardTitle is what the emergency card of a code is called; a sign without a card of its own
// wants a physician. No code has no title.
func CardTitle(code string) words.Text {
	if c, ok := CardOf(code); ok || code == "" {
		return c.Title
	}
	return words.Text{ZH: words.ZH.T("feedback.card.none"), EN: words.EN.T("feedback.card.none")}
}

func saidAll(zh []string, lang words.Lang) []string {
	list := make([]string, len(zh))
	for i, s := range zh {
		list[i] = said(s, lang)
	}
	return list
}

// In is the template in the language of a page.
func (c Care) In(lang words.Lang) Care {
	stages := make([]CareStage, len(c.Stages))
	for i, s := range c.Stages {
		s.Points, s.Staff = saidAll(s.Points, lang), saidAll(s.Staff, lang)
		stages[i] = s
	}
	flags := make([]RedFlag, len(c.RedFlags))
	for i, f := range c.RedFlags {
		f.Signs, f.Action = saidAll(f.Signs, lang), said(f.Action, lang)
		flags[i] = f
	}
	c.Stages, c.RedFlags, c.Questions = stages, flags, saidAll(c.Questions, lang)
	c.Areas = nil // keyed by the Chinese sentences; For reads them first
	c.Note, c.Photos.Text = said(c.Note, lang), said(c.Photos.Text, lang)
	return c
}

// In is what holds for all templates, in the language of a page.
func (c CareCommon) In(lang words.Lang) CareCommon {
	questions := make([]CareQuestion, len(c.Questions))
	for i, q := range c.Questions {
		q.Text = said(q.Text, lang)
		questions[i] = q
	}
	c.Points, c.Questions, c.PhotoViews = saidAll(c.Points, lang), questions, saidAll(c.PhotoViews, lang)
	return c
}

// In is the card in the language of a page.
func (c Card) In(lang words.Lang) Card {
	c.Steps, c.Kit = saidAll(c.Steps, lang), saidAll(c.Kit, lang)
	return c
}
