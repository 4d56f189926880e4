package web

import (
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
// that its session was locked, ended or disabled.
const (
	heartbeat = 20 * time.Second
	watch     = 500 * time.Millisecond
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
	s.stream(c, w, events, one)
	return nil
}

// stream goes on until the browser leaves, the server stops, the session ends or opens too many.
func (s *Server) stream(c echo.Context, w *echo.Response, events <-chan live.Event, one *stream) {
	beat, look := time.NewTicker(heartbeat), time.NewTicker(watch)
	defer beat.Stop()
	defer look.Stop()
	session := kit.Who(c).Session // its token may be another one meanwhile
	for {
		select {
		case <-c.Request().Context().Done():
			return
		case <-s.stopping:
			return
		case <-one.over:
			return
		case <-look.C:
			if s.seatEnded(c, session) {
				// The page takes what it shows from the glass at once, without asking again.
				if _, err := fmt.Fprint(w, "event: bye\ndata: bye\n\n"); err == nil {
					w.Flush()
				}
				return
			}
			continue
		case <-beat.C:
			if _, err := fmt.Fprint(w, ": beat\n\n"); err != nil {
				return
			}
		case e, open := <-events:
			if !open || tell(w, e) != nil {
				return
			}
		}
		w.Flush()
	}
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
