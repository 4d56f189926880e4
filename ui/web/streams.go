package web

import (
	"slices"
	"sync"
)

// Live streams that may be open at once. A browser shares one among its tabs, so that six of one
// session are already old ones that nobody noticed to be gone; the total is far above the seats
// of a clinic and far below what the machine can hold.
const (
	streamsOfSession = 6
	streamsOfHouse   = 400
	// streamsAgain is after how many seconds a browser that was refused comes back.
	streamsAgain = "30"
)

// streams bounds the live streams, of a session and of the house.
type streams struct {
	most int

	mu   sync.Mutex
	all  int
	open map[string][]*stream // by session token, oldest first
}

// stream is one open stream; over is closed when a younger one of its session takes its place.
type stream struct {
	over chan struct{}
}

func newStreams(most int) *streams {
	if most == 0 {
		most = streamsOfHouse
	}
	return &streams{most: most, open: map[string][]*stream{}}
}

// begin takes a place for a stream of the session, ending its oldest where it has too many; ok
// is false when the house is full.
func (s *streams) begin(session string) (one *stream, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if mine := s.open[session]; len(mine) >= streamsOfSession {
		close(mine[0].over)
		s.take(session, 0)
	}
	if s.all >= s.most {
		return nil, false
	}
	one = &stream{over: make(chan struct{})}
	s.open[session] = append(s.open[session], one)
	s.all++
	return one, true
}

// end gives the place back, unless a younger stream took it already.
func (s *streams) end(session string, one *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.Index(s.open[session], one); at >= 0 {
		s.take(session, at)
	}
}

// take removes one stream from the list; the lock is held.
func (s *streams) take(session string, at int) {
	s.open[session] = slices.Delete(s.open[session], at, at+1)
	s.all--
	if len(s.open[session]) == 0 {
		delete(s.open, session)
	}
}
