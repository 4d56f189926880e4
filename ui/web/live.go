package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/app/live"
	"meixu/ui/kit"
)

// heartbeat keeps the connection through sleepy routers; watch is how soon a stream finds out
// that nobody sat at its page for too long. That its session was locked, ended or its person
// disabled the hub tells it with the commit.
const (
	heartbeat = 20 * time.Second
	watch     = 2 * time.Second
)

// live is the one stream of a browser: names of topics, nothing else. A browser that slept
// gets what it missed, by the id of the last event that it saw.
func (s *Server) live(c echo.Context) error {
	since := int64(-1)
	last := c.Request().Header.Get("Last-Event-ID")
	if last == "" {
		last = c.QueryParam("last")
	}
	if id, err := strconv.ParseInt(last, 10, 64); err == nil {
		since = id
	}
	token := kit.SessionToken(c)
	one, ok := s.streams.begin(token)
	if !ok {
		c.Response().Header().Set("Retry-After", streamsAgain)
		return &fault.Error{Kind: fault.KindBusy, Key: "web.streams"}
	}
	defer s.streams.end(token, one)
	session := kit.Who(c).Session // its token may be another one meanwhile
	seat, leave := s.app.Hub.Seat(session)
	defer leave()
	missed, events, cancel := s.app.Hub.ListenSince(since)
	defer cancel()
	w := c.Response()
	if err := http.NewResponseController(w.Writer).SetWriteDeadline(time.Time{}); err != nil {
		return err
	}
	w.Header().Set(echo.HeaderContentType, "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	if _, err := fmt.Fprint(w, "retry: 1000\n\n"); err != nil {
		return nil
	}
	for _, e := range missed {
		if err := tell(w, e); err != nil {
			return nil
		}
	}
	w.Flush()
	s.stream(c, w, hearing{session: session, seat: seat, events: events, one: one})
	return nil
}

// hearing is what a stream listens to: news for its browser, and what becomes of its session.
type hearing struct {
	session int64
	seat    <-chan struct{}
	events  <-chan live.Event
	one     *stream
}

// stream goes on until the browser leaves, the server stops, the session ends or opens too many.
func (s *Server) stream(c echo.Context, w *echo.Response, on hearing) {
	beat, look := time.NewTicker(heartbeat), time.NewTicker(cmp.Or(s.opts.Watch, watch))
	defer beat.Stop()
	defer look.Stop()
	if s.bye(c, w, on.session) { // between the door and the watch
		return
	}
	for {
		select {
		case <-c.Request().Context().Done():
			return
		case <-s.stopping:
			return
		case <-on.one.over:
			return
		case <-on.seat:
			if s.bye(c, w, on.session) {
				return
			}
			continue
		case <-look.C:
			if s.bye(c, w, on.session) {
				return
			}
			continue
		case <-beat.C:
			if _, err := fmt.Fprint(w, ": beat\n\n"); err != nil {
				return
			}
		case e, open := <-on.events:
			if !open || tell(w, e) != nil {
				return
			}
		}
		w.Flush()
	}
}

// bye ends a stream whose session may see nothing more: the page takes what it shows from the
// glass at once, without asking again.
func (s *Server) bye(c echo.Context, w *echo.Response, session int64) (ended bool) {
	if !s.seatEnded(c, session) {
		return false
	}
	if _, err := fmt.Fprint(w, "event: bye\ndata: bye\n\n"); err == nil {
		w.Flush()
	}
	return true
}

// seatEnded says that the person of a stream may no longer see what the page shows.
func (s *Server) seatEnded(c echo.Context, session int64) bool {
	seat, err := s.app.Admin.SeatOf(c.Request().Context(), session)
	return err != nil || seat.Actor.Locked || !seat.Actor.Guest.None()
}

func tell(w *echo.Response, e live.Event) error {
	_, err := fmt.Fprintf(w, "id: %d\ndata: %s\n\n", e.ID, e.Topic)
	return err
}
