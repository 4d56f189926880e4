package form_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/form"
	"meixu/app/words"
)

// Plain "no" and "none of these" are folded; what was found, said beside or flags a "no" stands.
func TestPartedFoldsWhatFindsNothing(t *testing.T) {
	t.Parallel()
	yesNo := func(link string) form.Item {
		return form.Item{LinkID: link, Type: form.YesNo, Text: words.Text{ZH: link}}
	}
	flagged := yesNo("flagged")
	flagged.RedFlag = []form.Flag{{WhenAnswer: form.No}}
	which := form.Item{LinkID: "which", Type: form.Multi, Options: []form.Option{{Code: "a"}, {Code: "none", Exclusive: true}}}
	other := which
	other.LinkID = "other"
	tpl := form.Template{Groups: []form.Group{{LinkID: "g", Items: []form.Item{yesNo("calm"), yesNo("found"), flagged, which, other}}}}
	a := form.Answers{}
	for link, value := range map[string]string{"calm": form.No, "found": form.Yes, "flagged": form.No, "which": "none", "other": "a"} {
		a.Set(link, value)
	}
	told, calm, n := form.NewView(tpl, a, form.Options{Mode: form.ModeRead}).Parted()
	names := func(v form.View) (list []string) {
		for _, f := range v.Sections[0].Fields {
			list = append(list, f.LinkID)
		}
		return list
	}
	require.Equal(t, 2, n)
	require.Equal(t, []string{"calm", "which"}, names(calm))
	require.Equal(t, []string{"found", "flagged", "other"}, names(told))
}
