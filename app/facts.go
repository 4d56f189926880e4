package app

import (
	"errors"
	"slices"

	"meixu/app/engine/sop"
	"meixu/app/procedure"
	"meixu/store"
	"meixu/store/term"
)

// customised is the part of the catalogue price up to which a plan counts as standard
// (parameter customization_max_ratio of sop.md: 10 %).
const customisedPercent = 10

// visitFacts tells the SOP engine what a visit is about: which tags hold, what was agreed,
// which treatments there are. It stands here, where rooms meet, because it looks at all.
func visitFacts(r *store.Read, id term.VisitID) (sop.Facts, error) {
	v, err := r.Visit(id)
	if err != nil {
		return sop.Facts{}, err
	}
	var f sop.Facts
	if v.Appointment != 0 {
		f.Tags = append(f.Tags, "booked")
	}
	if _, err := r.LeadOfVisit(id); err == nil {
		f.Tags = append(f.Tags, "inquiry")
	} else if !errors.Is(err, store.ErrNotFound) {
		return f, err
	}
	c, err := r.Client(v.Client)
	if err != nil {
		return f, err
	}
	if c.Birth != "" && c.Birth.Age(v.ArrivedAt.Day(r.Zone())) < 18 {
		f.Tags = append(f.Tags, "minor")
	}
	consents, err := r.Consents(v.Client)
	if err != nil {
		return f, err
	}
	if _, ok := consents[term.ForRecording]; ok {
		f.Tags = append(f.Tags, "recording")
	}
	if err := plannedFacts(r, id, &f); err != nil {
		return f, err
	}
	return f, treatedFacts(r, v, &f)
}

// plannedFacts adds the kinds of the plan's lines and what is unusual about them.
func plannedFacts(r *store.Read, visit term.VisitID, f *sop.Facts) error {
	plan, err := r.PlanOf(visit)
	if errors.Is(err, store.ErrNotFound) || err == nil && plan.State == term.PlanRefused {
		return nil
	}
	if err != nil {
		return err
	}
	lines, err := r.PlanItems(plan.ID)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.State == "stopped" {
			continue
		}
		item, err := r.Item(l.Item)
		if err != nil {
			return err
		}
		f.Kinds = append(f.Kinds, item.Kind)
		if item.OffLabel {
			f.Tags = append(f.Tags, "offlabel")
		}
		if customised(l) {
			f.Tags = append(f.Tags, "customised")
		}
	}
	return nil
}

// customised says that the agreed price lies more than a tenth away from the list price.
func customised(l store.PlanItem) bool {
	away := int64(l.PriceFen - l.ListFen)
	if away < 0 {
		away = -away
	}
	return away*100 > int64(l.ListFen)*customisedPercent
}

// treatedFacts adds the treatments that were not cancelled, with the catalogue's check depth
// and risk tier.
func treatedFacts(r *store.Read, v store.Visit, f *sop.Facts) error {
	treatments, err := r.TreatmentsOf(v.ID)
	if err != nil {
		return err
	}
	events, err := r.EventsOf(v.Client, 50)
	if err != nil {
		return err
	}
	for _, t := range treatments {
		if t.State == term.TreatmentCancelled {
			continue
		}
		item, err := r.Item(t.Item)
		if err != nil {
			return err
		}
		x := sop.TreatedWith(t.ID, item)
		x.Tags = append(x.Tags, procedure.Tags(t, item)...)
		if lots, err := procedure.WantsLot(r, item); err != nil || !lots {
			if err != nil {
				return err
			}
			x.Tags = slices.DeleteFunc(x.Tags, func(tag string) bool { return tag == "product" })
		}
		if slices.ContainsFunc(events, func(e store.Event) bool { return e.Treatment == t.ID }) {
			x.Tags = append(x.Tags, "red_flag")
		}
		f.Treatments = append(f.Treatments, x)
	}
	return nil
}
