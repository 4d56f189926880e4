package kit

import (
	"bytes"
	"net/url"
	"os"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/words"
)

func TestRailAndBadgesHaveIconsAndWords(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../assets/icons.txt")
	require.NoError(t, err)
	icons := map[string]bool{}
	for _, name := range bytes.Fields(raw) {
		icons[string(name)] = true
	}
	for word, l := range looks {
		require.True(t, icons[l.icon], "badge %s: icon %s", word, l.icon)
	}
	for _, r := range rooms {
		require.True(t, icons[r.icon], "room %s: icon %s", r.key, r.icon)
		require.True(t, words.ZH.Has("kit.nav."+r.key) && words.EN.Has("kit.nav."+r.key), r.key)
	}
}

func TestRailShowsOnlyOpenRooms(t *testing.T) {
	t.Parallel()
	none := func(echo.Context) error { return nil }
	r := NewRoutes(echo.New().Group(""))
	r.GET("/admin", access.StaffView, none)
	r.GET("/reception/queue", access.Anyone, none)
	r.GET("/till/day", access.Anyone, none)
	r.GET("/till/order/:id", access.Anyone, none)
	f := &Frame{routes: r, Here: "/till/order/7", Actor: access.Actor{Staff: 1, Roles: []access.Role{access.Cashier}}}
	links := f.links()
	require.Len(t, links, 2, "no admin for a cashier, no reception page but the queue")
	require.Equal(t, "queue", links[0].Key)
	require.Equal(t, NavLink{Key: "till", Icon: "receipt-yuan", Path: "/till/day", Here: true}, links[1])
	f.Actor.Roles = []access.Role{access.Owner}
	require.Len(t, f.links(), 3)
}

func TestPagerKeepsTheFilter(t *testing.T) {
	t.Parallel()
	p := NewPager("/stock", url.Values{"page": {"2"}, "q": {"ha"}}, 20)
	p.Total = 45
	require.Equal(t, 20, p.Offset())
	require.Equal(t, 40, p.To())
	require.Equal(t, "/stock?page=1&q=ha", p.Prev())
	require.Equal(t, "/stock?page=3&q=ha", p.Next())
	last := NewPager("/stock", url.Values{"page": {"3"}}, 20)
	last.Total = 45
	require.Empty(t, last.Next())
	require.Equal(t, 45, last.To())
}

type visitState string

func TestBadgeOfAState(t *testing.T) {
	t.Parallel()
	require.Equal(t, Badge{Key: "term.visit.waiting", Tone: green, Icon: "armchair", State: "waiting"}, badgeOf(visitState("waiting")))
	require.Equal(t, red, badgeOf(visitState("overdue")).Tone)
}
