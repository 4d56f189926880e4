package exchange

import (
	"cmp"
	"context"
	"errors"

	"meixu/app/access"
	"meixu/app/engine/sheet"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// samplesShown is how many rows of the table the page shows.
const samplesShown = 5

// ImportPage is one import: before the run what it would do, afterwards what it did.
type ImportPage struct {
	ImportRow
	Sheets  []string
	Heads   []string
	Samples [][]string
	Trial   Trial
	// Wrong are the faults of the columns; while there are any nothing is tried.
	Wrong fault.Fields
	// Stay are files that an undo left, because they were used since.
	Stay []store.Client
}

// Trial is what a run would do.
type Trial struct {
	New, Fills, Doubles, Refused int
	OddTiers                     int    // rows that come in with a tier that the house does not know
	OddTier                      string // what the first of them says
	Reasons                      []Reason
	Heads                        []WrongCell // of the columns that mean something
	Rows                         []WrongRow  // the page of wrong rows that was asked for
	Wrong                        int         // all of them, of the reason that was asked for
}

// Import reads one import. The rows of one that waits are tried, and nothing is written.
func (o *Office) Import(ctx context.Context, by access.Actor, id term.ImportID, at Look) (p ImportPage, err error) {
	err = o.Read(ctx, by, access.ImportRead, func(r *store.Read) error {
		i, err := imported(r, id)
		if err != nil {
			return err
		}
		names, err := r.StaffNames()
		if err != nil {
			return err
		}
		p.ImportRow = ImportRow{Import: i, Who: names[i.Staff]}
		if i.State == term.ImportUndone && i.Kept > 0 {
			p.Stay, err = r.ClientsImported(id, 0, shown)
		}
		if err != nil || i.State != term.ImportRead {
			return err
		}
		book, err := bodyOf(r, id)
		if err != nil {
			return err
		}
		p.describe(book)
		if p.Wrong = checkColumns(i.Plan.Columns); len(p.Wrong) > 0 {
			return nil
		}
		p.Trial.Heads = wrongHeads(p.Heads, i.Plan)
		return o.try(r, i, book, &p.Trial, func(w WrongRow) { p.Trial.look(at, w) })
	})
	return p, err
}

func (p *ImportPage) describe(book sheet.Book) {
	for _, t := range book.Sheets {
		p.Sheets = append(p.Sheets, t.Name)
	}
	table := book.Sheets[p.Plan.Sheet]
	p.Heads = table.Heads()
	if len(table.Rows) > 1 {
		p.Samples = table.Rows[1:min(len(table.Rows), 1+samplesShown)]
	}
}

// reader is how the rows of an import are read today.
func (o *Office) reader(r *store.Read, i store.Import, book sheet.Book) reader {
	return reader{
		heads: book.Sheets[i.Plan.Sheet].Heads(), columns: i.Plan.Columns, date1904: book.Date1904, phoneless: i.Plan.Phoneless, today: r.Today(), check: o.House.Clients.Check,
	}
}

// try judges all rows of the table and tells of those that would not come in.
func (o *Office) try(r *store.Read, i store.Import, book sheet.Book, trial *Trial, tell func(WrongRow)) error {
	t := book.Sheets[i.Plan.Sheet]
	who, rows := nobody(), nobody()
	if err := who.learn(r); err != nil {
		return err
	}
	read := o.reader(r, i, book)
	for n := 1; n < len(t.Rows); n++ {
		v := read.judge(row{t, n}, i.Plan, who, rows)
		if len(v.faults) > 0 {
			tell(read.wrongRow(t.Lines[n], t.Rows[n], v.faults))
		}
		switch v.what {
		case refuse:
			trial.Refused++
		case double:
			trial.Doubles++
		case fillIn:
			trial.Fills++
		case takeIn:
			trial.New++
			if odd := read.oddTier(t.Rows[n]); odd != "" {
				trial.OddTiers, trial.OddTier = trial.OddTiers+1, cmp.Or(trial.OddTier, odd)
			}
		}
	}
	return nil
}

// What becomes of a row.
type fate int

const (
	refuse fate = iota // a cell is wrong
	double             // somebody has the file or the phone, and the plan leaves the row out
	fillIn
	takeIn
)

// verdict is what becomes of a row, and why.
type verdict struct {
	what   fate
	client store.Client
	into   term.ClientID // the file that is filled in
	faults []RowFault
}

// row is one row of a table.
type row struct {
	table sheet.Table
	at    int
}

// judge reads a row and says what becomes of it by the plan, with regard to who has a file and to
// the rows before it.
func (r reader) judge(at row, plan store.ImportPlan, who, rows *known) (v verdict) {
	line, cells := at.table.Lines[at.at], at.table.Rows[at.at]
	if v.client, v.faults = r.client(line, cells); len(v.faults) > 0 {
		return v
	}
	defer rows.add(person{line: line, name: v.client.Name}, v.client.Phone, v.client.Birth)
	v.what = takeIn
	before, beside, again := rows.match(v.client, line)
	twin, other, met := who.match(v.client, line)
	leave := func(code, key string, args ...any) {
		f := r.fault(line, cells, code, key, args...)
		f.Double, v.what, v.faults = true, double, []RowFault{f}
	}
	same := twin != person{}
	switch {
	case before != person{}:
		leave("name", "exchange.row.again", before.line)
	case same && plan.Twins == Fill:
		v.what, v.into = fillIn, twin.id
	case same && plan.Twins != Add:
		leave("name", "exchange.row.twin", twin.name, twin.number)
	case !met && !again:
	case same, plan.Shared == Add, v.client.Former.Shared:
		v.client.Former.Shared = true
	case again:
		leave("phone", "exchange.row.shared.line", beside.line)
	default:
		leave("phone", "exchange.row.shared", other.name, other.number)
	}
	return v
}

// Faults draws the whole list of what is wrong with the rows, as a spreadsheet.
func (o *Office) Faults(ctx context.Context, by access.Actor, id term.ImportID) (file File, err error) {
	var faults []RowFault
	if err := o.Read(ctx, by, access.ImportRead, func(r *store.Read) error {
		i, book, err := waiting(r, id)
		if err != nil {
			return err
		}
		if err := checkColumns(i.Plan.Columns).Err(); err != nil {
			return err
		}
		return o.try(r, i, book, &Trial{}, func(w WrongRow) { faults = append(faults, w.Faults...) })
	}); err != nil {
		return file, err
	}
	list := List{Code: "faults", Columns: func(access.Actor) []string {
		return []string{"exchange.fault.line", "exchange.fault.column", "exchange.fault.heading", "exchange.fault.value", "exchange.fault.why"}
	}}
	list.Rows = func(_ context.Context, by access.Actor, _ Filter, put Put) error {
		var errs error
		for _, f := range faults {
			why := fault.Field{Key: f.Key, Args: f.Args}
			errs = errors.Join(errs, put(f.Line, f.Column, f.Heading, f.Value, why.Say(by.Lang)))
		}
		return errs
	}
	return o.draw(ctx, by, list, nil)
}
