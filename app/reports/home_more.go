package reports

import (
	"cmp"
	"fmt"
	"slices"

	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

func ordersOf(_ *Office, r *store.Read, _ *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.orders", Empty: "reports.home.orders.none", Icon: "receipt-yuan", More: []string{"/till"}}
	rows, err := r.DueRows(homeRows)
	if err != nil {
		return s, err
	}
	people, err := peopleOf(r, rows, func(d store.DueRow) term.ClientID { return d.Client })
	for _, d := range rows {
		s.Rows = append(s.Rows, HomeRow{
			Title: people[d.Client].Name + " " + d.DueFen.String(), Sub: d.Number, Since: d.At, Limit: Limit(term.AtTill),
			Paths: []string{fmt.Sprintf("/till/%d", d.Order), fmt.Sprintf("/visit/%d", d.Visit)},
		})
	}
	return s, err
}

func lowOf(_ *Office, r *store.Read, _ *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.low", Empty: "reports.home.low.none", Icon: "packages", More: []string{"/stock"}}
	rows, err := r.LowStock(homeRows)
	for _, p := range rows {
		s.Rows = append(s.Rows, HomeRow{
			Title: p.Product, Sub: p.Left.String() + " / " + p.Low.String() + " " + p.Unit, Note: "reports.home.low.mark", Tone: "warn",
			Paths: []string{"/stock"},
		})
	}
	return s, err
}

func endingOf(_ *Office, r *store.Read, _ *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.ending", Empty: "reports.home.ending.none", Icon: "calendar-x", More: []string{"/stock"}}
	today := r.Today()
	rows, err := r.EndingLots(today.Add(endingDays), homeRows)
	for _, l := range rows {
		row := HomeRow{
			Title: l.Product, Sub: l.Lot + " · " + l.Left.String() + " " + l.Unit + " · " + string(l.ExpiresOn),
			Note: "reports.home.ending.mark", Tone: "warn", Paths: []string{"/stock"},
		}
		if l.ExpiresOn.Before(today) {
			row.Note, row.Tone = "reports.home.ended.mark", "danger"
		}
		s.Rows = append(s.Rows, row)
	}
	return s, err
}

// customPercent is how far a price may lie from the list without approval, as the consultation has it (S2-12).
const customPercent = 10

// pricesOf are prices that wait for the manager's or the owner's word (row:E2), given on the row itself:
// the owner opens no clinical page.
func pricesOf(_ *Office, r *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.prices", Empty: "reports.home.prices.none", Icon: "receipt-yuan", More: []string{"/consultation/plans", "/catalog"}}
	rows, err := r.UnusualPrices(customPercent, homeRows)
	if err != nil {
		return s, err
	}
	people, err := peopleOf(r, rows, func(p store.PriceRow) term.ClientID { return p.Client })
	if err != nil {
		return s, err
	}
	for _, p := range rows {
		s.Rows = append(s.Rows, HomeRow{
			Title: f.shown(people[p.Client].Name) + " " + p.Price.String() + fmt.Sprintf(" × %d", p.Sessions), Sub: words.Text{ZH: p.Item, EN: p.ItemEN}.In(f.by.Lang) + " " + p.Low.String() + " – " + p.High.String(),
			Note: "reports.home.prices.mark", Tone: "warn", Since: p.At,
			Paths: []string{fmt.Sprintf("/plan/%d#line-%d", p.Plan, p.Line), fmt.Sprintf("/visit/%d", p.Visit)},
			Agree: fmt.Sprintf("/plan/%d/line/%d/agree", p.Plan, p.Line), Version: p.Version,
		})
	}
	return s, nil
}

// sampleOf is what quality reads: the visits of the last days that kept to the SOP least.
func sampleOf(o *Office, r *store.Read, _ *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.sample", Empty: "reports.home.sample.none", Icon: "rosette-discount-check", More: []string{"/owner/sop"}}
	surveys, visits, err := o.surveyed(r, lastDays(r))
	if err != nil {
		return s, err
	}
	slices.SortStableFunc(visits, func(a, b store.Visit) int {
		return cmp.Compare(surveys[a.ID].Score.Percent(), surveys[b.ID].Score.Percent())
	})
	for _, v := range visits[:min(len(visits), homeRows)] {
		score := surveys[v.ID].Score
		s.Rows = append(s.Rows, HomeRow{
			Title: v.Number, Sub: fmt.Sprintf("%d %%", score.Percent()), Note: v.State.Key(), Tone: toneOf(score.Percent()),
			Paths: []string{fmt.Sprintf("/visit/%d", v.ID)},
		})
	}
	return s, nil
}

// toneOf is the colour of a rate in percent.
func toneOf(percent int) string {
	switch {
	case percent >= 90:
		return "good"
	case percent >= 70:
		return "warn"
	}
	return "danger"
}
