package floor

import (
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"meixu/app/access"
	"meixu/app/live"
	"meixu/store/term"
	"meixu/ui/kit"
)

// freshFor bounds how long a drawn board may stand: clocks run out without any news.
const freshFor = 20 * time.Second

// boardTopics are the news after which a drawn board no longer holds.
var boardTopics = []string{live.Board, live.Queue, live.Tasks, live.Alerts, live.Till, live.Stock, "leads"}

// cache keeps the board as it was drawn, one piece per set of roles, language and layout,
// until one of its topics changes (rulings 21).
type cache struct {
	mu      sync.Mutex
	drawn   map[string]piece
	drawing singleflight.Group
}

type piece struct {
	html  *kit.Kept
	at    term.Instant
	since int64 // newest event when it was read
	cards cards // of the visits on it
}

func newCache() *cache { return &cache{drawn: map[string]piece{}} }

// keyOf names all that a drawn board depends on beside the clinic itself.
func keyOf(by access.Actor, layout string) string {
	roles := make([]string, len(by.Roles))
	for i, r := range by.Roles {
		roles[i] = string(r)
	}
	slices.Sort(roles)
	return strings.Join(append(roles, string(by.Lang), layout), " ")
}

// get gives the piece that still holds, or draws it anew with the cards of the one before. After
// a change two hundred tablets ask at once: one of each kind draws, the others wait for it. Who
// heard of a change that came after that drawing had begun waits for the next.
func (k *cache) get(hub *live.Hub, now term.Instant, key string, draw func(before cards) (kit.HTML, cards, error)) (*kit.Kept, error) {
	for heard := hub.Newest(); ; {
		have, holds := k.kept(hub, now, key)
		if holds {
			return have.html, nil
		}
		fresh, err, shared := k.drawing.Do(key, func() (any, error) {
			last := hub.Newest()
			html, drawn, err := draw(have.cards)
			if err != nil {
				return piece{}, err
			}
			return k.keep(key, piece{kit.Keep(html), now, last, drawn}), nil
		})
		if err != nil && !shared {
			return nil, err
		}
		if err != nil { // the one who drew may have gone away
			html, _, err := draw(have.cards)
			return kit.Keep(html), err
		}
		if p, ok := fresh.(piece); ok && p.since >= heard {
			return p.html, nil
		}
	}
}

// kept is what was drawn last and whether it still holds.
func (k *cache) kept(hub *live.Hub, now term.Instant, key string) (have piece, holds bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	have, ok := k.drawn[key]
	last, news := hub.Since(have.since, boardTopics...)
	if !ok || news || now.Before(have.at) || now.Sub(have.at) >= freshFor {
		return have, false
	}
	have.since = last // what it slept through was no news
	k.drawn[key] = have
	return have, true
}

func (k *cache) keep(key string, p piece) piece {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drawn[key] = p
	return p
}
