package term_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

func TestPersonNames(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"阿依古丽·买买提": "阿依古丽·买买提", "阿依古丽•买买提": "阿依古丽·买买提", "阿依古丽．买买提": "阿依古丽·买买提", "张　三": "张 三",
		" Müller-Lüdenscheidt  Jörg ": "Müller-Lüdenscheidt Jörg", "O'Neil": "O'Neil", "Ｌｉ Ｍｅｉ": "Li Mei", "𠮷田结衣": "𠮷田结衣", "Nguyễn Thị Ánh": "Nguyễn Thị Ánh",
		"李（大）": "李(大)", "Smith, John Jr.": "Smith, John Jr.",
	} {
		require.Equal(t, want, term.PersonName(typed))
		require.True(t, term.GoodPersonName(want, 2, 60), want)
		require.True(t, term.Called(want), want)
	}
	piled := "李" + strings.Repeat("\u0301", 30) + "静"
	require.Equal(t, "李"+strings.Repeat("\u0301", 4)+"静", term.PersonName(piled), "a name stays in its line on a screen that everybody sees")
	require.Equal(t, "བསྒྲུབས", term.PersonName("བསྒྲུབས"))
	for _, bad := range []string{
		"", "李", "李梅🌸", "😀😀", "=HYPERLINK(\"http://x\")", "＝HYPERLINK(1)", "+李梅", "-李梅", "@李梅", "13800008817", "···", "李<b>梅", "李=梅", "1+1", "李梅{{.}}",
	} {
		require.False(t, term.GoodPersonName(term.PersonName(bad), 2, 60), bad)
	}
	require.True(t, term.Called("美团🌸小鱼"))
	require.False(t, term.Called("=1+1"))
	require.False(t, term.Called("🌸"))
	require.False(t, term.Called(""))
}

func TestReadDay(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]term.Day{
		"2026-03-02": "2026-03-02", "２０２６－０３－０２": "2026-03-02", "2026/3/2": "2026-03-02", "2026.3.2": "2026-03-02", "2026年3月2日": "2026-03-02",
		"20260302": "2026-03-02", " 2024-02-29 ": "2024-02-29", "2000-2-29": "2000-02-29", "": "", "2026-12-31": "2026-12-31",
	} {
		day, err := term.ReadDay(typed)
		require.NoError(t, err, typed)
		require.Equal(t, want, day, typed)
	}
	for _, bad := range []string{"2023-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "03/02/2026", "26-3-2", "2026-3", "三月二日", "45000", "0", "2026-03-02x"} {
		_, err := term.ReadDay(bad)
		require.ErrorIs(t, err, term.ErrDay, bad)
	}
}

func TestNumbersOfAFullWidthKeyboard(t *testing.T) {
	t.Parallel()
	fen, err := term.ParseFen("￥１，２３４．５")
	require.NoError(t, err)
	require.EqualValues(t, 123450, fen)
	n, err := term.ParseWhole("－１２")
	require.NoError(t, err)
	require.EqualValues(t, -12, n)
}
