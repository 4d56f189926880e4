// Package exchange is the door for files (U6): every list goes out as a spreadsheet, and the
// clients of a former system come in from one. Lists with personal data leave with a reason, a
// proof of who asks and, when they are long, a second person's word (REG-PII-11). What comes in is
// looked at first, taken in by small writes that a crash does not repeat, and can be taken back.
package exchange

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Rows of the store that pages are given; the interface knows them by these names.
type (
	// Export is a list that was asked for as a file.
	Export = store.Export
	// Import is a file of clients that comes in.
	Import = store.Import
	// Plan says how the rows of a file are read.
	Plan = store.ImportPlan
)

// Filter is what the page showed of a list: names and values of its address or search.
type Filter = map[string]string

// Put takes one row of a list: texts, whole numbers and amounts of money.
type Put func(cells ...any) error

// List is a list of the house that goes out as a file. Rooms own it; app ties them here.
type List struct {
	// Code names the list; its title is the words key exchange.list.<Code>.
	Code string
	// View is what its page asks for: nobody takes out what he may not see.
	View access.Permission
	// Personal lists name clients.
	Personal bool
	// Within is a list of what another page chose (a lot, a rule): the page of the files does not offer it.
	Within bool
	// Fields are the names of the filter that the list understands.
	Fields []string
	// Columns are the words keys of the headings that the actor gets.
	Columns func(by access.Actor) []string
	// Rows gives the rows, as the actor may see them.
	Rows func(ctx context.Context, by access.Actor, f Filter, put Put) error
}

// Key is the words key of the list's title.
func (l List) Key() string { return "exchange.list." + l.Code }

// Clients is what the book of clients does for an import.
type Clients interface {
	// Check names what is wrong with a file that comes from another system.
	Check(c store.Client, today term.Day) fault.Fields
	// Keep keeps the finder right after the commit.
	Keep(tx *store.Tx, c store.Client)
}

// House is what the room needs from the others.
type House struct {
	Clients Clients
	// Wake makes the job go on with imports that are at work, now.
	Wake func() error
}

// Office is the service of the room.
type Office struct {
	deed.Doer
	House House
	lists []List
}

// New makes the office; lists are offered afterwards.
func New(d deed.Doer, h House) *Office { return &Office{Doer: d, House: h} }

// Offer adds lists that may go out.
func (o *Office) Offer(lists ...List) { o.lists = append(o.lists, lists...) }

// Lists are the lists that the actor may take out as a whole, in the order in which they were offered.
func (o *Office) Lists(by access.Actor) []List {
	return slices.DeleteFunc(slices.Clone(o.lists), func(l List) bool { return l.Within || !by.May(l.View) })
}

// Codes names every list that goes out.
func (o *Office) Codes() (codes []string) {
	for _, l := range o.lists {
		codes = append(codes, l.Code)
	}
	return codes
}

// list is a list that the actor may see.
func (o *Office) list(by access.Actor, code string) (List, error) {
	i := slices.IndexFunc(o.lists, func(l List) bool { return l.Code == code })
	if i < 0 {
		return List{}, fault.NotFound("list")
	}
	if l := o.lists[i]; by.May(l.View) {
		return l, nil
	}
	return List{}, fault.Forbidden(string(o.lists[i].View))
}

// kept leaves of a filter what the list understands.
func (l List) kept(f Filter) Filter {
	kept := Filter{}
	for _, name := range l.Fields {
		if f[name] != "" {
			kept[name] = f[name]
		}
	}
	return kept
}

func exportRef(id term.ExportID) store.Subject { return store.Subject{Noun: "export", ID: int64(id)} }

func importRef(id term.ImportID) store.Subject { return store.Subject{Noun: "import", ID: int64(id)} }
