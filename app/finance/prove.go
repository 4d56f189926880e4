package finance

import (
	"errors"
	"fmt"

	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// provePaid says whether what is to be done was paid for (S3-06): of one treatment its own
// order, of a visit all its orders. A visit on sessions left from an earlier order is proved
// by the orders of its treatments.
func provePaid(r *store.Read, s sop.Subject) (sop.Proof, error) {
	if s.Treatment != 0 {
		return proveTreatment(r, s.Treatment)
	}
	orders, err := r.OrdersOfVisit(s.Visit)
	if err != nil {
		return sop.Proof{}, err
	}
	var proof sop.Proof
	for _, o := range orders {
		switch o.State {
		case term.OrderOpen:
			return unpaid(o), nil
		case term.OrderPaid, term.OrderRefunded:
			proof = sop.Proof{Done: true, At: o.ClosedAt, Ref: store.Subject{Noun: nounOrder, ID: int64(o.ID)}, Where: pathOf(o.ID)}
		case term.OrderCancelled: // it asks for no money and proves none
		}
	}
	if proof.Done {
		return proof, nil
	}
	treatments, err := r.TreatmentsOf(s.Visit)
	if err != nil {
		return proof, err
	}
	for _, t := range treatments {
		if t.State == term.TreatmentCancelled {
			continue
		}
		if proof, err = proveTreatment(r, t.ID); err != nil || !proof.Done {
			return proof, err
		}
	}
	if !proof.Done {
		proof = sop.Proof{Key: "finance.gap.no_order", Where: fmt.Sprintf("/visit/%d", s.Visit)}
	}
	return proof, nil
}

// proveTreatment says whether the order behind a treatment is paid.
func proveTreatment(r *store.Read, id term.TreatmentID) (sop.Proof, error) {
	t, err := r.Treatment(id)
	if err != nil {
		return sop.Proof{}, err
	}
	l, err := r.OrderLine(t.Line)
	if errors.Is(err, store.ErrNotFound) {
		return sop.Proof{Key: "finance.gap.no_order", Where: fmt.Sprintf("/visit/%d", t.Visit)}, nil
	}
	if err != nil {
		return sop.Proof{}, err
	}
	o, err := r.Order(l.Order)
	if err != nil {
		return sop.Proof{}, err
	}
	if o.State != term.OrderPaid {
		return unpaid(o), nil
	}
	return sop.Proof{Done: true, At: o.ClosedAt, Ref: store.Subject{Noun: nounOrder, ID: int64(o.ID)}, Where: pathOf(o.ID)}, nil
}

func unpaid(o store.Order) sop.Proof {
	return sop.Proof{Key: "finance.gap.unpaid", Args: []any{o.Number, fault.Word(o.State.Key())}, Where: pathOf(o.ID)}
}

// proveStatement says whether the statement of charges was issued for every order of the
// visit, before money is taken (S3-07, REG-FEE-03). A visit without an order of its own
// lives on sessions whose statement was issued then.
func proveStatement(r *store.Read, s sop.Subject) (sop.Proof, error) {
	orders, err := r.OrdersOfVisit(s.Visit)
	if err != nil {
		return sop.Proof{}, err
	}
	var proof sop.Proof
	for _, o := range orders {
		if o.State == term.OrderCancelled {
			continue
		}
		doc, ok, err := statementOf(r, o.ID)
		if err != nil {
			return proof, err
		}
		if !ok {
			return sop.Proof{Key: "finance.gap.statement", Args: []any{o.Number}, Where: pathOf(o.ID)}, nil
		}
		proof = sop.Proof{Done: true, At: doc.CreatedAt, Ref: store.Subject{Noun: "document", ID: int64(doc.ID)}, Where: pathOf(o.ID)}
	}
	if proof.Done {
		return proof, nil
	}
	paid, err := provePaid(r, s)
	if err != nil || paid.Done {
		return paid, err
	}
	return sop.Proof{Key: "finance.gap.no_order", Where: fmt.Sprintf("/visit/%d", s.Visit)}, nil
}

// statementOf finds the statement of charges of an order that stands.
func statementOf(r *store.Read, order term.OrderID) (store.Document, bool, error) {
	list, err := r.Documents(store.DocumentFilter{Kind: KindStatement, Order: order, NotVoid: true, Limit: 1})
	if err != nil || len(list) == 0 {
		return store.Document{}, false, err
	}
	return list[0], true, nil
}

// proveInvoice says whether each paid order of the visit has its receipt printed or its tax
// invoice noted (S3-08, REG-FEE-18).
func proveInvoice(r *store.Read, s sop.Subject) (sop.Proof, error) {
	orders, err := r.OrdersOfVisit(s.Visit)
	if err != nil {
		return sop.Proof{}, err
	}
	var proof sop.Proof
	for _, o := range orders {
		if o.State != term.OrderPaid && o.State != term.OrderRefunded {
			continue
		}
		ref, at, err := billed(r, o.ID)
		if err != nil {
			return proof, err
		}
		if at.IsZero() {
			return sop.Proof{Key: "finance.gap.invoice", Args: []any{o.Number}, Where: pathOf(o.ID)}, nil
		}
		proof = sop.Proof{Done: true, At: at, Ref: ref, Where: pathOf(o.ID)}
	}
	if !proof.Done {
		proof.Key = "finance.gap.no_order"
	}
	return proof, nil
}

// billed finds the invoice or the printed receipt of an order.
func billed(r *store.Read, order term.OrderID) (ref store.Subject, at term.Instant, err error) {
	invoices, err := r.InvoicesOf(order)
	if err != nil {
		return ref, at, err
	}
	for _, i := range invoices {
		if !i.Voided() {
			return store.Subject{Noun: "invoice", ID: i.ID}, i.CreatedAt, nil
		}
	}
	payments, err := r.PaymentsOf(order)
	if err != nil {
		return ref, at, err
	}
	for _, p := range payments {
		if p.Kind == Payment && p.Printed > 0 {
			return paymentRef(p.ID), p.UpdatedAt, nil
		}
	}
	return ref, at, nil
}
