package sop

import (
	"slices"

	"meixu/store"
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
	// Tags hold for the visit: booked, inquiry, minor, customised, simulation, recording,
	// and the ItemTags of the planned items.
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
	Name  string   // of the item, to be named among several
	Kind  string   // procedures.csv "kind"
	Tags  []string // beyond those of the kind: sided, observation, skin_test, abnormal …
	Depth int      // check depth of the item, 1 … 3; 0: that of the kind
	Tier  int      // risk tier of the item, 1 … 5; 0: that of the kind
}

// TreatedWith is a treatment with an item of the catalogue: what the item says stands
// above what its kind says.
func TreatedWith(id term.TreatmentID, item store.Item) Treated {
	return Treated{
		ID: id, Name: item.Name, Kind: item.Kind, Depth: depthOf(item.Depth), Tier: item.RiskTier, Tags: ItemTags(item),
	}
}

// ItemTags are the tags that an item has beside those of its kind.
func ItemTags(item store.Item) (tags []string) {
	for tag, has := range map[string]bool{
		"sided": item.SideMark, "observation": item.ObserveMinutes > 0, "offlabel": item.OffLabel,
		"device": item.DeviceKind != "", "product": len(item.ProductKinds) > 0,
	} {
		if has {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return tags
}

// depthOf reads L1, L2, L3; 0 for anything else.
func depthOf(text string) int { return max(slices.Index([]string{"", "L1", "L2", "L3"}, text), 0) }

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
	have := t.ofKind(x.Kind).and(traits{tags: x.Tags})
	if x.Depth > 0 {
		have.depth = x.Depth
	}
	if x.Tier > 0 {
		have.tier = x.Tier
	}
	return have
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

// allCells lists the cells of every step for all treatments, by the index of the step.
func (t *Template) allCells(f Facts) [][]cell {
	visit, each := t.ofVisit(f), make([]traits, len(f.Treatments))
	for i, x := range f.Treatments {
		each[i] = t.ofTreatment(x)
	}
	list := make([][]cell, len(t.steps))
	for i, s := range t.steps {
		switch {
		case s.Scope == OfVisit && s.applies(visit):
			list[i] = []cell{{s.ID, 0}}
		case s.Scope == OfTreatment:
			for n, x := range f.Treatments {
				if s.applies(each[n]) {
					list[i] = append(list[i], cell{s.ID, x.ID})
				}
			}
		}
	}
	return list
}

// cell is one box to stamp: a step of the visit (treatment 0) or of one treatment.
type cell struct {
	step      string
	treatment term.TreatmentID
}
