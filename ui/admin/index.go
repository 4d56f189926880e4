package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/ui/kit"
)

// indexView lists the doors of the office; a page shows those that are open to the person.
type indexView struct{ Doors []officeDoor }

type officeDoor struct{ Path, Icon, Key, Help string }

var indexPage = kit.New[indexView](pages, "index.html")

func (h desk) index(c echo.Context) error {
	return indexPage.Draw(c, http.StatusOK, "admin.index.title", indexView{Doors: []officeDoor{
		{"/admin/staff", "id-badge-2", "admin.staff.title", "admin.index.staff"},
		{"/premises", "building-hospital", "kit.nav.premises", "admin.index.premises"},
		{"/people", "certificate", "admin.first.papers", "admin.index.papers"},
		{"/admin/settings", "settings", "admin.settings.title", "admin.index.settings"},
		{"/lan", "device-ipad", "lan.title", "admin.index.lan"},
		{"/admin/jobs", "clock", "admin.jobs.title", "admin.index.jobs"},
		{"/admin/trail", "history", "admin.index.trail", "admin.index.trail.help"},
		{"/admin/clock", "clock-play", "admin.clock.title", "admin.index.clock"},
	}})
}
