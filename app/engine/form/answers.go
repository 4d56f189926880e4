package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Row is one line of a table or points answer: column linkId → what was typed.
type Row map[string]string

// Answer is what stands on one item, as typed. Scalars have one value.
type Answer struct {
	Values []string `json:"values,omitempty"`
	Detail string   `json:"detail,omitempty"`
	Rows   []Row    `json:"rows,omitempty"`
}

// Answers is one filling: linkId (or fact) → answer.
type Answers map[string]Answer

// Limits of Bind, so that no post can fill the memory.
const (
	maxItems = 600
	maxRows  = 200
	maxText  = 300_000 // bytes of one value; a signature has the longest
)

// namePattern reads q.link, q.link.detail and q.link.3.column.
var namePattern = regexp.MustCompile(`^q\.([a-z][a-z0-9_]{0,39})(?:\.(detail)|\.([0-9]{1,3})\.([a-z][a-z0-9_]{0,39}))?$`)

// Name is the HTML name of an item's field.
func Name(linkID string) string { return "q." + linkID }

// CellName is the HTML name of a cell.
func CellName(linkID string, row int, column string) string {
	return "q." + linkID + "." + strconv.Itoa(row) + "." + column
}

// Bind reads a posted form. Only names that begin with "q." count; blank fields are not
// answers; text is kept as typed, so that a refused form can show it again.
func Bind(values url.Values) Answers {
	a := Answers{}
	rows := map[string]map[int]Row{}
	for name, typed := range values {
		m := namePattern.FindStringSubmatch(name)
		if m == nil || len(a) >= maxItems {
			continue
		}
		typed = clean(typed)
		if len(typed) == 0 {
			continue
		}
		link := m[1]
		switch {
		case m[2] != "":
			ans := a[link]
			ans.Detail = typed[0]
			a[link] = ans
		case m[3] != "":
			n, err := strconv.Atoi(m[3])
			if err != nil || n >= maxRows {
				continue
			}
			if rows[link] == nil {
				rows[link] = map[int]Row{}
			}
			if rows[link][n] == nil {
				rows[link][n] = Row{}
			}
			rows[link][n][m[4]] = typed[0]
		default:
			ans := a[link]
			ans.Values = typed
			a[link] = ans
		}
	}
	for link, byIndex := range rows {
		ans := a[link]
		ans.Rows = inOrder(byIndex)
		a[link] = ans
	}
	return a
}

func inOrder(byIndex map[int]Row) []Row {
	order := make([]int, 0, len(byIndex))
	for n := range byIndex {
		order = append(order, n)
	}
	sort.Ints(order)
	out := make([]Row, len(order))
	for i, n := range order {
		out[i] = byIndex[n]
	}
	return out
}

func clean(typed []string) []string {
	out := make([]string, 0, len(typed))
	for _, v := range typed {
		if len(v) > maxText {
			v = v[:maxText]
		}
		v = strings.ReplaceAll(strings.ToValidUTF8(v, ""), "\r\n", "\n")
		if strings.TrimSpace(v) != "" && len(out) < maxRows {
			out = append(out, v)
		}
	}
	return out
}

// Value is the first value on an item, "" when there is none.
func (a Answers) Value(linkID string) string {
	if v := a[linkID].Values; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Has says that one of the values on the item equals code.
func (a Answers) Has(linkID, code string) bool {
	for _, v := range a[linkID].Values {
		if v == code {
			return true
		}
	}
	return false
}

// Set puts values on an item; used by rooms that prefill and by tests.
func (a Answers) Set(linkID string, values ...string) Answers {
	a[linkID] = Answer{Values: values, Detail: a[linkID].Detail, Rows: a[linkID].Rows}
	return a
}

// Know keeps a fact ("$gender", "female") with the answers, for enableWhen.
func (a Answers) Know(fact, value string) Answers {
	a[fact] = Answer{Values: []string{value}}
	return a
}

// Keep takes the facts of an older filling into this one.
func (a Answers) Keep(old Answers) Answers {
	for k, v := range old {
		if strings.HasPrefix(k, "$") {
			a[k] = v
		}
	}
	return a
}

// Empty says that nothing was answered.
func (a Answer) Empty() bool { return len(a.Values) == 0 && a.Detail == "" && len(a.Rows) == 0 }

// Canonical is the filling as JSON with sorted keys and no empty answers: what is sealed,
// hashed and compared.
func (a Answers) Canonical() ([]byte, error) {
	kept := Answers{}
	for k, v := range a {
		if !v.Empty() {
			kept[k] = v
		}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(kept); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// Read reads the canonical form.
func Read(raw []byte) (Answers, error) {
	a := Answers{}
	if len(raw) == 0 {
		return a, nil
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return nil, fmt.Errorf("form: answers: %w", err)
	}
	return a, nil
}

// Sum adds a column of a table or points answer, in thousandths (0.05 ml is 50), so that
// it can be compared exactly with the stock taken. Cells that are no numbers count nothing.
func (a Answers) Sum(linkID, column string) int64 {
	var total int64
	for _, row := range a[linkID].Rows {
		if n, err := Thousandths(row[column]); err == nil {
			total += n
		}
	}
	return total
}

// long counts characters.
func long(text string) int { return utf8.RuneCountInString(text) }
