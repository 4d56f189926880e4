package procedure_test

import (
	"testing"
)

// Names of items, categories and kinds of rooms follow the reader's language.
func TestNamesFollowTheLanguage(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	nurse := h.As("nurse")
	nurse.Get("/procedure").Want(200, h.item.Name)
	nurse.Post("/lang", "lang", "en", "back", "/procedure")
	nurse.Get("/procedure").Want(200, h.item.NameEN).Not(h.item.Name)
	nurse.Get(h.path("")).Want(200, "<title>"+h.item.NameEN)
	nurse.Get("/ready").Want(200, "Injection room").Not("<small>注射室")
	manager := h.As("manager")
	manager.Post("/lang", "lang", "en", "back", "/catalog")
	manager.Get("/catalog").Want(200, h.item.NameEN, "Laser and energy").Not(h.item.Name, ">光电<")
}
