// Package live tells the screens what changed. After a commit the store hands over a list of
// topics; every listening browser gets the topic's name and nothing else, and refetches its
// fragment through the normal permission-checked route, so the stream can leak nothing.
package live

import (
	"slices"
	"sync"

	"meixu/store/term"
)

// Topics used in many places. A topic with a subject is written `visit:42`.
const (
	Board  = "board"
	Queue  = "queue"
	Tasks  = "tasks"
	Till   = "till"
	Stock  = "stock"
	Alerts = "alerts"
	Rooms  = "rooms"
	Staff  = "staff"
	// Appointments is the list of bookings.
	Appointments = "appointments"
)

// Resync is the topic sent to a browser that was away longer than the ring remembers.
const Resync = "resync"

const (
	ringSize   = 256 // events kept for browsers that slept
	bufferSize = 64  // events a listener may lag behind before it is dropped
)

// Event is one piece of news: its number and the topic.
type Event struct {
	ID    int64
	Topic string
}

// Hub spreads the news. Send never blocks: a listener that lags is dropped, its channel is
// closed, and its browser comes back with the id of the last event that it saw.
type Hub struct {
	mu        sync.Mutex
	last      int64
	ring      []Event
	listeners map[chan Event]bool
	seats     seats
	closed    bool
}

// New makes an empty hub.
func New() *Hub { return &Hub{listeners: map[chan Event]bool{}, seats: seats{}} }

// Send spreads topics in order. The store calls it after each commit, in commit order.
func (h *Hub) Send(topics []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, topic := range topics {
		if session, is := term.SeatOf(topic); is {
			h.seats.nudge(session)
			continue
		}
		h.last++
		e := Event{h.last, topic}
		if h.ring = append(h.ring, e); len(h.ring) > ringSize {
			h.ring = slices.Clone(h.ring[len(h.ring)-ringSize:])
		}
		for l := range h.listeners {
			select {
			case l <- e:
			default:
				h.drop(l)
			}
		}
	}
}

// Listen starts to listen from now on; cancel ends it and may be called twice.
func (h *Hub) Listen() (events <-chan Event, cancel func()) {
	_, events, cancel = h.ListenSince(-1)
	return events, cancel
}

// ListenSince listens and also gives what was sent after event id `since`. A negative since
// asks for nothing old. When the ring no longer reaches back that far (or the server was
// started anew), the answer is one Resync event: the browser refetches everything.
func (h *Hub) ListenSince(since int64) (missed []Event, events <-chan Event, cancel func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := make(chan Event, bufferSize)
	if h.closed {
		close(l)
		return nil, l, func() {}
	}
	h.listeners[l] = true
	cancel = func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.drop(l)
	}
	return h.missed(since), l, cancel
}

func (h *Hub) missed(since int64) []Event {
	if since < 0 || since == h.last {
		return nil
	}
	if since > h.last || len(h.ring) == 0 || h.ring[0].ID > since+1 {
		return []Event{{h.last, Resync}}
	}
	return slices.Clone(h.ring[since+1-h.ring[0].ID:])
}

// Close ends all listeners, at shutdown.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for l := range h.listeners {
		h.drop(l)
	}
}

// Listeners counts who listens, for the health page.
func (h *Hub) Listeners() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.listeners)
}

func (h *Hub) drop(l chan Event) {
	if h.listeners[l] {
		delete(h.listeners, l)
		close(l)
	}
}
