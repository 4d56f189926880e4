package finance

import (
	"math/bits"
	"strconv"

	"meixu/store"
	"meixu/store/term"
)

// Points of the members (row:C6): who pays money gets points, and points stand for a part of a later
// bill. Every movement lies on the account of the order that it belongs to, so that a refund takes and
// gives back exactly what this order moved, and so that points follow their orders when two files of
// one person are merged or parted. Points never expire and are never taken without a refund
// (REG-FEE-06).

// Account kinds of the ledger, both with the order's id: points that a payment earned, and points that
// stood for money (below zero).
const (
	earned = "earned"
	burned = "burned"
)

// settingPoints is the family of the settings of points: points for 100 yuan by tier, points that
// stand for one yuan, and the most that points may stand for, in percent of a bill.
const settingPoints = "points."

const (
	wholeYuan = 100    // points stand for whole yuan only
	hundred   = 100_00 // fen that the settings of the tiers are counted for
	percent   = 100
)

// PointRule is how points are earned and what they are worth.
type PointRule struct {
	Earn  map[string]int64 // points for 100 yuan of money, by tier
	Worth int64            // points that stand for one yuan
	Cap   int64            // at most so many percent of a bill
}

// usualPoints stand where nothing was set: one point for one yuan, for everybody (domain/sop.md 6).
var usualPoints = map[string]int64{"normal": 100, "silver": 100, "gold": 100, "diamond": 100, "worth": 100, "cap": 30}

func pointRule(r *store.Read) (PointRule, error) {
	set, err := r.SettingsUnder(settingPoints)
	if err != nil {
		return PointRule{}, err
	}
	value := func(name string) int64 {
		n, bad := strconv.ParseInt(set[settingPoints+name], 10, 64)
		if bad != nil || n < 0 {
			return usualPoints[name]
		}
		return n
	}
	p := PointRule{Earn: map[string]int64{}, Worth: max(1, value("worth")), Cap: min(value("cap"), percent)}
	for _, tier := range []string{"normal", "silver", "gold", "diamond"} {
		p.Earn[tier] = value(tier)
	}
	return p, nil
}

// For is how many points money of an order earns; parts of a point are not given.
func (p PointRule) For(tier string, money term.Fen) int64 {
	return mulDiv(max(0, int64(money)), p.Earn[tier], hundred)
}

// Most is how much of a bill points may stand for now: whole yuan, within the percentage of the bill
// that points did not use yet, within what is due and within what the member has.
func (p PointRule) Most(total, used, due term.Fen, balance int64) term.Fen {
	limit := min(mulDiv(int64(total), p.Cap, percent)-int64(used), int64(due))
	limit = min(limit/wholeYuan, max(0, balance)/p.Worth)
	return term.Fen(max(0, limit) * wholeYuan)
}

// Cost is how many points stand for an amount of whole yuan.
func (p PointRule) Cost(amount term.Fen) int64 { return int64(amount) / wholeYuan * p.Worth }

// part is what of a number of things goes when back of whole goes: its share, rounded down, and all of
// them with the last of the whole. So steps of any size together move exactly what there was.
func part(things, whole, back int64) int64 {
	if back >= whole {
		return things
	}
	return mulDiv(things, back, whole)
}

// mulDiv is a·b/c rounded down, for numbers from zero on whose product may be longer than 64 bits.
func mulDiv(a, b, c int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(b))
	quotient, _ := bits.Div64(high, low, uint64(c))
	return int64(quotient)
}

// standing is what an order holds now: money and points that were given and did not go back.
type standing struct {
	Money  term.Fen // without points
	Points term.Fen // what points stand for
	Earned int64
	Burned int64
}

func standingOf(r *store.Read, order term.OrderID) (s standing, err error) {
	paid, err := r.Balance(money, int64(order))
	if err != nil {
		return s, err
	}
	if s.Points, err = r.PointsFenOf(order); err != nil {
		return s, err
	}
	if s.Earned, err = r.Balance(earned, int64(order)); err != nil {
		return s, err
	}
	gone, err := r.Balance(burned, int64(order))
	s.Money, s.Burned = term.Fen(paid)-s.Points, -gone
	return s, err
}

// giveBack is what of points moves when an amount of an order goes back.
type giveBack struct {
	Fen    term.Fen // of the amount, as points and not as money
	Burned int64    // points that come back for it
	Earned int64    // points that are taken again because money goes back
}

// back shares an amount that goes back between money and points as they came. When all goes back,
// all points that were burned come back and all that were earned are taken again.
func (s standing) back(amount term.Fen) (b giveBack) {
	b.Fen = term.Fen(part(int64(s.Points), int64(s.Money+s.Points), int64(amount)))
	b.Burned = part(s.Burned, int64(s.Points), int64(b.Fen))
	b.Earned = part(s.Earned, int64(s.Money), int64(amount-b.Fen))
	return b
}

// PointView is what the till shows of the points of an order's client.
type PointView struct {
	Balance int64    // of the client
	Most    term.Fen // that points may stand for now
	Worth   int64    // points for one yuan
	Earned  int64    // on this order
	Burned  int64
}

// pointsAt reads what points may do on an order with something due.
func pointsAt(r *store.Read, o store.Order, due term.Fen) (v PointView, err error) {
	rule, err := pointRule(r)
	if err != nil {
		return v, err
	}
	s, err := standingOf(r, o.ID)
	if err != nil {
		return v, err
	}
	v.Worth, v.Earned, v.Burned = rule.Worth, s.Earned, s.Burned
	if v.Balance, err = r.PointsOf(o.Client); err == nil && due > 0 {
		v.Most = rule.Most(o.TotalFen, s.Points, due, v.Balance)
	}
	return v, err
}

// movePoints burns the points of a payment that was just taken and gives those that its money earns:
// what the order's money is worth now, less what it was worth before.
func movePoints(tx *store.Tx, o store.Order, p store.Payment) error {
	rule, err := pointRule(tx.Read)
	if err != nil {
		return err
	}
	c, err := tx.Client(o.Client)
	if err != nil {
		return err
	}
	s, err := standingOf(tx.Read, o.ID)
	if err != nil {
		return err
	}
	before := s.Money - p.Money()
	return addPoints(tx, p, rule.For(c.Tier, s.Money)-rule.For(c.Tier, before), -rule.Cost(p.PointsFen))
}

// addPoints writes movements of points; nothing is written for none.
func addPoints(tx *store.Tx, p store.Payment, gained, spent int64) error {
	for _, m := range []store.Move{{Account: store.Account{Kind: burned}, Amount: spent}, {Account: store.Account{Kind: earned}, Amount: gained}} {
		if m.Amount == 0 {
			continue
		}
		m.Account.ID = int64(p.Order)
		if _, err := tx.Move(m.Account, m.Amount, paymentRef(p.ID)); err != nil {
			return err
		}
	}
	return nil
}

// pointsIn is the part of a payment that is paid in points.
func pointsIn(legs []Leg) (sum term.Fen) {
	for _, l := range legs {
		if l.Method == term.Points {
			sum += l.Amount
		}
	}
	return sum
}
