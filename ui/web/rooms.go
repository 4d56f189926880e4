package web

import (
	"meixu/ui/catalog"
	"meixu/ui/finance"
	"meixu/ui/inventory"
	"meixu/ui/people"
	"meixu/ui/readiness"
	"meixu/ui/forms"
)

// rooms registers the rooms of the clinic: one line a room, in the order of the client's way
// through the house.
func (s *Server) rooms() {
	r, rooms := s.routes, &s.app.Rooms
	catalog.Routes(r, rooms.Catalog)
	finance.Routes(r, rooms.Till)
	forms.Routes(r, rooms.Forms, s.app.Admin, s.app.Engines.Media)
	readiness.Routes(r, rooms.Ready)
	inventory.Routes(r, rooms.Stock)
	people.Routes(r, rooms.People)
}
