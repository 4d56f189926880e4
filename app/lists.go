package app

import (
	"context"
	"encoding/json"
	"strings"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/exchange"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// offerLists ties the lists of the rooms to the door through which they leave as files (U6).
func (a *App) offerLists() {
	a.Rooms.Exchange.Offer(a.clientList(), a.segmentList())
	a.Rooms.Exchange.Offer(a.roomLists()...)
	a.Rooms.Exchange.Offer(a.moreLists()...)
	a.Rooms.Exchange.Offer(a.workLists()...)
	a.Rooms.Exchange.Offer(a.longLists()...)
}

// seen is the text for those who see the kind of fact, else what stands for it.
func seen(by access.Actor, f access.Field, whole, instead string) string {
	if by.Sees(f) {
		return whole
	}
	return instead
}

func (a *App) clientList() exchange.List {
	return exchange.List{
		Code: "clients", View: access.ClientList, Personal: true, Fields: []string{"q"},
		Columns: func(by access.Actor) []string {
			columns := []string{
				"crm.col.number", "crm.col.name", "exchange.col.gender", "exchange.col.birth", "crm.col.phone", "exchange.col.source",
				"crm.col.consultant", "exchange.col.tier", "exchange.col.former", "crm.col.since",
			}
			if by.Sees(access.FieldAllergies) {
				columns = append(columns, "exchange.col.allergies")
			}
			return columns
		},
		Rows: a.clientRows,
	}
}

// clientPage is how many files are read at once.
const clientPage = 1000

func (a *App) clientRows(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
	page := crm.Page{Size: clientPage}
	var last term.ClientID
	for {
		list, names, err := a.someClients(ctx, by, f["q"], last, page)
		if err != nil {
			return err
		}
		for _, c := range list {
			if err := put(a.clientCells(by, c, names[c.Consultant])...); err != nil {
				return err
			}
			last = c.ID
		}
		if len(list) < clientPage || f["q"] != "" {
			return nil
		}
	}
}

// someClients are the files that the finder finds, or the next of all below the last id.
func (a *App) someClients(ctx context.Context, by access.Actor, typed string, last term.ClientID, page crm.Page) (
	list []store.Client, names map[term.StaffID]string, err error,
) {
	if typed != "" {
		l, err := a.Rooms.Book.Clients(ctx, by, typed, page)
		return l.Rows, l.Names, err
	}
	err = a.Read(ctx, by, access.ClientList, func(r *store.Read) error {
		staff, err := r.AllStaff()
		if err != nil {
			return err
		}
		names = map[term.StaffID]string{}
		for _, s := range staff {
			names[s.ID] = s.Name
		}
		list, err = r.ClientsBelow(last, clientPage)
		return err
	})
	return list, names, err
}

// joined puts words of a list into one cell.
func joined(list []string) string { return strings.Join(list, "; ") }

func (a *App) clientCells(by access.Actor, c store.Client, consultant string) []any {
	cells := []any{
		c.Number, c.Name, by.Lang.T("term.gender." + c.Gender), string(c.Birth), seen(by, access.FieldPhone, c.Phone, term.MaskPhone(c.Phone)),
		by.Lang.T("term.channel." + c.Source), consultant, by.Lang.T("term.tier." + c.Tier), c.Former.Number, string(c.CreatedAt.Day(a.DB.Zone())),
	}
	if by.Sees(access.FieldAllergies) {
		cells = append(cells, joined(c.Allergies))
	}
	return cells
}

// segmentList is everybody of a segment, as its page counts them (row:C5).
func (a *App) segmentList() exchange.List {
	return exchange.List{
		Code: "segment", Within: true, View: access.SegmentView, Personal: true, Fields: []string{"rule"},
		Columns: func(access.Actor) []string {
			return []string{
				"crm.col.number", "crm.col.name", "crm.col.phone", "exchange.col.tier", "crm.segment.c.stage", "crm.segment.c.why", "crm.segment.c.spent",
				"crm.segment.c.year_spent", "crm.segment.c.times", "crm.segment.c.away", "crm.col.consultant",
			}
		},
		Rows: func(ctx context.Context, by access.Actor, f exchange.Filter, put exchange.Put) error {
			var rule crm.Rule
			if err := json.Unmarshal([]byte(f["rule"]), &rule); err != nil {
				return fault.NotFound("segment").Because(err)
			}
			return a.Rooms.Book.SegmentRows(ctx, by, rule, func(l crm.SegmentLine) error {
				return put(l.Number, l.Name, l.Phone, by.Lang.T("term.tier."+l.Tier), by.Lang.T("crm.stage."+l.Stage), by.Lang.T(l.Reason()),
					l.Spent.Plain(), l.YearSpent.Plain(), l.Visits, l.Away, l.Consultant)
			})
		},
	}
}
