package procedure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

// More than a treatment can want is refused by its rule; who writes down why may take it.
func TestTooMuchForOneTreatmentWantsAReason(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	pack := func(n term.Qty) string { return (n * 100_000).String() }
	taken := func() (qty term.Qty, reason string) {
		h.read(func(r *store.Read) error {
			uses, err := r.LotUses(h.id)
			for _, u := range uses {
				qty, reason = qty+u.TakenQty, u.Reason
			}
			return err
		})
		return qty, reason
	}
	post := func(qty string, more ...string) []string {
		return append(append([]string{"code", "L-FIRST", "qty", qty}, h.second("stock")...), more...)
	}
	nurse, path := h.As("nurse"), h.path("/lots")
	nurse.Get(path).Want(200).Not("more_reason")
	nurse.Post(path, post("100000", "more_reason", "写了理由也没有这么多")...).Want(409, "S4-07", "不够领用")
	nurse.Post(path, post(pack(2))...).Want(409, "S4-07", "超过 100 U", `name="more_reason"`, `value="200"`, `value="L-FIRST"`)
	nurse.Post(path, post(pack(2), "more_reason", "…")...).Want(422, "至少几个字", `value="…"`, `value="200"`)
	nurse.Post(path, post(pack(2), "more_reason", " ")...).Want(409, "S4-07", `name="more_reason"`)
	qty, _ := taken()
	require.Zero(t, qty)
	h.post("nurse", "/lots", post(pack(1))...)
	nurse.Post(path, post("1")...).Want(409, "S4-07", "101 U", `name="more_reason"`)
	h.post("nurse", "/lots", post("1", "more_reason", "原瓶破损，只抽出一部分")...)
	qty, reason := taken()
	require.EqualValues(t, 101_000, qty)
	require.Equal(t, "原瓶破损，只抽出一部分", reason)
	h.read(func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Action: "lot.take"})
		require.NotEmpty(t, acts)
		said := false
		for _, a := range acts {
			said = said || a.Act.Reason == reason
		}
		require.True(t, said, "and it stands in the trail")
		return err
	})
}

// Three brands of toxin are one dose: what a treatment can want is counted over all of them, and
// a reason of which one sees nothing is none.
func TestAnotherBrandIsNoOtherDose(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	var brands []string
	h.write(func(tx *store.Tx) error {
		first, err := tx.Product(h.lot.Product)
		if err != nil {
			return err
		}
		for _, code := range []string{"BRAND-B", "BRAND-C"} {
			p := first
			p.ID, p.Version, p.Code, p.Name = 0, 0, code, code
			if err := tx.AddProduct(&p); err != nil {
				return err
			}
			l := store.Lot{
				Product: p.ID, Lot: "L-" + code, ExpiresOn: "2026-12-31", Supplier: "T", Registration: "T", ReceivedAt: tx.Now(), State: "ok",
				ReceivedBy: h.StaffID("stock"), ReceivedQty: p.PackQty,
			}
			if err := tx.AddLot(&l); err != nil {
				return err
			}
			if _, err := tx.Move(store.Account{Kind: "stock", ID: int64(l.ID)}, int64(l.ReceivedQty), store.Subject{Noun: "lot", ID: int64(l.ID)}); err != nil {
				return err
			}
			brands = append(brands, l.Lot)
		}
		return nil
	})
	post := func(lot string, more ...string) []string {
		return append(append([]string{"code", lot, "qty", "100"}, h.second("stock")...), more...)
	}
	h.post("nurse", "/lots", post("L-FIRST")...)
	nurse, path := h.As("nurse"), h.path("/lots")
	for _, lot := range brands {
		nurse.Post(path, post(lot)...).Want(409, "S4-07", "超过 100 U", "200 U")
		for _, unseen := range []string{"\u3164\u115f\u1160\uffa0", "\u200d\u200d\u200d\u200d", "\u2800\u2800\u2800\u2800", "\u17b4\u17b5\u3164\uffa0"} {
			nurse.Post(path, post(lot, "more_reason", unseen)...).Want(409, "S4-07", `name="more_reason"`)
		}
	}
	h.post("nurse", "/lots", post(brands[0], "more_reason", "首瓶破损，换另一品牌")...)
}
