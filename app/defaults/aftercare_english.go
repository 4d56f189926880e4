package defaults

import "meixu/app/words"

// english is the plain English of every sentence of the care templates and emergency cards,
// which are written in Chinese; a test holds that none is missing.
var english = func() (f map[string]string) { readJSON(careFiles, "aftercare/english.json", &f); return f }()

// said is a sentence in the language; one without English stays Chinese.
func said(zh string, lang words.Lang) string {
	if en := english[zh]; lang == words.EN && en != "" {
		return en
	}
	return zh
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
	if lang != words.EN {
		return c
	}
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
