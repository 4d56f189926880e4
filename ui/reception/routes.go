// Package reception draws the pages of the front desk: today, the queue, arrival, new
// clients with their consents, bookings, and the waiting room's screen.
package reception

import (
	"embed"

	"meixu/app/crm"
	"meixu/app/reception"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

// desk has the handlers of the room.
type desk struct {
	*reception.Desk
	book *crm.Book
}

// Routes registers the room.
func Routes(r *kit.Routes, d *reception.Desk, book *crm.Book) {
	_ = desk{Desk: d, book: book}
}
