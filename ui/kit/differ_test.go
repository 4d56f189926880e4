package kit

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestThreeAreCompared (row:U3): what stood when the form was drawn goes along, so a field that only
// the other person changed takes the other value by itself, one that only this person changed stays,
// and only where both did somebody chooses.
func TestThreeAreCompared(t *testing.T) {
	t.Parallel()
	drawn := func(name, price string, tags ...string) Edit {
		return Edit{Fields: []Field{
			{Name: "version", Kind: Hidden, Value: "2"},
			{Name: "name", Kind: Text, Value: name},
			{Name: "note", Kind: Area, Value: "a\nb"},
			{Name: "price", Kind: Money, Value: price},
			{Name: "tags", Kind: Chips, Many: true, Values: tags},
			{Name: "on", Kind: Check, Value: "true"},
			{Name: "reason", Kind: Text, Asks: true},
		}}
	}
	typed := url.Values{"version": {"1"}, "reason": {"why"}}
	for _, f := range drawn("old", "10.00", "x").Standing() {
		typed[f.Name] = f.Values
		typed[f.Name[len(was):]] = f.Values
	}
	require.NotContains(t, typed, "_was_reason")
	require.NotContains(t, typed, "_was_version")
	typed.Set("note", "a\r\nb\r\nc") // changed here alone
	typed.Set("price", "10")         // the same, written otherwise
	got := drawn("new", "12.00", "x", "y").Over(typed)
	is := func(name string) Field { return *got.Field(name) }
	require.Equal(t, "new", is("name").Value)
	require.True(t, is("name").Moved && is("price").Moved && is("tags").Moved)
	require.Equal(t, []string{"12.00"}, []string{is("price").Value})
	require.Equal(t, []string{"x", "y"}, is("tags").Values)
	require.Equal(t, "a\r\nb\r\nc", is("note").Value)
	require.Equal(t, "why", is("reason").Value)
	for _, f := range got.Fields {
		require.False(t, f.Differs, f.Name)
	}
	require.False(t, is("on").Moved)
	require.Equal(t, "2", is("version").Value)
	require.Equal(t, []string{"new"}, got.Standing()[0].Values, "the next save is measured against what is shown now")

	typed.Set("name", "mine")
	got = drawn("new", "10.00").Over(typed)
	require.True(t, is("name").Differs)
	require.Equal(t, "mine", is("name").Value)
	require.True(t, is("tags").Moved, "all choices were taken away")
	typed.Set("name", "old")
	again := drawn("other", "10.00", "x").Filled(typed, nil)
	require.Equal(t, []string{"old"}, again.Standing()[0].Values, "what comes back with faults keeps what stood")
	require.Empty(t, Edit{Fields: []Field{{Name: "name", Kind: Text}}}.Standing(), "a form without a version has nothing to compare")
}
