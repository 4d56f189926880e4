package finance

import (
	"net/http"

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
	paper := "slip"
	if kit.Read(c).Text("paper") == "a4" {
		paper = "a4"
	}
	return kit.Done(c, "", nil, "/till/payment/%d/paper?paper=%s", id, paper)
}

func (h desk) paper(c echo.Context) error {
	p, doc, err := h.PaymentPaper(c.Request().Context(), kit.Who(c), paymentID(c))
	if err != nil {
		return err
	}
	if c.QueryParam("paper") == "a4" {
		doc.Paper = document.A4
	} else if p.Kind == till.Payment {
		doc.Paper = document.Slip80
	}
	v := paperView{Doc: kit.Doc{View: doc}, Copy: p.Printed, Amount: p.AmountFen, Back: orderPath(p.Order)}
	return paperPage.Draw(c, http.StatusOK, "finance.print.title", v)
}

func (h desk) statement(c echo.Context) error {
	doc, err := h.StatementPaper(c.Request().Context(), kit.Who(c), orderID(c))
	if err != nil {
		return err
	}
	v := paperView{Doc: kit.Doc{View: doc}, Back: orderPath(orderID(c))}
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
