package form_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/words"
)

// brought is a template of the product.
func brought(t *testing.T, code string) form.Template {
	t.Helper()
	for _, tpl := range defaults.Forms() {
		if tpl.Code == code {
			return tpl
		}
	}
	require.Fail(t, "no such form", code)
	return form.Template{}
}

// groups are the linkIds of a form's groups in their order.
func groups(t form.Template) (list []string) {
	for _, g := range t.Groups {
		list = append(list, g.LinkID)
	}
	return list
}

// Of two follow-up scripts what is alike is asked once, what differs twice under two names, and
// every form gets its own filling back.
func TestTwoFormsAreFilledAsOne(t *testing.T) {
	t.Parallel()
	toxin, filler := brought(t, "F8-AC-BTX"), brought(t, "F8-AC-HA")
	j := form.Together(form.Labelled{Template: toxin, Label: words.Text{ZH: "除皱"}}, form.Labelled{Template: filler, Label: words.Text{ZH: "填充"}})
	require.Equal(t, []string{"contact", "q0", "specific", "specific_2", "care", "result"}, groups(j.Template))
	require.NoError(t, j.Template.Check())
	require.Contains(t, j.Template.Groups[2].Title.ZH, "除皱")
	require.Contains(t, j.Template.Groups[3].Title.ZH, "填充")
	require.NotContains(t, j.Template.Groups[0].Title.ZH, "·")
	breath, _ := toxin.Item("breath")
	other, found := j.Template.Item("breath_2")
	require.True(t, found, "short of breath after toxin and after filler are two questions")
	require.NotEqual(t, breath.Text, other.Text)

	all := form.Answers{}.Know("$day", "2").Set("reached", form.Yes).Set("breath", form.No).Set("breath_2", form.Yes).Set("lid", form.Yes)
	first, second := j.Part(0, all), j.Part(1, all)
	require.Equal(t, form.No, first.Value("breath"))
	require.Equal(t, form.Yes, second.Value("breath"))
	for _, own := range []form.Answers{first, second} {
		require.Equal(t, form.Yes, own.Value("reached"))
		require.Equal(t, "2", own.Value("$day"))
	}
	require.Empty(t, second.Value("lid"))
	require.Equal(t, all, j.Answers(first, second))
	require.Len(t, form.RedFlags(j.Template, all), 1)
	require.Contains(t, j.Own(0), "photo")
	require.NotContains(t, j.Own(1), "photo")
	require.Equal(t, "breath_2", j.Own(1)["breath"])
}

// One form alone, and two of the same, are what they are.
func TestOneFormAloneIsItself(t *testing.T) {
	t.Parallel()
	toxin := brought(t, "F8-AC-BTX")
	require.Equal(t, toxin, form.Together(form.Labelled{Template: toxin}).Template)
	twice := form.Together(form.Labelled{Template: toxin}, form.Labelled{Template: toxin}).Template
	require.Equal(t, toxin.Groups, twice.Groups)
}
