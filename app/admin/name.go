package admin

import (
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Bounds of a name of staff, in characters that one sees.
const (
	nameLeast = 2
	nameMost  = 20
)

// tidyName is a name as one sees it, with single blanks.
func tidyName(name string) string { return term.PersonName(name) }

// checkName: people sign by their names, so a name has some letters and is no paragraph.
func checkName(f *fault.Fields, name string) {
	switch n, most := len([]rune(term.Likeness(name))), len([]rune(tidyName(name))); {
	case n == 0:
		f.Add("name", "admin.required")
	case n < nameLeast || most > nameMost:
		f.Add("name", "admin.name.bounds", nameLeast, nameMost)
	case !term.GoodPersonName(tidyName(name), nameLeast, nameMost):
		f.Add("name", "admin.name.signs")
	}
}

func sameName(a, b string) bool { return term.Likeness(a) == term.Likeness(b) }

// freeName refuses the name of another person who is at work here: records and papers are
// signed by name, and nobody may sign as somebody else.
func freeName(r *store.Read, id term.StaffID, name string) error {
	all, err := r.AllStaff()
	if err != nil {
		return err
	}
	var f fault.Fields
	for _, s := range all {
		if s.Active && s.ID != id && sameName(s.Name, name) {
			f.Add("name", "admin.name.taken", s.Name, s.Login)
		}
	}
	return f.Err()
}
