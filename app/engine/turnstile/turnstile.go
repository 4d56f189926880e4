// Package turnstile counts what guests try, so that nobody asks the house too often. Guests have no
// session: what is counted is an address or a number, in memory and by hash only.
package turnstile

import (
	"crypto/sha256"
	"slices"
	"sync"
	"time"

	"meixu/store/term"
)

// Turnstile counts how often something was tried under a name. The zero value is ready.
type Turnstile struct {
	mu    sync.Mutex
	tries map[[sha256.Size]byte][]term.Instant
}

// mostNames bounds the names that are counted; past it the count begins anew.
const mostNames = 10_000

// Pass counts a try and says whether there were at most so many within the span.
func (t *Turnstile) Pass(name string, most int, span time.Duration, now term.Instant) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tries == nil || len(t.tries) > mostNames {
		t.tries = map[[sha256.Size]byte][]term.Instant{}
	}
	key := sha256.Sum256([]byte(name))
	recent := slices.DeleteFunc(t.tries[key], func(at term.Instant) bool { return !now.Before(at.Add(span)) })
	if len(recent) >= most {
		t.tries[key] = recent
		return false
	}
	t.tries[key] = append(recent, now)
	return true
}
