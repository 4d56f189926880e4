package words_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/words"
)

var verb = regexp.MustCompile(`%[+\-# 0]*\d*(?:\.\d+)?[a-zA-Z]`)

func TestBothLanguagesHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	zh, en := words.ZH.Keys(), words.EN.Keys()
	slices.Sort(zh)
	slices.Sort(en)
	require.Equal(t, zh, en)
}

func TestBothLanguagesTakeTheSameArguments(t *testing.T) {
	t.Parallel()
	for _, key := range words.ZH.Keys() {
		require.Len(t, verb.FindAllString(words.EN.T(key), -1), len(verb.FindAllString(words.ZH.T(key), -1)), key)
	}
}

func TestAMissingKeyIsSeen(t *testing.T) {
	t.Parallel()
	require.Equal(t, "⟦no.such.key⟧", words.ZH.T("no.such.key"))
}

var halfWidth = regexp.MustCompile(`\p{Han}[,:;?!()]|[,;?!()]\p{Han}`)

// TestChineseIsPunctuatedAsChinese keeps the marks of a Latin keyboard out of Chinese sentences.
func TestChineseIsPunctuatedAsChinese(t *testing.T) {
	t.Parallel()
	for _, key := range words.ZH.Keys() {
		require.Empty(t, halfWidth.FindString(words.ZH.T(key)), key)
	}
}
