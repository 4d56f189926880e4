package term

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameDots are the dots that people type between the parts of a name of a minority or of a
// foreigner; documents print U+00B7.
const nameDots = "\u2022\u2027\u2219\u22c5\u25cf\u30fb\uff65\uff0e"

// PersonName is a typed name as it is kept: what one sees of it, with single blanks, the letters of
// a full-width keyboard as plain ones, and one kind of dot between its parts.
func PersonName(typed string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(nameDots, r) {
			return '\u00b7'
		}
		return r
	}, strings.Join(strings.Fields(halfWidth(unstacked(Spelled(strings.ReplaceAll(typed, "\uff0e", "\u00b7"))))), " "))
}

// mostMarks is how many marks may stand on one letter of a name: more than in any writing, and few enough
// that a name does not run over its neighbours on a screen that everybody sees.
const mostMarks = 4

// unstacked leaves out what is piled up on a letter beyond what any writing has.
func unstacked(name string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks > mostMarks {
			return -1
		}
		return r
	}, name)
}

// GoodPersonName says that a kept name can stand on a document: it has letters, and no pictures,
// no signs of sums or of markup, and nothing that a spreadsheet would take for a formula.
func GoodPersonName(name string, least, most int) bool {
	n := utf8.RuneCountInString(name)
	return n >= least && n <= most && Called(name) && strings.IndexFunc(name, func(r rune) bool {
		return unicode.IsSymbol(r) || unicode.IsControl(r) || strings.ContainsRune(`{}[]"@#%&*/\:;!?_`, r)
	}) < 0
}

// Called says that a text is at least what somebody is called, as people name themselves on the
// telephone or on platforms: pictures may stand in it, letters must, and it is no formula.
func Called(name string) bool {
	return strings.IndexFunc(Likeness(name), unicode.IsLetter) >= 0 && !strings.ContainsAny(name, "<>{}\n\t") && !strings.ContainsAny(name[:1], "=+-@")
}
