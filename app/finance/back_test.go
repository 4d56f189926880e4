package finance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
)

func (h *house) voids(id term.PaymentID) finance.VoidPayment {
	return finance.VoidPayment{Payment: id, Reason: "金额录错", Approval: h.approval}
}

func TestVoid(t *testing.T) {
	t.Parallel()
	t.Run("everything is reversed and the order can be paid again", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		id := h.pay()
		back, err := h.till.Void(t.Context(), h.cashier, h.voids(id))
		require.NoError(t, err)
		o, v := h.state()
		require.Equal(t, term.OrderOpen, o.State)
		require.Equal(t, term.AtTill, v.Station)
		require.Zero(t, h.balance("money", int64(o.ID)))
		require.Zero(t, h.balance("session", int64(h.lines[0].ID)))
		h.read(func(r *store.Read) error {
			p, err := r.Payment(back)
			require.Equal(t, id, p.Reverses)
			require.Equal(t, h.manager.Staff, p.ApprovedBy)
			first, _ := r.Payment(id)
			doc, _ := r.Document(first.Document)
			require.Equal(t, store.DocumentVoid, doc.State)
			return err
		})
		_, err = h.till.Void(t.Context(), h.cashier, h.voids(id))
		require.Equal(t, "REG-FEE-18", ruleOf(t, err))
		h.pay()
		require.Equal(t, int64(3), h.balance("session", int64(h.lines[0].ID)))
		require.Equal(t, []string{finance.ProvePaid, finance.SignalVoided, finance.ProvePaid}, h.signals)
		h.sound()
	})
	t.Run("it wants reason, another person and the right PIN, all named at once", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		id := h.pay()
		_, err := h.till.Void(t.Context(), h.cashier, finance.VoidPayment{Payment: id, Approval: finance.Approval{Staff: h.cashier.Staff}})
		require.Equal(t, []string{"reason", "approver", "pin"}, fieldsOf(t, err))
		in := h.voids(id)
		in.Approval.PIN = "0000"
		_, err = h.till.Void(t.Context(), h.cashier, in)
		require.Equal(t, []string{"pin"}, fieldsOf(t, err))
		in = h.voids(id)
		in.Approval.Staff = h.hire("nurse", access.Nurse).Staff
		_, err = h.till.Void(t.Context(), h.cashier, in)
		require.Equal(t, []string{"approver"}, fieldsOf(t, err))
		require.Equal(t, int64(1000000), h.balance("money", int64(h.order.ID)))
	})
	t.Run("a used session or another day leaves the refund", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		id := h.pay()
		h.treat()
		_, err := h.till.Void(t.Context(), h.cashier, h.voids(id))
		require.Equal(t, "REG-FEE-11", ruleOf(t, err))
		h.clock.Forward(24 * time.Hour)
		_, err = h.till.Void(t.Context(), h.cashier, h.voids(id))
		require.Equal(t, "REG-FEE-18", ruleOf(t, err))
	})
	t.Run("voiding the first of two parts takes the sessions too", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.write(func(tx *store.Tx) error { return tx.SaveSetting("finance.partial", "yes") })
		first, err := h.till.Take(t.Context(), h.cashier, finance.Take{Order: h.order.ID, Legs: []finance.Leg{{Method: term.Card, Amount: 1}}})
		require.NoError(t, err)
		_, err = h.till.Take(t.Context(), h.cashier, finance.Take{Order: h.order.ID, Legs: []finance.Leg{{Method: term.Card, Amount: 999999}}})
		require.NoError(t, err)
		_, err = h.till.Void(t.Context(), h.cashier, h.voids(first))
		require.NoError(t, err)
		require.Zero(t, h.balance("session", int64(h.lines[0].ID)))
		require.Equal(t, int64(999999), h.balance("money", int64(h.order.ID)))
		h.sound()
	})
}

func (h *house) refund(sessions map[term.OrderLineID]int, side, reason string) finance.RefundOrder {
	h.Helper()
	quote, _, err := h.till.Back(h.Context(), h.cashier, h.order.ID, sessions)
	require.NoError(h, err)
	return finance.RefundOrder{
		Order: h.order.ID, Sessions: sessions, Legs: quote.Proposed, Side: side, Reason: reason, Approval: h.approval,
	}
}

func TestRefund(t *testing.T) {
	t.Parallel()
	t.Run("unused sessions in two steps sum to what was paid", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		a, b := h.lines[0].ID, h.lines[1].ID
		_, err := h.till.Refund(t.Context(), h.cashier, h.refund(map[term.OrderLineID]int{a: 1}, "no_reason", ""))
		require.NoError(t, err)
		require.Equal(t, int64(1000000-333333), h.balance("money", int64(h.order.ID)))
		require.Equal(t, int64(2), h.balance("session", int64(a)))
		last := h.refund(map[term.OrderLineID]int{a: 2, b: 1}, "clinic", "设备停用")
		id, err := h.till.Refund(t.Context(), h.cashier, last)
		require.NoError(t, err)
		require.Zero(t, h.balance("money", int64(h.order.ID)))
		o, _ := h.state()
		require.Equal(t, term.OrderRefunded, o.State)
		require.Equal(t, finance.SignalRefunded, h.signals[len(h.signals)-1])
		_, paper, err := h.till.PaymentPaper(t.Context(), h.cashier, id)
		require.NoError(t, err)
		require.Equal(t, "refund", paper.Kind)
		require.True(t, paper.Waits("client"), "the client signs the slip")
		h.sound()
	})
	t.Run("a second post of the same refund gives nothing twice", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		by := h.cashier
		by.Once = "refund-1"
		in := h.refund(map[term.OrderLineID]int{h.lines[0].ID: 3, h.lines[1].ID: 1}, "no_reason", "")
		_, err := h.till.Refund(t.Context(), by, in)
		require.NoError(t, err)
		_, err = h.till.Refund(t.Context(), by, in)
		noun, _, again := fault.Replayed(err)
		require.True(t, again, "%v", err)
		require.Equal(t, "payment", noun)
		require.Zero(t, h.balance("money", int64(h.order.ID)))
	})
	t.Run("a session planned in a later visit is called off there", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		h.write(func(tx *store.Tx) error {
			first, err := tx.Visit(h.visit.ID)
			require.NoError(t, err)
			first.State, first.Station = term.VisitCompleted, term.Gone
			require.NoError(t, tx.SaveVisit(&first))
			later := store.Visit{
				Client: h.visit.Client, State: term.VisitOpen, Stage: term.StagePreOp, Station: term.AtPreOp, ArrivedAt: tx.Now(), StationAt: tx.Now(),
			}
			require.NoError(t, tx.AddVisit(&later))
			require.NoError(t, h.flow.Start(tx, later.ID))
			return tx.AddTreatment(&store.Treatment{
				Visit: later.ID, Client: later.Client, Line: h.lines[0].ID, Item: h.item, SessionNo: 2, State: term.TreatmentScheduled,
			})
		})
		_, err := h.till.Refund(t.Context(), h.cashier, h.refund(map[term.OrderLineID]int{h.lines[0].ID: 3}, "no_reason", ""))
		require.NoError(t, err)
		require.Equal(t, []string{finance.ProvePaid, finance.SignalRefunded, finance.SignalRefunded}, h.signals, "both visits hear of it")
	})
	t.Run("what was used stays paid", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		h.treat()
		a := h.lines[0].ID
		in := h.refund(map[term.OrderLineID]int{a: 2}, "client", "搬家")
		require.Equal(t, []finance.Leg{{Method: term.Card, Amount: 600000}, {Method: term.Cash, Amount: 66666}}, in.Legs)
		_, err := h.till.Refund(t.Context(), h.cashier, in)
		require.NoError(t, err)
		require.Equal(t, int64(333334), h.balance("money", int64(h.order.ID)))
		_, err = h.till.Refund(t.Context(), h.cashier, finance.RefundOrder{
			Order: h.order.ID, Sessions: map[term.OrderLineID]int{a: 1}, Side: "client", Reason: "x", Approval: h.approval,
		})
		require.Contains(t, fieldsOf(t, err)[0], "sessions.")
	})
	t.Run("after seven days a reason is needed", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		h.clock.Forward(7 * 24 * time.Hour)
		in := h.refund(map[term.OrderLineID]int{h.lines[0].ID: 1}, "no_reason", "")
		_, err := h.till.Refund(t.Context(), h.cashier, in)
		require.Equal(t, []string{"side"}, fieldsOf(t, err))
		in.Side = "client"
		_, err = h.till.Refund(t.Context(), h.cashier, in)
		require.Equal(t, []string{"reason"}, fieldsOf(t, err))
	})
	t.Run("the cashier cannot approve and no way gets more than it brought", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.signed()
		h.pay()
		in := h.refund(map[term.OrderLineID]int{h.lines[0].ID: 3}, "client", "搬家")
		in.Legs = []finance.Leg{{Method: term.Card, Amount: 999999}}
		in.Approval.Staff = h.cashier.Staff
		_, err := h.till.Refund(t.Context(), h.cashier, in)
		require.Equal(t, []string{"card", "approver"}, fieldsOf(t, err))
	})
	t.Run("an order that holds no money gives none back", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		require.NoError(t, h.till.Cancel(t.Context(), h.cashier, h.order.ID, "不做了"))
		_, err := h.till.Refund(t.Context(), h.cashier, finance.RefundOrder{Order: h.order.ID, Approval: h.approval})
		require.Equal(t, "REG-FEE-11", ruleOf(t, err))
	})
}

func TestPrintAndInvoice(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.signed()
	id := h.pay()
	require.NoError(t, h.till.Print(t.Context(), h.cashier, id))
	require.NoError(t, h.till.Print(t.Context(), h.cashier, id))
	p, _, err := h.till.PaymentPaper(t.Context(), h.cashier, id)
	require.NoError(t, err)
	require.Equal(t, 2, p.Printed)
	good := finance.NoteInvoice{Order: h.order.ID, Number: "24312000000123456789", Amount: 900000}
	require.NoError(t, h.till.NoteInvoice(t.Context(), h.cashier, good))
	err = h.till.NoteInvoice(t.Context(), h.cashier, finance.NoteInvoice{Order: h.order.ID, Number: "12", Amount: 100001})
	require.Equal(t, []string{"number", "amount"}, fieldsOf(t, err))
	good.Amount = 100
	require.Error(t, h.till.NoteInvoice(t.Context(), h.cashier, good), "one number once")
	v, err := h.till.Order(t.Context(), h.cashier, h.order.ID)
	require.NoError(t, err)
	require.Equal(t, term.Fen(100000), v.Billable)
	require.Len(t, v.Invoices, 1)
}

func TestConsultantSeesStateOnly(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.signed()
	h.pay()
	v, err := h.till.Order(t.Context(), h.hire("consultant", access.Consultant), h.order.ID)
	require.NoError(t, err)
	require.Equal(t, term.OrderPaid, v.Order.State)
	require.Empty(t, v.Payments)
	require.Empty(t, v.Approvers)
}
