package store

import (
	"meixu/store/term"
)

// Invoice is a tax invoice issued in the tax system whose number is noted here (REG-FEE-18,
// REG-FEE-20): the record of what was billed stays at least five years.
type Invoice struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Order     term.OrderID
	Client    term.ClientID
	Number    string // 20 digits of a fully digital invoice, or 8 of a paper one
	Title     string // whom it names; sealed
	AmountFen term.Fen
	Staff     term.StaffID
	Void
}

func (*Invoice) table() string { return "invoices" }
func (*Invoice) columns() string {
	return "id, version, created_at, updated_at, order_id, client_id, number, title_sealed, amount_fen, staff_id, " + voidCols
}

func (i *Invoice) fields(r *Read) []any {
	return append([]any{
		&i.ID, &i.Version, &i.CreatedAt, &i.UpdatedAt, &i.Order, &i.Client, &i.Number,
		sealed(r, "invoices", &i.ID, &i.Client, "title_sealed", &i.Title), &i.AmountFen, &i.Staff,
	}, voidFields(r, "invoices", &i.ID, &i.Client, &i.Void)...)
}

// InvoicesOf lists the invoices noted for an order, oldest first.
func (r *Read) InvoicesOf(order term.OrderID) ([]Invoice, error) {
	return loadAll[Invoice](r, "order_id = ? ORDER BY id LIMIT 50", order)
}

// AddInvoice notes an invoice; its number is unique.
func (tx *Tx) AddInvoice(i *Invoice) error { return tx.addRow(i) }
