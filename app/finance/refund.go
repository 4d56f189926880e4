package finance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Sides are on whose account money goes back (REG-FEE-10, REG-FEE-11): within seven days
// without a reason, at the client's wish, or for a cause of the clinic.
var Sides = []string{"no_reason", "client", "clinic"}

// RefundOrder is what is posted to give unused sessions (or a deposit) back.
type RefundOrder struct {
	Order    term.OrderID
	Sessions map[term.OrderLineID]int // how many of each line go back
	Legs     []Leg                    // by which ways; must sum to the value
	Side     string
	Reason   string
	Approval Approval
}

// Refund pays unused sessions back at the paid ratio, fen-exact (REG-FEE-11). A manager who
// is not the one at the till approves by PIN. Whatever was used stays paid; when nothing is
// left on the order it is refunded.
func (t *Till) Refund(ctx context.Context, by access.Actor, in RefundOrder) (id term.PaymentID, err error) {
	if !by.May(access.PaymentRefund) {
		return 0, fault.Forbidden(string(access.PaymentRefund))
	}
	in.Reason = strings.TrimSpace(in.Reason)
	on := store.Subject{Noun: nounOrder, ID: int64(in.Order)}
	err = t.Read(ctx, by, access.PaymentRefund, func(r *store.Read) error {
		quote, err := quoteBack(r, in.Order, in.Sessions)
		if err != nil {
			return err
		}
		return in.check(by, quote).Err()
	})
	if err != nil {
		return 0, t.refused(ctx, by, on, err)
	}
	if err := t.approved(ctx, by, in.Approval); err != nil {
		return 0, err
	}
	by.Reason = in.Reason
	err = t.WriteOn(ctx, by, access.PaymentRefund, on, func(tx *store.Tx) error {
		id, err = t.refund(tx, by, in)
		return err
	})
	return id, err
}

// refused gives back why a refund was refused before its write began. A second post of a
// refund that was carried out finds nothing left to give back; it is told what became of the
// first one instead.
func (t *Till) refused(ctx context.Context, by access.Actor, on store.Subject, why error) error {
	return t.WriteOn(ctx, by, access.PaymentRefund, on, func(*store.Tx) error { return why })
}

// check names every wrong field of the post.
func (in RefundOrder) check(by access.Actor, quote Back) fault.Fields {
	f := quote.faults
	if !slices.Contains(Sides, in.Side) {
		f.Add("side", "finance.side.missing")
	}
	if in.Side == "no_reason" && !quote.NoReason {
		f.Add("side", "finance.side.over", NoReasonDays)
	}
	if in.Reason == "" && in.Side != "no_reason" {
		f.Add("reason", "finance.reason.missing")
	}
	if quote.Total == 0 {
		f.Add("sessions", "finance.back.nothing")
	} else {
		for _, bad := range checkBack(in.Legs, quote.Total-quote.Points.Fen, quote.Paid) {
			f.Add(bad.Name, bad.Key, bad.Args...)
		}
	}
	in.Approval.check(by, &f)
	return f
}

func (t *Till) refund(tx *store.Tx, by access.Actor, in RefundOrder) (term.PaymentID, error) {
	quote, err := quoteBack(tx.Read, in.Order, in.Sessions)
	if err != nil {
		return 0, err
	}
	if err := in.check(by, quote).Err(); err != nil {
		return 0, err
	}
	o := quote.Order
	p := store.Payment{
		Order: o.ID, Kind: Refund, AmountFen: quote.Total, PointsFen: quote.Points.Fen, Cashier: by.Staff, ApprovedBy: in.Approval.Staff,
		At: tx.Now(), Day: tx.Today(), Reason: in.Reason,
	}
	if err := tx.AddPayment(&p); err != nil {
		return 0, err
	}
	legs := in.Legs
	if quote.Points.Fen > 0 {
		legs = append(slices.Clone(legs), Leg{Method: term.Points, Amount: quote.Points.Fen})
	}
	if err := addLegs(tx, p, legs, -1); err != nil {
		return 0, err
	}
	if err := addPoints(tx, p, -quote.Points.Earned, quote.Points.Burned); err != nil {
		return 0, err
	}
	for _, l := range quote.Lines {
		if l.Count == 0 {
			continue
		}
		account := store.Account{Kind: session, ID: int64(l.Line.ID)}
		if _, err := tx.Move(account, -int64(l.Count), paymentRef(p.ID)); err != nil {
			return 0, err
		}
	}
	if err := t.closeRefunded(tx, by, o, p); err != nil {
		return 0, err
	}
	if p.Document, err = issueRefund(tx, by, p, quote, in); err != nil {
		return 0, err
	}
	tx.Result(nounPayment, int64(p.ID))
	news(tx, o)
	return p.ID, tx.SavePayment(&p)
}

// closeRefunded gives the signal to call treatments off and ends an order without money.
func (t *Till) closeRefunded(tx *store.Tx, by access.Actor, o store.Order, p store.Payment) error {
	left, err := tx.Balance(money, int64(o.ID))
	if err != nil {
		return err
	}
	if left == 0 && o.State == term.OrderPaid {
		o.State, o.ClosedAt = term.OrderRefunded, tx.Now()
		if err := tx.SaveOrder(&o); err != nil {
			return err
		}
	}
	return t.signal(tx, by, o, SignalRefunded, paymentRef(p.ID))
}

// BackLine is one line of an order with what can go back of it.
type BackLine struct {
	Line     store.OrderLine
	Item     store.Item
	Used     int // sessions done
	Returned int // sessions that went back before
	Left     int // sessions that may go back now
	Count    int // sessions asked back
	Value    term.Fen
	Whole    term.Fen // value of all that is left
}

// Back is the reckoning of a refund.
type Back struct {
	Order    store.Order
	Lines    []BackLine
	Total    term.Fen                    // value of what is asked back
	Whole    term.Fen                    // value of all that could go back
	Deposit  term.Fen                    // money on an order that was never wholly paid
	Paid     map[term.PayMethod]term.Fen // what is left of each way of paying money
	Points   giveBack                    // what of the total goes back as points, and what is taken of those earned
	PaidAt   term.Instant
	NoReason bool // within the seven days of REG-FEE-10
	NoUntil  term.Instant
	Proposed []Leg // ways back for the total
	faults   fault.Fields
}

// quoteBack reckons what the asked sessions are worth. Asking for more than is left is a
// fault of the field sessions.<line>.
func quoteBack(r *store.Read, order term.OrderID, asked map[term.OrderLineID]int) (Back, error) {
	o, err := r.Order(order)
	if err != nil {
		return Back{}, orderFault(err)
	}
	b := Back{Order: o, Paid: map[term.PayMethod]term.Fen{}}
	if o.State != term.OrderPaid && o.State != term.OrderOpen {
		return b, fault.Refuse("REG-FEE-11", "finance.back.state", o.Number, fault.Word(o.State.Key())).At(pathOf(o.ID))
	}
	if err := b.readPayments(r); err != nil {
		return b, err
	}
	if o.State == term.OrderOpen {
		balance, err := r.Balance(money, int64(o.ID))
		b.Deposit = term.Fen(balance)
		b.Total, b.Whole = b.Deposit, b.Deposit
		if err != nil {
			return b, err
		}
		return b, b.propose(r)
	}
	lines, err := r.OrderLines(o.ID)
	if err != nil {
		return b, err
	}
	for _, l := range lines {
		if err := b.addLine(r, l, asked[l.ID]); err != nil {
			return b, err
		}
	}
	return b, b.propose(r)
}

// propose reckons what goes back as points and proposes the ways of the money.
func (b *Back) propose(r *store.Read) error {
	s, err := standingOf(r, b.Order.ID)
	if err != nil || b.Total == 0 {
		return err
	}
	b.Points = s.back(b.Total)
	b.Proposed = proposeBack(b.Total-b.Points.Fen, b.Paid)
	return nil
}

func (b *Back) addLine(r *store.Read, l store.OrderLine, count int) error {
	row := BackLine{Line: l, Count: count}
	var err error
	if row.Item, err = r.Item(l.Item); err != nil {
		return err
	}
	moves, err := r.Movements(store.Account{Kind: session, ID: int64(l.ID)}, 1000)
	if err != nil {
		return err
	}
	for _, m := range moves {
		row.Left += int(m.Amount)
		switch {
		case m.Ref.Noun == nounTreating:
			row.Used -= int(m.Amount)
		case m.Amount < 0 && m.Reverses == 0:
			row.Returned -= int(m.Amount)
		}
	}
	row.Whole = backValue(l, row.Returned, row.Left)
	if count < 0 || count > row.Left {
		b.faults.Add(fmt.Sprintf("sessions.%d", l.ID), "finance.back.count", row.Left)
	} else {
		row.Value = backValue(l, row.Returned, count)
	}
	b.Total += row.Value
	b.Whole += row.Whole
	b.Lines = append(b.Lines, row)
	return nil
}

// readPayments sums what is left of each way of paying and finds when it was paid.
func (b *Back) readPayments(r *store.Read) error {
	payments, err := r.PaymentsOf(b.Order.ID)
	if err != nil {
		return err
	}
	for _, p := range payments {
		sign := term.Fen(-1)
		if p.Kind == Payment {
			sign = 1
			b.PaidAt = p.At
		}
		legs, err := r.PaymentLegs(p.ID)
		if err != nil {
			return err
		}
		for _, l := range legs {
			b.Paid[l.Method] += sign * l.AmountFen
		}
	}
	if !b.PaidAt.IsZero() {
		b.NoUntil = noReasonEnd(b.PaidAt)
		b.NoReason = InNoReason(b.PaidAt, r.Now())
	}
	return nil
}

// Faults are the wrong counts of sessions asked back.
func (b Back) Faults() fault.Fields { return b.faults }
