package finance

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// DayLine is what one way of paying (or one cashier) brought in a day, in fen.
type DayLine struct {
	Method  term.PayMethod // of a line per method
	Cashier string         // of a line per cashier
	Taken   term.Fen
	Voided  term.Fen
	Back    term.Fen
	Count   int // payments taken
}

// Net is what should be in the drawer or on the account.
func (l DayLine) Net() term.Fen { return l.Taken - l.Voided - l.Back }

func (l *DayLine) add(kind string, amount term.Fen) {
	switch kind {
	case Payment:
		l.Taken += amount
		l.Count++
	case Void:
		l.Voided += amount
	case Refund:
		l.Back += amount
	}
}

// DayPayment is one payment of the day.
type DayPayment struct {
	PaymentView
	OrderNumber string
}

// Day is the till of one clinic day.
type Day struct {
	Day      term.Day
	Today    term.Day
	Methods  []DayLine
	Cashiers []DayLine
	Total    DayLine // money
	Points   DayLine // what points stood for; it is no money and in no sum
	Payments []DayPayment
	Open     []Waiting
	Counts   []Counted // of the cash, the last one first
	// End is the newest act of the sealed trail and ten letters of its seal: on a printed day
	// closing they show later whether the trail is still the same.
	End store.Anchor
	// Seen is the fingerprint of what stands here; who counts the cash carries it.
	Seen string
}

// Split says that payments of the day came several ways: then each way counts them once.
func (v Day) Split() bool {
	sum := 0
	for _, l := range v.Methods {
		sum += l.Count
	}
	return sum > v.Total.Count
}

// DayTotals reads the totals of a day: what is expected per way of paying and per cashier,
// every payment, and the orders still open. day "" is today.
func (t *Till) DayTotals(ctx context.Context, by access.Actor, day term.Day) (v Day, err error) {
	err = t.Read(ctx, by, access.DayView, func(r *store.Read) error {
		if v.Today = r.Today(); day == "" {
			day = v.Today
		}
		v.Day = day
		if v.Open, err = waiting(r); err != nil {
			return err
		}
		if err := v.counts(r); err != nil {
			return err
		}
		if v.End, err = r.Anchor(); err != nil {
			return err
		}
		err = v.read(r)
		v.Seen = v.seen()
		return err
	})
	return v, err
}

func (v *Day) read(r *store.Read) error {
	payments, err := r.PaymentsOn(v.Day, 2000)
	if err != nil {
		return err
	}
	legs, err := r.PaymentLegsOn(v.Day)
	if err != nil {
		return err
	}
	byPayment := map[term.PaymentID][]store.PaymentLeg{}
	for _, l := range legs {
		byPayment[l.Payment] = append(byPayment[l.Payment], l)
	}
	voided := map[term.PaymentID]bool{}
	for _, m := range Methods {
		v.Methods = append(v.Methods, DayLine{Method: m})
	}
	for _, p := range payments {
		row := DayPayment{PaymentView: PaymentView{Payment: p, Legs: byPayment[p.ID]}}
		if row.Cashier, row.Approver, err = people(r, p); err != nil {
			return err
		}
		o, err := r.Order(p.Order)
		if err != nil {
			return err
		}
		row.OrderNumber = o.Number
		voided[p.Reverses] = true
		v.count(row)
		v.Payments = append(v.Payments, row)
	}
	for i := range v.Payments {
		v.Payments[i].Voided = voided[v.Payments[i].ID]
	}
	slices.Reverse(v.Payments)
	return nil
}

// count adds a payment to the totals; a payment in several ways counts once per way.
func (v *Day) count(p DayPayment) {
	v.Total.add(p.Kind, p.Money())
	at := slices.IndexFunc(v.Cashiers, func(l DayLine) bool { return l.Cashier == p.Cashier })
	if at < 0 {
		at = len(v.Cashiers)
		v.Cashiers = append(v.Cashiers, DayLine{Cashier: p.Cashier})
	}
	v.Cashiers[at].add(p.Kind, p.Money())
	if p.PointsFen > 0 {
		v.Points.Method = term.Points
		v.Points.add(p.Kind, p.PointsFen)
	}
	for _, l := range p.Legs {
		if i := slices.Index(Methods, l.Method); i >= 0 {
			v.Methods[i].add(p.Kind, l.AmountFen)
		}
	}
}
