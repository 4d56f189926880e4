// Package guess says why a password would be guessed first. It knows no list of passwords but
// the rules by which people make them (ASVS 6.2.4): a common word, a name, the clinic or the
// login, with digits and signs around it and digits in the place of letters; a walk over the
// keyboard; a row of digits, a date, a phone number; a part said again. A few hundred stems
// refuse what a list of many thousand passwords would, and what no list has.
package guess

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Kind is what makes a password easy; people read the words of `admin.password.<kind>`.
type Kind string

// The kinds.
const (
	Fine   Kind = ""       // nobody guesses it soon
	Common Kind = "common" // a common word or name, or two of them
	Clinic Kind = "clinic" // the clinic's own name
	Login  Kind = "login"  // the login
	Name   Kind = "name"   // the person's name
	Walk   Kind = "walk"   // keys beside one another
	Digits Kind = "digits" // rows and well-liked numbers
	Date   Kind = "date"   // a day
	Number Kind = "number" // a phone or identity number
	Repeat Kind = "repeat" // a part again and again
)

// Own are the words by which somebody would begin who knows whose password it is.
type Own struct{ Clinic, Login, Name string }

// Why says what makes a password easy to guess, Fine when nothing does.
func Why(password string, own Own) Kind {
	raw := strings.ToLower(norm.NFKC.String(password))
	if kind := numeric(raw); kind != Fine {
		return kind
	}
	text := spelled(raw)
	switch {
	case repeats(text):
		return Repeat
	case walks(text):
		return Walk
	}
	if kind := initialled(text); kind != Fine {
		return kind
	}
	words := own.words()
	if kind := words.fill(text); kind != Fine {
		return kind
	}
	for _, core := range cores(text) {
		if kind := words.judge(core); kind != Fine {
			return kind
		}
	}
	return Fine
}

// judge says what a core is.
func (w ownWords) judge(core string) Kind {
	if kind := w.whole(core); kind != Fine {
		return kind
	}
	switch {
	case len(core) >= 4 && repeats(core):
		return Repeat
	case walks(core):
		return Walk
	case common(core):
		return Common
	}
	return Fine
}

// stand are the letters in whose place people write digits and signs. A 1 stands for two.
var stand = []*strings.Replacer{
	strings.NewReplacer("0", "o", "1", "i", "!", "i", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "+", "t", "8", "b", "9", "g"),
	strings.NewReplacer("0", "o", "1", "l", "!", "l", "|", "l", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "6", "g", "2", "z"),
	strings.NewReplacer(),
}

// cores are what may be meant by a text: digits and signs off both ends, letters back in the
// place of those within. Where the end is ambiguous (hell0123) each reading is one.
func cores(text string) (all []string) {
	runes := []rune(text)
	head, tail := 0, 0
	for head < len(runes) && !unicode.IsLetter(runes[head]) {
		head++
	}
	for tail < len(runes) && !unicode.IsLetter(runes[len(runes)-1-tail]) {
		tail++
	}
	if head == len(runes) && !strings.ContainsAny(text, "@$!") {
		return nil // digits alone are no word
	}
	seen := map[string]bool{}
	for _, i := range ends(head) {
		for _, j := range ends(tail) {
			if i+j >= len(runes) {
				continue
			}
			middle := string(runes[i : len(runes)-j])
			for _, back := range stand {
				core := letters(back.Replace(middle))
				if core != "" && !seen[core] {
					seen[core] = true
					all = append(all, core)
				}
			}
		}
	}
	return all
}

// written is how many signs in a row may stand in the place of letters at the end of a word.
const written = 8

// ends are how many of n signs at an end may be cut off: all but a few, or none.
func ends(n int) (cuts []int) {
	for cut := n; cut >= 0 && cut >= n-written; cut-- {
		cuts = append(cuts, cut)
	}
	if n > written {
		cuts = append(cuts, 0)
	}
	return cuts
}

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
}

// single takes letters that are said more than once in a row as one.
func single(text string) string {
	var last rune
	return strings.Map(func(r rune) rune {
		if r == last {
			return -1
		}
		last = r
		return r
	}, text)
}

// shortPart is the longest part that counts when it is said again: longer ones are passwords
// themselves, and are judged as such.
const shortPart = 10

// repeats says that a text is a short part again and again, the last time perhaps cut, or made of
// three signs at most.
func repeats(text string) bool {
	runes := []rune(text)
	kinds := map[rune]bool{}
	for _, r := range runes {
		kinds[r] = true
	}
	if len(kinds) <= 3 && len(runes) >= shortPart {
		return true
	}
	for part := 1; part < shortPart && part <= len(runes)/2; part++ {
		if periodic(runes, part) {
			return true
		}
	}
	return false
}

func periodic(runes []rune, part int) bool {
	for i := part; i < len(runes); i++ {
		if runes[i] != runes[i-part] {
			return false
		}
	}
	return true
}
