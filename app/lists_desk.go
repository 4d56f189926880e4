package app

import (
	"context"
	"strings"

	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/consultation"
	"meixu/app/crm"
	"meixu/app/exchange"
	"meixu/app/finance"
	"meixu/app/inventory"
	"meixu/app/people"
	"meixu/app/photos"
	"meixu/app/procedure"
	"meixu/app/reception"
	"meixu/app/words"
	"meixu/store/term"
)

// workLists are the lists at which people work: who is waited for, what waits to be reviewed, paid
// or done, and who is at work when.
func (a *App) workLists() []exchange.List {
	return []exchange.List{
		{Code: "roster", View: access.RosterView, Fields: []string{"day"}, Rows: a.rosterRows, Columns: columns(
			"people.c.who", "exchange.col.title", "exchange.col.date", "exchange.col.weekday", "exchange.col.shift", "exchange.col.from", "exchange.col.to", "exchange.c.state")},
		{Code: "leaves", View: access.LeaveAsk, Personal: true, Rows: a.leaveRows, Columns: columns(
			"people.c.who", "exchange.col.kind", "exchange.col.from", "exchange.col.to", "exchange.col.days", "people.c.why", "people.c.state", "exchange.col.answer")},
		{Code: "swaps", View: access.SwapAsk, Personal: true, Rows: a.swapRows, Columns: columns(
			"people.c.who", "exchange.col.gives", "exchange.col.with", "exchange.col.takes", "people.c.why", "people.c.state", "exchange.col.answer")},
		{Code: "intakes", View: access.IntakeView, Personal: true, Rows: a.intakeRows, Columns: columns(
			"intake.number", "exchange.col.day", "intake.guest", "crm.col.phone", "exchange.col.birth", "intake.twins")},
		{Code: "queue", View: access.QueueView, Personal: true, Rows: a.queueRows, Columns: columns(
			"reception.col.number", "reception.col.client", "crm.col.number", "reception.col.for", "exchange.col.room", "exchange.col.since_when",
			"exchange.col.limit", "reception.col.state", "exchange.col.calls")},
		{Code: "plans", View: access.ConsultView, Personal: true, Rows: a.planRows, Columns: func(by access.Actor) []string {
			keys := []string{"consultation.col.plan", "consultation.col.client", "crm.col.number", "consultation.col.state", "consultation.col.next"}
			if by.Sees(access.FieldMoney) {
				keys = append(keys, "consultation.col.total")
			}
			return keys
		}},
		{Code: "procedures", View: access.ProcedureView, Personal: true, Fields: []string{"state", "mine"}, Rows: a.procedureRows, Columns: columns(
			"exchange.col.number", "procedure.c.client", "crm.col.number", "procedure.c.item", "procedure.c.state", "procedure.c.operator", "procedure.c.room", "procedure.c.visit")},
		{Code: "orders", View: access.TillView, Personal: true, Rows: a.orderRows, Columns: columns(
			"exchange.col.order", "finance.client", "crm.col.number", "crm.col.phone", "finance.state", "finance.due", "exchange.col.day")},
		{Code: "movements", Within: true, View: access.StockView, Fields: []string{"lot"}, Rows: a.movementRows, Columns: columns(
			"inventory.c.at", "inventory.c.what", "inventory.c.amount", "inventory.c.who", "kit.reason")},
		{Code: "cases", View: access.CaseList, Fields: []string{"kind", "state"}, Rows: a.caseRows, Columns: columns(
			"cases.number", "cases.f.title", "cases.kind", "cases.standing", "cases.last")},
		{Code: "screens", View: access.QueueScreen, Rows: a.screenRows, Columns: columns(
			"reception.screen.one", "reception.screen.since", "reception.screen.until")},
		{Code: "sessions", View: access.ProfileSave, Rows: a.sessionRows, Columns: columns(
			"admin.sessions.device", "admin.sessions.browser", "admin.sessions.since", "admin.sessions.seen", "admin.sessions.state")},
	}
}

func (a *App) rosterRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	day, err := term.ParseDay(f["day"])
	if err != nil || day == "" {
		day = a.DB.Now().Day(a.DB.Zone())
	}
	first := day[:8] + "01"
	view, err := a.Rooms.People.Roster(ctx, by, first, (first.Add(31)[:8] + "01").Add(-1))
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, k := range view.Kinds {
		names[k.ID] = k.Name
	}
	for _, row := range view.Rows {
		for i, c := range row.Cells {
			if !c.Drawn && !c.Away && !c.Asked {
				continue
			}
			if err := put(append([]any{row.Staff.Name, row.Staff.Title}, rosterCells(by, view.Days[i].Weekday, c, names)...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// rosterCells is one drawn day of a person.
func rosterCells(by access.Actor, weekday int, c people.Cell, names map[int64]string) []any {
	shift, from, to, state := names[c.Kind], "", "", ""
	if hours := c.Hours(); hours != "" {
		from, to = people.ClockOf(c.From), people.ClockOf(c.To)
	} else if c.Drawn {
		shift = by.Lang.T("roster.rest")
	}
	switch {
	case c.Away:
		state = by.Lang.T("roster.leave.approved")
	case c.Asked:
		state = by.Lang.T("roster.leave.asked")
	}
	return []any{string(c.Day), by.Lang.T("roster.weekday." + string('0'+rune(weekday))), shift, from, to, state}
}

// answered is who answered and with which words.
func answered(who, words string) string { return strings.Trim(who+": "+words, ": ") }

func (a *App) leaveRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	lines, err := a.Rooms.People.Leaves(ctx, by)
	if err != nil {
		return err
	}
	return all(lines, put, func(l people.LeaveLine) []any {
		return []any{
			l.Who, by.Lang.T("roster.leave.kind." + l.Kind), string(l.From), string(l.To), l.Days, l.Reason, by.Lang.T("roster.leave." + l.State), answered(l.Answerer, l.Answer),
		}
	})
}

func (a *App) swapRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	view, err := a.Rooms.People.Swaps(ctx, by)
	if err != nil {
		return err
	}
	return all(view.Lines, put, func(s people.SwapLine) []any {
		return []any{
			s.AskerName, string(s.AskerDay) + " " + s.Gives, s.OtherName, string(s.OtherDay) + " " + s.Takes, s.Reason, by.Lang.T(s.Badge()), answered(s.Answerer, s.Answer),
		}
	})
}

func (a *App) intakeRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	list, err := a.Rooms.Book.Intakes(ctx, by)
	if err != nil {
		return err
	}
	return all(list, put, func(n crm.IntakeRow) []any {
		twins := make([]string, len(n.Twins))
		for i, c := range n.Twins {
			twins[i] = c.Name + " " + c.Number
		}
		return []any{n.Number, a.stamp(n.CreatedAt), n.Told.Name, term.MaskPhone(n.Told.Phone), string(n.Told.Birth), joined(twins)}
	})
}

func (a *App) queueRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	q, err := a.Rooms.Desk.Queue(ctx, by)
	if err != nil {
		return err
	}
	for _, part := range [][]reception.Waiting{q.Waiting, q.Skipped, q.Serving} {
		if err := all(part, put, func(w reception.Waiting) []any {
			whom := w.Consultant
			if whom == "" {
				whom = w.Physician
			}
			return []any{
				w.Ticket.Number, w.Client.Name, w.Client.Number, whom, w.Room, a.stamp(w.Ticket.CreatedAt), w.Limit, by.Lang.T(w.Ticket.State.Key()), w.Ticket.Calls,
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) planRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	rows, err := a.Rooms.Consult.Plans(ctx, by)
	if err != nil {
		return err
	}
	return all(rows, put, func(p consultation.PlanRow) []any {
		cells := []any{p.Number, p.Client.Name, p.Client.Number, by.Lang.T(p.State.Key()), by.Lang.T(p.Next)}
		if by.Sees(access.FieldMoney) {
			cells = append(cells, p.Total)
		}
		return cells
	})
}

func (a *App) procedureRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	list, err := a.Rooms.Suite.Today(ctx, by, procedure.Filter{State: f["state"], Mine: f["mine"] != ""})
	if err != nil {
		return err
	}
	return all(list, put, func(l procedure.Line) []any {
		item := words.Text{ZH: l.Item, EN: l.ItemEN}.In(by.Lang)
		if l.Area != "" {
			item += " · " + l.Area
		}
		return []any{l.Number, l.Client, l.ClientNo, item, by.Lang.T(l.State.Key()), l.Operator, l.Room, l.Visit.Number}
	})
}

func (a *App) orderRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	list, err := a.Rooms.Till.Open(ctx, by)
	if err != nil {
		return err
	}
	return all(list, put, func(w finance.Waiting) []any {
		state := "finance.waits"
		if w.Ready {
			state = "finance.ready"
		}
		return []any{w.Order.Number, w.Name, w.Number, w.Phone, by.Lang.T(state), w.Due, a.stamp(w.Order.CreatedAt)}
	})
}

func (a *App) movementRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	list, err := a.Rooms.Stock.Moves(ctx, by, term.LotID(number(f["lot"])))
	if err != nil {
		return err
	}
	return all(list, put, func(m inventory.Movement) []any {
		return []any{a.stamp(m.At), by.Lang.T(m.Key()), m.Amount.String(), m.Who, m.Reason}
	})
}

func (a *App) caseRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	l, err := a.Rooms.Photos.Library(ctx, by, f["kind"], f["state"])
	if err != nil {
		return err
	}
	return all(l.Cases, put, func(c photos.Case) []any {
		return []any{c.Number, c.Title, by.Lang.T("people.kind." + c.ItemKind), by.Lang.T("cases.state." + c.Standing), string(c.Last)}
	})
}

func (a *App) screenRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	list, err := a.Rooms.Desk.Screens(ctx, by)
	if err != nil {
		return err
	}
	return all(list, put, func(s reception.Enrolled) []any {
		return []any{by.Lang.T("reception.screen.number", s.ID), a.stamp(s.Since), string(s.ExpiresAt.Day(a.DB.Zone()))}
	})
}

func (a *App) sessionRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	list, err := a.Admin.Sessions(ctx, by)
	if err != nil {
		return err
	}
	return all(list, put, func(s admin.OwnSession) []any {
		device, browser := s.Station, s.Browser
		if device == "" {
			device = by.Lang.T("admin.sessions.kind." + s.Kind)
		}
		if browser == "" {
			browser = by.Lang.T("admin.sessions.browser.none")
		}
		return []any{device, browser, a.stamp(s.Since), a.stamp(s.Seen), by.Lang.T(s.StateKey())}
	})
}
