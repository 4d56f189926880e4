package form

import (
	"maps"
	"slices"
)

// Two people fill one form (row:U3). What the second typed is laid over what the first saved
// meanwhile: a question that only one of them answered keeps that answer, and where both answered
// otherwise the page offers both, so that nothing is overwritten unread.

// Theirs is the answer that somebody else saved meanwhile, beside what was typed.
type Theirs struct {
	Field           // as it is read
	Posted []Posted // as it is posted when it is taken
}

// Posted is one name and value of a post.
type Posted struct{ Name, Value string }

// Merged is what was typed over a filling that stands otherwise by now: facts and questions that
// were not answered come from what stands, and no picture of either is lost.
func (t Template) Merged(typed, stands Answers) Answers {
	all := maps.Clone(typed)
	for link, answer := range stands {
		if all[link].Empty() || link[0] == '$' {
			all[link] = answer
		}
	}
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if it.Type != Photo {
				continue
			}
			both := all[it.LinkID]
			for _, id := range stands[it.LinkID].Values {
				if !slices.Contains(both.Values, id) {
					both.Values = append(slices.Clone(both.Values), id)
				}
			}
			all[it.LinkID] = both
		}
	}
	return all
}

// theirs is what somebody else saved on the question, nil when it is the same, or when the reader
// may not see it.
func (f Field) theirs(it Item, mine Answer, o Options) *Theirs {
	if o.Stands == nil || f.Masked || it.Type == Photo || it.SumOf != "" {
		return nil
	}
	stands := (*o.Stands)[it.LinkID]
	if stands.Empty() || same(mine, stands) {
		return nil
	}
	o.Faults = nil
	x := &Theirs{Field: newField(it, stands, o)}
	for _, v := range stands.Values {
		x.Posted = append(x.Posted, Posted{f.Name, v})
	}
	if stands.Detail != "" {
		x.Posted = append(x.Posted, Posted{f.Name + ".detail", stands.Detail})
	}
	for i, row := range stands.Rows {
		for _, column := range slices.Sorted(maps.Keys(row)) {
			x.Posted = append(x.Posted, Posted{CellName(it.LinkID, i, column), row[column]})
		}
	}
	return x
}
