package reports

import (
	"slices"

	"meixu/app/defaults"
	"meixu/app/engine/form"
)

// worded are the columns whose codes the schema does not list, with the words of other screens
// that say them.
var worded = map[string]string{
	"tasks.kind":              "task.kind.",
	"documents.kind":          "document.kind.",
	"document_templates.kind": "document.kind.",
	"media.view":              "media.view.",
	"clients.source":          "term.channel.",
}

// coded prints a code in words: emergency cards and forms by their titles, the others by what
// the screens call them. What nobody has words for is not hidden.
func (p printer) coded(table, column, x string) string {
	switch {
	case table == "events" && column == "code":
		return defaults.CardTitle(x).In(p.lang)
	case column == "form_code":
		all := defaults.Forms()
		if at := slices.IndexFunc(all, func(f form.Template) bool { return f.Code == x }); at >= 0 {
			return all[at].Title.In(p.lang)
		}
	}
	if key := worded[table+"."+column] + x; p.lang.Has(key) {
		return p.lang.T(key)
	}
	return x
}
