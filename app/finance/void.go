package finance

import (
	"context"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// VoidPayment is what is posted to take a payment of today back.
type VoidPayment struct {
	Payment  term.PaymentID
	Reason   string
	Approval Approval
}

// Void takes a wrong payment of the same day back as a whole: every movement is reversed by
// its exact opposite that names the original, the order is open again and the SOP's stamp is
// undone. It needs a second person's PIN and a reason. When a session was used or money went
// back already, only a refund is left (REG-FEE-11, REG-FEE-18).
func (t *Till) Void(ctx context.Context, by access.Actor, in VoidPayment) (id term.PaymentID, err error) {
	if !by.May(access.PaymentVoid) {
		return 0, fault.Forbidden(string(access.PaymentVoid))
	}
	in.Reason = strings.TrimSpace(in.Reason)
	var f fault.Fields
	if in.Reason == "" {
		f.Add("reason", "finance.reason.missing")
	}
	in.Approval.check(by, &f)
	if err := f.Err(); err != nil {
		return 0, err
	}
	if err := t.approved(ctx, by, in.Approval); err != nil {
		return 0, err
	}
	by.Reason = in.Reason
	on := store.Subject{Noun: nounPayment, ID: int64(in.Payment)}
	err = t.WriteOn(ctx, by, access.PaymentVoid, on, func(tx *store.Tx) error {
		id, err = t.void(tx, by, in)
		return err
	})
	return id, err
}

func (t *Till) void(tx *store.Tx, by access.Actor, in VoidPayment) (term.PaymentID, error) {
	p, o, err := paymentOf(tx.Read, in.Payment)
	if err != nil {
		return 0, err
	}
	facts, err := voidFactsOf(tx.Read, p, o)
	if err != nil {
		return 0, err
	}
	if err := mayVoid(p, o, facts); err != nil {
		return 0, err
	}
	back := store.Payment{
		Order: o.ID, Kind: Void, AmountFen: p.AmountFen, PointsFen: p.PointsFen, Cashier: by.Staff, ApprovedBy: in.Approval.Staff,
		At: tx.Now(), Day: tx.Today(), Reverses: p.ID, Reason: in.Reason,
	}
	if err := tx.AddPayment(&back); err != nil {
		return 0, err
	}
	if err := reverseAll(tx, p, back); err != nil {
		return 0, err
	}
	wasPaid := o.State == term.OrderPaid
	o.State, o.ClosedAt = term.OrderOpen, term.Instant{}
	if err := tx.SaveOrder(&o); err != nil {
		return 0, err
	}
	if wasPaid {
		if err := takeBackSessions(tx, o, back); err != nil {
			return 0, err
		}
		if err := t.reopen(tx, by, o.Visit, ProvePaid, in.Reason); err != nil {
			return 0, err
		}
		if err := t.signal(tx, by, o, SignalVoided, paymentRef(back.ID)); err != nil {
			return 0, err
		}
		if err := moveBack(tx, o.Visit); err != nil {
			return 0, err
		}
	}
	if err := voidPaper(tx, by, p, in.Reason); err != nil {
		return 0, err
	}
	tx.Result(nounPayment, int64(back.ID))
	news(tx, o)
	return back.ID, nil
}

// reverseAll undoes every movement of money and points of a payment and copies its parts under the void,
// so that the day's totals show by which way the money went back.
func reverseAll(tx *store.Tx, p, back store.Payment) error {
	moves, err := tx.MovementsOf(paymentRef(p.ID))
	if err != nil {
		return err
	}
	for _, m := range moves {
		if m.Account.Kind == session { // takeBackSessions
			continue
		}
		if _, err := tx.Reverse(m.ID, paymentRef(back.ID)); err != nil {
			return err
		}
	}
	legs, err := tx.PaymentLegs(p.ID)
	if err != nil {
		return err
	}
	for _, l := range legs {
		copied := store.PaymentLeg{Payment: back.ID, Method: l.Method, AmountFen: l.AmountFen, Reference: l.Reference}
		if err := tx.AddPaymentLeg(&copied); err != nil {
			return err
		}
	}
	return nil
}

// takeBackSessions reverses the granting of the order's sessions, whichever payment gave them.
func takeBackSessions(tx *store.Tx, o store.Order, back store.Payment) error {
	lines, err := tx.OrderLines(o.ID)
	if err != nil {
		return err
	}
	for _, l := range lines {
		moves, err := tx.Movements(store.Account{Kind: session, ID: int64(l.ID)}, 1000)
		if err != nil {
			return err
		}
		undone := map[store.MoveID]bool{}
		for _, m := range moves {
			undone[m.Reverses] = true
		}
		for _, m := range moves {
			if m.Amount < 0 || m.Reverses != 0 || undone[m.ID] {
				continue
			}
			if _, err := tx.Reverse(m.ID, paymentRef(back.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// paymentOf reads a payment with its order.
func paymentOf(r *store.Read, id term.PaymentID) (store.Payment, store.Order, error) {
	p, err := r.Payment(id)
	if err != nil {
		return p, store.Order{}, noSuch("payment", err)
	}
	o, err := r.Order(p.Order)
	return p, o, err
}

// voidFactsOf gathers what decides about a void.
func voidFactsOf(r *store.Read, p store.Payment, o store.Order) (voidFacts, error) {
	facts := voidFacts{today: r.Today()}
	payments, err := r.PaymentsOf(o.ID)
	if err != nil {
		return facts, err
	}
	for _, other := range payments {
		facts.voided = facts.voided || other.Reverses == p.ID
		facts.refunded = facts.refunded || other.Kind == Refund
	}
	if o.State != term.OrderPaid {
		return facts, nil
	}
	lines, err := r.OrderLines(o.ID)
	if err != nil {
		return facts, err
	}
	for _, l := range lines {
		left, err := SessionsLeft(r, l.ID)
		if err != nil {
			return facts, err
		}
		facts.used = facts.used || left < l.Sessions && !facts.refunded
	}
	return facts, nil
}
