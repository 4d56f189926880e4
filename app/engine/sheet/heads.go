package sheet

import (
	"slices"
	"strings"
	"unicode"
)

// Plain is a heading without blanks, marks and what stands in brackets.
func Plain(heading string) string {
	for _, brackets := range []string{"()", "\uff08\uff09", "[]"} {
		open, end := []rune(brackets)[0], []rune(brackets)[1]
		if i, j := strings.IndexRune(heading, open), strings.LastIndex(heading, string(end)); i > 0 && j > i {
			heading = heading[:i] + heading[j+len(string(end)):]
		}
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, heading))
}

// Heads are the first row of the table, as wide as its widest row.
func (t Table) Heads() []string {
	width := 0
	for _, row := range t.Rows {
		width = max(width, len(row))
	}
	heads := make([]string, width)
	if len(t.Rows) > 0 {
		copy(heads, t.Rows[0])
	}
	return heads
}

// HeadsKey names a set of headings, so that their columns are remembered.
func HeadsKey(heads []string) string {
	plainly := make([]string, len(heads))
	for i, h := range heads {
		plainly[i] = Plain(h)
	}
	return strings.Join(plainly, "\x1f")
}

// Codes turns the headings that a field is known by into the field of each heading.
func Codes(headings map[string][]string) map[string]string {
	codes := map[string]string{}
	for code, all := range headings {
		for _, h := range all {
			codes[h] = code
		}
	}
	return codes
}

// Guess says what columns are by their headings; no field twice, "" for what is not known.
func Guess(codes map[string]string, heads []string) []string {
	columns := make([]string, len(heads))
	for i, h := range heads {
		if code := codes[Plain(h)]; code != "" && !slices.Contains(columns, code) {
			columns[i] = code
		}
	}
	return columns
}
