package finance

import (
	"context"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// IssueStatement issues the statement of charges of an open order before money is taken
// (S3-07, REG-FEE-03). An order has one: asking again gives the one that stands.
func (t *Till) IssueStatement(ctx context.Context, by access.Actor, order term.OrderID) (id term.DocumentID, err error) {
	on := store.Subject{Noun: nounOrder, ID: int64(order)}
	err = t.WriteOn(ctx, by, access.StatementIssue, on, func(tx *store.Tx) error {
		o, err := tx.Order(order)
		if err != nil {
			return orderFault(err)
		}
		tx.Result(nounOrder, int64(order))
		doc, ok, err := statementOf(tx.Read, order)
		if err != nil {
			return err
		}
		if id = doc.ID; ok {
			return nil
		}
		if o.State != term.OrderOpen {
			return fault.Refuse("REG-FEE-03", "finance.order.not_open", o.Number, fault.Word(o.State.Key())).At(pathOf(o.ID))
		}
		if doc, err = issueStatement(tx, by, o); err != nil {
			return err
		}
		id = doc.ID
		news(tx, o)
		on := sop.Subject{Visit: o.Visit}
		if err := t.reopen(tx, by, o.Visit, ProveStatement, clinic("finance.renewed", o.Number)); err != nil {
			return err
		}
		return t.flow.Prove(tx, by, on, ProveStatement, store.Subject{Noun: "document", ID: int64(doc.ID)})
	})
	return id, err
}

// Print counts a print of a payment's paper. The second and further ones are marked as
// copies; the first print of a receipt proves that a receipt was given (S3-08).
func (t *Till) Print(ctx context.Context, by access.Actor, id term.PaymentID) error {
	on := store.Subject{Noun: nounPayment, ID: int64(id)}
	return t.WriteOn(ctx, by, access.ReceiptPrint, on, func(tx *store.Tx) error {
		p, o, err := paymentOf(tx.Read, id)
		if err != nil {
			return err
		}
		if p.Document == 0 {
			return fault.NotFound("document")
		}
		tx.Result(nounPayment, int64(id))
		p.Printed++
		if err := tx.SavePayment(&p); err != nil {
			return err
		}
		if err := document.Printed(tx, p.Document); err != nil {
			return err
		}
		if p.Kind != Payment {
			return nil
		}
		return t.flow.Prove(tx, by, sop.Subject{Visit: o.Visit}, ProveInvoice, paymentRef(id))
	})
}

// NoteInvoice is what is typed of a tax invoice that was issued in the tax system.
type NoteInvoice struct {
	Order  term.OrderID
	Number string
	Title  string // whom it names; may be empty
	Amount term.Fen
}

// NoteInvoice notes the number of a tax invoice (S3-08, REG-FEE-18): 8 digits on paper, 20
// for a fully digital one (REG-FEE-20), and never for more than was paid.
func (t *Till) NoteInvoice(ctx context.Context, by access.Actor, in NoteInvoice) error {
	in.Number, in.Title = strings.TrimSpace(in.Number), strings.TrimSpace(in.Title)
	on := store.Subject{Noun: nounOrder, ID: int64(in.Order)}
	return t.WriteOn(ctx, by, access.InvoiceNote, on, func(tx *store.Tx) error {
		o, err := tx.Order(in.Order)
		if err != nil {
			return orderFault(err)
		}
		open, err := billable(tx.Read, o)
		if err != nil {
			return err
		}
		if err := checkInvoice(in, open).Err(); err != nil {
			return err
		}
		row := store.Invoice{
			Order: o.ID, Client: o.Client, Number: in.Number, Title: in.Title, AmountFen: in.Amount, Staff: by.Staff,
		}
		if err := tx.AddInvoice(&row); err != nil {
			return err
		}
		tx.Result(nounOrder, int64(o.ID))
		news(tx, o)
		return t.flow.Prove(tx, by, sop.Subject{Visit: o.Visit}, ProveInvoice, store.Subject{Noun: "invoice", ID: row.ID})
	})
}

// billable is how much money of an order was paid and stands on no invoice yet.
func billable(r *store.Read, o store.Order) (term.Fen, error) {
	paid, err := r.Balance(money, int64(o.ID))
	if err != nil {
		return 0, err
	}
	invoices, err := r.InvoicesOf(o.ID)
	if err != nil {
		return 0, err
	}
	points, err := r.PointsFenOf(o.ID)
	if err != nil {
		return 0, err
	}
	open := term.Fen(paid) - points
	for _, i := range invoices {
		if !i.Voided() {
			open -= i.AmountFen
		}
	}
	return max(0, open), nil
}

// checkInvoice names every wrong field of a noted invoice.
func checkInvoice(in NoteInvoice, open term.Fen) fault.Fields {
	var f fault.Fields
	if (len(in.Number) != 8 && len(in.Number) != 20) || strings.Trim(in.Number, "0123456789") != "" {
		f.Add("number", "finance.invoice.number")
	}
	if len([]rune(in.Title)) > 80 {
		f.Add("title", "finance.invoice.title_long")
	}
	if in.Amount <= 0 || in.Amount > open {
		f.Add("amount", "finance.invoice.amount", open)
	}
	return f
}
