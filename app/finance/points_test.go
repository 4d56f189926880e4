package finance_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
)

func (h *house) points() (n int64) {
	h.Helper()
	h.read(func(r *store.Read) (err error) {
		n, err = r.PointsOf(h.visit.Client)
		return err
	})
	return n
}

// member pays the first bill of 10,000.00, which earns 10,000 points, and stands with a second one of
// the given lines.
func member(t *testing.T, lines ...finance.Line) *house {
	t.Helper()
	h := open(t)
	h.signed()
	h.pay()
	require.EqualValues(t, 10_000, h.points())
	h.order = h.place(lines...)
	_, err := h.till.IssueStatement(h.Context(), h.cashier, h.order.ID)
	require.NoError(t, err)
	return h
}

func (h *house) burn(points, card term.Fen) (term.PaymentID, error) {
	return h.till.Take(h.Context(), h.cashier, finance.Take{Order: h.order.ID, Legs: []finance.Leg{
		{Method: term.Card, Amount: card}, {Method: term.Points, Amount: points},
	}})
}

func TestPoints(t *testing.T) {
	t.Parallel()
	t.Run("points stand for a part of the bill, within the cap and whole yuan", func(t *testing.T) {
		t.Parallel()
		h := member(t, finance.Line{Item: 1, Sessions: 2, Price: 10000})
		for _, bad := range []term.Fen{6100, 5950, 150} {
			_, err := h.burn(bad, 20000-bad)
			require.Equal(t, []string{"points"}, fieldsOf(t, err), "%v", bad)
		}
		id, err := h.burn(6000, 14000)
		require.NoError(t, err)
		require.EqualValues(t, 10_000-6_000+140, h.points())
		h.read(func(r *store.Read) error {
			p, err := r.Payment(id)
			require.EqualValues(t, 14000, p.Money())
			figures, _ := r.FiguresOf(h.visit.Client)
			require.EqualValues(t, 1_000_000+14_000, figures.Spent, "points are no money")
			moves, _ := r.PointMoves(h.visit.Client, 10)
			require.Len(t, moves, 3)
			require.Equal(t, store.PointMove{
				Kind: "earned", At: p.At, Amount: 140, Order: h.order.ID, Number: h.order.Number, Cause: "payment", Payment: id,
			}, moves[0])
			return err
		})
		day, err := h.till.DayTotals(t.Context(), h.cashier, "")
		require.NoError(t, err)
		require.EqualValues(t, 1_014_000, day.Total.Net())
		require.EqualValues(t, 6_000, day.Points.Net())
		h.sound()
	})
	t.Run("a bill that goes back in two steps restores both sides to the point", func(t *testing.T) {
		t.Parallel()
		h := member(t, finance.Line{Item: 1, Sessions: 3, Price: 3333})
		_, err := h.burn(2900, 7099)
		require.NoError(t, err)
		require.EqualValues(t, 10_000-2_900+70, h.points())
		one := map[term.OrderLineID]int{h.lines[0].ID: 1}
		in := h.refund(one, "no_reason", "")
		_, err = h.till.Refund(t.Context(), h.cashier, in)
		require.NoError(t, err)
		require.EqualValues(t, 10_000-2_900+70+966-23, h.points())
		in = h.refund(map[term.OrderLineID]int{h.lines[0].ID: 2}, "no_reason", "")
		in.Legs = append(in.Legs, finance.Leg{Method: term.Points, Amount: 100})
		_, err = h.till.Refund(t.Context(), h.cashier, in)
		require.Contains(t, fieldsOf(t, err), "legs", "nobody chooses how much goes back as points")
		_, err = h.till.Refund(t.Context(), h.cashier, h.refund(in.Sessions, "no_reason", ""))
		require.NoError(t, err)
		require.EqualValues(t, 10_000, h.points())
		require.Zero(t, h.balance("earned", int64(h.order.ID)))
		require.Zero(t, h.balance("burned", int64(h.order.ID)))
		require.Zero(t, h.balance("money", int64(h.order.ID)))
		h.sound()
	})
	t.Run("a void reverses both by name", func(t *testing.T) {
		t.Parallel()
		h := member(t, finance.Line{Item: 1, Sessions: 1, Price: 10000})
		id, err := h.burn(3000, 7000)
		require.NoError(t, err)
		_, err = h.till.Void(t.Context(), h.cashier, h.voids(id))
		require.NoError(t, err)
		require.EqualValues(t, 10_000, h.points())
		h.sound()
	})
	t.Run("what points earned and another bill burned is owed after a refund, and burns no more", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		h.write(func(tx *store.Tx) error { return tx.SaveSetting("points.normal", "0") })
		first, lines := h.order, h.lines
		h.order = h.place(finance.Line{Item: 1, Sessions: 1, Price: 3000000})
		_, err := h.till.IssueStatement(t.Context(), h.cashier, h.order.ID)
		require.NoError(t, err)
		_, err = h.burn(10000, 2990000)
		require.NoError(t, err)
		h.order = first
		_, err = h.till.Refund(t.Context(), h.cashier, h.refund(map[term.OrderLineID]int{lines[0].ID: 3, lines[1].ID: 1}, "no_reason", ""))
		require.NoError(t, err)
		require.EqualValues(t, -10_000, h.points())
		h.order = h.place(finance.Line{Item: 1, Sessions: 1, Price: 10000})
		_, err = h.till.IssueStatement(t.Context(), h.cashier, h.order.ID)
		require.NoError(t, err)
		_, err = h.burn(100, 9900)
		require.Equal(t, []string{"points"}, fieldsOf(t, err))
	})
	t.Run("the tier and the settings say how much", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.write(func(tx *store.Tx) error {
			require.NoError(t, tx.SaveSetting("points.gold", "150"))
			c, err := tx.Client(h.visit.Client)
			require.NoError(t, err)
			c.Tier = "gold"
			return tx.SaveClient(&c)
		})
		h.pay()
		require.EqualValues(t, 15_000, h.points())
	})
}

// TestTR15PointsOnce is TR-15 for points: two tills burn the same points on two bills at once; one
// takes them, the other is told how many are left.
func TestTR15PointsOnce(t *testing.T) {
	t.Parallel()
	h := member(t, finance.Line{Item: 1, Sessions: 1, Price: 30000})
	orders := []store.Order{h.order}
	for range 3 {
		orders = append(orders, h.place(finance.Line{Item: 1, Sessions: 1, Price: 30000}))
		_, err := h.till.IssueStatement(t.Context(), h.cashier, orders[len(orders)-1].ID)
		require.NoError(t, err)
	}
	h.write(func(tx *store.Tx) error { return tx.SaveSetting("points.worth", "120") }) // 9000 fen cost 10,800
	h.write(func(tx *store.Tx) error { return tx.SaveSetting("points.normal", "0") })
	var all sync.WaitGroup
	errs := make([]error, len(orders))
	for i, o := range orders {
		all.Go(func() {
			_, errs[i] = h.till.Take(t.Context(), h.cashier, finance.Take{Order: o.ID, Legs: []finance.Leg{
				{Method: term.WeChat, Amount: 22000}, {Method: term.Points, Amount: 8000},
			}})
		})
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.Equal(t, []string{"points"}, fieldsOf(t, err))
	}
	require.Equal(t, 1, won)
	require.EqualValues(t, 10_000-9_600, h.points())
	h.sound()
}
