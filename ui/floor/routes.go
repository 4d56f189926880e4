// Package floor draws the eyes of the house: the board of today, the page of one visit with
// the run of its SOP, and the page on which everybody's day begins.
package floor

import (
	"embed"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/floor"
	"meixu/app/reports"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct {
	*floor.Floor
	reports *reports.Office
	routes  *kit.Routes
	board   *cache
}

// Visits are the pages of visits, for rooms whose deeds are offered there.
type Visits struct{ h room }

// Routes registers the board, the visit pages and the home pages.
func Routes(r *kit.Routes, f *floor.Floor, o *reports.Office) Visits {
	h := room{f, o, r, newCache()}
	r.GET("/home", access.SignedIn, h.home)
	r.GET("/home/rows", access.SignedIn, h.homeRows)
	r.GET("/board", access.BoardView, h.boardPage)
	r.GET("/board/rows", access.BoardView, h.boardRows)
	r.GET("/visit/:id", access.VisitView, h.visit)
	r.GET("/visit/:id/now", access.VisitView, h.visitNow)
	r.GET("/visit/:id/step/:step", access.VisitView, h.step)
	r.POST("/visit/:id/step/:step/stamp", access.StepStamp, h.stamp)
	r.POST("/visit/:id/step/:step/skip", access.StepSkip, h.skip)
	r.POST("/visit/:id/step/:step/undo", access.StepUndo, h.undo)
	return Visits{h}
}

// reach is the path when it leads somewhere for the person, else the page of the visit.
func (h room) reach(c echo.Context, path, otherwise string) string {
	if h.routes.Reaches(kit.Who(c), path) {
		return path
	}
	return otherwise
}
