package store

import (
	"meixu/store/term"
)

// Payment is money received or given back in one act.
type Payment struct {
	ID         term.PaymentID
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Number     string
	Order      term.OrderID
	Kind       string
	AmountFen  term.Fen
	PointsFen  term.Fen // the part of it that came as points of the member (row:C6)
	Cashier    term.StaffID
	ApprovedBy term.StaffID
	At         term.Instant
	Day        term.Day
	Reverses   term.PaymentID
	Reason     string
	Document   term.DocumentID
	Printed    int
}

func (*Payment) table() string { return "payments" }
func (*Payment) columns() string {
	return "id, version, created_at, updated_at, number, order_id, kind, amount_fen, points_fen, cashier_id, " +
		"approved_by, at, day, reverses, reason_sealed, document_id, printed"
}

func (p *Payment) fields(r *Read) []any {
	return []any{
		&p.ID, &p.Version, &p.CreatedAt, &p.UpdatedAt, &p.Number, &p.Order, &p.Kind, &p.AmountFen, &p.PointsFen,
		&p.Cashier, maybe(&p.ApprovedBy), &p.At, &p.Day, maybe(&p.Reverses), sealed(r, "payments", &p.ID, nil, "reason_sealed", &p.Reason), maybe(&p.Document),
		&p.Printed,
	}
}

// Money is the part of the payment that is money: points are none.
func (p Payment) Money() term.Fen { return p.AmountFen - p.PointsFen }

// Payment reads one payment.
func (r *Read) Payment(id term.PaymentID) (Payment, error) { return load[Payment](r, "id = ?", id) }

// PaymentsOf lists the payments of an order in their order.
func (r *Read) PaymentsOf(order term.OrderID) ([]Payment, error) {
	return loadAll[Payment](r, "order_id = ? ORDER BY id LIMIT 200", order)
}

// PaymentsOn lists the payments of a clinic day.
func (r *Read) PaymentsOn(day term.Day, limit int) ([]Payment, error) {
	return loadAll[Payment](r, "day = ? ORDER BY id LIMIT ?", day, limit)
}

// AddPayment adds a payment and gives it its number.
func (tx *Tx) AddPayment(p *Payment) (err error) {
	if p.Number, err = tx.Number("R"); err != nil {
		return err
	}
	if err := tx.addRow(p); err != nil {
		return err
	}
	return tx.countMoney(*p)
}

// SavePayment writes a payment over the version read.
func (tx *Tx) SavePayment(p *Payment) error { return tx.saveRow(p) }

// PaymentLeg is the part of a payment that came one way.
type PaymentLeg struct {
	ID          int64
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Payment     term.PaymentID
	Method      term.PayMethod
	AmountFen   term.Fen
	TenderedFen term.Fen
	Reference   string
}

func (*PaymentLeg) table() string { return "payment_legs" }
func (*PaymentLeg) columns() string {
	return "id, version, created_at, updated_at, payment_id, method, amount_fen, tendered_fen, " +
		"reference_sealed"
}

func (p *PaymentLeg) fields(r *Read) []any {
	return []any{
		&p.ID, &p.Version, &p.CreatedAt, &p.UpdatedAt, &p.Payment, &p.Method, &p.AmountFen, &p.TenderedFen,
		sealed(r, "payment_legs", &p.ID, nil, "reference_sealed", &p.Reference),
	}
}

// PaymentLegs lists the parts of a payment.
func (r *Read) PaymentLegs(payment term.PaymentID) ([]PaymentLeg, error) {
	return loadAll[PaymentLeg](r, "payment_id = ? ORDER BY id LIMIT 20", payment)
}

// AddPaymentLeg adds a part of a payment.
func (tx *Tx) AddPaymentLeg(l *PaymentLeg) error { return tx.addRow(l) }

// PaymentLegsOn lists the parts of all payments of a clinic day.
func (r *Read) PaymentLegsOn(day term.Day) ([]PaymentLeg, error) {
	return loadAll[PaymentLeg](r, "payment_id IN (SELECT id FROM payments WHERE day = ?) ORDER BY id LIMIT 8000", day)
}
