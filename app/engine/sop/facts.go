package sop

import (
	"slices"

	"meixu/store/term"
)

// Subject is what a step is done for: a visit, or one treatment of it.
type Subject struct {
	Visit     term.VisitID
	Treatment term.TreatmentID // 0: the visit as a whole
}

// Facts decide which steps apply. Rooms deliver them; the template turns the kinds of the
// planned items into tags, check depth and risk tier.
type Facts struct {
	// Tags hold for the visit: booked, inquiry, minor, offlabel, customised, simulation,
	// recording, red_flag.
	Tags []string
	// Kinds are the kinds of the items that the client agreed to (procedures.csv "kind").
	// Refused and void items are left out; any kind at all sets the tag "planned".
	Kinds []string
	// Treatments are those of the visit that were not cancelled.
	Treatments []Treated
}

// Treated is one treatment of the visit.
type Treated struct {
	ID    term.TreatmentID
	Kind  string   // procedures.csv "kind"
	Tags  []string // beyond those of the kind: skin_test, local_anaesthesia, abnormal …
	Depth int      // above that of the kind, from the catalogue; 0 keeps it
	Tier  int
}

// traits are what conditions look at.
type traits struct {
	tags        []string
	depth, tier int
}

func (a traits) and(b traits) traits {
	return traits{append(slices.Clone(a.tags), b.tags...), max(a.depth, b.depth), max(a.tier, b.tier)}
}

func (t *Template) ofKind(kind string) traits {
	k := t.Kinds[kind]
	return traits{k.Tags, k.Depth, k.Tier}
}

func (t *Template) ofTreatment(x Treated) traits {
	return t.ofKind(x.Kind).and(traits{x.Tags, x.Depth, x.Tier})
}

// ofVisit is the union over all planned items and treatments.
func (t *Template) ofVisit(f Facts) traits {
	all := traits{tags: slices.Clone(f.Tags)}
	for _, kind := range f.Kinds {
		all = all.and(t.ofKind(kind))
	}
	for _, x := range f.Treatments {
		all = all.and(t.ofTreatment(x))
	}
	if len(f.Kinds) > 0 || len(f.Treatments) > 0 {
		all.tags = append(all.tags, "planned")
	}
	return all
}

func (c Condition) met(have traits) bool {
	if have.depth < c.Depth || have.tier < c.Tier {
		return false
	}
	return len(c.Tags) == 0 || slices.ContainsFunc(c.Tags, func(tag string) bool {
		return slices.Contains(have.tags, tag)
	})
}

func (s *Step) applies(have traits) bool {
	return len(s.Applies) == 0 || slices.ContainsFunc(s.Applies, func(c Condition) bool { return c.met(have) })
}

// cells lists the subjects for which the step applies: the visit, the one treatment asked
// for, or every treatment of the visit.
func (t *Template) cells(s *Step, on Subject, f Facts) []cell {
	switch {
	case s.Scope == OfVisit && s.applies(t.ofVisit(f)):
		return []cell{{s.ID, 0}}
	case s.Scope != OfTreatment:
		return nil
	}
	var list []cell
	known := false
	for _, x := range f.Treatments {
		known = known || x.ID == on.Treatment
		if (on.Treatment == 0 || on.Treatment == x.ID) && s.applies(t.ofTreatment(x)) {
			list = append(list, cell{s.ID, x.ID})
		}
	}
	if on.Treatment != 0 && !known && s.applies(traits{}) {
		list = append(list, cell{s.ID, on.Treatment})
	}
	return list
}

// cell is one box to stamp: a step of the visit (treatment 0) or of one treatment.
type cell struct {
	step      string
	treatment term.TreatmentID
}
