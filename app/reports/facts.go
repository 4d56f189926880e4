package reports

import (
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
)

// customisedPercent is customization_max_ratio of sop.md: a price further from the list than
// this counts as customised.
const customisedPercent = 10

// adult is the age from which no guardian has to consent (REG-CON-04).
const adult = 18

// subject is what the facts of one visit begin with.
type subject struct {
	visit   term.VisitID
	client  term.ClientID
	booked  bool
	arrived term.Instant
}

// factsOf reads the facts of many visits with a fixed number of queries. It says the same as
// the facts that the SOP engine asks for one visit at a time; a test holds the two together.
func factsOf(r *store.Read, list []subject) (map[term.VisitID]sop.Facts, error) {
	visits, clients := make([]term.VisitID, len(list)), make([]term.ClientID, len(list))
	for i, s := range list {
		visits[i], clients[i] = s.visit, s.client
	}
	born, err := r.Birthdays(clients)
	if err != nil {
		return nil, err
	}
	recording, err := r.ConsentedTo(term.ForRecording, clients)
	if err != nil {
		return nil, err
	}
	facts := make(map[term.VisitID]sop.Facts, len(list))
	for _, s := range list {
		var f sop.Facts
		if s.booked {
			f.Tags = append(f.Tags, "booked")
		}
		if day := born[s.client]; day != "" && day.Age(s.arrived.Day(r.Zone())) < adult {
			f.Tags = append(f.Tags, "minor")
		}
		if recording[s.client] {
			f.Tags = append(f.Tags, "recording")
		}
		facts[s.visit] = f
	}
	if err := addPlanned(r, visits, facts); err != nil {
		return nil, err
	}
	return facts, addTreated(r, visits, facts)
}

func addPlanned(r *store.Read, visits []term.VisitID, facts map[term.VisitID]sop.Facts) error {
	lines, err := r.PlannedLines(visits)
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

func addTreated(r *store.Read, visits []term.VisitID, facts map[term.VisitID]sop.Facts) error {
	rows, err := r.TreatmentRows(visits)
	for _, t := range rows {
		if t.State == term.TreatmentCancelled {
			continue
		}
		x := sop.Treated{ID: t.ID, Kind: t.ItemKind, Depth: depthOf(t.ItemDepth), Tier: t.ItemTier}
		if t.State == term.TreatmentStopped {
			x.Tags = append(x.Tags, "abnormal")
		}
		if t.Flagged {
			x.Tags = append(x.Tags, "red_flag")
		}
		f := facts[t.Visit]
		f.Treatments = append(f.Treatments, x)
		facts[t.Visit] = f
	}
	return err
}

// depthOf turns the catalogue's check depth (L1, L2, L3) into the engine's number.
func depthOf(depth string) int {
	switch depth {
	case "L3":
		return 3
	case "L2":
		return 2
	}
	return 1
}

// surveyed reads how the visits that arrived in a span kept to the SOP.
func (o *Office) surveyed(r *store.Read, span span) (map[term.VisitID]sop.Survey, []store.Visit, error) {
	visits, err := r.VisitsBetween(span.from, span.to, mostVisits)
	if err != nil {
		return nil, nil, err
	}
	list, ids := make([]subject, len(visits)), make([]term.VisitID, len(visits))
	for i, v := range visits {
		list[i], ids[i] = subject{v.ID, v.Client, v.Appointment != 0, v.ArrivedAt}, v.ID
	}
	facts, err := factsOf(r, list)
	if err != nil {
		return nil, nil, err
	}
	surveys, err := o.SOP.Surveys(r, ids, facts, "zh")
	return surveys, visits, err
}
