// Package find is the finder behind every search box: an index of people kept in memory,
// because names and phones are sealed on disk and no plaintext index may lie there. It
// answers by a piece of the name, by pinyin or its initials, by the tail of the phone and by
// the member number, among hundreds of thousands, while one types (row:C2).
package find

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"meixu/store/term"
)

// Person is what the index knows of one client.
type Person struct {
	ID     term.ClientID
	Name   string
	Phone  string
	Number string
	Birth  term.Day
}

// Index finds people. It is safe for many readers and one writer.
type Index struct {
	mu      sync.RWMutex
	people  map[term.ClientID]Person
	keys    map[term.ClientID]keys
	pairs   map[[2]rune][]term.ClientID // two neighbouring characters of the name
	single  map[rune][]term.ClientID
	pinyin  sorted // initials and whole readings
	tails   sorted // phones backwards
	heads   sorted // phones forwards
	numbers sorted // member numbers, without punctuation, backwards
}

// keys are what a person was filed under, to take them out again.
type keys struct {
	name                       string
	pinyin, tail, head, number []string
}

// New makes an empty index.
func New() *Index {
	return &Index{
		people: map[term.ClientID]Person{}, keys: map[term.ClientID]keys{},
		pairs: map[[2]rune][]term.ClientID{}, single: map[rune][]term.ClientID{},
	}
}

// Fill puts many people in at once; much faster than Put one by one.
func (x *Index) Fill(people []Person) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, p := range people {
		x.take(p.ID)
		k := keysOf(p)
		x.people[p.ID], x.keys[p.ID] = p, k
		x.file(p)
		x.pinyin.append(p.ID, k.pinyin)
		x.tails.append(p.ID, k.tail)
		x.heads.append(p.ID, k.head)
		x.numbers.append(p.ID, k.number)
	}
	for _, s := range []*sorted{&x.pinyin, &x.tails, &x.heads, &x.numbers} {
		s.sort()
	}
}

// Put files a person anew under the present name, phone and number.
func (x *Index) Put(p Person) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.take(p.ID)
	k := keysOf(p)
	x.people[p.ID], x.keys[p.ID] = p, k
	x.file(p)
	x.pinyin.insert(p.ID, k.pinyin)
	x.tails.insert(p.ID, k.tail)
	x.heads.insert(p.ID, k.head)
	x.numbers.insert(p.ID, k.number)
}

// Take removes a person (merged into another, or erased).
func (x *Index) Take(id term.ClientID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.take(id)
}

// Len is the number of people in the index.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.people)
}

// Search gives at most limit people for what was typed, best first: whole matches before
// beginnings, beginnings before pieces, newer files before older ones.
func (x *Index) Search(typed string, limit int) []Person {
	q := fold(typed)
	if q == "" || limit <= 0 {
		return nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	var ids []term.ClientID
	switch {
	case strings.IndexFunc(q, isHan) >= 0:
		ids = x.byName(q)
	case strings.IndexFunc(q, unicode.IsLetter) >= 0 && q[0] != 'c' || !hasDigit(q):
		ids = x.pinyin.prefix(q, limit*4)
	default:
		ids = x.byDigits(q, limit)
	}
	return x.best(ids, q, limit)
}

func (x *Index) byDigits(q string, limit int) []term.ClientID {
	digits := strings.TrimLeft(q, "c")
	ids := x.tails.prefix(reverse(digits), limit*2)
	ids = append(ids, x.heads.prefix(digits, limit*2)...)
	return append(ids, x.numbers.prefix(reverse(digits), limit*2)...)
}

func (x *Index) byName(q string) []term.ClientID {
	runes := []rune(q)
	if len(runes) == 1 {
		return x.single[runes[0]]
	}
	shortest := x.pairs[[2]rune{runes[0], runes[1]}]
	for i := 1; i+1 < len(runes); i++ {
		if l := x.pairs[[2]rune{runes[i], runes[i+1]}]; len(l) < len(shortest) {
			shortest = l
		}
	}
	if len(runes) == 2 {
		return shortest
	}
	var ids []term.ClientID
	for _, id := range shortest {
		if strings.Contains(x.keys[id].name, q) {
			ids = append(ids, id)
		}
	}
	return ids
}

// best keeps the limit best of the ids without duplicates. Only as many as needed are ranked:
// the newest files of a long list.
func (x *Index) best(ids []term.ClientID, q string, limit int) []Person {
	const ranked = 100
	ids = ids[max(0, len(ids)-ranked):]
	type hit struct {
		p    Person
		rank int
	}
	hits := make([]hit, 0, len(ids))
	seen := make(map[term.ClientID]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		p := x.people[id]
		hits = append(hits, hit{p, x.rank(p, q)})
	}
	slices.SortFunc(hits, func(a, b hit) int {
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return int(b.p.ID - a.p.ID)
	})
	people := make([]Person, 0, limit)
	for _, h := range hits[:min(limit, len(hits))] {
		people = append(people, h.p)
	}
	return people
}

// rank is 0 for a whole match, 1 for a beginning, 2 for a piece.
func (x *Index) rank(p Person, q string) int {
	k := x.keys[p.ID]
	best := min(match(k.name, q), match(p.Phone, q))
	for _, spelt := range k.pinyin {
		best = min(best, match(spelt, q))
	}
	return best
}

func match(text, q string) int {
	switch {
	case text == q:
		return 0
	case strings.HasPrefix(text, q):
		return 1
	}
	return 2
}

func (x *Index) file(p Person) {
	runes := []rune(fold(p.Name))
	for i, r := range runes {
		if !slices.Contains(runes[:i], r) {
			x.single[r] = append(x.single[r], p.ID)
		}
		if i+1 < len(runes) {
			pair := [2]rune{r, runes[i+1]}
			x.pairs[pair] = append(x.pairs[pair], p.ID)
		}
	}
}

func (x *Index) take(id term.ClientID) {
	p, ok := x.people[id]
	if !ok {
		return
	}
	drop := func(list []term.ClientID) []term.ClientID {
		return slices.DeleteFunc(list, func(other term.ClientID) bool { return other == id })
	}
	runes := []rune(fold(p.Name))
	for i, r := range runes {
		x.single[r] = drop(x.single[r])
		if i+1 < len(runes) {
			pair := [2]rune{r, runes[i+1]}
			x.pairs[pair] = drop(x.pairs[pair])
		}
	}
	k := x.keys[id]
	x.pinyin.remove(id, k.pinyin)
	x.tails.remove(id, k.tail)
	x.heads.remove(id, k.head)
	x.numbers.remove(id, k.number)
	delete(x.people, id)
	delete(x.keys, id)
}
