// Package forms draws the pages of filled forms: filling on a desk or tablet, reading,
// paper, what changed, and the tablet in a client's hands.
package forms

import (
	"embed"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/app/engine/media"
	service "meixu/app/forms"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct {
	*service.Desk
	office *office.Office
	shelf  *media.Shelf
}

// Routes registers the pages of forms.
func Routes(r *kit.Routes, d *service.Desk, o *office.Office, shelf *media.Shelf) {
	h := room{d, o, shelf}
	r.GET("/form/new", access.FormBegin, h.blank)
	r.POST("/form/new", access.FormBegin, h.begin)
	r.GET("/form/visit/:visit", access.FormBegin, h.folder)
	r.POST("/form/visit/:visit/handover", access.FormHandover, h.handOver)
	r.GET("/form/handover/:visit", access.FormView, h.slate)
	r.GET("/form/handover/:visit/:id", access.FormView, h.screen)
	r.POST("/form/handover/:visit/:id", access.FormSave, h.step)
	r.GET("/form/:id", access.FormView, h.open)
	r.POST("/form/:id", access.FormSave, h.save)
	r.GET("/form/:id/print", access.FormView, h.paper)
	r.GET("/form/:id/amend", access.FormAmend, h.amend)
	r.POST("/form/:id/amend", access.FormAmend, h.correct)
	r.POST("/form/:id/void", access.FormVoid, h.void)
}
