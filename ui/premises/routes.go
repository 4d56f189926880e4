// Package premises draws the house itself: its rooms and devices, with what is due, and the
// forms that enter and mend them.
package premises

import (
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	house "meixu/app/premises"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *house.Steward }

// Routes registers the premises.
func Routes(r *kit.Routes, s *house.Steward) {
	h := room{s}
	r.GET("/premises", access.PremisesView, h.list)
	r.GET("/premises/room/new", access.RoomAdd, h.roomForm)
	r.POST("/premises/room/new", access.RoomAdd, h.roomAdd)
	r.GET("/premises/room/:id", access.PremisesView, h.roomPage)
	r.POST("/premises/room/:id", access.RoomEdit, h.roomEdit)
	r.POST("/premises/room/:id/state", access.RoomClose, h.roomState)
	r.GET("/premises/device/new", access.DeviceAdd, h.deviceForm)
	r.POST("/premises/device/new", access.DeviceAdd, h.deviceAdd)
	r.GET("/premises/device/:id", access.PremisesView, h.devicePage)
	r.POST("/premises/device/:id", access.DeviceEdit, h.deviceEdit)
	r.POST("/premises/device/:id/service", access.DeviceService, h.serve)
	r.POST("/premises/device/:id/state", access.DeviceStop, h.deviceState)
}

type listView struct {
	house.View
	Tiles []kit.Tile
	Tabs  []kit.Tab
	Shown []house.Device
	Show  string
}

// Badge is how a room or device stands.
func (listView) Badge(state string) kit.Badge { return badgeOf(state) }

// Due is how a due day stands.
func (listView) Due(d house.Due) kit.Badge { return dueBadge(d) }

var listPage = kit.New[listView](pages, "list.html", "parts.html")

func (h room) list(c echo.Context) error {
	found, err := h.Look(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	v := listView{View: found, Tiles: tiles(found)}
	v.choose(c.QueryParam("show"))
	return listPage.Draw(c, http.StatusOK, "premises.title", v)
}

// choose picks the devices to show and counts those of every choice.
func (v *listView) choose(asked string) {
	v.Show = house.Shows[0]
	if slices.Contains(house.Shows, asked) {
		v.Show = asked
	}
	for _, show := range house.Shows {
		n := 0
		for _, d := range v.Devices {
			if !d.Shown(show) {
				continue
			}
			n++
			if show == v.Show {
				v.Shown = append(v.Shown, d)
			}
		}
		v.Tabs = append(v.Tabs, kit.Tab{
			Key: "premises.show." + show, Link: "/premises?" + url.Values{"show": {show}}.Encode() + "#devices", Count: n, Here: show == v.Show,
		})
	}
}

func tiles(v house.View) []kit.Tile {
	return []kit.Tile{
		{Key: "premises.tile.rooms", Icon: "door-enter", Value: strconv.Itoa(v.Open), Link: "#rooms"},
		{Key: "premises.tile.devices", Icon: "activity", Value: strconv.Itoa(v.InUse), Link: "/premises?show=all#devices"},
		{Key: "premises.tile.soon", Icon: "clock", Value: strconv.Itoa(v.Soon), Link: "/premises?show=due#devices", Tone: some(v.Soon, "warn")},
		{Key: "premises.tile.late", Icon: "calendar-x", Value: strconv.Itoa(v.Late), Link: "/premises?show=due#devices", Tone: some(v.Late, "danger")},
		{Key: "premises.tile.out", Icon: "tool", Value: strconv.Itoa(v.Out), Link: "/premises?show=out#devices", Tone: some(v.Out, "warn")},
	}
}

func some(n int, tone string) string {
	if n == 0 {
		return "good"
	}
	return tone
}

var badges = map[string]kit.Badge{
	house.RoomOpen:      {Key: "premises.room.open", Tone: "green", Icon: "circle-check", State: house.RoomOpen},
	house.RoomClosed:    {Key: "premises.room.closed", Tone: "grey", Icon: "lock", State: house.RoomClosed},
	house.DeviceInUse:   {Key: "readiness.device.in_use", Tone: "green", Icon: "circle-check", State: house.DeviceInUse},
	house.DeviceStopped: {Key: "readiness.device.stopped", Tone: "red", Icon: "ban", State: house.DeviceStopped},
	house.DeviceRepair:  {Key: "readiness.device.repair", Tone: "orange", Icon: "tool", State: house.DeviceRepair},
	house.DeviceRetired: {Key: "readiness.device.retired", Tone: "grey", Icon: "archive", State: house.DeviceRetired},
}

func badgeOf(state string) kit.Badge { return badges[state] }

// dueBadge is red when the day is past and amber when it is near; a good day needs no badge.
func dueBadge(d house.Due) kit.Badge {
	switch d.Tone {
	case "late":
		return kit.Badge{Key: "premises.due.late", Tone: "red", Icon: "alert-triangle", State: "late"}
	case "soon":
		return kit.Badge{Key: "premises.due.soon", Tone: "orange", Icon: "clock", State: "soon"}
	}
	return kit.Badge{}
}

func text[I ~int64 | ~int](n I) string { return strconv.FormatInt(int64(n), 10) }
