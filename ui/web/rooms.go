package web

import (
	"meixu/ui/aftercare"
	"meixu/ui/catalog"
	"meixu/ui/client"
	"meixu/ui/consultation"
	"meixu/ui/crm"
	"meixu/ui/documents"
	"meixu/ui/exchange"
	"meixu/ui/feedback"
	"meixu/ui/finance"
	"meixu/ui/floor"
	"meixu/ui/forms"
	"meixu/ui/inventory"
	"meixu/ui/keeping"
	"meixu/ui/lan"
	"meixu/ui/media"
	"meixu/ui/messages"
	"meixu/ui/people"
	"meixu/ui/premises"
	"meixu/ui/procedure"
	"meixu/ui/readiness"
	"meixu/ui/reception"
	"meixu/ui/reports"
	"meixu/ui/tasks"
)

// rooms registers the rooms of the clinic: one line a room, in the order of the client's way
// through the house.
func (s *Server) rooms() {
	r, rooms := s.routes, &s.app.Rooms
	reception.Routes(r, rooms.Desk, rooms.Book, s.app.Admin)
	crm.Routes(r, rooms.Book)
	consultation.Routes(r, rooms.Consult, s.app.Engines.Media, s.app.Engines.Phrases)
	documents.Routes(r, rooms.Papers, s.app.Admin)
	media.Routes(r, rooms.Photos)
	catalog.Routes(r, rooms.Catalog)
	finance.Routes(r, rooms.Till)
	forms.Routes(r, rooms.Forms, s.app.Admin, s.app.Engines.Media)
	readiness.Routes(r, rooms.Ready)
	premises.Routes(r, rooms.House)
	inventory.Routes(r, rooms.Stock)
	people.Routes(r, rooms.People)
	procedure.Routes(r, rooms.Suite)
	visits := floor.Routes(r, rooms.Floor, rooms.Reports)
	client.Routes(r, rooms.File)
	reports.Routes(r, rooms.Reports)
	keeping.Routes(r, s.app.Keeping)
	lan.Routes(r, s.app.LAN)
	aftercare.Routes(r, rooms.Care, s.app.Engines.Media, visits.Refused)
	feedback.Routes(r, rooms.Back)
	tasks.Routes(r, rooms.Tasks)
	exchange.Routes(r, rooms.Exchange)
	messages.Routes(r, rooms.Mail)
}
