// Package licence judges the papers of a profession: whether one is good today, and whether
// a person may act as medical staff at all (REG-STF-04, REG-STF-07). Rooms that ask for a
// second person and the people room, which keeps the papers, judge by the same rule.
package licence

import (
	"slices"

	"meixu/store"
	"meixu/store/term"
)

// Kinds of paper that make a person medical staff who may act alone.
const (
	Physician = "physician_practice"
	Nurse     = "nurse_practice"
)

// Flaws of a paper, in the order in which they are told.
const (
	Suspended = "suspended"
	Elsewhere = "place"
	Early     = "early"
	Expired   = "expired"
	Unchecked = "unchecked"
)

// Flaw is what is wrong with a paper today: "" when it is good.
func Flaw(l store.Licence, today term.Day) string {
	switch {
	case l.Suspended:
		return Suspended
	case !l.PlaceHere:
		return Elsewhere
	case today.Before(l.ValidFrom):
		return Early
	case l.ValidUntil.Before(today):
		return Expired
	case l.CheckedAt.IsZero():
		return Unchecked
	}
	return ""
}

// Practises says that the person works here and holds a physician's or nurse's paper that is
// good today.
func Practises(r *store.Read, who store.Staff) (bool, error) {
	if !who.Active {
		return false, nil
	}
	papers, err := r.Licences(who.ID)
	return slices.ContainsFunc(papers, func(l store.Licence) bool {
		return (l.Kind == Physician || l.Kind == Nurse) && Flaw(l, r.Today()) == ""
	}), err
}
