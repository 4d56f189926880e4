package finance

import (
	"slices"
	"strconv"
	"time"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Methods are the ways to pay money, in the order of the number keys 1 to 4.
var Methods = []term.PayMethod{term.Cash, term.WeChat, term.Alipay, term.Card}

// Ways are all ways in which a bill is paid: money, and points of the member.
var Ways = append(slices.Clone(Methods), term.Points)

// NoReasonDays is how long a client may have prepaid money back without a reason (REG-FEE-10).
const NoReasonDays = 7

// Leg is the part of a payment that comes (or goes back) one way.
type Leg struct {
	Method    term.PayMethod
	Amount    term.Fen
	Tendered  term.Fen // cash handed over; 0 means exactly the amount
	Reference string   // number of the bank's or wallet's slip
}

// totalOf is the exact sum of the lines, or what is wrong with them.
func totalOf(lines []Line) (total term.Fen, err error) {
	var f fault.Fields
	if len(lines) == 0 || len(lines) > maxLines {
		f.Add("lines", "finance.lines.none")
	}
	for i, l := range lines {
		field := "lines." + strconv.Itoa(i)
		switch {
		case l.Item == 0:
			f.Add(field, "finance.line.item")
		case l.Sessions < 1 || l.Sessions > maxSessions:
			f.Add(field, "finance.line.sessions", maxSessions)
		case l.Price < 0 || l.Price > maxPriceFen:
			f.Add(field, "finance.line.price")
		default:
			total += l.Price.Times(l.Sessions)
		}
	}
	if len(f) == 0 && total == 0 {
		f.Add("lines", "finance.lines.zero")
	}
	return total, f.Err()
}

// checkLegs looks at the parts of a payment against what is due and names every wrong field.
// The parts must sum exactly to what is due; less only where partial payments are allowed,
// more never. Cash handed over must cover its part.
func checkLegs(legs []Leg, due term.Fen, partial bool) fault.Fields {
	var f fault.Fields
	var sum term.Fen
	seen := map[term.PayMethod]bool{}
	for _, l := range legs {
		name := string(l.Method)
		switch {
		case !slices.Contains(Ways, l.Method) || seen[l.Method]:
			f.Add("legs", "finance.leg.method")
		case l.Amount <= 0 || l.Amount > due:
			f.Add(name, "finance.leg.amount", due)
		case l.Method == term.Cash && l.Tendered != 0 && l.Tendered < l.Amount:
			f.Add("tendered", "finance.leg.tendered", l.Amount)
		case len([]rune(l.Reference)) > 64:
			f.Add("ref_"+name, "finance.leg.reference")
		}
		seen[l.Method] = true
		sum += l.Amount
	}
	switch {
	case len(legs) == 0:
		f.Add("legs", "finance.legs.none")
	case sum > due:
		f.Add("legs", "finance.legs.over", sum-due)
	case sum < due && !partial:
		f.Add("legs", "finance.legs.short", due-sum)
	}
	return f
}

// sumOf adds the parts.
func sumOf(legs []Leg) (sum term.Fen) {
	for _, l := range legs {
		sum += l.Amount
	}
	return sum
}

// OfTendered fills in the cash part of whom only the handed-over cash was typed: all of it, but
// never more than the other parts leave of what is due. The rest is change.
func OfTendered(legs []Leg, due term.Fen) []Leg {
	rest := due - sumOf(legs)
	filled := slices.Clone(legs)
	for i, l := range filled {
		if l.Method == term.Cash && l.Amount == 0 && l.Tendered > 0 {
			filled[i].Amount = max(0, min(l.Tendered, rest))
		}
	}
	return filled
}

// Change is the cash to hand back: what was tendered beyond the cash part.
func Change(legs []Leg) term.Fen {
	for _, l := range legs {
		if l.Method == term.Cash && l.Tendered > l.Amount {
			return l.Tendered - l.Amount
		}
	}
	return 0
}

// share is the value of the first k of n sessions that cost total together. Every session is
// worth the same whole fen and the last one carries the rounding, so all shares sum to total.
func share(total term.Fen, n, k int) term.Fen {
	if k >= n {
		return total
	}
	return total / term.Fen(n) * term.Fen(k)
}

// backValue is what m sessions of a line are worth when back sessions went back before them.
// Sessions are used from the first and given back from the last, so that the used ones keep
// their share and the refunds of a whole line sum to what was paid (REG-FEE-11, used ones at
// the discounted price: never less than the law asks for).
func backValue(l store.OrderLine, back, m int) term.Fen {
	return share(l.TotalFen, l.Sessions, l.Sessions-back) - share(l.TotalFen, l.Sessions, l.Sessions-back-m)
}

// proposeBack spreads an amount over the ways in which it was paid, newest way last: cards
// and wallets first, because money goes back the way it came, cash for the rest.
func proposeBack(amount term.Fen, paid map[term.PayMethod]term.Fen) []Leg {
	var legs []Leg
	for _, m := range []term.PayMethod{term.Card, term.WeChat, term.Alipay, term.Cash} {
		part := min(amount, max(0, paid[m]))
		if part == 0 {
			continue
		}
		legs = append(legs, Leg{Method: m, Amount: part})
		amount -= part
	}
	if amount > 0 {
		legs = append(legs, Leg{Method: term.Cash, Amount: amount})
	}
	return legs
}

// checkBack looks at the ways in which money goes back: exactly the amount, and by each way
// no more than came by it.
func checkBack(legs []Leg, amount term.Fen, paid map[term.PayMethod]term.Fen) fault.Fields {
	if amount == 0 && len(legs) == 0 {
		return nil // all of it goes back as points
	}
	f := checkLegs(legs, amount, false)
	for _, l := range legs {
		if l.Method == term.Points { // what goes back as points is reckoned, never chosen
			f.Add("legs", "finance.leg.method")
		}
		if l.Amount > max(0, paid[l.Method]) {
			f.Add(string(l.Method), "finance.back.way", fault.Word(l.Method.Key()), max(0, paid[l.Method]))
		}
	}
	return f
}

// InNoReason says that prepaid money may still be asked back without a reason (REG-FEE-10).
func InNoReason(paidAt, now term.Instant) bool {
	return !paidAt.IsZero() && now.Before(noReasonEnd(paidAt))
}

func noReasonEnd(paidAt term.Instant) term.Instant {
	return paidAt.Add(NoReasonDays * 24 * time.Hour)
}

// mayVoid refuses to void a payment that is not of today, was voided, or whose sessions or
// money are partly gone; then a refund is the way (REG-FEE-11, REG-FEE-18).
func mayVoid(p store.Payment, order store.Order, facts voidFacts) error {
	switch {
	case p.Kind != Payment:
		return fault.Refuse("REG-FEE-18", "finance.void.kind", p.Number)
	case facts.voided:
		return fault.Refuse("REG-FEE-18", "finance.void.twice", p.Number)
	case p.Day != facts.today:
		return fault.Refuse("REG-FEE-18", "finance.void.day", p.Number, p.Day).Ask("manager").At(pathOf(order.ID) + "/refund")
	case facts.used:
		return fault.Refuse("REG-FEE-11", "finance.void.used", p.Number).Ask("manager").At(pathOf(order.ID) + "/refund")
	case facts.refunded:
		return fault.Refuse("REG-FEE-11", "finance.void.refunded", p.Number).Ask("manager").At(pathOf(order.ID) + "/refund")
	}
	return nil
}

// voidFacts are what mayVoid looks at beside the payment itself.
type voidFacts struct {
	today    term.Day
	voided   bool // another payment reverses it
	used     bool // a session of the order was taken
	refunded bool // part of the order's money went back already
}
