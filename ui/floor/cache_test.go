package floor

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/live"
	"meixu/store/term"
	"meixu/ui/kit"
)

// TestOneDrawsForAll lets many ask for one board while it is drawn.
func TestOneDrawsForAll(t *testing.T) {
	t.Parallel()
	k, hub, now := newCache(), live.New(), term.At(time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC))
	started, goOn := make(chan string), make(chan bool)
	draws := 0 // one at a time draws, so nobody else writes it
	draw := func(cards) (kit.HTML, cards, error) {
		draws++
		text := string(rune('a' + draws - 1))
		started <- text
		<-goOn
		return kit.HTML(text), nil, nil
	}
	ask := func(all *sync.WaitGroup, into *kit.HTML) {
		all.Go(func() {
			html, err := k.get(hub, now, "front", draw)
			if err == nil {
				*into = html.HTML()
			}
		})
	}
	var first, later sync.WaitGroup
	got := make([]kit.HTML, 20)
	for i := range 10 {
		ask(&first, &got[i])
	}
	require.Equal(t, "a", <-started)
	hub.Send([]string{live.Board}) // the news come while the board is drawn
	for i := 10; i < 20; i++ {
		ask(&later, &got[i])
	}
	goOn <- true
	require.Equal(t, "b", <-started, "who heard of the news is not given what was drawn before them")
	goOn <- true
	first.Wait()
	later.Wait()
	for _, html := range got[10:] {
		require.Equal(t, kit.HTML("b"), html)
	}
	require.NotContains(t, got, kit.HTML(""))
	require.Equal(t, 2, draws)

	hub.Send([]string{live.Rooms})
	html, err := k.get(hub, now, "front", draw)
	require.NoError(t, err)
	require.Equal(t, kit.HTML("b"), html.HTML(), "news of other rooms leave the board as it is")
}

// TestWhoGoesAwaySpoilsNoBoard has the one who draws fail: the others draw for themselves.
func TestWhoGoesAwaySpoilsNoBoard(t *testing.T) {
	t.Parallel()
	k, hub, now := newCache(), live.New(), term.At(time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC))
	gone := errors.New("gone")
	started, goOn := make(chan bool), make(chan bool)
	var both sync.WaitGroup
	var wait sync.Once
	both.Go(func() {
		_, err := k.get(hub, now, "front", func(cards) (kit.HTML, cards, error) {
			wait.Do(func() { started <- true; <-goOn })
			return "", nil, gone
		})
		if !errors.Is(err, gone) {
			t.Errorf("the one who goes away is told so, not %v", err)
		}
	})
	<-started
	both.Go(func() {
		html, err := k.get(hub, now, "front", func(cards) (kit.HTML, cards, error) { return "drawn", nil, nil })
		if err != nil || html.HTML() != "drawn" {
			t.Errorf("%v, %v", html, err)
		}
	})
	goOn <- true
	both.Wait()
}
