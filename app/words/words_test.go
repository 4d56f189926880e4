package words_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// TestEveryKeyStandsOnce: of two texts under one key the later one would be shown, wherever it fits.
func TestEveryKeyStandsOnce(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`(?m)^\s*"([^"]+)":`)
	for _, lang := range []string{"zh", "en"} {
		files, err := filepath.Glob(filepath.Join(lang, "*.json"))
		require.NoError(t, err)
		seen := map[string]string{}
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, found := range key.FindAllStringSubmatch(string(text), -1) {
				require.Empty(t, seen[found[1]], "%s in %s", found[1], file)
				seen[found[1]] = file
			}
		}
		require.NotEmpty(t, seen)
	}
}

func TestBothLanguagesTakeTheSameArguments(t *testing.T) {
	t.Parallel()
	for _, key := range words.ZH.Keys() {
		require.Len(t, verb.FindAllString(words.EN.T(key), -1), len(verb.FindAllString(words.ZH.T(key), -1)), key)
	}
}

// TestNoTextPrintsItsVerbs prints every text that takes arguments with as many as it takes:
// a lone % swallows what stands behind it.
func TestNoTextPrintsItsVerbs(t *testing.T) {
	t.Parallel()
	for _, lang := range []words.Lang{words.ZH, words.EN} {
		for _, key := range lang.Keys() {
			var args []any
			for _, v := range verb.FindAllString(strings.ReplaceAll(lang.T(key), "%%", ""), -1) {
				args = append(args, argument(v[len(v)-1]))
			}
			if len(args) > 0 {
				require.NotContains(t, lang.T(key, args...), "%!", key)
			}
		}
	}
}

func argument(verb byte) any {
	switch verb {
	case 'd':
		return 1
	case 'f', 'g', 'e':
		return 1.5
	}
	return "x"
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
