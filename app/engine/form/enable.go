package form

import (
	"slices"
	"strings"
)

// Enabled says for each item whether it is asked, given the answers and facts. Conditions
// look only at earlier items, so one pass is enough; an item that is not asked counts as
// unanswered for those that depend on it.
func (t Template) Enabled(a Answers) map[string]bool {
	on := map[string]bool{}
	for _, g := range t.Groups {
		open := all(g.EnableWhen, a, on)
		for _, it := range g.Items {
			on[it.LinkID] = open && it.enabled(a, on)
		}
	}
	return on
}

func (it Item) enabled(a Answers, on map[string]bool) bool {
	if !it.EnableAny || len(it.EnableWhen) == 0 {
		return all(it.EnableWhen, a, on)
	}
	return slices.ContainsFunc(it.EnableWhen, func(w When) bool { return w.holds(a, on) })
}

func all(conditions []When, a Answers, on map[string]bool) bool {
	for _, w := range conditions {
		if !w.holds(a, on) {
			return false
		}
	}
	return true
}

func (w When) holds(a Answers, on map[string]bool) bool {
	var values []string
	if strings.HasPrefix(w.Question, "$") || on[w.Question] {
		values = a[w.Question].Values
	}
	switch w.Operator {
	case "exists":
		return (len(values) > 0) == (w.Answer != "false")
	case "!=":
		return len(values) > 0 && !slices.Contains(values, w.Answer)
	}
	return slices.ContainsFunc(values, func(v string) bool { return matches(v, w.Operator, w.Answer) })
}

// matches compares one value with the answer of a rule.
func matches(value, operator, answer string) bool {
	switch operator {
	case "", "=":
		return value == answer
	case "!=":
		return value != answer
	case "in":
		return slices.Contains(strings.Split(answer, "|"), value)
	}
	n, err := number(value)
	limit, err2 := number(answer)
	if err != nil || err2 != nil {
		return false
	}
	switch operator {
	case ">":
		return n > limit
	case ">=":
		return n >= limit
	case "<":
		return n < limit
	case "<=":
		return n <= limit
	}
	return false
}

// Settle drops what was typed into items that are not asked (any more) and computes the
// sums; done before a record is saved or signed.
func (t Template) Settle(a Answers) Answers {
	on := t.Enabled(a)
	out := Answers{}.Keep(a)
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if !on[it.LinkID] {
				continue
			}
			if it.SumOf != "" {
				link, column, _ := strings.Cut(it.SumOf, ".")
				out.Set(it.LinkID, FromThousandths(a.Sum(link, column)))
				continue
			}
			if ans, ok := a[it.LinkID]; ok && !ans.Empty() {
				out[it.LinkID] = it.settled(ans)
			}
		}
	}
	return out
}

// Blank is a new filling with the initial answers of the template.
func (t Template) Blank() Answers {
	a := Answers{}
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if it.Initial != "" {
				a.Set(it.LinkID, it.Initial)
			}
		}
	}
	return a
}
