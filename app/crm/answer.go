package crm

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// SettingOpening says whether the five minutes of an inquiry that comes while the house is closed
// begin at the next opening ("yes", the usual) or at once ("no").
const SettingOpening = "lead.opening"

// clockFrom is when the five minutes begin of an inquiry that comes now (S1-01, row:A2).
func clockFrom(r *store.Read, now term.Instant) (term.Instant, error) {
	at := map[string]string{}
	for _, name := range []string{SettingOpening, "clinic.opens", "clinic.closes", "clinic.closed"} {
		text, err := r.Setting(name)
		if err != nil {
			return now, err
		}
		at[name] = text
	}
	if at[SettingOpening] == "no" {
		return now, nil
	}
	return opening(now, r.Zone(), hourOr(at["clinic.opens"], 9), hourOr(at["clinic.closes"], 20), at["clinic.closed"]), nil
}

func hourOr(text string, usual int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return usual
}

// opening is the moment itself while the house is open, else the next opening.
func opening(now term.Instant, zone *time.Location, opens, closes int, closed string) term.Instant {
	local := now.Time().In(zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	for range 60 {
		from, to := day.Add(time.Duration(opens)*time.Hour), day.Add(time.Duration(closes)*time.Hour)
		if !strings.Contains(closed, day.Format(time.DateOnly)) && local.Before(to) {
			if local.Before(from) {
				return term.At(from)
			}
			return now
		}
		day = day.AddDate(0, 0, 1)
	}
	return now
}

// proposed is who should take the next inquiry: of the consultants on shift who has the fewest
// today, then who had none for longest.
func proposed(r *store.Read, owners []store.Staff) (term.StaffID, error) {
	list, err := r.LeadLoads(r.Today().Start(r.Zone()))
	if err != nil {
		return 0, err
	}
	load := map[term.StaffID]store.LeadLoad{}
	for _, l := range list {
		load[l.Owner] = l
	}
	works, err := atWork(r)
	if err != nil {
		return 0, err
	}
	here := slices.DeleteFunc(slices.Clone(owners), func(s store.Staff) bool { return !s.Active || !works(s) })
	if len(here) == 0 {
		return 0, nil
	}
	return slices.MinFunc(here, func(a, b store.Staff) int {
		x, y := load[a.ID], load[b.ID]
		return cmp.Or(cmp.Compare(x.Count, y.Count), x.Last.Time().Compare(y.Last.Time()), cmp.Compare(a.ID, b.ID))
	}).ID, nil
}

// atWork says who works at this moment: by the roster where one is drawn for today (row:O10), else
// whoever is marked as on shift.
func atWork(r *store.Read) (func(store.Staff) bool, error) {
	today := r.Today()
	shifts, err := r.ShiftsBetween(today, today)
	if err != nil {
		return nil, err
	}
	if len(shifts) == 0 {
		return func(s store.Staff) bool { return s.OnShift }, nil
	}
	leaves, err := r.LeavesBetween(today, today)
	on, minute := map[term.StaffID]bool{}, int(r.Now().Sub(today.Start(r.Zone()))/time.Minute)
	for _, s := range shifts {
		on[s.Staff] = s.From <= minute && minute < s.To
	}
	for _, l := range leaves {
		if l.State == store.LeaveApproved {
			on[l.Staff] = false
		}
	}
	return func(s store.Staff) bool { return on[s.ID] }, err
}

// openLeads are the inquiries of a phone that want an answer or a visit still.
func openLeads(r *store.Read, phone string) ([]store.Lead, error) {
	list, err := r.LeadsByPhone(phone)
	return slices.DeleteFunc(list, func(l store.Lead) bool { return l.State != term.LeadOpen && l.State != term.LeadBooked }), err
}

// Answers are how soon the inquiries of a time were answered.
type Answers struct {
	All  AnswerRow
	Rows []AnswerRow // by who had to answer
	// Leads are the inquiries of Staff, or of everybody, newest first.
	Leads []LeadRow
}

// AnswerRow are the figures of one person.
type AnswerRow struct {
	Staff  term.StaffID // 0: nobody's
	Name   string
	Count  int // inquiries whose five minutes are over or that were answered
	Within int // answered within five minutes
	// Median and Spread (the standard deviation) are of those that were answered.
	Median, Spread time.Duration
	took           []time.Duration
}

// Percent is the share answered in time; false when there was none.
func (a AnswerRow) Percent() (int, bool) {
	if a.Count == 0 {
		return 0, false
	}
	return a.Within * 100 / a.Count, true
}

// leadsMost bounds the inquiries of one report.
const leadsMost = 5000

// Answers reckons how soon inquiries were answered between two days (both counted), by consultant.
func (b *Book) Answers(ctx context.Context, by access.Actor, from, to term.Day, staff term.StaffID) (out Answers, err error) {
	err = b.Read(ctx, by, access.LeadFigures, func(r *store.Read) error {
		leads, err := r.LeadsBetween(from.Start(r.Zone()), to.End(r.Zone()), leadsMost)
		if err != nil {
			return err
		}
		people, err := r.AllStaff()
		if err != nil {
			return err
		}
		names := map[term.StaffID]string{}
		for _, s := range people {
			names[s.ID] = s.Name
		}
		rows := map[term.StaffID]*AnswerRow{}
		for _, l := range leads {
			who := cmp.Or(l.Owner, l.FirstReplyBy)
			if rows[who] == nil {
				rows[who] = &AnswerRow{Staff: who, Name: names[who]}
			}
			rows[who].add(l, r.Now())
			out.All.add(l, r.Now())
			if staff == 0 || staff == who {
				l.Phone = term.MaskPhone(l.Phone)
				out.Leads = append(out.Leads, LeadRow{Lead: l, OwnerName: names[l.Owner], Replier: names[l.FirstReplyBy]})
			}
		}
		for _, row := range rows {
			row.reckon()
			out.Rows = append(out.Rows, *row)
		}
		out.All.reckon()
		slices.SortFunc(out.Rows, func(x, y AnswerRow) int { return cmp.Compare(x.Staff, y.Staff) })
		return nil
	})
	return out, err
}

// Took is how long the first answer took; before the clock began it took no time.
func (l LeadRow) Took() time.Duration { return max(0, l.FirstReplyAt.Sub(l.Start())) }

// add counts one inquiry: one that still has time and no answer does not count yet.
func (a *AnswerRow) add(l store.Lead, now term.Instant) {
	if l.FirstReplyAt.IsZero() {
		if now.Sub(l.Start()) > AnswerWithin {
			a.Count++
		}
		return
	}
	took := LeadRow{Lead: l}.Took()
	a.Count++
	a.took = append(a.took, took)
	if took <= AnswerWithin {
		a.Within++
	}
}

// reckon fills in median and standard deviation.
func (a *AnswerRow) reckon() {
	n := len(a.took)
	if n == 0 {
		return
	}
	slices.Sort(a.took)
	a.Median = (a.took[(n-1)/2] + a.took[n/2]) / 2
	sum, squares := 0.0, 0.0
	for _, t := range a.took {
		sum += t.Seconds()
	}
	for _, t := range a.took {
		squares += math.Pow(t.Seconds()-sum/float64(n), 2)
	}
	a.Spread = time.Duration(math.Sqrt(squares/float64(n)) * float64(time.Second)).Round(time.Second)
}
