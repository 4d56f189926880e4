// Package spacing finds the earlier treatments of a client that a further one comes too soon
// after: laser after toxin on the same face, an injection after a peel (aftercare.md section
// 3). The plan and the last check before the treatment ask the same question. What it finds is
// soft: the physician may go on and writes why (S2-05, S4-05).
package spacing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// mark begins the code of a finding of this package; the earlier treatment's id follows, so
// that a word of the physician on one treatment does not count for another.
const mark = "spacing-"

// Next is the treatment that is to come.
type Next struct {
	Item      store.Item
	Area      string
	Line      term.PlanItemID  // sessions of one line keep the interval that was approved with it
	Treatment term.TreatmentID // 0 as long as it is only planned
}

// Past are the treatments that a client has had in this house, begun or done.
type Past struct {
	r     *store.Read
	list  []store.Treatment
	items map[term.ItemID]store.Item
}

// Of reads what a client has had, except for the lines named: what those lines themselves
// brought is judged at each treatment, not at the plan.
func Of(r *store.Read, client term.ClientID, except ...term.PlanItemID) (Past, error) {
	p := Past{r: r}
	all, err := r.TreatmentsBegun(client)
	if err != nil {
		return p, err
	}
	var ids []term.ItemID
	for _, t := range all {
		if t.PlanItem != 0 && slices.Contains(except, t.PlanItem) {
			continue
		}
		p.list, ids = append(p.list, t), append(ids, t.Item)
	}
	if len(ids) > 0 {
		p.items, err = r.ItemsIn(ids)
	}
	return p, err
}

// Against lists what speaks against the next treatment now.
func (p Past) Against(n Next) (found []form.Finding, err error) {
	what := defaults.CountsAs(n.Item.Kind)
	if what == "" {
		return nil, nil
	}
	spot := defaults.Spot{Area: n.Area, Item: n.Item.Name}
	for _, t := range p.list {
		item := p.items[t.Item]
		if t.ID == n.Treatment || !spot.Meets(what, defaults.Spot{Area: t.Area, Item: item.Name}) {
			continue
		}
		days := defaults.Earlier{Kind: item.Kind, Care: item.CareTemplate, Interval: item.IntervalDays}.DaysUntil(what)
		if n.Line != 0 && t.PlanItem == n.Line {
			agreed, err := p.agreed(n.Line)
			if err != nil {
				return nil, err
			}
			days = cmp.Or(agreed, days) // where no interval was agreed that of the item stands
		}
		if until := p.until(t, days); until != "" {
			found = append(found, finding(t, item, limit{what, days, until, ended(t).Stamp(p.r.Zone())}))
		}
	}
	return found, nil
}

// agreed are the days between two sessions of a line, as the physician approved them.
func (p Past) agreed(line term.PlanItemID) (int, error) {
	l, err := p.r.PlanItem(line)
	return l.IntervalDays, err
}

// ended is when a treatment was over; of one that still runs, when it began.
func ended(t store.Treatment) term.Instant {
	if t.FinishedAt.IsZero() {
		return t.StartedAt
	}
	return t.FinishedAt
}

// until says from when on the next treatment may be done; "" when it may now. One day is
// twenty-four hours, several are days of the calendar.
func (p Past) until(t store.Treatment, days int) string {
	zone, end := p.r.Zone(), ended(t)
	switch {
	case days <= 0:
		return ""
	case days == 1:
		first := end.Add(24 * time.Hour)
		if p.r.Now().Before(first) {
			return first.Stamp(zone)
		}
		return ""
	}
	if first := end.Day(zone).Add(days); p.r.Today().Before(first) {
		return string(first)
	}
	return ""
}

// limit is one distance that is not kept.
type limit struct {
	what  string // light or injection
	days  int
	until string
	since string
}

func (l limit) in(lang words.Lang, name string) string {
	long := lang.T("spacing.days", l.days)
	if l.days == 1 {
		long = lang.T("spacing.day")
	}
	return lang.T("spacing."+l.what, l.since, name, long, l.until)
}

func finding(t store.Treatment, item store.Item, l limit) form.Finding {
	name := words.Text{ZH: item.Name, EN: item.NameEN}
	return form.Finding{
		Hit:  form.Hit{Contraindication: fmt.Sprintf("%s%d", mark, t.ID), Level: form.Soft},
		Text: words.Text{ZH: l.in(words.ZH, name.In(words.ZH)), EN: l.in(words.EN, name.In(words.EN))},
	}
}

// Is says that a finding came from here.
func Is(f form.Finding) bool { return strings.HasPrefix(f.Contraindication, mark) }
