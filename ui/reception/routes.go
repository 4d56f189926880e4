// Package reception draws the pages of the front desk: today, the queue, new clients with
// their consents, arrival, the visit at the desk, leads, and the waiting room's screen.
package reception

import (
	"embed"

	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/crm"
	"meixu/app/reception"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

// desk has the handlers of the room.
type desk struct {
	*reception.Desk
	files  *crm.Book
	asked  *kit.Asked
	office *admin.Office
}

// Routes registers the room.
func Routes(r *kit.Routes, d *reception.Desk, book *crm.Book, office *admin.Office) {
	h := desk{Desk: d, files: book, asked: kit.NewAsked(), office: office}
	r.GET("/reception", access.DeskView, h.today)
	r.GET("/reception/rows", access.DeskView, h.todayRows)
	h.queueRoutes(r)
	h.clientRoutes(r)
	h.correctRoutes(r)
	h.leadRoutes(r)
	h.visitRoutes(r)
	h.appointmentRoutes(r)
	h.calendarRoutes(r)
	h.requestRoutes(r)
	h.intakeRoutes(r)
	h.helloTabletRoutes(r)
}
