package live

// seats are those who watch one session each, by its id.
type seats map[int64]map[chan struct{}]bool

// Seat tells, after each commit that locked, ended or otherwise changed a session, that whoever
// shows something to it must look at it again. That is no news: no browser hears it, it has no
// number and is not remembered. stop ends the watch and may be called twice.
func (h *Hub) Seat(session int64) (changed <-chan struct{}, stop func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := make(chan struct{}, 1) // one is enough: who looks again sees all changes
	if h.seats[session] == nil {
		h.seats[session] = map[chan struct{}]bool{}
	}
	h.seats[session][one] = true
	return one, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.seats[session], one)
		if len(h.seats[session]) == 0 {
			delete(h.seats, session)
		}
	}
}

// nudge tells those who watch a session; the lock of the hub is held.
func (s seats) nudge(session int64) {
	for one := range s[session] {
		select {
		case one <- struct{}{}:
		default:
		}
	}
}
