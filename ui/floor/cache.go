package floor

import (
	"slices"
	"strings"
	"sync"
	"time"

	"meixu/app/access"
	"meixu/app/live"
	"meixu/store/term"
	"meixu/ui/kit"
)

// freshFor bounds how long a drawn board may stand: clocks run out without any news.
const freshFor = 20 * time.Second

// boardTopics are the news after which a drawn board no longer holds.
var boardTopics = []string{live.Board, live.Queue, live.Tasks, live.Alerts}

// cache keeps the board as it was drawn, one piece per set of roles, language and layout,
// until one of its topics changes (rulings 21).
type cache struct {
	mu    sync.Mutex
	drawn map[string]piece
}

type piece struct {
	html  kit.HTML
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

// get gives the piece that still holds, or draws it anew with the cards of the one before.
func (k *cache) get(hub *live.Hub, now term.Instant, key string, draw func(before cards) (kit.HTML, cards, error)) (kit.HTML, error) {
	k.mu.Lock()
	have, ok := k.drawn[key]
	k.mu.Unlock()
	last, news := hub.Since(have.since, boardTopics...)
	if ok && !news && !now.Before(have.at) && now.Sub(have.at) < freshFor {
		return have.html, nil
	}
	html, drawn, err := draw(have.cards)
	if err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drawn[key] = piece{html, now, last, drawn}
	return html, nil
}
