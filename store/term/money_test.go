package term_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

func TestACommaPartsThousandsOnly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]term.Fen{
		"1234": 123400, "1,234.5": 123450, "¥12,345,678.90": 1234567890, "-1，000": -100000, ".5": 50,
	} {
		got, err := term.ParseFen(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"2,00", "1,2345", ",100", "1234,567", "1,,000", "1,000,", "1.2,3", "1,23.45", ","} {
		_, err := term.ParseFen(text)
		require.ErrorIs(t, err, term.ErrMoney, text)
	}
}
