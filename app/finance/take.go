package finance

import (
	"context"
	"errors"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Take is what the cashier posts: the order and the parts of the payment.
type Take struct {
	Order term.OrderID
	Legs  []Leg
}

// Take receives the money of an order (S3-06). The parts must sum exactly to what is due; the
// door "pay" of the SOP must be open: consents and contract signed, statement of charges
// issued (REG-FEE-03, REG-FEE-08). When nothing is due any more the order is paid, its
// sessions stand on the ledger, the receipt is issued, hooks make the treatments and the
// client goes on to pre-op.
func (t *Till) Take(ctx context.Context, by access.Actor, in Take) (id term.PaymentID, err error) {
	on := store.Subject{Noun: nounOrder, ID: int64(in.Order)}
	err = t.WriteOn(ctx, by, access.PaymentTake, on, func(tx *store.Tx) error {
		o, err := tx.Order(in.Order)
		if err != nil {
			return orderFault(err)
		}
		due, err := t.mayTake(tx.Read, o)
		if err != nil {
			return err
		}
		partial, err := tx.Setting(settingPartial)
		if err != nil {
			return err
		}
		faults := checkLegs(in.Legs, due, partial == "yes")
		if err := checkPoints(tx.Read, o, due, in.Legs, &faults); err != nil {
			return err
		}
		if err := faults.Err(); err != nil {
			return err
		}
		p, err := receive(tx, by, o, in.Legs)
		if err != nil {
			return err
		}
		id = p.ID
		tx.Result(nounPayment, int64(p.ID))
		if sumOf(in.Legs) == due {
			if err := t.settle(tx, by, &o, p); err != nil {
				return err
			}
		}
		if p.Document, err = issueReceipt(tx, by, o, p); err != nil {
			return err
		}
		news(tx, o)
		return tx.SavePayment(&p)
	})
	return id, err
}

// mayTake answers what is due on an order that may be paid now.
func (t *Till) mayTake(r *store.Read, o store.Order) (term.Fen, error) {
	if o.State != term.OrderOpen {
		return 0, fault.Refuse("S3-06", "finance.order.not_open", o.Number, fault.Word(o.State.Key())).At(pathOf(o.ID))
	}
	gaps, err := t.door(r, o)
	if err != nil {
		return 0, err
	}
	if err := gaps.Err(); err != nil {
		return 0, err
	}
	return dueOf(r, o)
}

// door lists what is missing before money may be taken on an order: the SOP's door "pay",
// and in any case the statement of charges of this very order (REG-FEE-03).
func (t *Till) door(r *store.Read, o store.Order) (sop.Gaps, error) {
	gaps, err := t.flow.Gate(r, sop.Subject{Visit: o.Visit}, "pay")
	if err != nil {
		return nil, err
	}
	_, issued, err := statementOf(r, o.ID)
	if err != nil || issued || slices.ContainsFunc(gaps, func(g sop.Gap) bool { return g.Rule == "REG-FEE-03" }) {
		return gaps, err
	}
	return append(gaps, sop.Gap{
		Step: "S3-07", Rule: "REG-FEE-03", Key: "finance.gap.statement", Args: []any{o.Number}, Hard: true,
		Title: words.Text{ZH: words.ZH.T("finance.statement"), EN: words.EN.T("finance.statement")},
		Role:  string(access.Cashier), Where: pathOf(o.ID),
	}), nil
}

// dueOf is what is still to be paid on an open order; other orders owe nothing.
func dueOf(r *store.Read, o store.Order) (term.Fen, error) {
	if o.State != term.OrderOpen {
		return 0, nil
	}
	paid, err := r.Balance(money, int64(o.ID))
	return o.TotalFen - term.Fen(paid), err
}

// checkPoints looks at the part in points inside the write: of two tills that burn the same points at
// once the second finds them gone.
func checkPoints(r *store.Read, o store.Order, due term.Fen, legs []Leg, f *fault.Fields) error {
	asked := pointsIn(legs)
	if asked == 0 {
		return nil
	}
	v, err := pointsAt(r, o, due)
	if asked%wholeYuan != 0 || asked > v.Most {
		f.Add(string(term.Points), "finance.points.most", v.Most, v.Balance)
	}
	return err
}

// receive writes the payment, its parts, and the money and points on the ledger.
func receive(tx *store.Tx, by access.Actor, o store.Order, legs []Leg) (store.Payment, error) {
	p := store.Payment{
		Order: o.ID, Kind: Payment, AmountFen: sumOf(legs), PointsFen: pointsIn(legs), Cashier: by.Staff, At: tx.Now(), Day: tx.Today(),
	}
	if err := tx.AddPayment(&p); err != nil {
		return p, err
	}
	if err := addLegs(tx, p, legs, +1); err != nil {
		return p, err
	}
	return p, movePoints(tx, o, p)
}

// addLegs writes the parts of a payment and moves the money; sign is −1 when it goes back.
func addLegs(tx *store.Tx, p store.Payment, legs []Leg, sign int64) error {
	for _, l := range legs {
		row := store.PaymentLeg{Payment: p.ID, Method: l.Method, AmountFen: l.Amount, Reference: l.Reference}
		if l.Method == term.Cash && sign > 0 {
			row.TenderedFen = max(l.Tendered, l.Amount)
		}
		if err := tx.AddPaymentLeg(&row); err != nil {
			return err
		}
		account := store.Account{Kind: money, ID: int64(p.Order)}
		if _, err := tx.Move(account, sign*int64(l.Amount), paymentRef(p.ID)); err != nil {
			return err
		}
	}
	return nil
}

// settle closes an order that is wholly paid: sessions onto the ledger, the SOP told, the
// client on to pre-op.
func (t *Till) settle(tx *store.Tx, by access.Actor, o *store.Order, p store.Payment) error {
	lines, err := tx.OrderLines(o.ID)
	if err != nil {
		return err
	}
	for _, l := range lines {
		account := store.Account{Kind: session, ID: int64(l.ID)}
		if _, err := tx.Move(account, int64(l.Sessions), paymentRef(p.ID)); err != nil {
			return err
		}
	}
	o.State, o.ClosedAt = term.OrderPaid, tx.Now()
	if err := tx.SaveOrder(o); err != nil {
		return err
	}
	return t.proveOrder(tx, by, *o, paymentRef(p.ID))
}

// proveOrder tells the SOP that the visit's orders are paid, if they all are, and moves the
// client on. A stamp of an earlier order of the visit is renewed, so that hooks see this one.
func (t *Till) proveOrder(tx *store.Tx, by access.Actor, o store.Order, ref store.Subject) error {
	on := sop.Subject{Visit: o.Visit}
	proof, err := provePaid(tx.Read, on)
	if err != nil || !proof.Done {
		return err
	}
	if err := t.reopen(tx, by, o.Visit, ProvePaid, clinic("finance.renewed", o.Number)); err != nil {
		return err
	}
	if err := t.flow.Prove(tx, by, on, ProvePaid, ref); err != nil {
		return err
	}
	return moveOn(tx, o.Visit)
}

// moveOn sends an open visit from plan or till to pre-op; a client who is further on stays.
func moveOn(tx *store.Tx, visit term.VisitID) error {
	v, err := tx.Visit(visit)
	if err != nil || !v.Open() {
		return err
	}
	switch v.Station {
	case term.AtPreOp, term.AtProcedure, term.AtObservation, term.AtLeaving, term.Gone:
		return nil
	default:
		return tx.MoveTo(visit, term.StagePreOp, term.AtPreOp)
	}
}

// moveBack sends an open visit that waits for pre-op back to the till.
func moveBack(tx *store.Tx, visit term.VisitID) error {
	v, err := tx.Visit(visit)
	if err != nil || !v.Open() || v.Station != term.AtPreOp {
		return err
	}
	return tx.MoveTo(visit, term.StagePlan, term.AtTill)
}

// Cancel calls off an unpaid order.
func (t *Till) Cancel(ctx context.Context, by access.Actor, order term.OrderID, reason string) error {
	on := store.Subject{Noun: nounOrder, ID: int64(order)}
	return t.WriteOn(ctx, by, access.OrderCancel, on, func(tx *store.Tx) error {
		if err := CancelOrder(tx, order, reason); err != nil {
			return err
		}
		o, err := tx.Order(order)
		if err != nil {
			return err
		}
		tx.Result(nounOrder, int64(order))
		if _, err := tx.SOPRun(o.Visit); errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return t.proveOrder(tx, by, o, on)
	})
}
