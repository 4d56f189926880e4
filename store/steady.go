package store

import "regexp"

// steadyMost bounds what is kept; a clinic has some dozens of settings and people.
const steadyMost = 1000

// steady is what almost every write asks and hardly one changes: settings and people. The write
// connection keeps the answers from one write to the next. It may, since nobody else writes the
// database (see lockInstance) and every statement of this connection passes it: one that changes
// what is kept empties it, and nothing is kept again until that transaction has ended, so that
// what was rolled back is never believed.
type steady struct {
	told    map[any]any
	changed bool // in the transaction that is open
}

// changesSteady matches the statements that change what is kept, whatever they do to it.
var changesSteady = regexp.MustCompile(`(?i)^\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE(?: OR \w+)?|DELETE FROM)\s+"?(?:settings|staff|staff_roles)\b`)

// see looks at a statement before it runs.
func (s *steady) see(query string, changes bool) {
	switch {
	case changes:
		s.told, s.changed = nil, true
	case s.changed && (query == "COMMIT" || query == "ROLLBACK"):
		s.changed = false
	}
}

// steadily answers a question of a write about settings or people once for many writes; key is a
// value of a type of its own. What it gives is shared: it must not be changed.
func steadily[T any](r *Read, key any, read func() (T, error)) (T, error) {
	s := &r.on.steady
	if r.own == nil || s.changed {
		return read()
	}
	if have, ok := s.told[key].(T); ok {
		return have, nil
	}
	v, err := read()
	if err == nil {
		if s.told == nil || len(s.told) >= steadyMost {
			s.told = map[any]any{}
		}
		s.told[key] = v
	}
	return v, err
}
