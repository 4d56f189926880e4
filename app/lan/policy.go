package lan

import (
	"cmp"
	"log/slog"
	"slices"
	"sync"
)

// violationsMost bounds how many kinds of violations are told apart; what is more counts together.
const violationsMost = 100

// Violation is what a browser stopped on a page of the house, because the page's policy does not
// allow it. It names nothing of a person: the page is a pattern of a route, what was stopped a kind.
type Violation struct {
	Directive string // of the policy, as script-src-elem
	Blocked   string // inline, eval, data, own, elsewhere
	Page      string // route of the page, as /visit/:id
}

// Violations counts what browsers report since the start. The zero value is ready.
type Violations struct {
	mu   sync.Mutex
	seen map[Violation]int
}

// Counted is a violation and how often it was reported.
type Counted struct {
	Violation
	Times int
}

// Note counts a violation and writes a line to the log the first time, the tenth, the hundredth and so
// on: whoever reports without end writes a handful of lines.
func (v *Violations) Note(what Violation) {
	v.mu.Lock()
	if v.seen == nil {
		v.seen = map[Violation]int{}
	}
	if v.seen[what] == 0 && len(v.seen) >= violationsMost {
		what = Violation{"other", "other", "other"}
	}
	v.seen[what]++
	times := v.seen[what]
	v.mu.Unlock()
	if isPowerOfTen(times) {
		slog.Warn("content policy", "directive", what.Directive, "blocked", what.Blocked, "page", what.Page, "times", times)
	}
}

func isPowerOfTen(n int) bool {
	for n >= 10 && n%10 == 0 {
		n /= 10
	}
	return n == 1
}

// List is what was reported since the start, the most frequent first.
func (v *Violations) List() (list []Counted) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for what, times := range v.seen {
		list = append(list, Counted{what, times})
	}
	slices.SortFunc(list, func(a, b Counted) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Page, b.Page), cmp.Compare(a.Directive, b.Directive), cmp.Compare(a.Blocked, b.Blocked))
	})
	return list
}
