package form_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/form"
	"meixu/app/words"
)

// What two people filled at once is laid together: nothing of either is lost, and where both
// answered the page offers both, with the rows of a table (row:U3).
func TestTwoFillingsMerge(t *testing.T) {
	t.Parallel()
	ask := func(link string, typ form.Type) form.Item {
		return form.Item{LinkID: link, Type: typ, Text: words.Text{ZH: link, EN: link}}
	}
	table := ask("doses", form.Table)
	table.Columns = []form.Column{{LinkID: "units", Type: form.Text, Text: words.Text{ZH: "单位", EN: "Units"}}}
	tmpl := form.Template{Code: "T", Groups: []form.Group{{LinkID: "g", Items: []form.Item{
		ask("mine", form.Text), ask("hers", form.Text), ask("both", form.Text), table, ask("shots", form.Photo),
	}}}}
	rows := func(units ...string) (a form.Answer) {
		for _, u := range units {
			a.Rows = append(a.Rows, form.Row{"units": u})
		}
		return a
	}
	stands := form.Answers{"doses": rows("10", "20")}.Set("hers", "b").Set("both", "b").Set("shots", "1", "3").Know("$gender", "male")
	typed := form.Answers{"doses": rows("10")}.Set("mine", "a").Set("both", "a").Set("shots", "1").Know("$gender", "female")
	all := tmpl.Merged(typed, stands)
	require.Equal(t, []string{"a", "b", "a", "male"}, []string{all.Value("mine"), all.Value("hers"), all.Value("both"), all.Value("$gender")})
	require.Equal(t, []string{"1", "3"}, all["shots"].Values)

	offered := map[string][]form.Posted{}
	for _, f := range form.NewView(tmpl, all, form.Options{Stands: &stands}).Sections[0].Fields {
		if f.Theirs != nil {
			offered[f.LinkID] = f.Theirs.Posted
		}
	}
	require.Equal(t, map[string][]form.Posted{
		"both": {{Name: "q.both", Value: "b"}}, "doses": {{Name: "q.doses.0.units", Value: "10"}, {Name: "q.doses.1.units", Value: "20"}},
	}, offered)
}
