package exchange

import (
	"context"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// shown is how many exports and imports the page lists.
const shown = 50

// ExportRow is one export with the names of people.
type ExportRow struct {
	store.Export
	Asker, Decider string
	Personal       bool
	// Mine says that the reader asked; Mayfetch that the file may be fetched now.
	Mine, MayFetch bool
	// MayDecide says that the reader is the second person.
	MayDecide bool
	Late      bool // the day is over
}

// Key is the words key of the list's title.
func (e ExportRow) Key() string { return "exchange.list." + e.List }

// Until is when the file may no longer be fetched.
func (e ExportRow) Until() term.Instant { return e.OpenAt.Add(OpenFor) }

// StateKey is the words key of what became of it.
func (e ExportRow) StateKey() string {
	if e.Late {
		return "exchange.state.late"
	}
	return "exchange.state." + string(e.State)
}

// Page is what came in and went out.
type Page struct {
	Exports []ExportRow
	Imports []ImportRow
	Lists   []List // that the reader may take out
}

// Look reads the page: the reader's own exports, everybody's for those who decide.
func (o *Office) Look(ctx context.Context, by access.Actor) (p Page, err error) {
	err = o.Read(ctx, by, access.ExchangeView, func(r *store.Read) error {
		whose := by.Staff
		if by.May(access.ExportDecide) {
			whose = 0
		}
		list, err := r.Exports(whose, shown)
		if err != nil {
			return err
		}
		names, err := r.StaffNames()
		if err != nil {
			return err
		}
		for _, e := range list {
			p.Exports = append(p.Exports, o.rowOf(e, by, r.Now(), names))
		}
		p.Lists = o.Lists(by)
		if !by.May(access.ImportRead) {
			return nil
		}
		imports, err := r.Imports(shown)
		for _, i := range imports {
			p.Imports = append(p.Imports, ImportRow{Import: i, Who: names[i.Staff]})
		}
		return err
	})
	return p, err
}

// Export reads one export: its asker's, or of those who decide.
func (o *Office) Export(ctx context.Context, by access.Actor, id term.ExportID) (row ExportRow, err error) {
	err = o.Read(ctx, by, access.ExchangeView, func(r *store.Read) error {
		e, err := export(r, id)
		if err != nil {
			return err
		}
		if e.Staff != by.Staff && !by.May(access.ExportDecide) {
			return &fault.Error{Kind: fault.KindForbidden, Key: "exchange.export.others"}
		}
		names, err := r.StaffNames()
		row = o.rowOf(e, by, r.Now(), names)
		return err
	})
	return row, err
}

func (o *Office) rowOf(e store.Export, by access.Actor, now term.Instant, names map[term.StaffID]string) ExportRow {
	row := ExportRow{Export: e, Asker: names[e.Staff], Decider: names[e.DecidedBy], Mine: e.Staff == by.Staff}
	row.MayFetch = mayFetch(e, by, now) == nil
	row.Late = e.State == term.ExportOpen && now.After(row.Until())
	row.MayDecide = e.State == term.ExportHeld && !row.Mine && by.May(access.ExportDecide)
	for _, l := range o.lists {
		row.Personal = row.Personal || l.Code == e.List && l.Personal
	}
	return row
}

// ImportRow is one import with the name of whoever began it.
type ImportRow struct {
	store.Import
	Who string
}

// Percent is how far it is.
func (i ImportRow) Percent() int {
	if i.Total == 0 {
		return 0
	}
	return min(100, int(i.Next)*100/i.Total)
}
