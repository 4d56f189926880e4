package inventory

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

func TestPlannedIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dose, unit string
		want       term.Qty
	}{
		{"注射用 A 型肉毒毒素 20 U", "U", 20_000},
		{"A 型肉毒毒素 60 单位", "U", 60_000},
		{"A 型肉毒毒素60单位，眉间", "U", 60_000},
		{"Botulinum toxin 12.5 units", "U", 12_500},
		{"Botulinum toxin 20iu", "U", 20_000},
		{"透明质酸 1.5 ml", "ml", 1_500},
		{"透明质酸 1.5 ML", "ml", 1_500},
		{"PDO 线 10 根", "根", 10_000},
		{"透明质酸 2 支", "ml", 0},
		{"左 20 U，右 20 U", "U", 0},
		{"4 U/0.1 ml", "U", 0},
		{"B12 U", "U", 0},
		{"20", "U", 0},
		{"20 Units of what", "ml", 0},
		{"20 mls", "ml", 0},
		{"1234567 U", "U", 0},
		{"", "U", 0},
		{"20", "", 0},
	} {
		require.Equal(t, c.want, plannedIn(c.dose, c.unit), "%s in %s", c.dose, c.unit)
	}
}

func TestSaysWhy(t *testing.T) {
	t.Parallel()
	for text, good := range map[string]bool{
		"": false, "   ": false, "....": false, "12345": false, "多了": false, "啊啊啊啊啊": false,
		"原瓶破损，换了一瓶": true, "vial broken": true,
	} {
		require.Equal(t, good, SaysWhy(text), text)
	}
}

func TestMost(t *testing.T) {
	t.Parallel()
	toxin := store.Product{Name: "T", Unit: "U", PackQty: 100_000}
	for _, c := range []struct {
		name               string
		planned, had, take term.Qty
		much               bool
	}{
		{"a pack is opened whole", 20_000, 0, 100_000, false},
		{"not a unit more", 20_000, 0, 100_001, true},
		{"three times the plan", 60_000, 0, 180_000, false},
		{"more than three times", 60_000, 0, 180_001, true},
		{"what was taken before counts", 60_000, 100_000, 80_001, true},
		{"no plan: a pack", 0, 0, 100_000, false},
		{"no plan: another pack", 0, 100_000, 1, true},
	} {
		x := taking{product: toxin, planned: c.planned, had: c.had, qty: c.take, more: "原瓶破损，换了一瓶", reason: "R"}
		require.Equal(t, c.much, x.much(), c.name)
		if want := "R"; c.much {
			require.Equal(t, "R · 原瓶破损，换了一瓶", x.reasons(), c.name)
		} else {
			require.Equal(t, want, x.reasons(), "%s: nobody asked", c.name)
		}
	}
	require.False(t, taking{qty: 9}.much(), "neither plan nor pack says anything")
	var refused *fault.Error
	require.ErrorAs(t, taking{product: toxin, had: 100_000, qty: 1}.refuseMuch(), &refused)
	require.Equal(t, "S4-07", refused.Rule)
}
