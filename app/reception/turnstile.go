package reception

import (
	"crypto/sha256"
	"slices"
	"sync"
	"time"

	"meixu/store/term"
)

// turnstile counts how often something was tried under a name, in memory and by hash only.
type turnstile struct {
	mu    sync.Mutex
	tries map[[sha256.Size]byte][]term.Instant
}

// turnstileMost bounds the names that are counted; past it the count begins anew.
const turnstileMost = 10_000

// pass counts a try and says whether there were at most so many within the span.
func (t *turnstile) pass(name string, most int, span time.Duration, now term.Instant) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tries == nil || len(t.tries) > turnstileMost {
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
