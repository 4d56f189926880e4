package finance_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
)

func TestPlaceOrder(t *testing.T) {
	t.Parallel()
	t.Run("its total is the exact sum of its lines", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		require.Equal(t, term.Fen(1000000), h.order.TotalFen)
		require.Len(t, h.lines, 2)
		require.Zero(t, h.balance("session", int64(h.lines[0].ID)), "sessions come with the money")
		h.read(func(r *store.Read) error {
			debt, err := finance.DebtOf(r, h.visit.Client)
			require.Equal(t, term.Fen(1000000), debt)
			return err
		})
	})
	t.Run("a plan has one living order, and a new one after cancelling", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		var plan store.Plan
		h.write(func(tx *store.Tx) error {
			plan = store.Plan{Visit: h.visit.ID, Client: h.visit.Client, State: term.PlanAccepted}
			return tx.AddPlan(&plan)
		})
		in := finance.NewOrder{
			Client: h.visit.Client, Visit: h.visit.ID, Plan: plan.ID, Lines: []finance.Line{{Item: h.item, Sessions: 1, Price: 100}},
		}
		var first store.Order
		h.write(func(tx *store.Tx) (err error) { first, err = finance.PlaceOrder(tx, in); return err })
		err := h.try(func(tx *store.Tx) error { _, err := finance.PlaceOrder(tx, in); return err })
		require.Equal(t, "S3-06", ruleOf(t, err))
		h.write(func(tx *store.Tx) error { return finance.CancelOrder(tx, first.ID, "客户改主意") })
		h.write(func(tx *store.Tx) error { _, err := finance.PlaceOrder(tx, in); return err })
	})
}

func TestTake(t *testing.T) {
	t.Parallel()
	t.Run("no contract and no statement, no money", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		_, err := h.till.Take(t.Context(), h.cashier, h.whole())
		for _, rule := range []string{"REG-CON-01", "REG-CON-11", "REG-FEE-03"} {
			require.Contains(t, ruleOf(t, err), rule)
		}
		require.Zero(t, h.balance("money", int64(h.order.ID)))
	})
	t.Run("split payment: money and sessions on the ledger, client at pre-op, hooks run", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		id := h.pay()
		o, v := h.state()
		require.Equal(t, term.OrderPaid, o.State)
		require.Equal(t, term.AtPreOp, v.Station)
		require.Equal(t, term.StagePreOp, v.Stage)
		require.Equal(t, int64(1000000), h.balance("money", int64(o.ID)))
		require.Equal(t, int64(3), h.balance("session", int64(h.lines[0].ID)))
		require.Equal(t, int64(1), h.balance("session", int64(h.lines[1].ID)))
		require.Equal(t, []string{finance.ProvePaid}, h.signals)
		h.sound()
		p, paper, err := h.till.PaymentPaper(t.Context(), h.cashier, id)
		require.NoError(t, err)
		require.Equal(t, term.Fen(1000000), p.AmountFen)
		require.Equal(t, "receipt", paper.Kind)
		body := ""
		for _, b := range paper.Blocks {
			for _, row := range b.Rows {
				for _, cell := range row {
					body += cell + "|"
				}
			}
		}
		require.Contains(t, body, "壹万元整")
		require.Contains(t, body, "找零|¥1,000.00", "change is printed")
		h.read(func(r *store.Read) error {
			rest, err := finance.RemainingLines(r, h.visit.Client)
			require.Len(t, rest, 2)
			require.Equal(t, 3, rest[0].Left)
			debt, _ := finance.DebtOf(r, h.visit.Client)
			require.Zero(t, debt)
			return err
		})
	})
	t.Run("a fen short is refused where partial payments are not set", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		in := finance.Take{Order: h.order.ID, Legs: []finance.Leg{{Method: term.Cash, Amount: 999999, Tendered: 10}}}
		_, err := h.till.Take(t.Context(), h.cashier, in)
		require.Equal(t, []string{"tendered", "legs"}, fieldsOf(t, err))
		h.write(func(tx *store.Tx) error { return tx.SaveSetting("finance.partial", "yes") })
		in.Legs[0].Tendered = 0
		_, err = h.till.Take(t.Context(), h.cashier, in)
		require.NoError(t, err)
		o, _ := h.state()
		require.Equal(t, term.OrderOpen, o.State)
		require.Zero(t, h.balance("session", int64(h.lines[0].ID)), "sessions come with the last fen")
		in.Legs = []finance.Leg{{Method: term.WeChat, Amount: 1}}
		_, err = h.till.Take(t.Context(), h.cashier, in)
		require.NoError(t, err)
		require.Equal(t, int64(3), h.balance("session", int64(h.lines[0].ID)))
	})
	t.Run("only a cashier takes money", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		_, err := h.till.Take(t.Context(), h.manager, h.whole())
		require.Equal(t, fault.KindForbidden, fault.KindOf(err))
	})
	t.Run("a paid order is not paid again", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		_, err := h.till.Take(t.Context(), h.cashier, h.whole())
		require.Equal(t, "S3-06", ruleOf(t, err))
	})
	t.Run("a second order of the visit runs the hooks again", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		h.order = h.place(finance.Line{Item: h.item, Sessions: 1, Price: 5000})
		h.signed()
		_, err := h.till.Take(t.Context(), h.cashier, finance.Take{
			Order: h.order.ID, Legs: []finance.Leg{{Method: term.Alipay, Amount: 5000}},
		})
		require.NoError(t, err)
		require.Equal(t, []string{finance.ProvePaid, finance.ProvePaid}, h.signals)
	})
}

func TestTwoTabletsTakeTheSameOrder(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.signed()
	second := h.hire("cashier2", access.Cashier)
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, by := range []access.Actor{h.cashier, second} {
		both.Add(1)
		go func() {
			defer both.Done()
			_, errs[i] = h.till.Take(t.Context(), by, h.whole())
		}()
	}
	both.Wait()
	if errs[0] != nil {
		errs[0], errs[1] = errs[1], errs[0]
	}
	require.NoError(t, errs[0])
	require.Equal(t, "S3-06", ruleOf(t, errs[1]))
	require.Equal(t, int64(1000000), h.balance("money", int64(h.order.ID)))
	require.Equal(t, int64(3), h.balance("session", int64(h.lines[0].ID)))
}

func TestDoubleClickPaysOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.signed()
	h.cashier.Once = "click-1"
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i := range errs {
		both.Add(1)
		go func() {
			defer both.Done()
			_, errs[i] = h.till.Take(t.Context(), h.cashier, h.whole())
		}()
	}
	both.Wait()
	if errs[0] != nil {
		errs[0], errs[1] = errs[1], errs[0]
	}
	require.NoError(t, errs[0])
	noun, id, again := fault.Replayed(errs[1])
	require.True(t, again, "%v", errs[1])
	require.Equal(t, "payment", noun)
	require.NotZero(t, id)
	require.Equal(t, int64(1000000), h.balance("money", int64(h.order.ID)))
}

func TestSessions(t *testing.T) {
	t.Parallel()
	t.Run("an unpaid order gives no session", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		err := h.try(func(tx *store.Tx) error { return finance.UseSession(tx, h.lines[0].ID, 1) })
		require.Equal(t, "REG-FEE-08", ruleOf(t, err))
	})
	t.Run("a treatment takes its session once and gives it back once", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		id := h.treat()
		line := h.lines[0].ID
		err := h.try(func(tx *store.Tx) error { return finance.UseSession(tx, line, id) })
		require.Equal(t, "S5-02", ruleOf(t, err))
		require.Equal(t, int64(2), h.balance("session", int64(line)))
		h.write(func(tx *store.Tx) error { return finance.ReturnSession(tx, line, id) })
		require.Equal(t, int64(3), h.balance("session", int64(line)))
		err = h.try(func(tx *store.Tx) error { return finance.ReturnSession(tx, line, id) })
		require.Equal(t, "S5-02", ruleOf(t, err))
		h.write(func(tx *store.Tx) error { return finance.UseSession(tx, line, id) })
		require.Equal(t, int64(2), h.balance("session", int64(line)))
		h.sound()
	})
	t.Run("no session is left after the last", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		for range 3 {
			h.treat()
		}
		err := h.try(func(tx *store.Tx) error { return finance.UseSession(tx, h.lines[0].ID, 99) })
		require.Equal(t, "REG-FEE-08", ruleOf(t, err))
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	h := open(t)
	require.Equal(t, []string{"reason"}, fieldsOf(t, h.till.Cancel(t.Context(), h.cashier, h.order.ID, " ")))
	require.NoError(t, h.till.Cancel(t.Context(), h.cashier, h.order.ID, "客户离店"))
	o, _ := h.state()
	require.Equal(t, term.OrderCancelled, o.State)
	require.Equal(t, "客户离店", o.CancelReason)
	require.Equal(t, "S3-06", ruleOf(t, h.till.Cancel(t.Context(), h.cashier, h.order.ID, "again")))
	paid := open(t)
	paid.signed()
	paid.pay()
	require.Equal(t, "S3-06", ruleOf(t, paid.till.Cancel(t.Context(), paid.cashier, paid.order.ID, "no")))
}

func TestDayTotals(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.signed()
	id := h.pay()
	_, err := h.till.Void(t.Context(), h.cashier, finance.VoidPayment{Payment: id, Reason: "方式录错", Approval: h.approval})
	require.NoError(t, err)
	_, err = h.till.Take(t.Context(), h.cashier, finance.Take{
		Order: h.order.ID, Legs: []finance.Leg{{Method: term.WeChat, Amount: 1000000}},
	})
	require.NoError(t, err)
	day, err := h.till.DayTotals(t.Context(), h.manager, "")
	require.NoError(t, err)
	net := map[term.PayMethod]term.Fen{}
	for _, l := range day.Methods {
		net[l.Method] = l.Net()
	}
	require.Equal(t, map[term.PayMethod]term.Fen{term.Cash: 0, term.WeChat: 1000000, term.Alipay: 0, term.Card: 0}, net)
	require.Equal(t, term.Fen(2000000), day.Total.Taken)
	require.Equal(t, term.Fen(1000000), day.Total.Voided)
	require.Equal(t, term.Fen(1000000), day.Total.Net())
	require.Len(t, day.Payments, 3)
	require.Len(t, day.Cashiers, 1)
	require.True(t, day.Payments[2].Voided)
	h.clock.Forward(24 * time.Hour)
	day, err = h.till.DayTotals(t.Context(), h.manager, "")
	require.NoError(t, err)
	require.Empty(t, day.Payments)
}
