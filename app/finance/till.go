// Package finance is the till: orders with their sessions, payments in several ways, voids,
// refunds, receipts and the day's totals. All money is in fen and never a float. What was
// paid and how many sessions are left are sums of the append-only ledger: account kind
// "money" of an order, kind "session" of an order line. Other rooms use the steps of
// steps.go inside their own deeds; only this room takes and gives money.
package finance

import (
	"context"
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Account kinds of the ledger and the nouns that cause movements.
const (
	money        = "money"   // fen, account = order id
	session      = "session" // sessions, account = order line id
	nounPayment  = "payment"
	nounTreating = "treatment"
	nounOrder    = "order"
)

// Kinds of payment rows.
const (
	Payment = "payment"
	Refund  = "refund"
	Void    = "void"
)

// Kinds of evidence of the SOP that this room proves, and the signals that it gives to hooks
// (rulings 26): treatments are made when an order is paid, and called off when money goes back.
const (
	ProvePaid      = "order.paid"       // S3-06
	ProveStatement = "statement.issued" // S3-07
	ProveInvoice   = "invoice.issued"   // S3-08
	SignalVoided   = "payment.voided"
	SignalRefunded = "order.refunded"
)

// settingPartial allows payments of less than what is due when it is "yes".
const settingPartial = "finance.partial"

// PINs checks the PIN of the person who approves (admin.Office does). It is slow on purpose
// and runs before the write.
type PINs interface {
	ConfirmPIN(ctx context.Context, by access.Actor, staff term.StaffID, pin string) error
}

// Till is the service of the finance room.
type Till struct {
	deed.Doer
	flow *sop.Engine
	pins PINs
}

// New opens the till and tells the SOP what it can prove and where it is done.
func New(doer deed.Doer, flow *sop.Engine, pins PINs) *Till {
	t := &Till{Doer: doer, flow: flow, pins: pins}
	flow.Prover(ProvePaid, provePaid)
	flow.Prover(ProveStatement, proveStatement)
	flow.Prover(ProveInvoice, proveInvoice)
	return t
}

// pathOf is the page of an order.
func pathOf(order term.OrderID) string { return fmt.Sprintf("/till/%d", order) }

// news tells the screens that money moved on an order.
func news(tx *store.Tx, o store.Order) {
	tx.Publish(live.Till)
	tx.Publish(live.Board)
	tx.Publish(fmt.Sprintf("visit:%d", o.Visit))
}

// reopen undoes the stamps of a kind of evidence that no longer holds, so that proving it
// anew runs the hooks again. Steps that were never stamped are left alone.
func (t *Till) reopen(tx *store.Tx, by access.Actor, visit term.VisitID, kind, reason string) error {
	run, err := tx.SOPRun(visit)
	if err != nil {
		return err
	}
	template, err := t.flow.Template(tx.Read, run.Template)
	if err != nil {
		return err
	}
	stamps, err := tx.SOPStamps(visit)
	if err != nil {
		return err
	}
	newest := map[string]store.StampState{}
	for _, s := range stamps {
		newest[s.Step] = s.State
	}
	for _, step := range template.ProvedBy(kind) {
		if state := newest[step.ID]; state != store.StampDone && state != store.StampManual {
			continue
		}
		if err := t.flow.Undo(tx, by, sop.Subject{Visit: visit}, step.ID, reason); err != nil {
			return err
		}
	}
	return nil
}

// signal tells the hooks that money of an order went back: in its own visit and in every
// visit where a session of it is planned, so that no treatment stays that is not paid for.
func (t *Till) signal(tx *store.Tx, by access.Actor, o store.Order, kind string, ref store.Subject) error {
	lines, err := tx.OrderLines(o.ID)
	if err != nil {
		return err
	}
	visits := []term.VisitID{o.Visit}
	for _, l := range lines {
		treatments, err := tx.TreatmentsOfLine(l.ID)
		if err != nil {
			return err
		}
		for _, x := range treatments {
			if !slices.Contains(visits, x.Visit) {
				visits = append(visits, x.Visit)
			}
		}
	}
	for _, v := range visits {
		if err := t.flow.Prove(tx, by, sop.Subject{Visit: v}, kind, ref); err != nil {
			return err
		}
	}
	return nil
}

// Approval is the second person's word: who, and the PIN typed at the cashier's screen.
type Approval struct {
	Staff term.StaffID
	PIN   string
}

// check refuses an approval that cannot be one, before the PIN is tried.
func (a Approval) check(by access.Actor, f *fault.Fields) {
	switch a.Staff {
	case 0:
		f.Add("approver", "finance.approver.missing")
	case by.Staff:
		f.Add("approver", "finance.approver.self")
	}
	if a.PIN == "" {
		f.Add("pin", "finance.pin.missing")
	}
}

// approved checks duty and PIN of the second person. It must run before the write.
func (t *Till) approved(ctx context.Context, by access.Actor, a Approval) error {
	err := t.Read(ctx, by, access.TillView, func(r *store.Read) error {
		s, err := r.Staff(a.Staff)
		if err != nil {
			return err
		}
		second := access.Actor{Staff: s.ID}
		for _, role := range s.Roles {
			second.Roles = append(second.Roles, access.Role(role))
		}
		if !s.Active || !second.May(access.PaymentApprove) {
			var f fault.Fields
			f.Add("approver", "finance.approver.duty")
			return f.Err()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return t.pins.ConfirmPIN(ctx, by, a.Staff, a.PIN)
}

// clinic says a sentence that is kept on a record, in the clinic's own language.
func clinic(key string, args ...any) string { return words.ZH.T(key, args...) }
