// Package aftercare draws what follows a treatment: the hand-over of the care guide, the list
// of follow-ups, the page of one call, closing a visit, and the guide on a client's phone.
package aftercare

import (
	"embed"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/aftercare"
	"meixu/app/engine/media"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type desk struct {
	*aftercare.Desk
	shelf   *media.Shelf
	refused Refused
}

// Refused draws the page of a visit with the reason why it may not be closed.
type Refused func(c echo.Context, visit term.VisitID, err error) error

// Routes registers the room.
func Routes(r *kit.Routes, d *aftercare.Desk, shelf *media.Shelf, refused Refused) {
	h := desk{d, shelf, refused}
	r.GET("/aftercare", access.AftercareView, h.list)
	r.GET("/aftercare/rows", access.AftercareView, h.rows)
	r.GET("/aftercare/guide/:treatment", access.GuideView, h.guide)
	r.POST("/aftercare/guide/:treatment", access.GuideHand, h.hand)
	r.POST("/aftercare/guide/:treatment/told", access.RedFlagTell, h.tell)
	r.POST("/aftercare/guide/:treatment/link", access.GuideHand, h.link)
	r.POST("/aftercare/close/:visit", access.VisitClose, h.closeVisit)
	r.GET("/aftercare/close/:visit/undo", access.VisitReopen, h.whyReopen)
	r.POST("/aftercare/close/:visit/undo", access.VisitReopen, h.reopenVisit)
	r.GET("/aftercare/:task", access.AftercareView, h.call)
	r.POST("/aftercare/:task", access.FollowupCall, h.finish)
	r.POST("/aftercare/:task/unanswered", access.FollowupCall, h.unanswered)
	r.POST("/aftercare/:task/reopen", access.FollowupReopen, h.reopen)
	r.Guest.GET("/care/:token", h.phone)
}
