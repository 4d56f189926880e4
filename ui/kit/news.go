package kit

import (
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/live"
)

// Longest is how long a guest's question for news is held when there is none; settles is how long
// one waits for what comes along with a piece of news.
const (
	longest = 20 * time.Second
	settles = 150 * time.Millisecond
)

// AwaitNews holds a request of the guests' door, where there is no stream, until one of the topics
// is sent after the event that it names (?since=), at most for twenty seconds. A request that
// names none is answered at once.
func AwaitNews(c echo.Context, hub *live.Hub, topics ...string) {
	since, err := strconv.ParseInt(c.QueryParam("since"), 10, 64)
	if err != nil || since < 0 {
		return
	}
	missed, events, cancel := hub.ListenSince(since)
	defer cancel()
	told := func(e live.Event) bool { return e.Topic == live.Resync || slices.Contains(topics, e.Topic) }
	if slices.ContainsFunc(missed, told) {
		return
	}
	over := time.NewTimer(longest)
	defer over.Stop()
	for {
		select {
		case <-c.Request().Context().Done():
			return
		case <-setupOf(c).Stopping:
			return
		case <-over.C:
			return
		case e, open := <-events:
			if !open || told(e) {
				over.Reset(settles)
				events = nil
			}
		}
	}
}
