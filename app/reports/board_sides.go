package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/store"
	"meixu/store/term"
)

// followupsShown bounds the calls that the board names.
const followupsShown = 60

// boardSides is what the board shows beside the visits, and who may see it (row:B1).
var boardSides = []struct {
	may  access.Permission
	read sectionOf
}{
	{access.PriceSecond, pricesOf},
	{access.LeadView, unansweredOf},
	{access.AftercareView, callsOf},
	{access.ClientFind, birthdaysOf},
	{access.OrderView, debtsOf},
	{access.StockView, lowOf},
	{access.StockView, endingOf},
}

func (o *Office) sides(r *store.Read, f *boardFacts) (list []Section, err error) {
	for _, side := range boardSides {
		if !f.by.May(side.may) {
			continue
		}
		s, err := side.read(o, r, f)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// unansweredOf are the inquiries that nobody answered yet, the most urgent first, each with whose it
// is. The first page, the board and the desk show the same ones.
func unansweredOf(_ *Office, r *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.leads", Empty: "reports.home.leads.none", Icon: "phone-incoming", More: []string{"/reception/leads"}}
	leads, err := r.OpenLeads(leadsLooked)
	if err != nil {
		return s, err
	}
	leads = waitingLeads(leads)
	names, err := r.StaffNames()
	for _, l := range leads[:min(len(leads), homeRows)] {
		row := HomeRow{
			Title: f.shown(l.Name), Sub: names[l.Owner], Note: "term.channel." + l.Channel, Paths: []string{"/reception/leads"},
			Due: l.Start().Add(answerLimit),
		}
		if f.mayName && l.Phone != "" {
			row.Sub = strings.TrimSpace(term.MaskPhone(l.Phone) + " " + row.Sub)
		}
		if row.Due.Before(f.now) {
			row.Note, row.Tone = "floor.lead.late", "red"
		}
		s.Rows = append(s.Rows, row)
	}
	return s, err
}

// leadsLooked is how many open inquiries are looked at for those without an answer.
const leadsLooked = 500

// waitingLeads are those that nobody answered, in the order in which their clock ends; of what came
// before the opening it begins with the opening.
func waitingLeads(leads []store.Lead) []store.Lead {
	leads = slices.DeleteFunc(leads, func(l store.Lead) bool { return !l.FirstReplyAt.IsZero() })
	slices.SortStableFunc(leads, func(a, b store.Lead) int { return cmp.Compare(a.Start().String(), b.Start().String()) })
	return leads
}

// callsOf are the follow-up calls that are due until tonight.
func callsOf(_ *Office, r *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "floor.side.calls", Empty: "floor.side.calls.none", Icon: "heart-handshake", More: []string{"/aftercare"}}
	list, err := r.TasksDue(task.Followup, f.now.Add(-365*24*time.Hour), r.Today().End(r.Zone()), followupsShown)
	if err != nil {
		return s, err
	}
	people, err := peopleOf(r, list, func(t store.Task) term.ClientID { return t.Client })
	for _, t := range list {
		s.Rows = append(s.Rows, HomeRow{
			Title: f.shown(people[t.Client].Name), Sub: task.Title(t, f.by.Lang), Due: t.DueAt, Paths: []string{fmt.Sprintf("/aftercare/%d", t.ID), "/aftercare"},
		})
	}
	return s, err
}

// shown is a name as the reader may see it.
func (f *boardFacts) shown(name string) string {
	if f.mayName || name == "" {
		return name
	}
	return term.MaskName(name)
}

// today are the clients of the day: in the house, or still expected.
func (f *boardFacts) today() (ids []term.ClientID) {
	for _, v := range f.visits {
		ids = append(ids, v.Client)
	}
	for _, c := range f.coming {
		if c.Client != 0 && !slices.Contains(ids, c.Client) {
			ids = append(ids, c.Client)
		}
	}
	return ids
}

// birthdaysOf are those of today's clients who have their birthday today.
func birthdaysOf(_ *Office, r *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "floor.side.birthdays", Empty: "floor.side.birthdays.none", Icon: "mood-happy"}
	today := r.Today()
	for _, id := range f.today() {
		if c := f.clients[id]; len(c.Birth) == len(today) && c.Birth[4:] == today[4:] {
			s.Rows = append(s.Rows, HomeRow{Title: f.shown(c.Name), Sub: c.Number, Paths: []string{fmt.Sprintf("/client/%d", id)}})
		}
	}
	return s, nil
}

// debtsOf are those of today's clients who owe something.
func debtsOf(_ *Office, _ *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "floor.side.debts", Empty: "floor.side.debts.none", Icon: "receipt-yuan", More: []string{"/till"}}
	for _, id := range f.today() {
		if c := f.clients[id]; f.debtors[id] {
			s.Rows = append(s.Rows, HomeRow{Title: f.shown(c.Name), Sub: c.Number, Note: "floor.side.debts.mark", Tone: "warn", Paths: []string{fmt.Sprintf("/client/%d", id)}})
		}
	}
	return s, nil
}
