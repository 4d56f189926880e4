package store

import (
	"regexp"
	"sync"
)

// steadyMost bounds what is kept; a clinic has some dozens of settings and people.
const steadyMost = 1000

// steady is what almost every page and deed asks and hardly one changes: settings and people. The
// answers are kept from one transaction to the next. They may be, since nobody else writes the
// database (see lockInstance) and every statement of ours is looked at before it runs: the commit
// of one that changes what is kept begins a new age, and nothing of an older one is believed.
type steady struct {
	mu   sync.RWMutex
	age  int64
	told map[any]any
}

// changesSteady matches the statements that change what is kept, whatever they do to it.
var changesSteady = regexp.MustCompile(`(?i)^\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE(?: OR \w+)?|DELETE FROM)\s+"?(?:settings|staff|staff_roles)\b`)

// now is the age that begins with the newest commit. A transaction asks before its snapshot
// begins: it may then look older than it is, never younger.
func (s *steady) now() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.age
}

// renew begins a new age.
func (s *steady) renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age++
	s.told = nil
}

func (s *steady) recall(key any, age int64) any {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if age != s.age {
		return nil
	}
	return s.told[key]
}

func (s *steady) keep(key, v any, age int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if age != s.age {
		return
	}
	if s.told == nil || len(s.told) >= steadyMost {
		s.told = map[any]any{}
	}
	s.told[key] = v
}

// steadily answers a question about settings or people once for many transactions; key is a value
// of a type of its own. What it gives is shared: it must not be changed. A write that shares its
// transaction with a change reads for itself: what it sees may yet be rolled back.
func steadily[T any](r *Read, key any, read func() (T, error)) (T, error) {
	if r.on.changed { // only the write connection can be
		return read()
	}
	if have, ok := r.db.steady.recall(key, r.age).(T); ok {
		return have, nil
	}
	v, err := read()
	if err == nil {
		r.db.steady.keep(key, v, r.age)
	}
	return v, err
}
