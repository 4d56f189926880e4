package sop

import (
	"iter"
	"strings"

	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// lacks are the hard steps of a stage that lack their evidence, by treatment (0: the visit).
func (sh *sheet) lacks(i int) map[term.TreatmentID]int {
	open := map[term.TreatmentID]int{}
	for _, c := range sh.open(i) {
		open[c.treatment]++
	}
	return open
}

// leftBehind says that something of a stage was passed over: by the visit, or by a treatment
// that is past the stage itself. A treatment that has not come so far blocks nothing.
func (sh *sheet) leftBehind(i int) bool {
	for id := range sh.lacks(i) {
		if id == 0 || sh.furthest(id) > i {
			return true
		}
	}
	return false
}

// furthest is the index of the furthest stage in which something was done for a treatment.
func (sh *sheet) furthest(id term.TreatmentID) (at int) {
	for c, m := range sh.marks {
		s := sh.t.byID[c.step]
		if s != nil && c.treatment == id && (m.State == store.StampDone || m.State == store.StampManual) {
			at = max(at, s.stage)
		}
	}
	return at
}

// lackers names the items that lack something in a stage, where a visit has several.
func (sh *sheet) lackers(i int, lang words.Lang) string {
	if len(sh.facts.Treatments) < 2 {
		return ""
	}
	open := sh.lacks(i)
	var parts []string
	for _, x := range sh.facts.Treatments {
		if n := open[x.ID]; n > 0 && x.Name != "" {
			parts = append(parts, lang.T("sop.line.lacks", x.Name, n))
		}
	}
	return strings.Join(parts, " · ")
}

// open are the unmet cells of the hard steps of a stage.
func (sh *sheet) open(i int) iter.Seq2[*Step, cell] {
	return func(yield func(*Step, cell) bool) {
		for _, s := range sh.t.steps {
			if s.stage != i || s.Gate != Hard {
				continue
			}
			for _, c := range sh.cells(s) {
				if !sh.satisfied(s, c) && !yield(s, c) {
					return
				}
			}
		}
	}
}

// short says that something of the stage was done without a part that must be there.
func (sh *sheet) short(i int) bool {
	for _, c := range sh.open(i) {
		if sh.proofs[c].Short {
			return true
		}
	}
	return false
}

// why is the first reason for which a stage is red: what was done in part before what was not done.
func (sh *sheet) why(i int, lang words.Lang) (said string) {
	for s, c := range sh.open(i) {
		text := s.Title.In(lang)
		if p := sh.proofs[c]; p.Short {
			return text + lang.T("sop.line.why") + fault.Say(lang, p.Key, p.Args...)
		}
		if said == "" {
			said = text
		}
	}
	return said
}
