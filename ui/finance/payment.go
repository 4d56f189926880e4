package finance

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/document"
	"meixu/app/fault"
	till "meixu/app/finance"
	"meixu/store/term"
	"meixu/ui/kit"
)

var paperPage = kit.New[paperView](pages, "paper.html").As(kit.Print)

// paperView is a paper of the till, ready to print.
type paperView struct {
	Doc    kit.Doc
	Copy   int // how many times it was printed; 0 does not count prints
	Amount term.Fen
	Back   string
	Self   string // the paper itself, to be shown in another size
	Roll   bool   // it can be printed on a roll
}

// sizes are what a paper of the till can be printed in, as the address names them.
var sizes = []string{"slip", "slip58", "bill", "a5", "a4"}

// Sizes are the other sizes of the paper.
func (v paperView) Sizes() (list []string) {
	for _, s := range sizes {
		if s != v.Now() && (v.Roll || s == "bill" || s == "a5" || s == "a4") {
			list = append(list, s)
		}
	}
	return list
}

// Now is the size in which the paper is shown.
func (v paperView) Now() string {
	switch {
	case v.Doc.Paper == document.Slip80 && v.Doc.Size == kit.SizeNarrow:
		return "slip58"
	case v.Doc.Paper == document.Slip80:
		return "slip"
	case v.Doc.Size != "":
		return v.Doc.Size
	}
	return "a4"
}

// sized is the document on the paper that the address asks for; usual when it asks for none.
func sized(c echo.Context, doc document.View, usual document.Paper) kit.Doc {
	d := kit.Doc{View: doc}
	d.Paper = usual
	switch c.QueryParam("paper") {
	case "slip":
		d.Paper = document.Slip80
	case "slip58":
		d.Paper, d.Size = document.Slip80, kit.SizeNarrow
	case "bill":
		d.Paper, d.Size = document.A4, kit.SizeBill
	case "a5":
		d.Paper, d.Size = document.A4, kit.SizeA5
	case "a4":
		d.Paper = document.A4
	}
	return d
}

// payment goes to the order of a payment: there it is shown with all that belongs to it.
func (h desk) payment(c echo.Context) error {
	order, err := h.OrderOf(c.Request().Context(), kit.Who(c), paymentID(c))
	if err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/till/%d", order)
}

// print counts a print and shows the paper; slip and A4 are views of the same document.
func (h desk) print(c echo.Context) error {
	id := paymentID(c)
	if err := h.Print(c.Request().Context(), kit.Who(c), id); err != nil {
		return err
	}
	paper := kit.Read(c).Text("paper")
	if !slices.Contains(sizes, paper) {
		paper = "slip"
	}
	return kit.Done(c, "", nil, "/till/payment/%d/paper?paper=%s", id, paper)
}

func (h desk) paper(c echo.Context) error {
	p, doc, err := h.PaymentPaper(c.Request().Context(), kit.Who(c), paymentID(c))
	if err != nil {
		return err
	}
	usual := doc.Paper
	if p.Kind == till.Payment {
		usual = document.Slip80
	}
	v := paperView{
		Doc: sized(c, doc, usual), Copy: p.Printed, Amount: p.AmountFen, Back: orderPath(p.Order), Self: c.Request().URL.Path,
		Roll: p.Kind == till.Payment,
	}
	return paperPage.Draw(c, http.StatusOK, "finance.print.title", v)
}

func (h desk) statement(c echo.Context) error {
	doc, err := h.StatementPaper(c.Request().Context(), kit.Who(c), orderID(c))
	if err != nil {
		return err
	}
	v := paperView{Doc: sized(c, doc, doc.Paper), Back: orderPath(orderID(c)), Self: c.Request().URL.Path}
	return paperPage.Draw(c, http.StatusOK, "finance.statement", v)
}

func (h desk) void(c echo.Context) error {
	ctx, by, id, f := c.Request().Context(), kit.Who(c), paymentID(c), kit.Read(c)
	order, err := h.OrderOf(ctx, by, id)
	if err != nil {
		return err
	}
	in := till.VoidPayment{Payment: id, Reason: f.Text("reason"), Approval: approval(f)}
	if err = f.Err(); err == nil {
		_, err = h.Void(ctx, by, in)
	}
	if faults, ok := fault.FieldsOf(err); ok {
		bad := typed{form: "void", payment: id, values: f.Values(), faults: faults}
		return h.drawOrder(c, http.StatusUnprocessableEntity, order, bad)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "finance.void.done", nil, "/till/%d", order)
}

func approval(f *kit.Form) till.Approval {
	return till.Approval{Staff: term.StaffID(f.ID("approver")), PIN: f.Text("pin")}
}
