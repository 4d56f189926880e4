// Package finance draws the till: the orders to be paid, one order with its payment form,
// voids, refunds, papers and the day's totals.
package finance

import (
	"embed"

	"meixu/app/access"
	till "meixu/app/finance"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type desk struct{ *till.Till }

// Routes registers the till.
func Routes(r *kit.Routes, t *till.Till) {
	h := desk{t}
	r.GET("/till", access.TillView, h.list)
	r.GET("/till/rows", access.TillView, h.rows)
	r.GET("/till/day", access.DayView, h.day)
	r.POST("/till/day/count", access.TillCount, h.count)
	r.GET("/till/payment/:payment", access.TillView, h.payment)
	r.GET("/till/payment/:payment/paper", access.ReceiptPrint, h.paper)
	r.POST("/till/payment/:payment/print", access.ReceiptPrint, h.print)
	r.POST("/till/payment/:payment/void", access.PaymentVoid, h.void)
	r.GET("/till/:order", access.OrderView, h.order)
	r.POST("/till/:order/pay", access.PaymentTake, h.pay)
	r.POST("/till/:order/cancel", access.OrderCancel, h.cancel)
	r.GET("/till/:order/statement", access.TillView, h.statement)
	r.POST("/till/:order/statement", access.StatementIssue, h.issueStatement)
	r.POST("/till/:order/invoice", access.InvoiceNote, h.invoice)
	r.GET("/till/:order/refund", access.PaymentRefund, h.refundForm)
	r.POST("/till/:order/refund", access.PaymentRefund, h.refund)
}
