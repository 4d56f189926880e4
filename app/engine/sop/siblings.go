package sop

import (
	"strings"

	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// lacks are the hard steps of a stage that lack their evidence, by treatment (0: the visit).
func (sh *sheet) lacks(i int) map[term.TreatmentID]int {
	open := map[term.TreatmentID]int{}
	for _, s := range sh.t.steps {
		if s.stage != i || s.Gate != Hard {
			continue
		}
		for _, c := range sh.cells(s) {
			if !sh.satisfied(s, c) {
				open[c.treatment]++
			}
		}
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
