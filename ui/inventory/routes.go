// Package inventory draws the shelf: what is left and what ends soon, the receipt of a lot,
// the life of one lot and the counts that wait for a second pair of eyes.
package inventory

import (
	"embed"

	"meixu/app/access"
	shelf "meixu/app/inventory"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *shelf.Shelf }

// Routes registers the shelf.
func Routes(r *kit.Routes, s *shelf.Shelf) {
	h := room{s}
	r.GET("/stock", access.StockView, h.list)
	r.GET("/stock/rows", access.StockView, h.rows)
	r.GET("/stock/receive", access.LotReceive, h.receiveForm)
	r.POST("/stock/receive", access.LotReceive, h.receive)
	r.GET("/stock/lot/:id", access.StockView, h.lot)
	r.GET("/stock/lot/:id/label", access.StockView, h.label)
	r.POST("/stock/lot/:id/hold", access.LotHold, h.hold)
	r.POST("/stock/lot/:id/release", access.LotRelease, h.release)
	r.POST("/stock/lot/:id/count", access.LotCount, h.count)
	r.GET("/stock/counts", access.StockView, h.counts)
	r.POST("/stock/count/:id/decide", access.CountDecide, h.decide)
}
