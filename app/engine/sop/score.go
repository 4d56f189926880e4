package sop

import (
	"meixu/store"
)

// Score is how well a visit kept to the SOP: satisfied ÷ (satisfied + missed) over the
// steps with a gate that apply. Steps whose time has not come are pending and do not count.
type Score struct {
	Satisfied int // proved, or stamped by hand with a reason
	Missed    int // skipped, overdue, or passed by
	Pending   int
	Late      int // among the satisfied: done after their limit
	Manual    int // among the satisfied: stamped by hand
}

// Applicable is the number of steps that count so far.
func (s Score) Applicable() int { return s.Satisfied + s.Missed }

// Percent is the score in whole percent, rounded down; 100 when nothing counts yet.
func (s Score) Percent() int {
	if s.Applicable() == 0 {
		return 100
	}
	return s.Satisfied * 100 / s.Applicable()
}

// score looks at every cell of the run. A step is missed when the run went on to a later
// stage without it, when it is overdue, or when the run ended in its stage.
func (sh *sheet) score() Score {
	var sum Score
	reached := sh.reached()
	for _, s := range sh.t.steps {
		if !s.required() {
			continue
		}
		for _, c := range sh.cells(s) {
			m := sh.marks[c]
			switch {
			case m.State == store.StampNotApplicable:
			case m.State == store.StampSkipped:
				sum.Missed++
			case sh.satisfied(s, c):
				sum.Satisfied++
				if m.State == store.StampManual {
					sum.Manual++
				}
				if late(m) {
					sum.Late++
				}
			case sh.overdue(c):
				sum.Missed++
			case sh.waiting(c) || s.stage > reached || s.stage == reached && !sh.ended:
				sum.Pending++
			default:
				sum.Missed++
			}
		}
	}
	return sum
}

// reached is the index of the furthest stage in which something was done.
func (sh *sheet) reached() int {
	furthest := 0
	for _, s := range sh.t.steps {
		for _, c := range sh.cells(s) {
			if m := sh.marks[c]; s.stage > furthest && (m.State == store.StampDone || m.State == store.StampManual) {
				furthest = s.stage
			}
		}
	}
	return furthest
}

// waiting says that the clock of the cell runs and is not over.
func (sh *sheet) waiting(c cell) bool {
	m := sh.marks[c]
	return m.State == store.StampOpen && !m.DueAt.IsZero() && !m.DueAt.Before(sh.now)
}

// overdue says that the clock of the cell ran out before it was done.
func (sh *sheet) overdue(c cell) bool {
	m := sh.marks[c]
	return m.State == store.StampOpen && !m.DueAt.IsZero() && m.DueAt.Before(sh.now)
}

// late says that the step was done after its limit.
func late(m mark) bool { return !m.DueAt.IsZero() && m.DoneAt.After(m.DueAt) }
