package live_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/live"
	"meixu/store/term"
)

func TestHub(t *testing.T) {
	t.Parallel()

	t.Run("a listener hears topics in the order of the commits", func(t *testing.T) {
		t.Parallel()
		h := live.New()
		events, cancel := h.Listen()
		defer cancel()
		h.Send([]string{"queue", "visit:42"})
		require.Equal(t, live.Event{ID: 1, Topic: "queue"}, <-events)
		require.Equal(t, live.Event{ID: 2, Topic: "visit:42"}, <-events)
	})

	t.Run("who watches a session hears of it, and nobody else", func(t *testing.T) {
		t.Parallel()
		h := live.New()
		events, cancel := h.Listen()
		defer cancel()
		mine, stop := h.Seat(7)
		other, stopOther := h.Seat(8)
		defer stopOther()
		h.Send([]string{term.SeatTopic(7), term.SeatTopic(7), "queue"})
		require.Len(t, mine, 1, "once is enough")
		require.Empty(t, other)
		require.Equal(t, live.Event{ID: 1, Topic: "queue"}, <-events, "it is no news")
		<-mine
		stop()
		stop()
		h.Send([]string{term.SeatTopic(7)})
		require.Empty(t, mine)
	})

	t.Run("a listener that lags is dropped and never blocks the sender", func(t *testing.T) {
		t.Parallel()
		h := live.New()
		events, cancel := h.Listen()
		defer cancel()
		for range 1000 {
			h.Send([]string{"queue"})
		}
		n := 0
		for range events {
			n++
		}
		require.Equal(t, 64, n)
		require.Zero(t, h.Listeners())
	})

	t.Run("a browser that slept gets what it missed", func(t *testing.T) {
		t.Parallel()
		h := live.New()
		h.Send([]string{"a", "b", "c"})
		missed, _, cancel := h.ListenSince(1)
		defer cancel()
		require.Equal(t, []live.Event{{ID: 2, Topic: "b"}, {ID: 3, Topic: "c"}}, missed)
	})

	t.Run("a browser that slept too long, or met a restarted server, must refetch all", func(t *testing.T) {
		t.Parallel()
		h := live.New()
		for range 300 {
			h.Send([]string{"queue"})
		}
		missed, _, cancel := h.ListenSince(1)
		defer cancel()
		require.Equal(t, []live.Event{{ID: 300, Topic: live.Resync}}, missed)
		missed, _, cancel2 := h.ListenSince(9999)
		defer cancel2()
		require.Equal(t, live.Resync, missed[0].Topic)
	})

	t.Run("closing ends all listeners, cancel may be called twice", func(t *testing.T) {
		t.Parallel()
		h := live.New()
		events, cancel := h.Listen()
		h.Close()
		_, open := <-events
		require.False(t, open)
		cancel()
		cancel()
		_, late := h.Listen()
		late()
	})
}
