// Package feedback draws what comes back: red flags at the top of every page and on their
// own page with the emergency card, adverse events, ratings, and messages ready to send.
package feedback

import (
	"embed"

	"meixu/app/access"
	"meixu/app/feedback"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type office struct{ *feedback.Office }

// Routes registers the room.
func Routes(r *kit.Routes, o *feedback.Office) {
	h := office{o}
	r.GET("/alerts", access.AlertView, h.alerts)
	r.GET("/alerts/bar", access.AlertView, h.bar)
	r.GET("/alerts/rows", access.AlertView, h.alertRows)
	r.GET("/alerts/:id", access.AlertView, h.alert)
	r.POST("/alerts/:id/take", access.AlertTake, h.take)
	r.POST("/alerts/:id/step", access.AlertStep, h.step)
	r.POST("/alerts/:id/report", access.AdverseReport, h.report)
	r.POST("/alerts/:id/close", access.AlertClose, h.closeAlert)
	r.GET("/feedback", access.FeedbackView, h.ratings)
	r.GET("/feedback/adverse", access.AdverseView, h.adverse)
	r.GET("/feedback/messages", access.MessageSend, h.messages)
	r.GET("/feedback/messages/:id/code", access.MessageSend, h.code)
	r.POST("/feedback/messages/:id/phone", access.MessageSend, h.dial)
	r.POST("/feedback/messages/:id/sent", access.MessageSend, h.sent)
	r.Guest.GET("/rate/:token", h.rateForm)
	r.Guest.POST("/rate/:token", h.rate)
}
