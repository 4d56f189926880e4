package guess

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

//go:embed stems.txt
var stemsText string

// lists are the parts of stems.txt, each word also with its doubled letters as one; general is what
// follows the name in the name of a clinic, signs what people write between the digits of a day.
type lists struct {
	stems, surnames, given map[string]bool
	general, signs         []string
}

// known reads stems.txt once: sections begin with a line in brackets, remarks with #.
var known = sync.OnceValue(func() lists {
	l := lists{stems: map[string]bool{}, surnames: map[string]bool{}, given: map[string]bool{}}
	section := ""
	for line := range strings.Lines(stemsText) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = line
			continue
		}
		l.take(section, strings.Fields(line))
	}
	return l
})

func (l *lists) take(section string, words []string) {
	switch section {
	case "[general]":
		l.general = append(l.general, words...)
		return
	case "[signs]":
		l.signs = append(l.signs, words...)
		return
	}
	into := map[string]map[string]bool{"[stems]": l.stems, "[surnames]": l.surnames, "[given]": l.given}[section]
	for _, word := range words {
		into[word], into[single(word)] = true, true
	}
}

// Stems are the common words that are known, in order, for tests and figures.
func Stems() []string { return slices.Sorted(maps.Keys(known().stems)) }

// common says that a core is a common word or name, or two of them.
func common(core string) bool {
	l := known()
	for _, text := range []string{core, single(core)} {
		if l.isWord(text) {
			return true
		}
		for i := 2; i <= len(text)-2; i++ {
			one, other := text[:i], text[i:]
			if l.stems[one] && l.isWord(other) || l.stems[other] && l.isWord(one) {
				return true
			}
		}
	}
	return false
}

func (l lists) isWord(text string) bool { return l.stems[text] || l.surnames[text] || l.isName(text) }

// isName says that letters are a Chinese name: a surname and one or two syllables.
func (l lists) isName(text string) bool {
	for i := 1; i < len(text) && i <= 8; i++ {
		if l.surnames[text[:i]] && (l.isGiven(text[i:]) || l.isGiven2(text[i:])) {
			return true
		}
	}
	return false
}

func (l lists) isGiven(text string) bool { return l.given[text] }

func (l lists) isGiven2(text string) bool {
	for i := 1; i < len(text); i++ {
		if l.given[text[:i]] && l.given[text[i:]] {
			return true
		}
	}
	return false
}

// ownWords are the words of somebody's own, each with its kind.
type ownWords map[string]Kind

// words are the ways in which people write what is their own.
func (o Own) words() ownWords {
	w := ownWords{}
	clinic := strings.ToLower(strings.TrimSpace(o.Clinic))
	w.add(Clinic, letters(spelled(clinic)))
	w.add(Clinic, initials(clinic))
	for cut := true; cut; {
		cut = false
		for _, tail := range known().general {
			if short, had := strings.CutSuffix(clinic, tail); had && strings.TrimSpace(short) != "" {
				clinic, cut = strings.TrimSpace(short), true
				w.add(Clinic, letters(spelled(clinic)))
			}
		}
	}
	for _, part := range strings.Fields(clinic) {
		w.add(Clinic, letters(spelled(part)))
	}
	name := []rune(strings.ToLower(o.Name))
	w.add(Name, letters(spelled(string(name))))
	for i := 1; i < len(name); i++ { // the given name first as well, and alone
		w.add(Name, letters(spelled(string(name[i:])+string(name[:i]))))
		if unicode.Is(unicode.Han, name[i]) {
			w.add(Name, letters(spelled(string(name[i:]))))
		}
	}
	for _, part := range strings.Fields(string(name)) {
		w.add(Name, letters(spelled(part)))
	}
	w.add(Login, letters(spelled(strings.ToLower(o.Login))))
	return w
}

// add takes a word of three letters and more; shorter ones stand in everything.
func (w ownWords) add(kind Kind, word string) {
	if len(word) < 3 {
		return
	}
	for _, form := range []string{word, single(word)} {
		if _, have := w[form]; !have {
			w[form] = kind
		}
	}
}

// whole says that a core is a word of somebody's own, alone or beside another one or a common
// one.
func (w ownWords) whole(core string) Kind {
	l := known()
	for _, text := range []string{core, single(core)} {
		if kind := w[text]; kind != Fine {
			return kind
		}
		for i := 2; i <= len(text)-2; i++ {
			one, other := w[text[:i]], w[text[i:]]
			switch {
			case one != Fine && (other != Fine || l.isWord(text[i:])):
				return one
			case other != Fine && l.isWord(text[:i]):
				return other
			}
		}
	}
	return Fine
}

// beside is how much must stand beside a word of somebody's own that is anywhere in a password.
const besideOwn = 6

// fill says that a text is hardly more than a word of somebody's own.
func (w ownWords) fill(text string) Kind {
	for _, back := range stand {
		plain := back.Replace(text)
		for word, kind := range w {
			if strings.Contains(plain, word) && len(text) < len(word)+besideOwn {
				return kind
			}
		}
	}
	return Fine
}

var spelling = pinyin.NewArgs()

// spelled writes Chinese characters in pinyin and leaves out blanks.
func spelled(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
		case unicode.Is(unicode.Han, r):
			b.WriteString(syllable(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func syllable(r rune) string {
	if list := pinyin.SinglePinyin(r, spelling); len(list) > 0 {
		return list[0]
	}
	return string(r)
}

// initials are the first letters of the syllables of a Chinese name; "" for fewer than four.
func initials(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			b.WriteString(syllable(r)[:1])
		}
	}
	if b.Len() < 4 {
		return ""
	}
	return b.String()
}
