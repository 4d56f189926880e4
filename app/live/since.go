package live

import "slices"

// Since says whether any of the topics was sent after the event id since, and gives the id
// of the newest event: whoever drew something with that id knows until when it holds. When
// the ring no longer reaches back that far the answer is yes.
func (h *Hub) Since(since int64, topics ...string) (last int64, news bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.missed(since) {
		if e.Topic == Resync || slices.Contains(topics, e.Topic) {
			return h.last, true
		}
	}
	return h.last, false
}

// Newest is the id of the newest event, 0 when nothing was ever sent.
func (h *Hub) Newest() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}
