package reports

import (
	"context"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/keeping"
	"meixu/store"
	"meixu/store/term"
)

// week is how many days the rates of the first page look back over.
const week = 7

// followupStep is the step whose clock is the 48-hour rule.
const followupStep = "S6-03"

// Rate is a part of a whole.
type Rate struct{ Part, Whole int }

// Percent is the rate in percent; ok is false when nothing counts yet.
func (r Rate) Percent() (n int, ok bool) { return percent(r.Part, r.Whole) }

// Figures are the numbers of the owner's first page, all from stamps and ledgers.
type Figures struct {
	At        term.Instant
	Answered  Rate // inquiries of 7 days: answered within 5 minutes ÷ answered or over
	FollowUp  Rate // 48-hour follow-ups due in 7 days: done in time ÷ due
	Today     Rate // SOP of today's visits: steps kept ÷ steps that apply
	Week      Rate // the same of 7 days
	Trend     []float64
	Money     []DayMoney
	Total     [3]term.Fen // today, yesterday, the same day last week
	Visits    Rate        // visits of today: still open, all
	Yesterday int         // visits of yesterday
	Alerts    int
	Waiting   int // median minutes from arrival to the first call, today
	Waited    int // visits called today
	Stars     Rate
	Again     Rate // of 30 days: who was asked again what was told already ÷ who said (row:C8)
	NPS       Rate // promoters less critics, all who said
	LastGood  term.Instant
	LastDrill term.Instant
	Late      bool // the last good backup is too old
	DrillLate bool // the last good drill is too old
	Record    keeping.Record
	LongLog   keeping.LongLog
	Sheet     keeping.Sheet
}

// DayMoney is one way of paying on the three days that are compared, in fen.
type DayMoney struct {
	Method term.PayMethod
	Net    [3]term.Fen
}

// Figures reads the owner's first page.
func (o *Office) Figures(ctx context.Context, by access.Actor) (f Figures, err error) {
	err = o.Read(ctx, by, access.FiguresView, func(r *store.Read) error {
		f.At = r.Now()
		for _, read := range []func(*store.Read) error{f.inquiries, f.followups, f.money, f.people} {
			if err := read(r); err != nil {
				return err
			}
		}
		return o.conformance(r, &f)
	})
	if err != nil {
		return f, err
	}
	f.LastGood, err = o.Keeper.LastBackup(ctx)
	if err != nil {
		return f, err
	}
	f.LastDrill, err = o.Keeper.LastDrill(ctx)
	f.Late, f.DrillLate = keeping.Late(f.LastGood, f.At), keeping.Late(f.LastDrill, f.At)
	if err != nil {
		return f, err
	}
	f.LongLog = o.Keeper.LongLog()
	if f.Sheet, err = o.Keeper.Sheet(ctx); err != nil {
		return f, err
	}
	f.Record, err = o.Keeper.Record(ctx)
	return f, err
}

// lastDays are today and the six days before.
func lastDays(r *store.Read) span {
	return span{r.Today().Add(1 - week).Start(r.Zone()), r.Today().End(r.Zone())}
}

func (f *Figures) inquiries(r *store.Read) error {
	leads, err := r.LeadsSince(lastDays(r).from, mostVisits)
	for _, l := range leads {
		due, kept := answered(l, f.At)
		if due {
			f.Answered.Whole++
		}
		if kept {
			f.Answered.Part++
		}
	}
	return err
}

func (f *Figures) followups(r *store.Read) error {
	s := lastDays(r)
	stamps, err := r.SOPDue(followupStep, s.from, r.Now(), mostVisits)
	for _, stamp := range stamps {
		f.FollowUp.Whole++
		if keptLimit(stamp) {
			f.FollowUp.Part++
		}
	}
	return err
}

// compared are today, yesterday and the same day last week.
func compared(today term.Day) [3]term.Day {
	return [3]term.Day{today, today.Add(-1), today.Add(-week)}
}

func (f *Figures) money(r *store.Read) error {
	days := compared(r.Today())
	rows, err := r.MoneyOn(days[:]...)
	if err != nil {
		return err
	}
	for _, method := range []term.PayMethod{term.Cash, term.WeChat, term.Alipay, term.Card} {
		line := DayMoney{Method: method}
		for _, row := range rows {
			for i, day := range days {
				if row.Day == day && row.Method == method {
					line.Net[i] += row.Net
					f.Total[i] += row.Net
				}
			}
		}
		f.Money = append(f.Money, line)
	}
	return nil
}

// people counts visits, waiting times, ratings and open alerts.
func (f *Figures) people(r *store.Read) error {
	today := r.Today()
	waits, err := r.Waits(today.Start(r.Zone()), today.End(r.Zone()), mostVisits)
	if err != nil {
		return err
	}
	open, err := r.OpenVisits()
	if err != nil {
		return err
	}
	before, err := r.Waits(today.Add(-1).Start(r.Zone()), today.Start(r.Zone()), mostVisits)
	if err != nil {
		return err
	}
	f.Visits, f.Yesterday = Rate{len(open), len(waits)}, len(before)
	minutes := waited(waits)
	f.Waited = len(minutes)
	f.Waiting, _ = median(minutes)
	events, err := r.OpenEvents(500)
	if err != nil {
		return err
	}
	f.Alerts = len(events)
	ratings, err := r.RatingsBetween(r.Today().Add(-29).Start(r.Zone()), r.Now(), mostVisits)
	for _, x := range ratings {
		f.Stars = Rate{f.Stars.Part + x.Score, f.Stars.Whole + 1}
		f.Again.add(x.Again)
		f.NPS.Whole++
		switch {
		case x.Nps >= 9:
			f.NPS.Part++
		case x.Nps <= 6:
			f.NPS.Part--
		}
	}
	return err
}

// waited is the minutes of those who were called.
func waited(rows []store.WaitRow) (minutes []int) {
	for _, w := range rows {
		if !w.CalledAt.IsZero() {
			minutes = append(minutes, int(w.CalledAt.Sub(w.ArrivedAt).Minutes()))
		}
	}
	return minutes
}

// conformance sums up the scores of today and of the week, and draws the days as a line.
func (o *Office) conformance(r *store.Read, f *Figures) error {
	surveys, visits, err := o.surveyed(r, lastDays(r))
	if err != nil {
		return err
	}
	byDay := map[term.Day]*Rate{}
	for _, v := range visits {
		add(&f.Week, surveys[v.ID].Score)
		day := v.ArrivedAt.Day(r.Zone())
		if byDay[day] == nil {
			byDay[day] = &Rate{}
		}
		add(byDay[day], surveys[v.ID].Score)
	}
	for n := 1 - week; n <= 0; n++ {
		rate := byDay[r.Today().Add(n)]
		if rate == nil {
			continue
		}
		if p, ok := rate.Percent(); ok {
			f.Trend = append(f.Trend, float64(p))
		}
	}
	if today := byDay[r.Today()]; today != nil {
		f.Today = *today
	}
	return nil
}

func add(to *Rate, s sop.Score) {
	to.Part += s.Satisfied
	to.Whole += s.Applicable()
}
