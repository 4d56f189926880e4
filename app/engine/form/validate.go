package form

import (
	"slices"
	"strconv"
	"strings"

	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store/term"
)

// Default lengths of typed text, in characters.
const (
	shortText  = 200
	longText   = 4000
	detailText = 500
)

// Validate lists what is wrong with a filling. A draft (complete false) is checked for
// shape only: numbers, dates, ranges, known answers. A complete one must also have every
// required answer, and a checklist the answers it must have. Items that are not asked are
// not looked at. Names of the fields are the HTML names.
func Validate(t Template, a Answers, complete bool) fault.Fields {
	c := checker{a: a, on: t.Enabled(a), complete: complete, staff: t.Audience == "staff"}
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if c.on[it.LinkID] && it.Type != Display {
				c.item(it)
			}
		}
	}
	for link := range a {
		if _, known := t.Item(link); !known && !slices.Contains(Facts, link) {
			c.bad.Add(Name(link), "form.error.unknown", link)
		}
	}
	return c.bad
}

type checker struct {
	a        Answers
	on       map[string]bool
	complete bool
	staff    bool // staff have to ask; a client may truly not know
	bad      fault.Fields
}

func (c *checker) item(it Item) {
	ans := c.a[it.LinkID]
	if it.SumOf != "" {
		return
	}
	c.shape(it, ans)
	if c.complete {
		c.full(it, ans)
	}
}

// full checks what only a complete record must have.
func (c *checker) full(it Item, ans Answer) {
	name := Name(it.LinkID)
	required := it.Required || len(it.RequiredWhen) > 0 && all(it.RequiredWhen, c.a, c.on)
	switch {
	case it.Type == Table || it.Type == Points:
		if need := max(it.MinRows, oneIf(required)); len(ans.Rows) < need {
			c.bad.Add(name, "form.error.rows", need)
		}
	case len(ans.Values) == 0:
		if required || len(it.Must) > 0 {
			c.bad.Add(name, requiredKey(it.Type))
		}
		return
	case it.Type == YesNo && required && c.staff && ans.Values[0] == Unasked:
		c.bad.Add(name, "form.error.unasked")
	}
	c.formatted(it, ans)
	if len(it.Must) > 0 && !slices.Contains(it.Must, first(ans.Values)) {
		c.bad.Add(name, "form.error.must")
	}
	if it.DetailRequired && it.wantsDetail(ans) && strings.TrimSpace(ans.Detail) == "" {
		c.bad.Add(name+".detail", "form.error.detail", it.Detail)
	}
}

func requiredKey(t Type) string {
	switch t {
	case Choice, Multi, YesNo, Scale:
		return "form.error.choose"
	case Signature:
		return "form.error.sign"
	case Photo:
		return "form.error.photo"
	case Boolean:
		return "form.error.tick"
	default:
		return "form.error.required"
	}
}

// shape checks that what was typed is an answer of the item's type.
func (c *checker) shape(it Item, ans Answer) {
	name := Name(it.LinkID)
	if len(ans.Values) > 1 && it.Type != Multi && it.Type != Photo {
		c.bad.Add(name, "form.error.one")
		return
	}
	if it.Type == Table || it.Type == Points {
		if len(ans.Values) > 0 {
			c.bad.Add(name, "form.error.shape")
		}
		c.rows(it, ans.Rows)
		return
	}
	if len(ans.Rows) > 0 {
		c.bad.Add(name, "form.error.shape")
	}
	for _, v := range ans.Values {
		c.scalar(name, it.scalar(), v)
	}
	if it.Type == Multi && len(ans.Values) > 1 {
		for _, v := range ans.Values {
			if o, ok := option(it.Options, v); ok && o.Exclusive {
				c.bad.Add(name, "form.error.exclusive", o.Text)
			}
		}
	}
	if long(ans.Detail) > detailText {
		c.bad.Add(name+".detail", "form.error.long", detailText)
	}
}

// scalar is what the checks of one value need; items and columns share it.
type scalar struct {
	typ      Type
	options  []Option
	min, max *float64
	length   int
	unit     string
}

func (it Item) scalar() scalar {
	return scalar{it.Type, it.Options, it.Min, it.Max, it.MaxLength, it.Unit}
}

func (c *checker) scalar(name string, s scalar, v string) {
	switch s.typ {
	case Text, TextArea:
		limit := s.length
		if limit == 0 {
			limit = shortText
			if s.typ == TextArea {
				limit = longText
			}
		}
		if long(v) > limit {
			c.bad.Add(name, "form.error.long", limit)
		}
	case Integer, Decimal, Scale:
		c.number(name, s, v)
	case Date:
		if _, err := term.ReadDay(v); err != nil {
			c.bad.Add(name, "form.error.date", v)
		}
	case Time:
		if !isClock(strings.TrimSpace(v)) {
			c.bad.Add(name, "form.error.time")
		}
	case Choice, Multi:
		if _, ok := option(s.options, v); !ok {
			c.bad.Add(name, "form.error.option")
		}
	case YesNo:
		if v != Yes && v != No && v != Unasked {
			c.bad.Add(name, "form.error.option")
		}
	case Boolean:
		if v != True {
			c.bad.Add(name, "form.error.option")
		}
	case Signature, Photo, Points, Table, Display: // they are no scalars and have their own checks
	}
}

func (c *checker) number(name string, s scalar, v string) {
	n, err := number(v)
	if err != nil {
		c.bad.Add(name, "form.error.number")
		return
	}
	if s.typ != Decimal && n != float64(int64(n)) {
		c.bad.Add(name, "form.error.whole")
		return
	}
	if s.min != nil && n < *s.min {
		c.bad.Add(name, "form.error.min", plain(*s.min), s.unit)
	}
	if s.max != nil && n > *s.max {
		c.bad.Add(name, "form.error.max", plain(*s.max), s.unit)
	}
}

func (c *checker) rows(it Item, rows []Row) {
	columns := map[string]bool{}
	for _, col := range it.Columns {
		columns[col.LinkID] = true
	}
	for i, row := range rows {
		for _, col := range it.Columns {
			name, v := CellName(it.LinkID, i, col.LinkID), row[col.LinkID]
			if v == "" {
				if c.complete && col.Required {
					c.bad.Add(name, "form.error.cell", col.Text)
				}
				continue
			}
			c.scalar(name, scalar{col.Type, col.Options, col.Min, col.Max, 0, col.Unit}, v)
		}
		for key := range row {
			if !columns[key] {
				c.bad.Add(CellName(it.LinkID, i, key), "form.error.unknown", key)
			}
		}
	}
}

// wantsDetail says that the answer asks for the free text beside it.
func (it Item) wantsDetail(ans Answer) bool {
	if it.Detail == (words.Text{}) {
		return false
	}
	when := it.DetailWhen
	if len(when) == 0 {
		if it.Type != YesNo {
			return len(ans.Values) > 0
		}
		when = []string{Yes}
	}
	return slices.ContainsFunc(ans.Values, func(v string) bool { return slices.Contains(when, v) })
}

func isClock(v string) bool {
	h, m, ok := strings.Cut(v, ":")
	hour, err := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	return ok && err == nil && err2 == nil && len(m) == 2 &&
		hour >= 0 && hour < 24 && minute >= 0 && minute < 60
}

func plain(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func oneIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
