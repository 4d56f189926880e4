package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// drillRows bounds the rows behind a tile.
const drillRows = 300

// Drill is the rows behind one tile.
type Drill struct {
	Tile    string
	Columns []string // words keys
	Rows    []DrillRow
	lang    words.Lang
}

// DrillRow is one line; Path leads to its person or visit.
type DrillRow struct {
	Path  string
	Cells []DrillCell
}

// DrillCell is a text, or a words key with a tone.
type DrillCell struct{ Text, Key, Tone string }

type drillOf func(o *Office, r *store.Read, d *Drill) error

// drills is the table of tiles that open to rows.
var drills = map[string]drillOf{
	"answered": drillAnswered, "followup": drillFollowup, "sop": drillSOP, "money": drillMoney,
	"visits": drillVisits, "waiting": drillWaiting, "ratings": drillRatings, "again": drillAgain, "alerts": drillAlerts, "backup": drillBackup,
}

// Drill reads the rows behind a tile of the first page.
func (o *Office) Drill(ctx context.Context, by access.Actor, tile string) (d Drill, err error) {
	read, ok := drills[tile]
	if !ok {
		return d, fault.NotFound("page")
	}
	d.Tile, d.lang = tile, by.Lang
	err = o.Read(ctx, by, access.FiguresView, func(r *store.Read) error { return read(o, r, &d) })
	return d, err
}

func text(s string) DrillCell { return DrillCell{Text: s} }

func mark(key, tone string) DrillCell { return DrillCell{Key: key, Tone: tone} }

func kept(ok bool) DrillCell {
	if ok {
		return mark("reports.kept", "good")
	}
	return mark("reports.missed", "danger")
}

// names reads the names of the clients in one query.
func names(r *store.Read, ids []term.ClientID) (map[term.ClientID]store.Client, error) {
	slices.Sort(ids)
	return r.ClientsIn(slices.Compact(ids))
}

func drillAnswered(_ *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{"reports.col.lead", "reports.col.channel", "reports.col.asked", "reports.col.answered", "reports.col.who", "reports.col.result"}
	leads, err := r.LeadsSince(lastDays(r).from, drillRows)
	if err != nil {
		return err
	}
	staff, err := r.StaffNames()
	for _, l := range leads {
		due, ok := answered(l, r.Now())
		result := mark("reports.pending", "")
		if due {
			result = kept(ok)
		}
		d.Rows = append(d.Rows, DrillRow{"/reception/leads", []DrillCell{
			text(l.Name), mark("term.channel."+l.Channel, ""), text(l.CreatedAt.Stamp(r.Zone())), text(l.FirstReplyAt.Stamp(r.Zone())),
			text(staff[l.FirstReplyBy]), result,
		}})
	}
	return err
}

func drillFollowup(_ *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{"reports.col.client", "reports.col.visit", "reports.col.due", "reports.col.done", "reports.col.who", "reports.col.result"}
	s := lastDays(r)
	stamps, err := r.SOPDue(followupStep, s.from, r.Now(), drillRows)
	if err != nil {
		return err
	}
	ids := make([]term.VisitID, len(stamps))
	for i, x := range stamps {
		ids[i] = x.Visit
	}
	visits, err := r.VisitsIn(ids)
	if err != nil {
		return err
	}
	clients := make([]term.ClientID, 0, len(visits))
	for _, v := range visits {
		clients = append(clients, v.Client)
	}
	people, err := names(r, clients)
	if err != nil {
		return err
	}
	staff, err := r.StaffNames()
	for _, x := range stamps {
		v := visits[x.Visit]
		d.Rows = append(d.Rows, DrillRow{fmt.Sprintf("/visit/%d", v.ID), []DrillCell{
			text(people[v.Client].Name), text(v.Number), text(x.DueAt.Stamp(r.Zone())), text(x.DoneAt.Stamp(r.Zone())), text(staff[x.Staff]), kept(keptLimit(x)),
		}})
	}
	return err
}

func drillSOP(o *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{
		"reports.col.client", "reports.col.visit", "reports.col.day", "reports.col.state", "reports.col.keptof", "reports.col.late",
		"reports.col.byhand", "reports.col.score",
	}
	surveys, visits, err := o.surveyed(r, lastDays(r))
	if err != nil {
		return err
	}
	slices.SortStableFunc(visits, func(a, b store.Visit) int {
		return surveys[a.ID].Score.Percent() - surveys[b.ID].Score.Percent()
	})
	visits = visits[:min(len(visits), drillRows)]
	people, err := names(r, clientsOf(visits))
	for _, v := range visits {
		s := surveys[v.ID].Score
		d.Rows = append(d.Rows, DrillRow{fmt.Sprintf("/visit/%d#run", v.ID), []DrillCell{
			text(people[v.Client].Name), text(v.Number), text(string(v.ArrivedAt.Day(r.Zone()))), mark(v.State.Key(), ""),
			text(fmt.Sprintf("%d/%d", s.Satisfied, s.Applicable())), text(fmt.Sprint(s.Late)), text(fmt.Sprint(s.Manual)),
			{Text: fmt.Sprintf("%d %%", s.Percent()), Tone: toneOf(s.Percent())},
		}})
	}
	return err
}

func clientsOf(visits []store.Visit) []term.ClientID {
	ids := make([]term.ClientID, len(visits))
	for i, v := range visits {
		ids[i] = v.Client
	}
	return ids
}

func drillMoney(_ *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{"reports.col.client", "reports.col.receipt", "reports.col.kind", "reports.col.method", "reports.col.who", "reports.col.at", "reports.col.amount"}
	rows, err := r.PaidOn(r.Today(), drillRows)
	if err != nil {
		return err
	}
	ids := make([]term.ClientID, len(rows))
	for i, p := range rows {
		ids[i] = p.Client
	}
	people, err := names(r, ids)
	for _, p := range rows {
		amount, tone := p.Amount, ""
		if p.Kind != "payment" {
			amount, tone = -amount, "warn"
		}
		method := text("")
		if first, more, _ := strings.Cut(p.Methods, ","); more == "" && first != "" {
			method = mark("term.pay."+first, "")
		} else if more != "" {
			method = mark("reports.split", "")
		}
		d.Rows = append(d.Rows, DrillRow{fmt.Sprintf("/till/%d", p.Order), []DrillCell{
			text(people[p.Client].Name), text(p.Number), mark("reports.pay."+p.Kind, tone), method, text(p.Cashier), text(p.At.Clock(r.Zone())), text(amount.String()),
		}})
	}
	return err
}

func drillVisits(_ *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{"reports.col.client", "reports.col.visit", "reports.col.arrived", "reports.col.stage", "reports.col.station", "reports.col.state"}
	visits, err := r.VisitsBetween(r.Today().Start(r.Zone()), r.Today().End(r.Zone()), drillRows)
	if err != nil {
		return err
	}
	people, err := names(r, clientsOf(visits))
	for _, v := range visits {
		d.Rows = append(d.Rows, DrillRow{fmt.Sprintf("/visit/%d", v.ID), []DrillCell{
			text(people[v.Client].Name), text(v.Number), text(v.ArrivedAt.Clock(r.Zone())), mark(v.Stage.Key(), ""), mark(v.Station.Key(), ""), mark(v.State.Key(), ""),
		}})
	}
	return err
}

func drillWaiting(_ *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{"reports.col.client", "reports.col.visit", "reports.col.arrived", "reports.col.called", "reports.col.minutes"}
	rows, err := r.Waits(r.Today().Start(r.Zone()), r.Today().End(r.Zone()), drillRows)
	if err != nil {
		return err
	}
	ids := make([]term.ClientID, len(rows))
	for i, w := range rows {
		ids[i] = w.Client
	}
	people, err := names(r, ids)
	for _, w := range rows {
		minutes := mark("reports.notcalled", "")
		if !w.CalledAt.IsZero() {
			n := int(w.CalledAt.Sub(w.ArrivedAt).Minutes())
			minutes = text(fmt.Sprint(n))
			if n > Limit(term.AtWaiting) {
				minutes.Tone = "danger"
			}
		}
		d.Rows = append(d.Rows, DrillRow{fmt.Sprintf("/visit/%d", w.Visit), []DrillCell{
			text(people[w.Client].Name), text(w.Number), text(w.ArrivedAt.Clock(r.Zone())), text(w.CalledAt.Clock(r.Zone())), minutes,
		}})
	}
	return err
}

func drillRatings(_ *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{"reports.col.client", "reports.col.day", "reports.col.stars", "reports.col.nps"}
	rows, err := r.RatingsBetween(r.Today().Add(-29).Start(r.Zone()), r.Now(), drillRows)
	if err != nil {
		return err
	}
	ids := make([]term.ClientID, len(rows))
	for i, x := range rows {
		ids[i] = x.Client
	}
	people, err := names(r, ids)
	for _, x := range rows {
		row := DrillRow{fmt.Sprintf("/visit/%d", x.Visit), []DrillCell{
			text(people[x.Client].Name), text(string(x.At.Day(r.Zone()))), text(fmt.Sprint(x.Score)), text(fmt.Sprint(x.Nps)),
		}}
		if x.Anonymous { // the client asked not to be named
			row.Path, row.Cells[0] = "", mark("reports.anonymous", "")
		}
		d.Rows = append(d.Rows, row)
	}
	return err
}

func drillAlerts(_ *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{"reports.col.client", "reports.col.event", "reports.col.kind", "reports.col.opened", "reports.col.who", "reports.col.state"}
	rows, err := r.OpenEvents(drillRows)
	if err != nil {
		return err
	}
	ids := make([]term.ClientID, len(rows))
	for i, e := range rows {
		ids[i] = e.Client
	}
	people, err := names(r, ids)
	if err != nil {
		return err
	}
	staff, err := r.StaffNames()
	for _, e := range rows {
		d.Rows = append(d.Rows, DrillRow{fmt.Sprintf("/client/%d", e.Client), []DrillCell{
			text(people[e.Client].Name), text(e.Number + " " + defaults.CardTitle(e.Code).In(d.lang)), mark("reports.event."+e.Kind, ""), text(e.OpenedAt.Stamp(r.Zone())),
			text(staff[e.TakenBy]), mark("reports.event."+e.State, "danger"),
		}})
	}
	return err
}

func drillBackup(_ *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{"reports.col.started", "reports.col.ended", "reports.col.result", "reports.col.files"}
	runs, err := r.RunsOf("backup", 60)
	for _, j := range runs {
		tone := "good"
		if j.Outcome != "ok" {
			tone = "danger"
		}
		outcome := j.Outcome
		if outcome == "" {
			outcome = "running"
		}
		d.Rows = append(d.Rows, DrillRow{"", []DrillCell{
			text(j.StartedAt.Stamp(r.Zone())), text(j.EndedAt.Stamp(r.Zone())), mark("reports.run."+outcome, tone), text(fmt.Sprint(j.Count)),
		}})
	}
	return err
}
