package app

import (
	"context"
	"strconv"

	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/catalog"
	"meixu/app/crm"
	"meixu/app/exchange"
	"meixu/app/finance"
	"meixu/app/inventory"
	"meixu/app/reception"
	"meixu/app/tasks"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// roomLists are the lists of the other rooms, as their pages show them to the actor.
func (a *App) roomLists() []exchange.List {
	return []exchange.List{
		{Code: "leads", View: access.LeadView, Personal: true, Fields: []string{"state"}, Rows: a.leadRows, Columns: columns(
			"exchange.col.day", "crm.col.name", "crm.col.phone", "exchange.col.source", "exchange.col.need", "exchange.col.owner", "exchange.c.state")},
		{Code: "appointments", View: access.AppointmentView, Personal: true, Fields: []string{"day", "staff", "room"}, Rows: a.appointmentRows, Columns: columns(
			"exchange.col.from", "exchange.col.to", "crm.col.name", "crm.col.number", "crm.col.phone", "exchange.col.item", "exchange.col.staff",
			"exchange.col.room", "exchange.col.device", "exchange.c.state")},
		{Code: "visits", View: access.BoardView, Personal: true, Rows: a.visitRows, Columns: columns(
			"exchange.col.visit", "crm.col.name", "crm.col.number", "exchange.col.from", "exchange.col.to", "crm.col.consultant", "exchange.col.doctor", "exchange.c.state")},
		{Code: "tasks", View: access.TaskView, Personal: true, Fields: []string{"kind", "late", "today"}, Rows: a.taskRows, Columns: columns(
			"exchange.col.task", "crm.col.name", "exchange.col.due", "exchange.col.kind")},
		{Code: "events", View: access.AdverseView, Personal: true, Rows: a.eventRows, Columns: columns(
			"crm.col.number", "exchange.col.day", "crm.col.name", "exchange.col.severity", "exchange.col.closed")},
		{Code: "staff", View: access.StaffView, Personal: true, Rows: a.staffRows, Columns: columns(
			"exchange.col.login", "crm.col.name", "exchange.col.title", "exchange.col.roles", "exchange.col.active")},
		{Code: "payments", View: access.DayView, Fields: []string{"day"}, Rows: a.paymentRows, Columns: columns(
			"exchange.col.payment", "exchange.col.order", "exchange.col.from", "exchange.col.kind", "exchange.col.amount", "exchange.col.cashier")},
		{Code: "stock", View: access.StockView, Fields: []string{"q", "show"}, Rows: a.stockRows, Columns: columns(
			"exchange.col.code", "exchange.col.product", "exchange.col.lot", "exchange.col.expires", "exchange.col.left", "exchange.col.unit", "exchange.c.state")},
		{Code: "catalog", View: access.CatalogView, Fields: []string{"q", "category"}, Rows: a.itemRows, Columns: columns(
			"exchange.col.code", "exchange.col.item", "exchange.col.category", "exchange.col.minutes", "exchange.col.price", "exchange.col.low",
			"exchange.col.high", "exchange.col.sold")},
	}
}

// columns gives everybody the same columns.
func columns(keys ...string) func(access.Actor) []string {
	return func(access.Actor) []string { return keys }
}

// all puts one row for each.
func all[T any](list []T, put exchange.Put, cells func(T) []any) error {
	for _, x := range list {
		if err := put(cells(x)...); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) stamp(at term.Instant) string {
	if at.IsZero() {
		return ""
	}
	return at.Stamp(a.DB.Zone())
}

// number is an id of a filter; what is none chooses nothing.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && text != "" {
		return -1
	}
	return n
}

func yes(by access.Actor, is bool) string {
	if is {
		return by.Lang.T("exchange.yes")
	}
	return by.Lang.T("exchange.no")
}

func (a *App) leadRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	rows, err := a.Rooms.Book.Leads(ctx, by, f["state"])
	if err != nil {
		return err
	}
	return all(rows, put, func(l crm.LeadRow) []any {
		return []any{
			a.stamp(l.CreatedAt), l.Name, l.Phone, by.Lang.T("term.channel." + l.Channel), l.Need, l.OwnerName, by.Lang.T("term.lead." + string(l.State)),
		}
	})
}

func (a *App) appointmentRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	day, err := term.ParseDay(f["day"])
	if err != nil {
		day = ""
	}
	filter := reception.DayFilter{Day: day, Staff: term.StaffID(number(f["staff"])), Room: term.RoomID(number(f["room"]))}
	list, err := a.Rooms.Desk.Bookings(ctx, by, filter)
	if err != nil {
		return err
	}
	return all(list.Rows, put, func(b reception.BookingRow) []any {
		item := words.Text{ZH: b.Item, EN: b.ItemEN}.In(by.Lang)
		return []any{
			a.stamp(b.StartsAt), a.stamp(b.EndsAt), b.Client, b.Number, b.Phone, item, b.Staff, b.Room, b.Device, by.Lang.T(b.State.Key()),
		}
	})
}

// visitDays is how far back visits go out.
const visitDays = 31

func (a *App) visitRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	var visits []store.Visit
	clients, names := map[term.ClientID]store.Client{}, map[term.StaffID]string{}
	if err := a.Read(ctx, by, access.BoardView, func(r *store.Read) (err error) {
		if visits, err = r.VisitsBetween(r.Today().Add(-visitDays).Start(r.Zone()), r.Now(), 20_000); err != nil {
			return err
		}
		ids := make([]term.ClientID, len(visits))
		for i, v := range visits {
			ids[i] = v.Client
		}
		if clients, err = r.ClientsIn(ids); err != nil {
			return err
		}
		staff, err := r.AllStaff()
		for _, s := range staff {
			names[s.ID] = s.Name
		}
		return err
	}); err != nil {
		return err
	}
	return all(visits, put, func(v store.Visit) []any {
		c := clients[v.Client]
		return []any{
			v.Number, c.Name, c.Number, a.stamp(v.ArrivedAt), a.stamp(v.ClosedAt), names[v.Consultant], names[v.Physician], by.Lang.T(v.State.Key()),
		}
	})
}

// tasksMost is how many tasks one person's list has.
const tasksMost = 500

func (a *App) taskRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	p, err := a.Rooms.Tasks.Mine(ctx, by, tasks.Filter{Kind: f["kind"], Late: f["late"] != "", Today: f["today"] != "", Limit: tasksMost})
	if err != nil {
		return err
	}
	return all(p.Lines, put, func(l tasks.Line) []any {
		return []any{l.Title(by.Lang), l.Name, a.stamp(l.DueAt), by.Lang.T("task.kind." + l.Kind)}
	})
}

func (a *App) eventRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	for offset := 0; ; offset += clientPage {
		list, err := a.Rooms.Back.Register(ctx, by, offset, clientPage)
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := put(e.Number, a.stamp(e.OpenedAt), e.Name, e.Severity, a.stamp(e.ClosedAt)); err != nil {
				return err
			}
		}
		if len(list) < clientPage {
			return nil
		}
	}
}

func (a *App) staffRows(ctx context.Context, by access.Actor, _ exchange.Filter, put exchange.Put) error {
	people, err := a.Admin.Staff(ctx, by)
	if err != nil {
		return err
	}
	return all(people, put, func(p admin.Person) []any {
		roles := make([]string, len(p.Roles))
		for i, r := range p.Roles {
			roles[i] = by.Lang.T(r.Key())
		}
		return []any{p.Login, p.Name, p.Title, joined(roles), yes(by, p.Active)}
	})
}

func (a *App) paymentRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	day, err := term.ParseDay(f["day"])
	if err != nil {
		day = ""
	}
	totals, err := a.Rooms.Till.DayTotals(ctx, by, day)
	if err != nil {
		return err
	}
	return all(totals.Payments, put, func(p finance.DayPayment) []any {
		amount := p.Money()
		return []any{p.Number, p.OrderNumber, a.stamp(p.At), by.Lang.T(p.KindKey()), amount, p.Cashier}
	})
}

func (a *App) stockRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	view, err := a.Rooms.Stock.List(ctx, by, inventory.Filter{Text: f["q"], Show: f["show"]})
	if err != nil {
		return err
	}
	for _, g := range view.Goods {
		err := all(g.Lots, put, func(l inventory.Line) []any {
			return []any{
				g.Product.Code, g.Product.Name, l.Lot.Lot, string(l.Lot.ExpiresOn), l.Balance.String(), by.Lang.Unit(g.Product.Unit), by.Lang.T("inventory.lot." + l.State),
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *App) itemRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	items, err := a.Rooms.Catalog.Items(ctx, by, catalog.Filter{Text: f["q"], Category: f["category"]})
	if err != nil {
		return err
	}
	return all(items, put, func(i store.Item) []any {
		return []any{
			i.Code, words.Text{ZH: i.Name, EN: i.NameEN}.In(by.Lang), by.Lang.Kind(i.Category), i.Minutes, i.PriceFen, i.PriceLowFen, i.PriceHighFen, yes(by, i.Enabled),
		}
	})
}
