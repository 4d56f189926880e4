package find

import (
	"slices"
	"strings"

	"meixu/store/term"
)

// names files people by the characters of their names and by neighbouring pairs of them:
// Chinese names have two or three characters, too few for the usual text indexes.
type names struct {
	pairs  map[[2]rune][]term.ClientID
	single map[rune][]term.ClientID
}

func newNames() names {
	return names{pairs: map[[2]rune][]term.ClientID{}, single: map[rune][]term.ClientID{}}
}

func (n names) file(id term.ClientID, name string) {
	eachPart(name, func(r rune) { n.single[r] = append(n.single[r], id) }, func(pair [2]rune) { n.pairs[pair] = append(n.pairs[pair], id) })
}

func (n names) drop(id term.ClientID, name string) {
	without := func(list []term.ClientID) []term.ClientID {
		return slices.DeleteFunc(list, func(other term.ClientID) bool { return other == id })
	}
	eachPart(name, func(r rune) { n.single[r] = without(n.single[r]) }, func(pair [2]rune) { n.pairs[pair] = without(n.pairs[pair]) })
}

// eachPart calls character once for each different character, and pair for each two
// neighbours.
func eachPart(name string, character func(rune), pair func([2]rune)) {
	runes := []rune(fold(name))
	for i, r := range runes {
		if !slices.Contains(runes[:i], r) {
			character(r)
		}
		if i+1 < len(runes) {
			pair([2]rune{r, runes[i+1]})
		}
	}
}

// with lists whose name holds q, in the order in which they were filed.
func (n names) with(q string, nameOf func(term.ClientID) string) []term.ClientID {
	runes := []rune(q)
	if len(runes) == 1 {
		return n.single[runes[0]]
	}
	shortest := n.pairs[[2]rune{runes[0], runes[1]}]
	for i := 1; i+1 < len(runes); i++ {
		if l := n.pairs[[2]rune{runes[i], runes[i+1]}]; len(l) < len(shortest) {
			shortest = l
		}
	}
	if len(runes) == 2 {
		return shortest
	}
	var ids []term.ClientID
	for _, id := range shortest {
		if strings.Contains(fold(nameOf(id)), q) {
			ids = append(ids, id)
		}
	}
	return ids
}
