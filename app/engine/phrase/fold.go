package phrase

import (
	"strings"
	"unicode"
)

// folded is a text without its disguises. place[i] is the rune of the typed text that
// folded rune i came from; quote[i] is the end (folded index) of the quotation that rune i
// stands in, or 0.
type folded struct {
	typed []rune
	runes []rune
	place []int
	quote []int
}

type folder struct{ swap map[rune]rune }

func newFolder(g Grammar) folder {
	f := folder{swap: map[rune]rune{}}
	pairs := []rune(g.Traditional)
	for i := 0; i+1 < len(pairs); i += 2 {
		f.swap[pairs[i]] = pairs[i+1]
	}
	for from, to := range g.LookAlikes {
		f.swap[[]rune(from)[0]] = []rune(to)[0]
	}
	return f
}

const (
	openers = "“‘「『《〈\""
	closers = "”’」』》〉\""
	// breaks end a clause, after folding to half width.
	breaks = ",。;!?\n"
)

// text folds full width to half width, upper to lower case, traditional and look-alike
// characters, and drops what is slipped in between characters: spaces, zero-width marks,
// symbols, and commas in a row of single characters.
func (f folder) text(typed string) folded {
	out := folded{typed: []rune(typed)}
	var open []int
	for i, r := range out.typed {
		r = f.rune(r)
		switch {
		case strings.ContainsRune(closers, r) && len(open) > 0:
			for k := open[len(open)-1]; k < len(out.runes); k++ {
				out.quote[k] = len(out.runes)
			}
			open = open[:len(open)-1]
			continue
		case strings.ContainsRune(openers, r):
			open = append(open, len(out.runes))
			continue
		case out.slippedIn(i, r):
			continue
		}
		out.runes = append(out.runes, r)
		out.place = append(out.place, i)
		out.quote = append(out.quote, 0)
	}
	return out.join()
}

func (f folder) rune(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		r -= 0xFEE0
	case r == 0x3000:
		r = ' '
	case r >= 0x2460 && r <= 0x2468: // circled digits
		r = r - 0x2460 + '1'
	case r == '\r':
		r = '\n'
	}
	if to, ok := f.swap[r]; ok {
		return to
	}
	return unicode.ToLower(r)
}

// slippedIn says that the rune carries no meaning at its place: everything that is not a
// letter, a digit, % or a clause break, except the point within a number.
func (out *folded) slippedIn(i int, r rune) bool {
	if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '%' || strings.ContainsRune(breaks, r) {
		return false
	}
	if r == '.' && i > 0 && i+1 < len(out.typed) && unicode.IsDigit(out.typed[i-1]) && unicode.IsDigit(out.typed[i+1]) {
		return false
	}
	return true
}

// join drops the breaks in runs of at least three clauses of one character each, which
// nobody writes but to hide a word.
func (out folded) join() folded {
	drop := make([]bool, len(out.runes))
	hidden := false
	for i := 0; i < len(out.runes); i++ {
		j := i
		for j+2 < len(out.runes) && !isBreak(out.runes[j]) && isBreak(out.runes[j+1]) && !isBreak(out.runes[j+2]) {
			j += 2
		}
		if (j-i)/2 < 2 {
			continue
		}
		for k := i + 1; k < j; k += 2 {
			drop[k], hidden = true, true
		}
		i = j
	}
	if !hidden {
		return out
	}
	kept := folded{typed: out.typed}
	index := make([]int, len(out.runes)+1)
	for i, r := range out.runes {
		index[i] = len(kept.runes)
		if !drop[i] {
			kept.runes, kept.place, kept.quote = append(kept.runes, r), append(kept.place, out.place[i]), append(kept.quote, out.quote[i])
		}
	}
	index[len(out.runes)] = len(kept.runes)
	for i, end := range kept.quote {
		kept.quote[i] = index[end]
	}
	return kept
}

func isBreak(r rune) bool { return strings.ContainsRune(breaks, r) }

// lower folds the letters of an expression, leaving its escapes alone.
func lower(expr string) string {
	out := []rune(expr)
	for i, r := range out {
		if i == 0 || out[i-1] != '\\' {
			out[i] = unicode.ToLower(r)
		}
	}
	return string(out)
}
