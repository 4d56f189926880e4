package web

import (
	"fmt"
	"strings"

	"meixu/app/fault"
)

// pathOf is the table from nouns to pages: where the second post of the same form is sent,
// and where the trail links to. %d is the row id.
var pathOf = map[string]string{
	"staff":       "/admin/staff",
	"session":     "/profile/sessions",
	"client":      "/client/%d",
	"lead":        "/reception/leads",
	"visit":       "/visit/%d",
	"lot":         "/stock/lot/%d",
	"stock_count": "/stock/counts",
	"till_count":  "/till/day",
	"answer":      "/form/%d",
	"appointment": "/reception/appointments/%d",
	"wait":        "/reception/waits",

	"booking_request": "/reception/requests",
	"booking_import":  "/reception/requests/imports/%d",
	"intake":          "/reception/intakes",

	"case":         "/cases/%d",
	"item":         "/catalog/%d",
	"room":         "/premises/room/%d",
	"screen":       "/reception/screens",
	"breach":       "/reception/breaches",
	"check":        "/ready",
	"device":       "/ready",
	"licence":      "/people",
	"shift":        "/people/roster",
	"shift_kind":   "/people/roster",
	"leave":        "/people/leave",
	"swap":         "/people/swaps",
	"segment":      "/clients/segments",
	"churn":        "/clients/churn",
	"handover":     "/people/handover/%d",
	"order":        "/till/%d",
	"consultation": "/consultation/%d",
	"plan":         "/plan/%d",
	"document":     "/doc/%d",
	"followup":     "/aftercare/%d",
	"guide":        "/aftercare/guide/%d",
	"event":        "/alerts/%d",
	"task":         "/tasks/%d",
	"media":        "/media/%d/view",
	"payment":      "/till/payment/%d",
	"treatment":    "/procedure/%d",
	"message":      "/feedback/messages",
	"export":       "/exchange/exports/%d",
	"import":       "/exchange/imports/%d",
	"outbox":       "/messages?state=all",
	"template":     "/messages/texts",
	"gateway":      "/messages/gateways",
}

// replayedTo is the page of the first answer when the post was carried out before.
func replayedTo(err error) (string, bool) {
	noun, id, again := fault.Replayed(err)
	if !again {
		return "", false
	}
	path, known := pathOf[noun]
	if !known {
		return "/", true
	}
	if strings.Contains(path, "%d") {
		path = fmt.Sprintf(path, id)
	}
	return path, true
}
