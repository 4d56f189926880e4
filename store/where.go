package store

import (
	"strconv"
	"strings"
)

// where gathers the conditions of a list; its texts are literals, values go as arguments.
type where struct {
	conditions []string
	args       []any
}

// and adds a condition with its values.
func (w *where) and(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

// when adds a condition only if the filter asks for it.
func (w *where) when(asked bool, condition string, args ...any) {
	if asked {
		w.and(condition, args...)
	}
}

// sql is " WHERE a AND b", or "" without conditions.
func (w *where) sql() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE (" + strings.Join(w.conditions, ") AND (") + ")"
}

// usual is how many rows a list gives when nobody asked for a number.
const usual = 100

// limit is " LIMIT n": the usual number when n is 0, never more than most.
func limit(n, most int) string {
	if n <= 0 {
		n = usual
	}
	return " LIMIT " + strconv.Itoa(min(n, most))
}
