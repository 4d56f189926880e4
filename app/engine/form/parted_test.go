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
	said := yesNo("said")
	said.Detail, said.DetailWhen = words.Text{ZH: "说明"}, []string{form.No}
	grade := form.Item{
		LinkID: "grade", Type: form.Choice, Options: []form.Option{{Code: form.No}, {Code: "stable"}, {Code: "active"}},
		Hits: []form.Hit{{WhenAnswer: "active", Contraindication: "x", Level: "H"}},
	}
	graded, tested := grade, grade
	graded.LinkID, tested.LinkID, tested.Options = "graded", "tested", []form.Option{{Code: "none"}, {Code: "negative"}, {Code: "active"}}
	tpl := form.Template{Groups: []form.Group{{LinkID: "g", Items: []form.Item{
		yesNo("calm"), yesNo("found"), flagged, said, which, other, grade, graded, tested,
	}}}}
	a := form.Answers{}
	for link, value := range map[string]string{
		"calm": form.No, "found": form.Yes, "flagged": form.No, "which": "none", "other": "a",
		"said": form.No, "grade": form.No, "graded": "stable", "tested": "none",
	} {
		a.Set(link, value)
	}
	a["said"] = form.Answer{Values: []string{form.No}, Detail: "以前有过"}
	told, calm, n := form.NewView(tpl, a, form.Options{Mode: form.ModeRead}).Parted()
	names := func(v form.View) (list []string) {
		for _, f := range v.Sections[0].Fields {
			list = append(list, f.LinkID)
		}
		return list
	}
	require.Equal(t, 3, n)
	require.Equal(t, []string{"calm", "which", "grade"}, names(calm))
	require.Equal(t, []string{"found", "flagged", "said", "other", "graded", "tested"}, names(told))
}
