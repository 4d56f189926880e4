package form

import (
	"fmt"
	"io/fs"
	"slices"

	"meixu/app/words"
)

// Contraindication is one word of the dictionary (csv_notes.md section 1.1).
type Contraindication struct {
	Code    string           `json:"code"`
	Text    words.Text       `json:"text"`
	Level   Level            `json:"level"`
	Kinds   map[string]Level `json:"kinds,omitempty"`   // procedure kind → level where it differs
	Trigger []string         `json:"trigger,omitempty"` // "F2.pregnant": the questions that find it
	Note    words.Text       `json:"note,omitzero"`
}

// LevelFor is the level for a kind of procedure.
func (c Contraindication) LevelFor(kind string) Level {
	if l, ok := c.Kinds[kind]; ok {
		return l
	}
	return c.Level
}

// Dictionary is the clinic's list of contraindications.
type Dictionary struct {
	byCode map[string]Contraindication
	byWord map[string]string
	order  []string
}

// ReadDictionary reads contraindications.json strictly.
func ReadDictionary(files fs.FS) (Dictionary, error) {
	raw, err := fs.ReadFile(files, "contraindications.json")
	if err != nil {
		return Dictionary{}, err
	}
	var list []Contraindication
	if err := strict(raw, &list); err != nil {
		return Dictionary{}, fmt.Errorf("form: contraindications.json: %w", err)
	}
	d := Dictionary{byCode: map[string]Contraindication{}, byWord: map[string]string{}}
	for _, c := range list {
		if _, twice := d.byCode[c.Code]; twice || c.Code == "" || c.Text.ZH == "" || c.Text.EN == "" {
			return Dictionary{}, fmt.Errorf("form: contraindication %q is doubled or incomplete", c.Code)
		}
		if c.Level != Hard && c.Level != Soft {
			return Dictionary{}, fmt.Errorf("form: contraindication %s: level %q", c.Code, c.Level)
		}
		d.byCode[c.Code] = c
		d.byWord[c.Text.ZH] = c.Code
		d.order = append(d.order, c.Code)
	}
	return d, nil
}

// Word finds a contraindication by the Chinese word used in the price list.
func (d Dictionary) Word(zh string) (Contraindication, bool) {
	c, ok := d.byCode[d.byWord[zh]]
	return c, ok
}

// Code finds a contraindication by its code.
func (d Dictionary) Code(code string) (Contraindication, bool) {
	c, ok := d.byCode[code]
	return c, ok
}

// All lists the dictionary in its printed order.
func (d Dictionary) All() []Contraindication {
	out := make([]Contraindication, len(d.order))
	for i, code := range d.order {
		out[i] = d.byCode[code]
	}
	return out
}

// Finding is a hit judged for one item of the price list.
type Finding struct {
	Hit
	Text words.Text
}

// Judge keeps the hits that the item names (its Chinese contraindication words) and gives
// each the level of the item's kind: the dictionary may make the rule of a question milder
// or harder. A contraindication found twice is kept once, at the harder level. Hard first.
func (d Dictionary) Judge(hits []Hit, itemWords []string, kind string) []Finding {
	var out []Finding
	for _, h := range hits {
		c, ok := d.byCode[h.Contraindication]
		if !ok || !slices.Contains(itemWords, c.Text.ZH) {
			continue
		}
		if _, special := c.Kinds[kind]; special || h.Level == "" {
			h.Level = c.LevelFor(kind)
		}
		at := slices.IndexFunc(out, func(f Finding) bool { return f.Contraindication == h.Contraindication })
		switch {
		case at < 0:
			out = append(out, Finding{h, c.Text})
		case h.Level == Hard && out[at].Level == Soft:
			out[at] = Finding{h, c.Text}
		}
	}
	slices.SortStableFunc(out, func(x, y Finding) int { return hardness(x.Level) - hardness(y.Level) })
	return out
}

func hardness(l Level) int { return oneIf(l != Hard) }
