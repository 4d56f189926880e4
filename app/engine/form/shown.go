package form

import (
	"fmt"
	"strconv"
	"strings"

	"meixu/store"
	"meixu/store/term"
)

// Shown names the filling that a page was drawn from: its row, and how often it had been saved.
// The row counts as well, because a form that is found by its code may be another one by now. The
// zero value is a page on which nothing was filled yet.
type Shown struct {
	Row     term.AnswerID
	Version int
}

// ShownOf is what a page that is drawn from the row carries.
func ShownOf(row store.Answer) Shown { return Shown{row.ID, row.Version} }

// None says that the page was drawn before there was a filling.
func (s Shown) None() bool { return s == Shown{} }

func (s Shown) String() string { return fmt.Sprintf("%d.%d", s.Row, s.Version) }

// ParseShown reads what String wrote. A version alone names no row; what is neither is none.
func ParseShown(text string) (s Shown) {
	row, version, both := strings.Cut(text, ".")
	if !both {
		row, version = "0", text
	}
	id, bad := strconv.ParseInt(row, 10, 64)
	n, worse := strconv.Atoi(version)
	if bad != nil || worse != nil || id < 0 || n < 0 {
		return Shown{}
	}
	return Shown{term.AnswerID(id), n}
}
