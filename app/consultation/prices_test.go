package consultation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

// TestTheQuoteAddsUp: a row shows price, list sum, discount and sum of all its sessions, so that
// the reader can check row and total.
func TestTheQuoteAddsUp(t *testing.T) {
	t.Parallel()
	s := dossier{brief: brief{
		lines: []store.PlanItem{{Item: 1, Sessions: 3, ListFen: 120000, PriceFen: 100000}, {Item: 1, Sessions: 1, ListFen: 120000, PriceFen: 120000}},
		items: map[term.ItemID]store.Item{1: {Name: "除皱"}},
	}}
	f := s.prices()
	require.Equal(t, [][]string{
		{"除皱", "", "3", "¥1,200.00", "¥3,600.00", "¥600.00", "¥3,000.00"},
		{"除皱", "", "1", "¥1,200.00", "¥1,200.00", "—", "¥1,200.00"},
	}, f.Tables["items"])
	require.Equal(t, []string{"¥4,800.00", "¥600.00", "¥4,200.00"}, []string{f.Text["total"], f.Text["discount"], f.Text["payable"]})
}
