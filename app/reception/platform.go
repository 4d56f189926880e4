package reception

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"meixu/app/engine/sheet"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// PlatformMost is how many rows a table of bookings may have, platformText how long it may be.
const (
	PlatformMost = 300
	platformText = 200_000
)

// PlatformCodes are what a column of such a table can be, in the order in which they are offered.
var PlatformCodes = []string{"order", "name", "phone", "item", "staff", "start", "day", "time", "note"}

//go:embed headings_zh.json
var platformHeadings []byte

// platformCode is what a heading says its column is.
var platformCode = readHeadings()

func readHeadings() map[string]string {
	var all map[string][]string
	if err := json.Unmarshal(platformHeadings, &all); err != nil {
		panic("reception: headings_zh.json: " + err.Error())
	}
	return sheet.Codes(all)
}

// PlatformFile is the text of an uploaded table, as it would have been pasted.
func PlatformFile(body []byte) (text string, date1904 bool, err error) {
	book, err := sheet.Read(body)
	if err != nil {
		return "", false, err
	}
	table := book.Sheets[0]
	for _, t := range book.Sheets {
		if len(t.Rows) > len(table.Rows) {
			table = t
		}
	}
	var out strings.Builder
	for _, row := range table.Rows {
		for i, cell := range row {
			if i > 0 {
				out.WriteByte('\t')
			}
			out.WriteString(strings.TrimLeft(strings.Join(strings.Fields(cell), " "), `"`))
		}
		out.WriteByte('\n')
	}
	return out.String(), book.Date1904, nil
}

// platformTable is a table that was pasted, and what its columns are.
type platformTable struct {
	sheet.Table
	heads   []string
	columns []string
	since   bool // days are counted from 1904
}

// PlatformIn is a table of bookings as it was pasted, with what its columns are; Columns is empty
// until somebody said so.
type PlatformIn struct {
	Text     string
	Columns  []string
	Date1904 bool
}

// table reads the text, and what its columns are: as they were said, as they were the last time, or
// as their headings read.
func (in PlatformIn) table(r *store.Read) (t platformTable, err error) {
	var bad fault.Fields
	switch {
	case strings.TrimSpace(in.Text) == "":
		bad.Add("pasted", "platform.wrong.empty")
	case len(in.Text) > platformText:
		bad.Add("pasted", "platform.wrong.long", PlatformMost)
	}
	if err := bad.Err(); err != nil {
		return t, err
	}
	if t.Table, err = sheet.Pasted(in.Text); err != nil {
		bad.Add("pasted", "sheet.bad.broken")
		return t, bad.Err()
	}
	if n := len(t.Rows) - 1; n < 1 {
		bad.Add("pasted", "platform.wrong.empty")
	} else if n > PlatformMost {
		bad.Add("pasted", "platform.wrong.long", PlatformMost)
	}
	if err := bad.Err(); err != nil {
		return t, err
	}
	t.heads, t.since = t.Heads(), in.Date1904
	if t.columns = in.Columns; len(t.columns) != len(t.heads) {
		t.columns, err = platformColumns(r, t.heads)
	}
	return t, err
}

// platformKey names the headings of a table of bookings among those of other imports.
func platformKey(heads []string) string { return "bookings\x1e" + sheet.HeadsKey(heads) }

func platformColumns(r *store.Read, heads []string) ([]string, error) {
	m, err := r.ImportMap(platformKey(heads))
	if err == nil && len(m.Columns) == len(heads) {
		return m.Columns, nil
	}
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return sheet.Guess(platformCode, heads), err
}

// check refuses columns that stand twice or leave out who comes and when.
func (t platformTable) check() error {
	var bad fault.Fields
	seen := map[string]bool{}
	for i, code := range t.columns {
		switch {
		case code == "":
		case !slices.Contains(PlatformCodes, code):
			bad.Add(fmt.Sprintf("col_%d", i), "kit.bad.choice")
		case seen[code]:
			bad.Add(fmt.Sprintf("col_%d", i), "exchange.columns.twice", fault.Word("platform.field."+code))
		}
		seen[code] = true
	}
	for _, must := range []string{"name", "phone"} {
		if !seen[must] {
			bad.Add("pasted", "exchange.columns.missing", fault.Word("platform.field."+must))
		}
	}
	if !seen["start"] && !seen["day"] {
		bad.Add("pasted", "exchange.columns.missing", fault.Word("platform.field.start"))
	}
	return bad.Err()
}

// PlatformFault is what is wrong with one cell, or why a row becomes a request.
type PlatformFault struct {
	Column, Heading, Value string
	Key                    string
	Args                   []any
}

// Say prints why.
func (f PlatformFault) Say(print func(key string, args ...any) string) string {
	return print(f.Key, f.Args...)
}

// wish is one row as it was read.
type wish struct {
	line                                  int
	order, name, phone, item, staff, note string
	day                                   term.Day
	clock                                 string // "" when the table says no time
	faults                                []PlatformFault
}

// read reads one row of the table.
func (t platformTable) read(i int) (w wish) {
	w.line = t.Lines[i]
	cell := func(code string) (text string, column int) {
		column = slices.Index(t.columns, code)
		if column >= 0 && column < len(t.Rows[i]) {
			text = strings.TrimSpace(t.Rows[i][column])
		}
		return text, column
	}
	wrong := func(code, key string, args ...any) {
		text, column := cell(code)
		f := PlatformFault{Value: text, Key: key, Args: args}
		if column >= 0 {
			f.Column, f.Heading = sheet.Column(column), t.heads[column]
		}
		w.faults = append(w.faults, f)
	}
	w.order, _ = cell("order")
	w.name, _ = cell("name")
	w.item, _ = cell("item")
	w.staff, _ = cell("staff")
	w.note, _ = cell("note")
	phone, _ := cell("phone")
	digits, lost := sheet.Digits(phone)
	w.name, w.phone = term.PersonName(w.name), term.NormalPhone(digits)
	if utf8.RuneCountInString(w.name) > longGuest || !term.Called(w.name) {
		wrong("name", "request.wrong.name")
	}
	if lost || !term.GoodPhone(w.phone) {
		wrong("phone", "request.wrong.phone")
	}
	if n := utf8.RuneCountInString(w.order); n > 60 {
		wrong("order", "platform.wrong.order")
	}
	w.when(cell, wrong, t.since)
	return w
}

// when reads day and time: one column with both, or one each; a day alone is a wish for that day.
func (w *wish) when(cell func(string) (string, int), wrong func(string, string, ...any), date1904 bool) {
	if start, _ := cell("start"); start != "" {
		if minute, ok := sheet.Moment(start, date1904); ok {
			w.day, w.clock = term.Day(minute[:10]), minute[11:]
			return
		}
		day, ok := sheet.Day(start, date1904)
		if !ok {
			wrong("start", "platform.wrong.start")
		}
		w.day = day
		return
	}
	text, _ := cell("day")
	day, ok := sheet.Day(text, date1904)
	if !ok {
		wrong("day", "platform.wrong.day")
		return
	}
	w.day = day
	at, _ := cell("time")
	begin, _, _ := strings.Cut(strings.NewReplacer("~", "-", "\u2013", "-", "\uff5e", "-").Replace(at), "-")
	if at == "" {
		return
	}
	if w.clock, ok = sheet.Clock(begin); !ok {
		wrong("time", "platform.wrong.time")
	}
}
