package phrase

import "slices"

// window is how many characters before a hit may turn its meaning (csv_notes.md part 3).
const window = 8

type wordKind int

const (
	filler wordKind = iota
	negator
	rhetorical
	affirming
)

type word struct {
	runes []rune
	kind  wordKind
}

// around reads the words next to a hit.
type around struct {
	words   []word // longest first
	quoting [][]rune
}

func newAround(g Grammar) around {
	var a around
	add := func(list []string, kind wordKind) {
		for _, w := range list {
			a.words = append(a.words, word{[]rune(w), kind})
		}
	}
	add(g.Affirming, affirming)
	add(g.Rhetorical, rhetorical)
	add(g.Negators, negator)
	add(g.Fillers, filler)
	slices.SortStableFunc(a.words, func(x, y word) int { return len(y.runes) - len(x.runes) })
	for _, w := range g.Quoting {
		a.quoting = append(a.quoting, []rune(w))
	}
	return a
}

// denied walks back from the hit, word by word within its clause: an odd number of turns
// (negations and rhetorical questions) denies the wording. Any other word ends the walk,
// for then the negation governs something else ("it does not hurt, absolutely safe").
func (a around) denied(f folded, start int) bool {
	turns, at := 0, start
	for at > 0 && !isBreak(f.runes[at-1]) {
		found := a.endingAt(f.runes[:at])
		if found == nil || start-at > window || found.kind == affirming {
			break
		}
		if found.kind == negator || found.kind == rhetorical {
			turns++
		}
		at -= len(found.runes)
	}
	return turns%2 == 1
}

// endingAt is the longest known word at the end of the runes.
func (a around) endingAt(runes []rune) *word {
	for i := range a.words {
		w := &a.words[i]
		if len(w.runes) <= len(runes) && slices.Equal(runes[len(runes)-len(w.runes):], w.runes) {
			return w
		}
	}
	return nil
}

// quoted says that the hit stands in quotation marks which are followed by words that
// only name it.
func (a around) quoted(f folded, start, end int) bool {
	stop := f.quote[start]
	if stop == 0 || f.quote[end-1] != stop {
		return false
	}
	for stop < len(f.runes) && f.quote[stop] > 0 { // further quotations of the same list
		stop = f.quote[stop]
	}
	return slices.ContainsFunc(a.quoting, func(w []rune) bool {
		return len(f.runes)-stop >= len(w) && slices.Equal(f.runes[stop:stop+len(w)], w)
	})
}
