package term_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

func FuzzTR25Identity(f *testing.F) {
	for _, seed := range []string{"138 0013 8000", "+86-138-0013-8000", "110101199003070030", "１３８００１３８０００", "E12345678", "\x00\xff", "8613800138000", "+86+8613800138000", "+860086138", "(\n4", "11010119900307003x"} {
		f.Add(seed, "1990-03-07", "female")
	}
	f.Fuzz(func(t *testing.T, typed, birth, sex string) {
		phone := term.NormalPhone(typed)
		require.Equal(t, phone, term.NormalPhone(phone), "one form is reached at once")
		if term.GoodPhone(phone) {
			require.NotEqual(t, phone, term.MaskPhone(phone))
			require.Equal(t, strings.TrimSpace(phone), phone)
		}
		number := term.NormalDocument(typed)
		require.Equal(t, number, term.NormalDocument(number))
		for _, kind := range []string{"id_card", "passport", "other", ""} {
			term.CheckDocument(kind, number, term.Day(birth), sex)
		}
		if len(strings.TrimSpace(number)) > 4 && utf8.ValidString(number) {
			require.Contains(t, term.MaskNumber(number), "*")
		}
	})
}

func FuzzTR25Money(f *testing.F) {
	for _, seed := range []string{"1234", "1,234.5", "¥1234.50", "2,00", "-0.01", "999999999999.99", "1e9", "１２", ".", "-", "--1", "+5", "0x10", "1,234,567", "1_000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if fen, err := term.ParseFen(text); err == nil {
			again, err := term.ParseFen(fen.Plain())
			require.NoError(t, err, "%q gives %s", text, fen.Plain())
			require.Equal(t, fen, again)
			require.Less(t, int64(max(fen, -fen)), int64(1e14), "no amount beyond what is summed safely")
		}
		if n, err := term.ParseWhole(text); err == nil {
			require.False(t, n > 0 && strings.HasPrefix(strings.TrimSpace(text), "-"))
		}
	})
}

func FuzzTR25Quantity(f *testing.F) {
	for _, seed := range []string{"20", "0.1", "1,000", "20.0005", "-1", "1e3", "９", "NaN", "Inf", "00012", "1.", ".5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if qty, err := term.ParseQty(text); err == nil {
			again, err := term.ParseQty(qty.String())
			require.NoError(t, err, "%q gives %s", text, qty)
			require.Equal(t, qty, again)
		}
	})
}

func FuzzTR25Days(f *testing.F) {
	for _, seed := range []string{"2026-03-02", "2026-02-30", "0000-00-00", "９９９９-01-01", "2026-3-2", "", "2026-03-02T01:00:00.000Z", "-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if day, err := term.ParseDay(text); err == nil && day != "" {
			again, err := term.ParseDay(string(day))
			require.NoError(t, err)
			require.Equal(t, day, again)
			require.NotEqual(t, day, day.Add(1))
		}
		if at, err := term.ParseInstant(text); err == nil {
			again, err := term.ParseInstant(at.String())
			require.NoError(t, err, "%q gives %s", text, at)
			require.Equal(t, at, again)
		}
	})
}
