package people

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// PaperLine is one paper to be read.
type PaperLine struct {
	store.Licence
	Who     string // its holder
	State   Paper
	Days    int    // until it ends; 0 without an end
	Checker string // who compared it with the original
	Author  string // who entered it
	Own     bool   // the reader entered it or holds it, and cannot check it
}

// Person is a line of the house: who it is and how the papers stand.
type Person struct {
	Staff  store.Staff
	Papers []PaperLine
	Rights map[string]store.StaffRight
	// Medical says that the person holds any medical paper.
	Medical bool
}

// View is the page of papers and rights.
type View struct {
	People   []Person
	Papers   []PaperLine // all papers, those that end first
	Kinds    []string    // kinds of item, the columns of the matrix
	Expiring int
	Bad      int // expired, suspended or elsewhere
	Waiting  int // not checked yet
}

// Medical lists the people with medical papers, the rows of the matrix.
func (v View) Medical() []Person {
	return slices.DeleteFunc(slices.Clone(v.People), func(p Person) bool { return !p.Medical })
}

// Look reads papers and rights of the whole house.
func (o *Office) Look(ctx context.Context, by access.Actor) (v View, err error) {
	err = o.Read(ctx, by, access.PeopleView, func(r *store.Read) error {
		v, err = look(r, by)
		return err
	})
	return v, err
}

func look(r *store.Read, by access.Actor) (v View, err error) {
	if v.Kinds, err = kindsOf(r); err != nil {
		return v, err
	}
	staff, err := r.AllStaff()
	if err != nil {
		return v, err
	}
	names := map[term.StaffID]string{}
	for _, s := range staff {
		names[s.ID] = s.Name
	}
	papers, err := r.AllLicences(2000)
	if err != nil {
		return v, err
	}
	ids := make([]int64, len(papers))
	for i, l := range papers {
		ids[i] = l.ID
	}
	authors, err := r.AuthorsOf("licences", ids)
	if err != nil {
		return v, err
	}
	byStaff := map[term.StaffID][]PaperLine{}
	for _, l := range papers {
		line := lineOf(r, l, names)
		line.Author, line.Own = names[authors[l.ID]], by.Staff == authors[l.ID] || by.Staff == l.Staff
		v.Papers = append(v.Papers, line)
		byStaff[l.Staff] = append(byStaff[l.Staff], line)
		v.tally(line.State)
	}
	for _, s := range staff {
		if !s.Active {
			continue
		}
		p := Person{Staff: s, Papers: byStaff[s.ID]}
		if p.Rights, err = r.StaffRights(s.ID); err != nil {
			return v, err
		}
		p.Medical = slices.ContainsFunc(p.Papers, func(l PaperLine) bool { return l.Kind != PaperOther && l.Kind != PaperLead })
		v.People = append(v.People, p)
	}
	return v, nil
}

func (v *View) tally(state Paper) {
	switch state {
	case PaperEnding:
		v.Expiring++
	case PaperUnchecked:
		v.Waiting++
	case PaperGone, PaperSuspended, PaperAbroad:
		v.Bad++
	case PaperGood: // needs nobody
	}
}

func lineOf(r *store.Read, l store.Licence, names map[term.StaffID]string) PaperLine {
	line := PaperLine{Licence: l, Who: names[l.Staff], State: stateOf(l, r.Today()), Checker: names[l.CheckedBy]}
	if l.ValidUntil != "" {
		line.Days = int(l.ValidUntil.Start(r.Zone()).Sub(r.Today().Start(r.Zone())).Hours() / 24)
	}
	return line
}

// Verdicts lists, for one item of the catalogue, who may perform it and why others may not.
func (o *Office) Verdicts(ctx context.Context, by access.Actor, item term.ItemID) (list []Operator, chosen store.Item, err error) {
	err = o.Read(ctx, by, access.PeopleView, func(r *store.Read) error {
		if chosen, err = r.Item(item); err != nil {
			return none(err, "item")
		}
		list, err = Operators(r, chosen)
		return err
	})
	return list, chosen, err
}

// Items lists the catalogue for the choice of an item.
func (o *Office) Items(ctx context.Context, by access.Actor) (list []store.Item, err error) {
	err = o.Read(ctx, by, access.PeopleView, func(r *store.Read) (err error) {
		list, err = r.Items(true)
		return err
	})
	return list, err
}
