// Package find is the finder behind every search box: an index of people kept in memory,
// because names and phones are sealed on disk and no plaintext index may lie there. It
// answers by a piece of the name, by pinyin or its initials, by the tail of the phone and by
// the member number, among hundreds of thousands, while one types (row:C2).
package find

import (
	"cmp"
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
	// Into is the file that this one was merged into: who looks for this one finds that; 0 for none.
	Into term.ClientID
	// Former is the number of the system before; it is found like the own.
	Former string
}

// Index finds people. It is safe for many readers and one writer.
type Index struct {
	mu      sync.RWMutex
	people  map[term.ClientID]Person
	names   names
	pinyin  sorted // initials and whole readings
	tails   sorted // phones backwards
	heads   sorted // phones forwards
	numbers sorted // member numbers, without punctuation, backwards
	formers sorted // numbers of the system before, as they were written
}

// New makes an empty index.
func New() *Index {
	return &Index{people: map[term.ClientID]Person{}, names: newNames()}
}

// lists names the sorted lists together with the keys that a person has in each.
func (x *Index) lists() []listOf {
	return []listOf{
		{&x.pinyin, func(p Person) []string { return readings(p.Name) }},
		{&x.tails, func(p Person) []string { return some(reverse(digitsOf(p.Phone))) }},
		{&x.heads, func(p Person) []string { return some(digitsOf(p.Phone)) }},
		{&x.numbers, func(p Person) []string {
			return append(some(reverse(digitsOf(p.Number))), some(reverse(digitsOf(p.Former)))...)
		}},
		{&x.formers, func(p Person) []string { return some(fold(p.Former)) }},
	}
}

type listOf struct {
	*sorted
	keys func(Person) []string
}

// Fill puts many people in at once, in the order of their ids; much faster than Put one by
// one, and on all processors: the clinic waits for it at every start.
func (x *Index) Fill(people []Person) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var tasks sync.WaitGroup
	for _, l := range x.lists() {
		tasks.Go(func() { l.fill(people, l.keys) })
	}
	tasks.Go(func() {
		for _, p := range people {
			x.names.file(p.ID, p.Name)
		}
	})
	for _, p := range people {
		x.people[p.ID] = p
	}
	tasks.Wait()
}

// Put files a person anew under the present name, phone and number.
func (x *Index) Put(p Person) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.take(p.ID)
	x.people[p.ID] = p
	x.names.file(p.ID, p.Name)
	for _, l := range x.lists() {
		l.insert(p.ID, l.keys(p))
	}
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
// beginnings, beginnings before pieces, newer files before older ones. Of people who match equally
// well those of first come first, such as whoever is in the house; they are found in any crowd.
func (x *Index) Search(typed string, limit int, first ...term.ClientID) []Person {
	q := fold(typed)
	if q == "" || limit <= 0 {
		return nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.best(append(x.hits(q, limit), x.among(q, first)...), limit, first)
}

// among looks at a few people one by one, as hits looks at all by the lists.
func (x *Index) among(q string, few []term.ClientID) (hits []hit) {
	for _, id := range few {
		p, there := x.people[id]
		if !there {
			continue
		}
		for _, k := range keysFor(q, p) {
			if strings.HasPrefix(k.text, k.q) {
				hits = append(hits, hit{id, k.weigh(match(k.text, k.q))})
			}
		}
	}
	return hits
}

// tried is one key of a person beside what it is compared with; a piece is no beginning (hits).
type tried struct {
	text, q string
	piece   bool
}

func (k tried) weigh(rank int) int {
	if k.piece && rank > 0 {
		return 2
	}
	return rank
}

// keysFor are the keys of a person that answer what was typed.
func keysFor(q string, p Person) (keys []tried) {
	switch {
	case strings.IndexFunc(q, isHan) >= 0:
		name := fold(p.Name)
		if at := strings.Index(name, q); at > 0 {
			return []tried{{name[at:] + " ", q, true}}
		}
		return []tried{{name, q, false}}
	case lettered(q):
		for _, key := range readings(p.Name) {
			keys = append(keys, tried{key, q, false})
		}
		return append(keys, tried{fold(p.Former), q, false})
	}
	digits := strings.TrimLeft(q, "c")
	return []tried{
		{reverse(digitsOf(p.Phone)), reverse(digits), true},
		{digitsOf(p.Phone), digits, false},
		{reverse(digitsOf(p.Number)) + " ", reverse(digits), true},
		{reverse(digitsOf(p.Former)) + " ", reverse(digits), true},
	}
}

// lettered says that a name or a number with letters was typed, no phone and no member number.
func lettered(q string) bool {
	return strings.IndexFunc(q, unicode.IsLetter) >= 0 && q[0] != 'c' || !hasDigit(q)
}

// hit is somebody who fits, and how well: 0 a whole match, 1 a beginning, 2 a piece.
type hit struct {
	id   term.ClientID
	rank int
}

func (x *Index) hits(q string, limit int) []hit {
	if strings.IndexFunc(q, isHan) >= 0 {
		return x.named(q)
	}
	if lettered(q) {
		hits := x.pinyin.prefix(q, limit*4)
		if hasDigit(q) {
			hits = append(hits, x.formers.prefix(q, limit)...)
		}
		return hits
	}
	digits := strings.TrimLeft(q, "c")
	tails := x.tails.prefix(reverse(digits), limit*2)
	for i := range tails {
		tails[i].rank *= 2 // the end of a phone is a piece of it, no beginning
	}
	hits := append(tails, x.heads.prefix(digits, limit*2)...)
	for _, h := range x.numbers.prefix(reverse(digits), limit*2) {
		hits = append(hits, hit{h.id, 2})
	}
	return hits
}

// ranked bounds how many of a long list are ranked: the newest files.
const ranked = 100

func (x *Index) named(q string) []hit {
	ids := x.names.with(q, func(id term.ClientID) string { return x.people[id].Name })
	ids = ids[max(0, len(ids)-ranked):]
	hits := make([]hit, 0, len(ids))
	for _, id := range ids {
		hits = append(hits, hit{id, match(fold(x.people[id].Name), q)})
	}
	return hits
}

// best keeps the limit best without duplicates.
func (x *Index) best(hits []hit, limit int, first []term.ClientID) []Person {
	ahead := make(map[term.ClientID]int, len(first))
	for _, id := range first {
		ahead[id] = 1
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(a.rank-b.rank, ahead[b.id]-ahead[a.id], int(b.id-a.id))
	})
	people := make([]Person, 0, limit)
	seen := make(map[term.ClientID]bool, limit)
	for _, h := range hits {
		if len(people) == limit {
			break
		}
		p, there := x.stays(h.id)
		if there && !seen[p.ID] {
			seen[p.ID] = true
			people = append(people, p)
		}
	}
	return people
}

// stays is the person of an id, or who that file was merged into.
func (x *Index) stays(id term.ClientID) (Person, bool) {
	p, there := x.people[id]
	for range len(x.people) {
		if p.Into == 0 || !there {
			break
		}
		p, there = x.people[p.Into]
	}
	return p, there
}

// Survivor is the file that an id leads to when it was merged; false when it was not.
func (x *Index) Survivor(id term.ClientID) (term.ClientID, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.people[id].Into == 0 {
		return 0, false
	}
	p, there := x.stays(id)
	return p.ID, there
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

func (x *Index) take(id term.ClientID) {
	p, ok := x.people[id]
	if !ok {
		return
	}
	x.names.drop(id, p.Name)
	for _, l := range x.lists() {
		l.remove(id, l.keys(p))
	}
	delete(x.people, id)
}
