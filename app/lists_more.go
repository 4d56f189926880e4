package app

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/aftercare"
	"meixu/app/exchange"
	"meixu/app/feedback"
	"meixu/app/messages"
	"meixu/app/people"
	"meixu/app/premises"
	"meixu/app/reception"
	"meixu/app/words"
	"meixu/store/term"
)

// moreLists are lists of the day: who waits, what was asked for, sent, said and is due, and the
// papers, rooms and devices of the house.
func (a *App) moreLists() []exchange.List {
	return []exchange.List{
		{Code: "waits", View: access.WaitView, Personal: true, Fields: []string{"freed"}, Rows: a.waitRows, Columns: columns(
			"crm.col.name", "crm.col.number", "crm.col.phone", "exchange.col.item", "exchange.col.staff", "wait.from_day", "exchange.col.until", "exchange.col.minutes",
			"wait.urgency", "exchange.col.note")},
		{Code: "requests", View: access.RequestView, Personal: true, Rows: a.requestRows, Columns: columns(
			"exchange.col.request", "exchange.col.day", "crm.col.name", "crm.col.phone", "exchange.col.item", "exchange.col.wished")},
		{Code: "breaches", View: access.BreachView, Personal: true, Fields: []string{"day"}, Rows: a.breachRows, Columns: columns(
			"exchange.col.visit", "crm.col.name", "exchange.col.from", "reception.breach.kind", "exchange.col.limit", "exchange.col.waited", "kit.reason", "exchange.col.staff")},
		{Code: "messages", View: access.MessageSend, Personal: true, Fields: []string{"state", "kind"}, Rows: a.messageRows, Columns: columns(
			"exchange.col.day", "message.kind", "crm.col.name", "crm.col.number", "crm.col.phone", "exchange.col.text", "message.state", "exchange.col.sent", "exchange.col.by")},
		{Code: "ratings", View: access.FeedbackView, Personal: true, Rows: a.ratingRows, Columns: columns(
			"exchange.col.day", "crm.col.name", "exchange.col.visit", "feedback.score", "feedback.nps", "feedback.best", "feedback.improve")},
		{Code: "followups", View: access.AftercareView, Personal: true, Fields: []string{"show"}, Rows: a.followupRows, Columns: columns(
			"exchange.col.due", "exchange.col.task", "crm.col.name", "crm.col.phone", "exchange.col.item", "exchange.col.tries")},
		{Code: "papers", View: access.PeopleView, Personal: true, Rows: a.paperRows, Columns: columns(
			"exchange.col.holder", "exchange.col.paper", "exchange.col.number", "exchange.col.scope", "exchange.col.since", "exchange.col.ends", "exchange.c.state", "exchange.col.checked")},
		{Code: "rooms", View: access.PremisesView, Rows: a.roomRows, Columns: columns(
			"exchange.col.room", "exchange.col.kind", "exchange.c.state", "exchange.col.disinfected")},
		{Code: "devices", View: access.PremisesView, Fields: []string{"show"}, Rows: a.deviceRows, Columns: columns(
			"exchange.col.device", "exchange.col.kind", "exchange.col.number", "exchange.col.registration", "exchange.col.room", "exchange.col.maintenance",
			"exchange.col.calibration", "exchange.c.state")},
	}
}

func (a *App) waitRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	list, err := a.Rooms.Desk.Waits(ctx, by, term.AppointmentID(number(f["freed"])))
	if err != nil {
		return err
	}
	return all(list.Rows, put, func(w reception.WaitRow) []any {
		item := words.Text{ZH: w.Item, EN: w.ItemEN}.In(by.Lang)
		return []any{
			w.Client, w.Number, w.Phone, item, w.Wants, string(w.FromDay), string(w.ToDay), w.Minutes,
			by.Lang.T("wait.urgency." + string('0'+rune(w.Urgency))), w.Note,
		}
	})
}

func (a *App) requestRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	list, err := a.Rooms.Desk.Requests(ctx, by, reception.RequestFile{})
	if err != nil {
		return err
	}
	return all(list.Waiting, put, func(q reception.RequestRow) []any {
		item := words.Text{ZH: q.Item, EN: q.ItemEN}.In(by.Lang)
		return []any{
			q.Number, a.stamp(q.CreatedAt), q.Name, seen(by, access.FieldPhone, q.Phone, term.MaskPhone(q.Phone)), item,
			string(q.Day) + " " + people.ClockOf(q.From) + "–" + people.ClockOf(q.To),
		}
	})
}

func (a *App) breachRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	day, err := term.ParseDay(f["day"])
	if err != nil || day == "" {
		day = a.DB.Now().Day(a.DB.Zone())
	}
	list, err := a.Rooms.Desk.Breaches(ctx, by, day)
	if err != nil {
		return err
	}
	return all(list, put, func(b reception.Breach) []any {
		return []any{b.Number, b.Client.Name, a.stamp(b.BeganAt), by.Lang.T("reception.breach.kind." + b.Kind), b.Minutes, b.Waited, b.Reason, b.By}
	})
}

func (a *App) messageRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	tab := f["state"]
	if _, known := messages.States[tab]; !known {
		tab = "all"
	}
	for offset := 0; ; offset += clientPage {
		page, err := a.Rooms.Mail.List(ctx, by, messages.Filter{Tab: tab, Kind: f["kind"], Offset: offset, Limit: clientPage})
		if err != nil {
			return err
		}
		if err := all(page.Rows, put, func(m messages.Row) []any {
			return []any{
				a.stamp(m.CreatedAt), by.Lang.T("message.kind." + m.Kind), m.Name, m.Number, m.Phone, m.Text, by.Lang.T("message.state." + m.State), a.stamp(m.SentAt), m.By,
			}
		}); err != nil || len(page.Rows) < clientPage {
			return err
		}
	}
}

// ratingDays is how far back ratings go out, as the page shows them.
const ratingDays = 90

func (a *App) ratingRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	list, err := a.Rooms.Back.Ratings(ctx, by, ratingDays, 0, clientPage)
	if err != nil {
		return err
	}
	return all(list.List, put, func(o feedback.Opinion) []any {
		return []any{a.stamp(o.At), o.Name, o.Number, o.Score, o.Nps, o.Best, o.Improve}
	})
}

func (a *App) followupRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	page, err := a.Rooms.Care.List(ctx, by, aftercare.Filter{All: f["show"] == "all", Limit: tasksMost})
	if err != nil {
		return err
	}
	return all(page.Rows, put, func(d aftercare.Due) []any {
		return []any{a.stamp(d.DueAt), d.Title(by.Lang), d.Name, d.Phone, d.Item, d.Attempts}
	})
}

func (a *App) paperRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	view, err := a.Rooms.People.Look(ctx, by)
	if err != nil {
		return err
	}
	return all(view.Papers, put, func(p people.PaperLine) []any {
		return []any{
			p.Who, by.Lang.T("people.paper." + p.Kind), p.Number, p.Scope, string(p.ValidFrom), string(p.ValidUntil), by.Lang.T(p.State.Key()), p.Checker,
		}
	})
}

func (a *App) roomRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	view, err := a.Rooms.House.Look(ctx, by)
	if err != nil {
		return err
	}
	return all(view.Rooms, put, func(r premises.Room) []any {
		return []any{r.Name, by.Lang.Kind(r.Kind), by.Lang.T("premises.room." + r.State), a.stamp(r.Disinfected)}
	})
}

func (a *App) deviceRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	view, err := a.Rooms.House.Look(ctx, by)
	if err != nil {
		return err
	}
	shown := slices.DeleteFunc(slices.Clone(view.Devices), func(d premises.Device) bool { return !d.Shown(f["show"]) })
	return all(shown, put, func(d premises.Device) []any {
		return []any{
			d.Name, by.Lang.Kind(d.Kind), d.Number, d.Registration, d.RoomName, string(d.MaintenanceDueOn), string(d.CalibrationDueOn), by.Lang.T("readiness.device." + d.State),
		}
	})
}
