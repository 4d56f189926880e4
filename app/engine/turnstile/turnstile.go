// Package turnstile counts what guests try, so that nobody asks the house too often. Guests have no
// session: what is counted is an address, in memory and by hash only.
package turnstile

import (
	"container/list"
	"crypto/sha256"
	"net/netip"
	"slices"
	"sync"
	"time"

	"meixu/store/term"
)

// Turnstile counts how often something was tried under a name. The zero value is ready.
type Turnstile struct {
	mu    sync.Mutex
	tries map[[sha256.Size]byte]*list.Element
	order list.List // of *counted, who came longest ago first
}

type counted struct {
	key [sha256.Size]byte
	at  []term.Instant
}

// mostNames bounds the names that are counted. Past it the one that came longest ago is forgotten: who
// sends many names forgets their own, nobody else's count begins anew.
const mostNames = 10_000

// Pass counts a try and says whether there were at most so many within the span.
func (t *Turnstile) Pass(name string, most int, span time.Duration, now term.Instant) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.counted(sha256.Sum256([]byte(name)))
	c.at = slices.DeleteFunc(c.at, func(at term.Instant) bool {
		return !now.Before(at.Add(span)) || now.Before(at) // of a clock that was put back since
	})
	if len(c.at) >= most {
		return false
	}
	c.at = append(c.at, now)
	return true
}

// counted is the count of a name, which came last now.
func (t *Turnstile) counted(key [sha256.Size]byte) *counted {
	if t.tries == nil {
		t.tries = map[[sha256.Size]byte]*list.Element{}
	}
	if e, known := t.tries[key]; known {
		t.order.MoveToBack(e)
		return e.Value.(*counted)
	}
	if t.order.Len() >= mostNames {
		oldest := t.order.Remove(t.order.Front()).(*counted)
		delete(t.tries, oldest.key)
	}
	c := &counted{key: key}
	t.tries[key] = t.order.PushBack(c)
	return c
}

// Peer is who is counted behind an address: of IPv6 the whole network of a household (/64), because
// every device there makes itself as many addresses as it likes.
func Peer(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	net, err := ip.Prefix(64)
	if err != nil {
		return address
	}
	return net.String()
}
