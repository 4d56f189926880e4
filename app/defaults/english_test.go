package defaults_test

import (
	"encoding/json"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/words"
)

// TestCareIsWrittenInBothLanguages draws every care template and card in English: not one
// Chinese character is left, and the Chinese stays as it is.
func TestCareIsWrittenInBothLanguages(t *testing.T) {
	t.Parallel()
	inEnglish := func(name string, v any) {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		for _, r := range string(text) {
			require.False(t, unicode.Is(unicode.Han, r), "%s: %s", name, text)
		}
	}
	require.Len(t, defaults.Cares(), 27)
	for _, c := range defaults.Cares() {
		before, err := json.Marshal(c)
		require.NoError(t, err)
		en := c.In(words.EN)
		en.Title.ZH, en.Sources = "", ""
		inEnglish(c.Code, en)
		after, err := json.Marshal(c)
		require.NoError(t, err)
		require.Equal(t, string(before), string(after), "the template itself is not changed")
		for _, lang := range []words.Lang{words.ZH, words.EN} {
			inWords(t, c.In(lang))
		}
	}
	require.Len(t, defaults.Cards(), 11)
	for _, c := range defaults.Cards() {
		en := c.In(words.EN)
		en.Title.ZH, en.Sources = "", ""
		inEnglish(c.Code, en)
	}
	common := defaults.CareRules().In(words.EN)
	inEnglish("common", []any{common.Points, common.Questions, common.PhotoViews})
}

// inWords wants that a reader of the template meets no code of an emergency card.
func inWords(t *testing.T, c defaults.Care) {
	t.Helper()
	said := append([]string{c.Note, c.Photos.Text}, c.Questions...)
	for _, s := range c.Stages {
		said = append(said, s.All()...)
	}
	for _, f := range c.RedFlags {
		said = append(append(said, f.Action), f.Signs...)
	}
	for _, text := range said {
		require.NotContains(t, text, "ESC-", c.Code)
	}
}

// TestKindsAreWrittenInBothLanguages: every category of items and every kind of room, device
// and product that a new house has is said in English too.
func TestKindsAreWrittenInBothLanguages(t *testing.T) {
	t.Parallel()
	var kinds []string
	for _, i := range defaults.Items() {
		kinds = append(kinds, i.Category, i.RoomKind, i.DeviceKind)
	}
	for _, p := range defaults.Products() {
		kinds = append(kinds, p.Kind)
	}
	require.Greater(t, len(kinds), 200)
	for _, kind := range append(kinds, defaults.RoomKinds()...) {
		for _, r := range words.EN.Kind(kind) {
			require.False(t, unicode.Is(unicode.Han, r), kind)
		}
	}
}
