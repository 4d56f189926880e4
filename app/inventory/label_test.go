package inventory

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
)

// What a label says to a scanner is what the house reads of it.
func TestTheLabelOfALotIsReadAgain(t *testing.T) {
	t.Parallel()
	v := LotView{}
	v.Lot.Lot, v.Lot.ExpiresOn = "C4821/A", "2026-12-31"
	v.Codes = []store.LotCode{{Code: "81234567890123456789"}, {Code: "(01)06912345678902(21)S1"}}
	text, gs1 := v.Elements()
	require.True(t, gs1)
	require.Contains(t, text, "1726123110C4821/A")
	scan := ParseScan("]d2" + text)
	require.Equal(t, "C4821/A", scan.LotNumber())
	require.Equal(t, v.Lot.ExpiresOn, scan.Expiry)
	for _, plain := range []string{"", "批 7", "A B", "(10)X", "ABCDEFGHIJKLMNOPQRSTU"} {
		v.Lot.Lot = plain
		text, gs1 = v.Elements()
		require.False(t, gs1, plain)
		require.Equal(t, plain, text)
	}
}
