package consultation

import (
	"strconv"

	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// CaseRow is a case of the clinic as the client may see it.
type CaseRow = store.Case

// questionShown is the question of F4 on how many cases the client was shown (S2-07).
const questionShown = "cases_shown"

// shownCode is the answer of F4 that fits a number of opened cases.
func shownCode(n int) string {
	if n <= 0 {
		return "none"
	}
	return strconv.Itoa(min(n, casesWanted))
}

// openedCases are the different cases opened in a visit, in the order of the first look.
func openedCases(r *store.Read, visit term.VisitID) (list []store.Case, err error) {
	views, err := r.CaseViews(visit)
	seen := map[term.CaseID]bool{}
	for _, v := range views {
		if seen[v.Case] {
			continue
		}
		seen[v.Case] = true
		c, err := r.Case(v.Case)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, err
}

// showed puts what was really opened into the record: the consultant does not count, and a
// draft follows what was opened since (S2-07).
func (f *Form) showed(r *store.Read) (err error) {
	if f.Code != FormTalk {
		return nil
	}
	f.Wanted = casesWanted
	if f.Opened, err = openedCases(r, f.Visit.ID); err == nil && !f.Signed {
		was := f.Answers[questionShown]
		was.Values = []string{shownCode(len(f.Opened))}
		f.Answers[questionShown] = was
	}
	return err
}

// overstated finds a record that says more cases were shown than were opened (S2-07).
func overstated(r *store.Read, f form.Filled) (wrong fault.Fields, err error) {
	claimed, err := strconv.Atoi(f.Answers.Value(questionShown))
	if err != nil {
		return nil, nil //nolint:nilerr // "none" or no answer claims nothing
	}
	opened, err := openedCases(r, f.Row.Visit)
	if err == nil && claimed > len(opened) {
		wrong.Add(form.Name(questionShown), "consultation.talk.cases", claimed, len(opened))
	}
	return wrong, err
}
