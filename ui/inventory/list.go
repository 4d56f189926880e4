package inventory

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	shelf "meixu/app/inventory"
	"meixu/ui/kit"
)

type listView struct {
	shelf.View
	Tiles  []kit.Tile
	Text   string
	Show   string
	Query  string // of the address, for the live rows
	Empty  kit.Empty
	Lots   int
	Badges map[shelf.Expiry]kit.Badge
}

// Badge is the badge of a lot's end.
func (v listView) Badge(e shelf.Expiry) kit.Badge { return v.Badges[e] }

// Held is the badge of a lot that is held.
func (listView) Held(state string) kit.Badge { return heldBadge(state) }

var listPage = kit.New[listView](pages, "list.html")

// expiryBadges are the badges of a lot's end: red what has ended, yellow what will within 30
// days, orange within 60, blue within 90.
var expiryBadges = map[shelf.Expiry]kit.Badge{
	shelf.ExpiryGone:  {Key: shelf.ExpiryGone.Key(), Tone: "red", Icon: "calendar-x", State: "expired"},
	shelf.Expiry30:    {Key: shelf.Expiry30.Key(), Tone: "yellow", Icon: "clock", State: "d30"},
	shelf.Expiry60:    {Key: shelf.Expiry60.Key(), Tone: "orange", Icon: "clock", State: "d60"},
	shelf.Expiry90:    {Key: shelf.Expiry90.Key(), Tone: "blue", Icon: "clock", State: "d90"},
	shelf.ExpiryFine:  {Key: shelf.ExpiryFine.Key(), Tone: "green", Icon: "circle-check", State: "fine"},
	shelf.ExpiryEmpty: {Key: shelf.ExpiryEmpty.Key(), Tone: "plain", Icon: "circle", State: "none"},
}

func heldBadge(state string) kit.Badge {
	b := kit.Badge{Key: "inventory.lot." + state, Tone: "green", Icon: "circle-check", State: state}
	if state != shelf.StateOK {
		b.Tone, b.Icon = "red", "ban"
	}
	return b
}

func (h room) list(c echo.Context) error {
	v, err := h.listView(c)
	if err != nil {
		return err
	}
	return listPage.Draw(c, http.StatusOK, "inventory.title", v)
}

// rows is the table alone, for the live update.
func (h room) rows(c echo.Context) error {
	v, err := h.listView(c)
	if err != nil {
		return err
	}
	return listPage.Part(c, http.StatusOK, "rows", v)
}

func (h room) listView(c echo.Context) (listView, error) {
	f := kit.Read(c)
	filter := shelf.Filter{Text: f.Text("q"), Show: f.Text("show")}
	found, err := h.List(c.Request().Context(), kit.Who(c), filter)
	v := listView{View: found, Text: filter.Text, Show: filter.Show, Query: c.QueryString(), Badges: expiryBadges}
	v.Tiles = []kit.Tile{
		tile("low", "trending-down", "/stock?show=low", "warn", found.Low),
		tile("expiring", "calendar-x", "/stock?show=expiring", "warn", found.Expiring),
		tile("held", "ban", "/stock?show=held", "danger", found.Held),
		tile("counts", "scale", "/stock/counts", "warn", found.OpenCount),
	}
	v.Empty = kit.Empty{TitleKey: "inventory.none", HintKey: "inventory.none.hint", Icon: "packages", Link: "/stock", ActionKey: "inventory.all"}
	return v, err
}

func tile(name, icon, link, tone string, n int) kit.Tile {
	if n == 0 {
		tone = "good"
	}
	return kit.Tile{Key: "inventory.tile." + name, Icon: icon, Value: strconv.Itoa(n), Link: link, Tone: tone}
}
