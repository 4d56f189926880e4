// Package readiness draws the calm page that says whether rooms, devices, the emergency kit
// and the fridge are ready, with one tap to stamp each.
package readiness

import (
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	round "meixu/app/readiness"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *round.Round }

// Routes registers readiness.
func Routes(r *kit.Routes, o *round.Round) {
	h := room{o}
	r.GET("/ready", access.ReadyView, h.page)
	r.GET("/ready/cards", access.ReadyView, h.cards)
	r.GET("/ready/history", access.ReadyView, h.history)
	r.POST("/ready/room/:id", access.RoomDisinfect, h.disinfect)
	r.POST("/ready/device/:id/check", access.DeviceCheck, h.checkDevice)
	r.GET("/ready/device/:id", access.DeviceStop, h.device)
	r.POST("/ready/device/:id", access.DeviceStop, h.setDevice)
	r.POST("/ready/rooms", access.RoomDisinfect, h.disinfectAll)
	r.POST("/ready/devices", access.DeviceCheck, h.checkDevices)
	r.POST("/ready/kit", access.KitCheck, h.checkKit)
	r.POST("/ready/fridge", access.FridgeLog, h.logFridge)
}

type readyView struct {
	round.View
	Refusal *kit.Refusal
	Faults  kit.Said
	Bad     string // the card whose form was wrong: room-3, device-2, kit, fridge
	Typed   url.Values
	Methods []string
	Points  []string
	Items   []string
	From    int64 // the treatment that the reader came from, 0 when none
}

// Wrong says that the form of the card was not taken.
func (v readyView) Wrong(card string, id int64) bool {
	return v.Bad == card || v.Bad == card+"-"+strconv.FormatInt(id, 10)
}

// Usual is the disinfection that one tap notes: its button says it in full.
func (readyView) Usual() round.Disinfect { return round.Usual }

// Was is what was typed into the card's form, else the usual value.
func (v readyView) Was(card string, id int64, name, usual string) string {
	if v.Wrong(card, id) {
		return v.Typed.Get(name)
	}
	return usual
}

// Ticked says that an item of the kit was ticked in the form that was not taken.
func (v readyView) Ticked(item string) bool {
	return v.Wrong("kit", 0) && slices.Contains(v.Typed["present"], item)
}

// Missing says that the last check of the kit did not find the item.
func (v readyView) Missing(item string) bool { return slices.Contains(v.Kit.Last.Body.Missing, item) }

// HyalOK says that the shelf holds enough hyaluronidase.
func (v readyView) HyalOK() bool { return v.Hyal >= round.KitHyaluronidase }

// HyalWant is what the shelf must hold.
func (readyView) HyalWant() term.Qty { return round.KitHyaluronidase }

var readyPage = kit.New[readyView](pages, "ready.html", "cards.html")

func (h room) page(c echo.Context) error { return h.draw(c, http.StatusOK, readyView{}) }

func (h room) draw(c echo.Context, status int, v readyView) (err error) {
	if v, err = h.fill(c, v); err != nil {
		return err
	}
	return readyPage.Draw(c, status, "readiness.title", v)
}

func (h room) cards(c echo.Context) error {
	v, err := h.fill(c, readyView{})
	if err != nil {
		return err
	}
	return readyPage.Part(c, http.StatusOK, "cards", v)
}

func (h room) fill(c echo.Context, v readyView) (_ readyView, err error) {
	v.Methods, v.Points, v.Items = round.Methods, round.DevicePoints, round.KitItems
	v.From = from(c)
	v.View, err = h.Look(c.Request().Context(), kit.Who(c))
	return v, err
}

// answer redraws the page with what was wrong in one card, or goes on.
func (h room) answer(c echo.Context, f *kit.Form, err error, card, flash string) error {
	if said, ok := kit.Refused(c, err); ok {
		return h.draw(c, said.Status, readyView{Refusal: said.Refusal, Faults: said, Bad: card, Typed: f.Values()})
	}
	if err != nil {
		return err
	}
	if id := from(c); id != 0 {
		return kit.Done(c, flash, nil, "/procedure/%d", id)
	}
	return kit.Done(c, flash, nil, "/ready")
}

// from is the treatment whose gate led here: one goes back to it when the deed is done.
func from(c echo.Context) int64 {
	id, err := strconv.ParseInt(c.FormValue("from"), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

func (h room) disinfect(c echo.Context) error {
	f := kit.Read(c)
	in := round.Disinfect{Room: term.RoomID(kit.ParamID(c, "id")), Method: f.Text("method"), Minutes: f.Int("minutes"), Note: f.Text("note")}
	err := f.Err()
	if err == nil {
		_, err = h.Disinfect(c.Request().Context(), kit.Who(c), in)
	}
	return h.answer(c, f, err, "room-"+c.Param("id"), "readiness.done.room")
}

func (h room) checkDevice(c echo.Context) error {
	f := kit.Read(c)
	in := round.DeviceCheck{
		Device: term.DeviceID(kit.ParamID(c, "id")), OK: f.Text("result") == "good", Passed: f.List("passed"), Note: f.Text("note"),
	}
	_, err := h.CheckDevice(c.Request().Context(), kit.Who(c), in)
	flash := "readiness.done.device"
	if !in.OK {
		flash = "readiness.done.device_bad"
	}
	return h.answer(c, f, err, "device-"+c.Param("id"), flash)
}

// disinfectAll and checkDevices stamp what was ticked, each in the usual way.
func (h room) disinfectAll(c echo.Context) error {
	f := kit.Read(c)
	err := h.DisinfectAll(c.Request().Context(), kit.Who(c), ids[term.RoomID](f.List("room")))
	return h.answer(c, f, err, "rooms", "readiness.done.room")
}

func (h room) checkDevices(c echo.Context) error {
	f := kit.Read(c)
	err := h.CheckDevices(c.Request().Context(), kit.Who(c), ids[term.DeviceID](f.List("device")))
	return h.answer(c, f, err, "devices", "readiness.done.device")
}

// ids reads ticked numbers; what is no number names nothing that exists.
func ids[I ~int64](typed []string) []I {
	list := make([]I, len(typed))
	for i, text := range typed {
		n, err := strconv.ParseInt(text, 10, 64)
		if err == nil {
			list[i] = I(n)
		}
	}
	return list
}

func (h room) checkKit(c echo.Context) error {
	f := kit.Read(c)
	ok, err := h.CheckKit(c.Request().Context(), kit.Who(c), round.KitCheck{Present: f.List("present"), Note: f.Text("note")})
	flash := "readiness.done.kit"
	if !ok {
		flash = "readiness.done.kit_bad"
	}
	return h.answer(c, f, err, "kit", flash)
}

func (h room) logFridge(c echo.Context) error {
	f := kit.Read(c)
	ok, err := h.LogFridge(c.Request().Context(), kit.Who(c), f.Text("celsius"), f.Text("note"))
	flash := "readiness.done.fridge"
	if !ok {
		flash = "readiness.done.fridge_bad"
	}
	return h.answer(c, f, err, "fridge", flash)
}
