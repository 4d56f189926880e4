package inventory_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"meixu/app/inventory"
)

// FuzzTR25Scan reads what a scanner or a finger enters: a code of a pack has whole numbers only,
// what is no code stays as it was typed, and reading the pack's code again names the same pack.
func FuzzTR25Scan(f *testing.F) {
	for _, seed := range []string{
		"(01)06901234567892(17)270131(10)L-1(21)S1", "010690123456789217270131" + "10L-1\x1d21S1", "]C1010690123456789210AB",
		"81234567890123456789", "L-OLD", "（01）06901234567892（21）Ｓ１", "(01)06901234567892(21)", "(", "()", "(01)", "01", "\x1d", "<GS>", "",
		"(01)06901234567892(17)271399", "(99)x(01)06901234567892", "\xff\xfe", "0106901234567892" + "00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := inventory.ParseScan(text)
		if s.Plain != "" {
			require.Empty(t, s.GTIN+s.Trace+s.Serial, "either a code or plain")
			require.Equal(t, s.Plain, s.LotNumber())
			return
		}
		require.True(t, s.GTIN == "" || len(s.GTIN) == 14 && strings.Trim(s.GTIN, "0123456789") == "")
		require.True(t, s.Trace == "" || len(s.Trace) == 20 && strings.Trim(s.Trace, "0123456789") == "")
		if pack := s.Pack(); pack != "" && utf8.ValidString(pack) {
			require.Equal(t, pack, inventory.ParseScan(pack).Pack(), "the row is found again under its code")
		}
	})
}
