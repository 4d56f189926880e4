package demo

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/store/term"
)

// say is what somebody answers: link → answer, link.detail → the text beside it,
// link.0.column → a cell; several values are parted by a bar.
type say map[string]string

// with adds more answers.
func (s say) with(more say) say {
	all := maps.Clone(s)
	if all == nil {
		all = say{}
	}
	maps.Copy(all, more)
	return all
}

// template is the product's own form of a code.
func template(code string) form.Template {
	for _, t := range defaults.Forms() {
		if t.Code == code {
			return t
		}
	}
	panic("demo: no form " + code)
}

// answers fills a form: what is said as it is said, everything else that must be answered in
// the way that finds nothing.
func (m *maker) answers(code string, given say) (form.Answers, error) {
	t := m.forms[code]
	if t.Code == "" {
		t = template(code)
		m.forms[code] = t
	}
	a := form.Answers{}
	for link, text := range given {
		put(a, link, text)
	}
	for range 8 {
		bad := form.Validate(t, a, true)
		if len(bad) == 0 {
			return known(t, a), nil
		}
		for _, b := range bad {
			parts := strings.Split(strings.TrimPrefix(b.Name, "q."), ".")
			it, ok := t.Item(parts[0])
			if !ok {
				delete(a, parts[0])
				continue
			}
			m.mend(a, it, parts[1:])
		}
	}
	return nil, fmt.Errorf("form %s: %v", code, form.Validate(t, a, true))
}

// known leaves out what the form does not ask.
func known(t form.Template, a form.Answers) form.Answers {
	on := t.Enabled(a)
	for link := range a {
		if !on[link] && !strings.HasPrefix(link, "$") {
			delete(a, link)
		}
	}
	return a
}

// put puts one said answer in its place.
func put(a form.Answers, link, text string) {
	parts := strings.Split(link, ".")
	ans := a[parts[0]]
	switch len(parts) {
	case 1:
		ans.Values = strings.Split(text, "|")
	case 2:
		ans.Detail = text
	default:
		n, err := strconv.Atoi(parts[1])
		if err != nil {
			panic("demo: " + link)
		}
		for len(ans.Rows) <= n {
			ans.Rows = append(ans.Rows, form.Row{})
		}
		ans.Rows[n][parts[2]] = text
	}
	a[parts[0]] = ans
}

// mend answers one question that was left open.
func (m *maker) mend(a form.Answers, it form.Item, rest []string) {
	ans := a[it.LinkID]
	switch {
	case len(rest) == 1:
		ans.Detail = "见面谈记录"
	case len(rest) == 2:
		n, _ := strconv.Atoi(rest[0])
		for _, c := range it.Columns {
			if c.LinkID == rest[1] {
				ans.Rows[n][c.LinkID] = m.plain(form.Item{Type: c.Type, Options: c.Options, Min: c.Min})
			}
		}
	case it.Type == form.Table || it.Type == form.Points:
		ans.Rows = append(ans.Rows, form.Row{})
	default:
		ans.Values = []string{m.plain(it)}
	}
	a[it.LinkID] = ans
}

// plain is the answer that finds nothing.
func (m *maker) plain(it form.Item) string {
	if fixed := it.Harmless(); fixed != "" {
		return fixed
	}
	switch it.Type {
	case form.Signature:
		return m.stroke()
	case form.Date:
		return string(m.today())
	case form.Time:
		return term.At(m.clock.Now()).Clock(m.zone)
	case form.Scale:
		return "2"
	case form.Integer, form.Decimal:
		if it.Min != nil && *it.Min > 1 {
			return strconv.FormatFloat(*it.Min, 'f', -1, 64)
		}
		return "1"
	default: // nothing to say for the others
	}
	return "无特殊"
}
