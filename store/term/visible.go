package term

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// joins are the marks that show nothing of their own and make one picture of several emoji, or
// a picture of a sign: kept in what people write, where a picture stands before them.
const (
	emojiJoiner = '\u200d'
	emojiStyle  = '\ufe0f'
)

// blankSigns show nothing, though Unicode counts them as signs or letters that are to be shown.
const blankSigns = "\u2800\u303f\ufffc\U0001d159\U00016fe4\U00013441\U00013442"

// Shows says that a code point is one that a reader can see, or a blank or the end of a line.
func Shows(r rune) bool {
	switch {
	case r == '\n', r == '\r', r == '\t':
		return true
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), strings.ContainsRune(blankSigns, r):
		return false
	}
	return !unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// Written is a text as a reader sees it: without bytes that are no text and without what shows
// nothing or turns the direction of writing. Joined emoji stay whole. A text that shows
// nothing is "".
func Written(text string) string {
	var b strings.Builder
	picture, seen := false, false
	for _, r := range strings.ToValidUTF8(text, "") {
		switch {
		case Shows(r):
			b.WriteRune(r)
			picture = unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) && r > 0x1f000
			seen = seen || !unicode.IsSpace(r) && !unicode.Is(unicode.M, r)
		case picture && (r == emojiJoiner || r == emojiStyle):
			b.WriteRune(r)
		}
	}
	if !seen {
		return ""
	}
	return b.String()
}

// Spelled is a name as a reader sees it: like Written, and without the marks that join emoji, so
// that two names which look the same are the same.
func Spelled(name string) string {
	return Written(strings.Map(func(r rune) rune {
		if !Shows(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
}

// Likeness is what is compared of two names: only what one sees of them, whatever their width,
// letter case, blanks, hyphens and dots. Two names of one likeness are one name to a reader; a
// name without one names nobody.
func Likeness(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || !Shows(r) || strings.ContainsRune("∙⋅●", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(Spelled(name)))
}
