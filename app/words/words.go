// Package words is the catalogue of interface texts: Chinese complete first, English
// from the same keys. It is a leaf: it imports nothing of ours, so that faults, states
// and pages can all carry keys and be printed in the reader's language. User content
// is never translated.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// Lang is a language of the interface.
type Lang string

// The two languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

//go:embed zh/*.json en/*.json
var files embed.FS

var catalogue = map[Lang]map[string]string{ZH: load(ZH), EN: load(EN)}

// Text is a piece of template data written in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en,omitempty"`
}

// In gives the text in the language, Chinese where English is missing.
func (t Text) In(l Lang) string {
	if l == EN && t.EN != "" {
		return t.EN
	}
	return t.ZH
}

// T prints the text of key with its arguments. A missing key prints itself in ⟦⟧, so that
// it is seen on screen and found by tests, and never breaks a page.
func (l Lang) T(key string, args ...any) string {
	text, ok := catalogue[l][key]
	if !ok {
		if text, ok = catalogue[ZH][key]; !ok {
			return "⟦" + key + "⟧"
		}
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// units finds the key of a unit by the Chinese word that stands in templates and price lists,
// kinds that of a category of items or of a kind of room, device or product.
var units, kinds = byText("unit."), byText("kind.")

func byText(prefix string) map[string]string {
	keys := map[string]string{}
	for key, text := range catalogue[ZH] {
		if strings.HasPrefix(key, prefix) {
			keys[text] = key
		}
	}
	return keys
}

// Kind prints a category or kind as kept with the data ("注射室") in the language; one that the
// house made up itself stays.
func (l Lang) Kind(kept string) string {
	if key, known := kinds[kept]; known {
		return l.T(key)
	}
	return kept
}

// Unit prints a unit of measure as kept with the data ("分钟") in the language; units that are
// no words (ml, U) stay.
func (l Lang) Unit(kept string) string {
	if key, known := units[kept]; known {
		return l.T(key)
	}
	return kept
}

// Has says whether the catalogue knows the key in the language.
func (l Lang) Has(key string) bool { _, ok := catalogue[l][key]; return ok }

// Keys lists all keys of a language, unordered.
func (l Lang) Keys() []string {
	keys := make([]string, 0, len(catalogue[l]))
	for k := range catalogue[l] {
		keys = append(keys, k)
	}
	return keys
}

// Parse reads "zh" or "en"; everything else is Chinese.
func Parse(text string) Lang {
	if strings.HasPrefix(strings.ToLower(text), "en") {
		return EN
	}
	return ZH
}

func load(l Lang) map[string]string {
	all := map[string]string{}
	names, err := fs.Glob(files, string(l)+"/*.json")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		raw, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		var part map[string]string
		if err := json.Unmarshal(raw, &part); err != nil {
			panic(fmt.Sprintf("words: %s: %v", name, err))
		}
		for k, v := range part {
			if _, twice := all[k]; twice {
				panic("words: key twice: " + k)
			}
			all[k] = v
		}
	}
	return all
}
