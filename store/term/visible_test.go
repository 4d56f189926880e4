package term_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

// nothing are code points that show nothing wherever they stand.
var nothing = []string{
	"\u200b", "\u200c", "\u200d", "\u200e", "\u202e", "\u2060", "\u2065", "\u3164", "\u115f", "\u1160", "\uffa0", "\u2800",
	"\u034f", "\u17b4", "\u17b5", "\u180b", "\u180e", "\u180f", "\u00ad", "\u061c", "\ufe00", "\ufe0f", "\ufeff", "\ufff0",
	"\ufffc", "\U000e0001", "\U000e0041", "\U000e0100", "\U000e0fff", "\U0001d159", "\x00", "\x7f",
}

func TestWhatShowsNothingIsNothing(t *testing.T) {
	t.Parallel()
	for _, z := range nothing {
		for _, text := range []string{z, z + z + z, " " + z + "\t\u3000" + z, z + "\u0301" + z} {
			require.Empty(t, term.Written(text), "%q", text)
			require.Empty(t, term.Spelled(text), "%q", text)
			require.Empty(t, term.Likeness(text), "%q", text)
		}
		require.Equal(t, "林清禾", term.Written("林"+z+"清禾"+z), "%q", z)
		require.Equal(t, "林清禾", term.Spelled(z+"林清"+z+"禾"), "%q", z)
		require.Equal(t, term.Likeness("前台 一号"), term.Likeness("前台"+z+"一　号"), "%q", z)
	}
}

func TestWhatShowsStays(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"林清禾", "阿卜杜拉·买买提", "O'Brien", "第一行\r\n第二行\t尾", "👩\u200d⚕️ 好", "👍🏽\u200d", "Zoë", "𠮷野"} {
		require.Equal(t, text, term.Written(text))
	}
	require.Equal(t, "👩⚕", term.Spelled("👩\u200d⚕️"), "a name needs no joined pictures")
	require.Equal(t, term.Likeness("ＡＮＮＡ-Lee"), term.Likeness("anna lee"))
	require.Empty(t, term.Likeness("·—…"), "a name of dots names nobody")
}
