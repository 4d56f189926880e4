package inventory_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/app/inventory"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// house is a clinic with five people, a toxin, a filler and a treatment that uses both.
type house struct {
	t                           *testing.T
	db                          *store.DB
	clock                       *storetest.Clock
	shelf                       *inventory.Shelf
	stock, nurse, manager, none access.Actor
	toxin, filler               store.Product
	treatment                   store.Treatment
	topics                      *[]string
}

func open(t *testing.T) *house {
	t.Helper()
	clock, topics := storetest.NewClock(), []string{}
	db := storetest.Open(t, store.Options{Now: clock.Now, Topics: func(list []string) { topics = append(topics, list...) }})
	h := &house{t: t, db: db, clock: clock, topics: &topics}
	h.shelf = inventory.New(deed.Doer{DB: db, Hub: live.New()}, func(_ context.Context, _ access.Actor, _ term.StaffID, pin string) error {
		if pin == "258013" {
			return nil
		}
		var f fault.Fields
		f.Add("pin", "admin.pin.wrong")
		return f.Err()
	})
	h.write(func(tx *store.Tx) error {
		h.stock, h.nurse = h.hire(tx, access.Storekeeper), h.hire(tx, access.Nurse)
		h.manager, h.none = h.hire(tx, access.Manager), h.hire(tx, access.Cashier)
		h.toxin = store.Product{
			Code: "P-BTX", Name: "肉毒毒素", Kind: "药品", UseKind: "botulinum", Unit: "U", PackQty: 100_000, Storage: "2-8℃",
			ColdChain: true, Toxic: true, LotTracked: true, ExpiryTracked: true, OpenedHours: 4, LicencePrefix: "国药准字S/SJ", LowQty: 200_000,
		}
		require.NoError(t, tx.AddProduct(&h.toxin))
		h.filler = store.Product{
			Code: "P-HA", Name: "玻尿酸", Kind: "III类器械", UseKind: "filler_ha", Unit: "ml", PackQty: 1000,
			LotTracked: true, ExpiryTracked: true, Udi: true, LicencePrefix: "国械注准/国械注进",
		}
		require.NoError(t, tx.AddProduct(&h.filler))
		item := store.Item{
			Code: "INJ", Name: "注射", Category: "注射", Level: "1", Kind: "botulinum", Operator: "lead_physician",
			CareTemplate: "AC", FormCode: "F7", Depth: "L2", RiskTier: 3, ProductKinds: []string{"botulinum", "filler_ha"}, Enabled: true,
		}
		require.NoError(t, tx.AddItem(&item))
		var err error
		h.treatment, err = storetest.Treat(tx, item.ID)
		return err
	})
	return h
}

func (h *house) hire(tx *store.Tx, role access.Role) access.Actor {
	s := store.Staff{Login: string(role), Name: "T-" + string(role), Roles: []string{string(role)}}
	require.NoError(h.t, tx.AddStaff(&s))
	return access.Actor{Staff: s.ID, Name: s.Name, Roles: []access.Role{role}, Station: "desk"}
}

func (h *house) write(fn func(*store.Tx) error) {
	h.t.Helper()
	require.NoError(h.t, h.db.Write(h.t.Context(), storetest.Act("test.prepare"), fn))
}

func (h *house) read(fn func(*store.Read) error) {
	h.t.Helper()
	require.NoError(h.t, h.db.Read(h.t.Context(), fn))
}

func (h *house) toxinReceipt() inventory.Receive {
	return inventory.Receive{
		Product: h.toxin.ID, Lot: "c4821", Expires: "2026-12-31", Packs: 3, Supplier: "国药", Invoice: "F-1",
		Registration: "国药准字S20171003", Celsius: "4.5", Codes: []string{"81234567890123456789", "81234567890123456790"},
		Second: h.manager.Staff, SecondPIN: "258013",
	}
}

func (h *house) fillerReceipt(lot string, end term.Day) inventory.Receive {
	return inventory.Receive{
		Product: h.filler.ID, Lot: lot, Expires: end, Packs: 2, Supplier: "供货商", Invoice: "F-2", Registration: "国械注准20183131234",
	}
}

func (h *house) receive(in inventory.Receive) term.LotID {
	h.t.Helper()
	id, err := h.shelf.Receive(h.t.Context(), h.stock, in)
	require.NoError(h.t, err)
	return id
}

func (h *house) balance(lot term.LotID) (n int64) {
	h.read(func(r *store.Read) (err error) {
		n, err = r.Balance("stock", int64(lot))
		return err
	})
	return n
}

func (h *house) take(cmd inventory.TakeCmd) (use store.LotUse, err error) {
	cmd.Treatment, cmd.By = h.treatment.ID, h.nurse.Staff
	err = h.db.Write(h.t.Context(), storetest.Act("lot.take"), func(tx *store.Tx) error {
		use, err = inventory.Take(tx, cmd)
		return err
	})
	return use, err
}

func (h *house) step(fn func(*store.Tx) error) error {
	return h.db.Write(h.t.Context(), storetest.Act("lot.close"), fn)
}

func ruleOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Rule
	}
	return ""
}

func fieldsOf(err error) (names []string) {
	fields, _ := fault.FieldsOf(err)
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return names
}

func TestReceive(t *testing.T) {
	t.Parallel()
	t.Run("moves the ledger, keeps the packs, tells the screens and the trail", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		id := h.receive(h.toxinReceipt())
		require.EqualValues(t, 300_000, h.balance(id))
		require.Contains(t, *h.topics, live.Stock)
		h.read(func(r *store.Read) error {
			lot, code, err := r.LotByCode("81234567890123456789")
			require.NoError(t, err)
			require.Equal(t, "C4821", lot.Lot)
			require.True(t, code.UsedAt.IsZero())
			acts, err := r.History("lots", int64(id))
			require.Equal(t, "lot.receive", acts[0].Act.Action)
			require.Equal(t, h.stock.Staff, acts[0].Act.Staff)
			return err
		})
	})
	t.Run("a further delivery of the lot is added to it", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		id := h.receive(h.fillerReceipt("A1", "2026-12-31"))
		require.Equal(t, id, h.receive(h.fillerReceipt("a1", "2026-12-31")))
		require.EqualValues(t, 4000, h.balance(id))
		_, err := h.shelf.Receive(t.Context(), h.stock, h.fillerReceipt("A1", "2027-01-31"))
		require.Equal(t, []string{"expires"}, fieldsOf(err))
	})
	t.Run("a GS1 code scanned into the lot fills lot, expiry and pack", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.receive(h.fillerReceipt("(01)06901234567892(17)261231(10)G7(21)S9", ""))
		h.read(func(r *store.Read) error {
			lot, _, err := r.LotByCode("(01)06901234567892(21)S9")
			require.Equal(t, "G7", lot.Lot)
			require.EqualValues(t, "2026-12-31", lot.ExpiresOn)
			return err
		})
	})
	t.Run("all wrong fields are named at once", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		_, err := h.shelf.Receive(t.Context(), h.stock, inventory.Receive{Product: h.toxin.ID})
		require.Equal(t, []string{"lot", "expires", "packs", "supplier", "invoice", "registration", "celsius"}, fieldsOf(err))
		_, err = h.shelf.Receive(t.Context(), h.stock, inventory.Receive{Product: 99})
		require.Equal(t, []string{"product"}, fieldsOf(err))
	})
	for name, c := range map[string]struct {
		change func(*inventory.Receive)
		rule   string
		field  string
	}{
		"expired drug":          {func(in *inventory.Receive) { in.Expires = "2026-03-01" }, "REG-DRG-06", ""},
		"broken cold chain":     {func(in *inventory.Receive) { in.Celsius = "8.1" }, "REG-DRG-06", ""},
		"frozen":                {func(in *inventory.Receive) { in.Celsius = "-1" }, "REG-DRG-06", ""},
		"toxic alone":           {func(in *inventory.Receive) { in.Second = 0 }, "REG-DRG-02", ""},
		"toxic, second is me":   {func(in *inventory.Receive) { in.Second = 1 }, "REG-DRG-02", ""},
		"toxic, a cashier":      {func(in *inventory.Receive) { in.Second = 4 }, "REG-DRG-02", ""},
		"wrong PIN":             {func(in *inventory.Receive) { in.SecondPIN = "0000" }, "", "pin"},
		"foreign registration":  {func(in *inventory.Receive) { in.Registration = "国械注准20183131234" }, "", "registration"},
		"code twice":            {func(in *inventory.Receive) { in.Codes[1] = in.Codes[0] }, "", "traces"},
		"code without serial":   {func(in *inventory.Receive) { in.Codes = []string{"(01)06901234567892(10)C4821"} }, "", "traces"},
		"code of another lot":   {func(in *inventory.Receive) { in.Codes = []string{"(01)06901234567892(10)X(21)S"} }, "", "traces"},
		"code of other expiry":  {func(in *inventory.Receive) { in.Codes = []string{"(01)06901234567892(17)270101(21)S"} }, "", "traces"},
		"more codes than packs": {func(in *inventory.Receive) { in.Packs = 1 }, "", "traces"},
	} {
		t.Run("refuses: "+name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			in := h.toxinReceipt()
			c.change(&in)
			_, err := h.shelf.Receive(t.Context(), h.stock, in)
			require.Error(t, err)
			if c.field != "" {
				require.Equal(t, []string{c.field}, fieldsOf(err))
			} else {
				require.Equal(t, c.rule, ruleOf(err))
			}
		})
	}
	t.Run("an expired device names its own law, a known code its pack, another role is forbidden", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		_, err := h.shelf.Receive(t.Context(), h.stock, h.fillerReceipt("A1", "2026-03-01"))
		require.Equal(t, "REG-DEV-05", ruleOf(err))
		h.receive(h.toxinReceipt())
		in := h.toxinReceipt()
		in.Lot = "OTHER"
		_, err = h.shelf.Receive(t.Context(), h.stock, in)
		require.Equal(t, []string{"traces"}, fieldsOf(err))
		_, err = h.shelf.Receive(t.Context(), h.nurse, h.toxinReceipt())
		require.Equal(t, fault.KindForbidden, fault.KindOf(err))
	})
}

func TestTake(t *testing.T) {
	t.Parallel()
	t.Run("by typed lot, by scan and by id", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		id := h.receive(h.fillerReceipt("A1", "2026-12-31"))
		use, err := h.take(inventory.TakeCmd{Lot: "a1", Qty: 500})
		require.NoError(t, err)
		require.Equal(t, id, use.Lot)
		_, err = h.take(inventory.TakeCmd{Code: "(01)06901234567892(17)261231(10)A1(21)S1"})
		require.ErrorContains(t, err, inventory.RefuseMuch)
		require.Equal(t, "S4-07", ruleOf(err), "more than a pack in all, and nothing was planned")
		require.EqualValues(t, 1500, h.balance(id), "nothing was taken")
		use, err = h.take(inventory.TakeCmd{Code: "(01)06901234567892(17)261231(10)A1(21)S1", More: " 第一支堵针，换了一支 "})
		require.NoError(t, err)
		require.Equal(t, "第一支堵针，换了一支", use.Reason)
		require.EqualValues(t, 500, h.balance(id))
		_, err = h.take(inventory.TakeCmd{Code: "(01)06901234567892(21)S1", Qty: 100})
		require.Equal(t, "REG-DEV-15", ruleOf(err), "the pack was used")
		_, err = h.take(inventory.TakeCmd{LotID: id, Qty: 501})
		require.Equal(t, "S4-07", ruleOf(err))
		_, err = h.take(inventory.TakeCmd{LotID: id, Qty: 500, More: "补双侧不对称"})
		require.NoError(t, err)
	})
	t.Run("unknown, foreign, held and expired lots stay on the shelf", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		id := h.receive(h.fillerReceipt("A1", "2026-03-02"))
		_, err := h.take(inventory.TakeCmd{Lot: "A2"})
		require.Equal(t, "REG-DEV-06", ruleOf(err))
		_, err = h.take(inventory.TakeCmd{LotID: 99})
		require.Equal(t, "REG-DEV-06", ruleOf(err))
		_, err = h.take(inventory.TakeCmd{Code: "81234567890123456789"})
		require.Equal(t, "REG-DEV-06", ruleOf(err))
		require.NoError(t, h.shelf.Hold(t.Context(), h.nurse, inventory.Hold{Lot: id, State: inventory.StateQuarantine, Reason: "包装破损"}))
		_, err = h.take(inventory.TakeCmd{Lot: "A1"})
		require.Equal(t, "REG-DEV-05", ruleOf(err))
		require.NoError(t, h.shelf.Release(t.Context(), h.manager, id, "复核无碍"))
		h.clock.Forward(24 * 60 * 60 * 1e9)
		_, err = h.take(inventory.TakeCmd{Lot: "A1"})
		require.Equal(t, "REG-DEV-05", ruleOf(err))
		require.EqualValues(t, 2000, h.balance(id))
		h.write(func(tx *store.Tx) error {
			item, err := tx.Item(h.treatment.Item)
			require.NoError(t, err)
			item.ProductKinds = []string{"botulinum"}
			return tx.SaveItem(&item)
		})
		_, err = h.take(inventory.TakeCmd{Lot: "A1"})
		require.Equal(t, "REG-DEV-06", ruleOf(err))
	})
	t.Run("first expiry first, else a reason", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		early, late := h.receive(h.fillerReceipt("E", "2026-06-30")), h.receive(h.fillerReceipt("L", "2027-06-30"))
		h.read(func(r *store.Read) error {
			item, _ := r.Item(h.treatment.Item)
			rows, err := inventory.Candidates(r, item)
			require.Len(t, rows, 2)
			require.Equal(t, early, rows[0].Lot.ID)
			require.True(t, rows[0].First)
			require.False(t, rows[1].First)
			return err
		})
		_, err := h.take(inventory.TakeCmd{LotID: late})
		require.Equal(t, "S4-07", ruleOf(err))
		use, err := h.take(inventory.TakeCmd{LotID: late, Reason: "客户指定"})
		require.NoError(t, err)
		require.Equal(t, "客户指定", use.Reason)
	})
	t.Run("toxin wants a second person", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		h.receive(h.toxinReceipt())
		for _, second := range []term.StaffID{0, h.nurse.Staff, h.none.Staff, 99} {
			_, err := h.take(inventory.TakeCmd{Code: "81234567890123456789", Qty: 20_000, Second: second})
			require.Equal(t, "REG-DRG-03", ruleOf(err))
		}
		use, err := h.take(inventory.TakeCmd{Code: "81234567890123456789", Qty: 20_000, Second: h.stock.Staff})
		require.NoError(t, err)
		require.Equal(t, h.stock.Staff, use.Second)
		require.Equal(t, h.nurse.Staff, use.TakenBy)
	})
}

func TestClose(t *testing.T) {
	t.Parallel()
	t.Run("what is returned goes back, once", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		id := h.receive(h.toxinReceipt())
		use, err := h.take(inventory.TakeCmd{Lot: "C4821", Qty: 100_000, Second: h.stock.Staff})
		require.NoError(t, err)
		cmd := inventory.CloseCmd{Use: use.ID, Used: 20_000, Wasted: 80_000, By: h.nurse.Staff}
		closing := func() error {
			return h.step(func(tx *store.Tx) error { return inventory.CloseUse(tx, cmd) })
		}
		require.Equal(t, "REG-DRG-03", ruleOf(closing()))
		cmd.Second = h.manager.Staff
		require.NoError(t, closing())
		require.EqualValues(t, 200_000, h.balance(id))
		require.NoError(t, closing(), "the same amounts change nothing")
		cmd.Used, cmd.Wasted, cmd.Returned = 20_000, 30_000, 50_000
		cmd.Reason = "核对有误"
		require.Equal(t, "REG-DRG-03", ruleOf(closing()), "an opened vial never goes back")
		h.read(func(r *store.Read) error {
			rows, err := inventory.Uses(r, h.treatment.ID)
			require.Len(t, rows, 1)
			require.False(t, rows[0].Open())
			require.Equal(t, h.manager.Staff, rows[0].Use.WasteSecond)
			return err
		})
	})
	t.Run("told anew with a reason: the ledger follows to the unit", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		id := h.receive(h.toxinReceipt())
		use, err := h.take(inventory.TakeCmd{Code: "81234567890123456789", Qty: 100_000, Second: h.stock.Staff})
		require.NoError(t, err)
		for round, c := range []struct{ used, wasted, back, balance term.Qty }{
			{0, 0, 100_000, 300_000}, {20_000, 80_000, 0, 200_000}, {0, 0, 100_000, 300_000}, {30_000, 70_000, 0, 200_000},
		} {
			cmd := inventory.CloseCmd{Use: use.ID, Used: c.used, Wasted: c.wasted, Returned: c.back, By: h.nurse.Staff, Second: h.stock.Staff}
			closing := func() error {
				return h.step(func(tx *store.Tx) error { return inventory.CloseUse(tx, cmd) })
			}
			if round > 0 {
				require.Equal(t, "S5-07", ruleOf(closing()), "a reason is wanted")
				cmd.Reason = "核对有误"
			}
			require.NoError(t, closing())
			require.EqualValues(t, c.balance, h.balance(id))
		}
		h.read(func(r *store.Read) error {
			wrong, err := r.CheckLedger()
			require.Empty(t, wrong)
			return err
		})
	})
	t.Run("a stopped treatment gives everything open back", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		id := h.receive(h.toxinReceipt())
		for range 2 {
			_, err := h.take(inventory.TakeCmd{Code: "81234567890123456789", Qty: 20_000, Second: h.stock.Staff})
			require.NoError(t, err)
			require.EqualValues(t, 280_000, h.balance(id))
			var n int
			require.NoError(t, h.step(func(tx *store.Tx) (err error) {
				n, err = inventory.ReturnAll(tx, h.treatment.ID, 0, "客户不适")
				return err
			}))
			require.Equal(t, 1, n, "the second round finds only its own")
			require.EqualValues(t, 300_000, h.balance(id))
		}
		h.read(func(r *store.Read) error {
			wrong, err := r.CheckLedger()
			require.Empty(t, wrong)
			return err
		})
	})
}
