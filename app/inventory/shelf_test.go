package inventory_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/inventory"
	"meixu/app/live"
	"meixu/store"
)

func TestHold(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.receive(h.fillerReceipt("A1", "2026-12-31"))
	ctx := t.Context()
	require.Equal(t, []string{"state", "reason"}, fieldsOf(h.shelf.Hold(ctx, h.nurse, inventory.Hold{Lot: id})))
	*h.topics = nil
	require.NoError(t, h.shelf.Hold(ctx, h.nurse, inventory.Hold{Lot: id, State: inventory.StateRecalled, Reason: "厂家召回"}))
	require.Subset(t, *h.topics, []string{live.Stock, live.Alerts, live.Tasks})
	require.Equal(t, "REG-DEV-05", ruleOf(h.shelf.Hold(ctx, h.nurse, inventory.Hold{Lot: id, State: inventory.StateQuarantine, Reason: "x"})))
	require.Equal(t, "REG-DEV-05", ruleOf(h.shelf.Release(ctx, h.manager, id, "x")))
	require.Equal(t, fault.KindForbidden, fault.KindOf(h.shelf.Release(ctx, h.nurse, id, "x")))
	_, err := h.shelf.Receive(ctx, h.stock, h.fillerReceipt("A1", "2026-12-31"))
	require.Equal(t, "REG-DEV-05", ruleOf(err), "a recalled lot takes nothing in")
	h.read(func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{})
		require.Equal(t, "lot.hold", acts[0].Act.Action)
		require.Equal(t, "厂家召回", acts[0].Act.Reason)
		return err
	})
}

// count counts as who has read the page of the lot.
func (h *house) count(by access.Actor, in inventory.Count) (int64, error) {
	h.t.Helper()
	v, err := h.shelf.Lot(h.t.Context(), h.manager, in.Lot)
	require.NoError(h.t, err)
	by.Seen = v.Seen
	return h.shelf.Count(h.t.Context(), by, in)
}

// decide decides as who has read the counts that wait.
func (h *house) decide(by access.Actor, in inventory.Decide) error {
	h.t.Helper()
	list, err := h.shelf.OpenCounts(h.t.Context(), by)
	require.NoError(h.t, err)
	for _, c := range list {
		if c.ID == in.Count {
			by.Seen = c.Seen
		}
	}
	return h.shelf.Decide(h.t.Context(), by, in)
}

func TestCount(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := open(t)
	id, toxin := h.receive(h.fillerReceipt("A1", "2026-12-31")), h.receive(h.toxinReceipt())
	_, err := h.count(h.stock, inventory.Count{Lot: id, Qty: "zwei"})
	require.Equal(t, []string{"qty"}, fieldsOf(err))
	_, err = h.count(h.stock, inventory.Count{Lot: id, Qty: "2"})
	require.NoError(t, err, "it matches")
	count, err := h.count(h.nurse, inventory.Count{Lot: id, Qty: "1.5"})
	require.NoError(t, err)
	_, err = h.count(h.stock, inventory.Count{Lot: id, Qty: "1.5"})
	require.Equal(t, fault.KindConflict, fault.KindOf(err), "one waits")
	require.EqualValues(t, 2000, h.balance(id))
	own := h.nurse
	own.Roles = append(own.Roles, access.Manager)
	decide := inventory.Decide{Count: count, Approve: true, Reason: "破损半支"}
	require.Equal(t, "REG-DEV-04", ruleOf(h.decide(own, decide)))
	require.Equal(t, []string{"reason"}, fieldsOf(h.decide(h.manager, inventory.Decide{Count: count, Approve: true})))
	require.NoError(t, h.decide(h.manager, decide))
	require.EqualValues(t, 1500, h.balance(id))
	require.Equal(t, fault.KindConflict, fault.KindOf(h.decide(h.manager, decide)))

	count, err = h.count(h.stock, inventory.Count{Lot: toxin, Qty: "200"})
	require.NoError(t, err)
	v, err := h.shelf.Lot(ctx, h.manager, toxin)
	require.NoError(t, err)
	require.Equal(t, inventory.StateQuarantine, v.State, "REG-DRG-02: a toxic difference holds the lot")
	require.True(t, v.Waiting)
	require.NoError(t, h.decide(h.manager, inventory.Decide{Count: count, Reason: "重新盘点"}))
	require.EqualValues(t, 300_000, h.balance(toxin), "a rejected count moves nothing")
}

func TestViews(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := open(t)
	id := h.receive(h.fillerReceipt("A1", "2026-04-30"))
	h.receive(h.toxinReceipt())
	_, err := h.take(inventory.TakeCmd{LotID: id, Qty: 2000, More: "两支都用于下颌"})
	require.NoError(t, err)
	all, err := h.shelf.List(ctx, h.stock, inventory.Filter{})
	require.NoError(t, err)
	require.Len(t, all.Goods, 2)
	require.Zero(t, all.Expiring, "what is used up does not end")
	require.EqualValues(t, 3, all.Goods[0].Packs())
	require.Empty(t, all.Goods[1].Lots, "used up")
	found, err := h.shelf.List(ctx, h.stock, inventory.Filter{Text: "c4821"})
	require.NoError(t, err)
	require.Len(t, found.Goods, 1)

	lot, err := h.shelf.Lot(ctx, h.nurse, id)
	require.NoError(t, err)
	require.Equal(t, "林晚秋", lot.Traces[0].Name)
	require.Equal(t, []string{"taken", "receipt"}, []string{lot.Movements[0].Kind, lot.Movements[1].Kind})
	require.Equal(t, "T-storekeeper", lot.Receiver)
	lot, err = h.shelf.Lot(ctx, h.stock, id)
	require.NoError(t, err)
	require.Empty(t, lot.Traces[0].Name, "the storekeeper sees numbers, not names")
	_, err = h.shelf.Lot(ctx, h.stock, 99)
	require.Equal(t, fault.KindNotFound, fault.KindOf(err))
	_, err = h.shelf.List(ctx, h.none, inventory.Filter{})
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))
}
