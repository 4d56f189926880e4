package phrase_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/engine/phrase"
)

func FuzzTR25Phrases(f *testing.F) {
	c, err := phrase.New(defaults.Phrases())
	require.NoError(f, err)
	for _, seed := range []string{"保证无痛", "保 证 无 痛", "保\u200b证", "不能保证效果", "“根治”", "ＢＥＳＴ", "\xff\xfe", "最好最好最好", "100%有效", "a\u0301"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, hit := range c.Check(text, phrase.Talk).Hits {
			require.GreaterOrEqual(t, hit.Start, 0)
			require.LessOrEqual(t, hit.Start, hit.End)
			require.LessOrEqual(t, hit.End, utf8.RuneCountInString(text), "a mark lies inside of the text")
		}
	})
}
