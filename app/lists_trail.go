package app

import (
	"context"
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/exchange"
	"meixu/app/readiness"
	"meixu/app/reports"
	"meixu/store/term"
)

// changesMost is how many changes of one act stand in its cell.
const changesMost = 20

// Acts that one file of the trail holds at most, and how many are read at once.
const (
	trailMost = 20_000
	trailStep = 1000
)

// longLists are lists that go far back or far down: the trail, the checks, and whom the house is
// about to lose.
func (a *App) longLists() []exchange.List {
	return []exchange.List{
		{Code: "trail", View: access.TrailView, Personal: true, Fields: []string{"client", "staff", "kind", "action", "from", "to"}, Rows: a.trailRows, Columns: columns(
			"exchange.col.number", "reports.col.at", "reports.col.who", "exchange.col.roles", "exchange.col.station", "reports.col.deed", "kit.reason", "reports.col.changes")},
		{Code: "checks", View: access.ReadyView, Rows: a.checkRows, Columns: columns(
			"readiness.c.at", "exchange.col.kind", "readiness.c.what", "readiness.c.result", "readiness.c.detail", "readiness.c.until", "readiness.c.who")},
		{Code: "churn", View: access.ChurnView, Personal: true, Rows: a.churnRows, Columns: columns(
			"crm.col.number", "crm.col.name", "crm.col.phone", "exchange.col.tier", "crm.segment.c.away", "crm.segment.c.times", "crm.segment.c.spent",
			"crm.segment.c.year_spent", "crm.segment.c.why", "crm.col.consultant")},
	}
}

func (a *App) trailRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	from, to := dayOr(f["from"]), dayOr(f["to"])
	ask := reports.TrailAsk{
		Client: term.ClientID(number(f["client"])), Staff: term.StaffID(number(f["staff"])), Kind: f["kind"], Action: f["action"], From: from, To: to, Limit: trailStep,
	}
	for n := 0; n < trailMost; n += trailStep {
		t, err := a.Rooms.Reports.Trail(ctx, by, ask)
		if err != nil {
			return err
		}
		if err := all(t.Lines, put, func(l reports.TrailLine) []any { return a.trailCells(by, l) }); err != nil || t.Next == 0 {
			return err
		}
		ask.Before = t.Next
	}
	return nil
}

func dayOr(text string) term.Day {
	day, err := term.ParseDay(text)
	if err != nil {
		return ""
	}
	return day
}

func (a *App) trailCells(by access.Actor, l reports.TrailLine) []any {
	who, role := l.Who, ""
	switch {
	case l.Role == "guest":
		who = by.Lang.T("access.client")
	case who == "":
		who = by.Lang.T("access.role.system")
	}
	if l.Role != "" && l.Role != "guest" {
		role = by.Lang.T("access.role." + l.Role)
	}
	changes := make([]string, 0, len(l.Changes))
	for i, c := range l.Changes {
		if i == changesMost {
			changes = append(changes, by.Lang.T("exchange.more", len(l.Changes)-i))
			break
		}
		changes = append(changes, changeText(by, c))
	}
	return []any{int64(l.ID), a.stamp(l.At), who, role, l.Station, reports.Label(by.Lang, "act", l.Action), l.Reason, strings.Join(changes, "\n")}
}

// changeText is what an act did to one row; what is sealed stays so.
func changeText(by access.Actor, c reports.TrailChange) string {
	fields := make([]string, 0, len(c.Fields))
	for _, f := range c.Fields {
		old, now := f.Old, f.New
		if f.Sealed {
			old, now = "", by.Lang.T("reports.trail.sealed")
		} else if now == "" {
			now = by.Lang.T("reports.trail.empty")
		}
		if old != "" {
			old += " → "
		}
		fields = append(fields, reports.Label(by.Lang, "field", f.Column)+" "+old+now)
	}
	return fmt.Sprintf("%s %s #%d %s", by.Lang.T("reports.op."+c.Op), reports.Label(by.Lang, "tbl", c.Table), c.Row, joined(fields))
}

func (a *App) churnRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	for offset := 0; ; offset += clientPage {
		v, err := a.Rooms.Book.Churn(ctx, by, crm.Page{Offset: offset, Size: clientPage})
		if err != nil {
			return err
		}
		if err := all(v.Lines, put, func(l crm.SegmentLine) []any {
			return []any{
				l.Number, l.Name, l.Phone, by.Lang.T("term.tier." + l.Tier), l.Away, l.Visits, l.Spent.Plain(), l.YearSpent.Plain(), by.Lang.T(l.Reason()), l.Consultant,
			}
		}); err != nil || len(v.Lines) < clientPage {
			return err
		}
	}
}

func (a *App) checkRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	list, err := a.Rooms.Ready.History(ctx, by)
	if err != nil {
		return err
	}
	return all(list, put, func(s readiness.Stamp) []any {
		result := "readiness.bad"
		if s.Ok {
			result = "readiness.good"
		}
		return []any{
			a.stamp(s.At), by.Lang.T("readiness.kind." + s.Kind), s.Name, by.Lang.T(result), checkText(by, s), a.stamp(s.ValidUntil), s.Who,
		}
	})
}

// checkText is what was found and done at a check.
func checkText(by access.Actor, s readiness.Stamp) string {
	var parts []string
	if s.Body.Method != "" {
		parts = append(parts, by.Lang.T("readiness.method."+s.Body.Method))
	}
	if s.Body.Minutes != 0 {
		parts = append(parts, by.Lang.T("readiness.minutes", s.Body.Minutes))
	}
	if s.Body.Celsius != "" {
		parts = append(parts, s.Body.Celsius+" ℃")
	}
	for _, what := range s.Body.Missing {
		parts = append(parts, by.Lang.T("readiness.item.missing")+" "+by.Lang.T("readiness.item."+what))
	}
	if s.Note != "" {
		parts = append(parts, s.Note)
	}
	return joined(parts)
}
