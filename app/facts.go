package app

import (
	"slices"

	"meixu/app/engine/sop"
	"meixu/app/procedure"
	"meixu/store"
	"meixu/store/term"
)

const (
	// customisedPercent is the part of the catalogue price up to which a plan counts as standard
	// (parameter customization_max_ratio of sop.md: 10 %).
	customisedPercent = 10
	// adult is the age from which no guardian has to consent (REG-CON-04).
	adult = 18
)

// visitFacts tells the SOP engine what visits are about: which tags hold, what was agreed,
// which treatments there are. It stands here, where rooms meet, because it looks at all. It
// reads one visit or many with the same number of queries, so that a visit's page, the board
// and the owner's figures can never differ.
func visitFacts(r *store.Read, ids []term.VisitID) (map[term.VisitID]sop.Facts, error) {
	facts := make(map[term.VisitID]sop.Facts, len(ids))
	for _, add := range []func(*store.Read, []term.VisitID, map[term.VisitID]sop.Facts) error{
		personFacts, plannedFacts, treatedFacts,
	} {
		if err := add(r, ids, facts); err != nil {
			return nil, err
		}
	}
	return facts, nil
}

// personFacts adds how the visit came about and whose it is.
func personFacts(r *store.Read, ids []term.VisitID, facts map[term.VisitID]sop.Facts) error {
	visits, err := r.VisitsIn(ids)
	if err != nil {
		return err
	}
	led, err := r.LedTo(ids)
	if err != nil {
		return err
	}
	clients := make([]term.ClientID, 0, len(visits))
	for _, v := range visits {
		clients = append(clients, v.Client)
	}
	born, err := r.Birthdays(clients)
	if err != nil {
		return err
	}
	recording, err := r.ConsentedTo(term.ForRecording, clients)
	if err != nil {
		return err
	}
	for id, v := range visits {
		f := facts[id]
		day := born[v.Client]
		for _, fact := range []struct {
			holds bool
			tag   string
		}{
			{v.Appointment != 0, "booked"},
			{led[id], "inquiry"},
			{day != "" && day.Age(v.ArrivedAt.Day(r.Zone())) < adult, "minor"},
			{recording[v.Client], "recording"},
		} {
			if fact.holds {
				f.Tags = append(f.Tags, fact.tag)
			}
		}
		facts[id] = f
	}
	return nil
}

// plannedFacts adds the kinds of the plans' lines and what is unusual about them.
func plannedFacts(r *store.Read, ids []term.VisitID, facts map[term.VisitID]sop.Facts) error {
	lines, err := r.PlannedLines(ids)
	for _, l := range lines {
		f := facts[l.Visit]
		f.Kinds = append(f.Kinds, l.Kind)
		if l.OffLabel {
			f.Tags = append(f.Tags, "offlabel")
		}
		if customised(l.ListFen, l.PriceFen) {
			f.Tags = append(f.Tags, "customised")
		}
		facts[l.Visit] = f
	}
	return err
}

// customised says that the agreed price lies more than a tenth away from the list price.
func customised(list, agreed term.Fen) bool {
	away := agreed - list
	if away < 0 {
		away = -away
	}
	return away*100 > list*customisedPercent
}

// treatedFacts adds the treatments that were not cancelled, with the catalogue's check depth
// and risk tier.
func treatedFacts(r *store.Read, ids []term.VisitID, facts map[term.VisitID]sop.Facts) error {
	rows, err := r.TreatmentRows(ids)
	if err != nil {
		return err
	}
	wanted := make([]term.ItemID, len(rows))
	for i, t := range rows {
		wanted[i] = t.Item
	}
	items, err := r.ItemsIn(wanted)
	if err != nil {
		return err
	}
	lots := map[term.ItemID]bool{}
	for id, item := range items {
		if lots[id], err = procedure.WantsLot(r, item); err != nil {
			return err
		}
	}
	for _, t := range rows {
		if t.State == term.TreatmentCancelled {
			continue
		}
		f := facts[t.Visit]
		f.Treatments = append(f.Treatments, treated(t, items[t.Item], lots[t.Item]))
		facts[t.Visit] = f
	}
	return nil
}

// treated is one treatment as the SOP sees it; lots says that its item uses tracked lots.
func treated(t store.TreatmentRow, item store.Item, lots bool) sop.Treated {
	x := sop.TreatedWith(t.ID, item)
	x.Tags = append(x.Tags, procedure.Tags(t.State, item)...)
	if !lots {
		x.Tags = slices.DeleteFunc(x.Tags, func(tag string) bool { return tag == "product" })
	}
	if t.Flagged {
		x.Tags = append(x.Tags, "red_flag")
	}
	return x
}
