package form

import (
	"encoding/json"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store/term"
)

// Field is one question ready to be drawn.
type Field struct {
	LinkID   string
	Type     Type
	ID       string // f-q.link: where the summary of faults links to
	Name     string // q.link
	Text     words.Text
	Help     words.Text
	Value    string
	Values   []string
	Said     []Said // the answer in words, for reading and paper
	Was      []Said // the older answer, when it differs
	Options  []OptionView
	Steps    []string // numbers of a scale
	Unit     string
	Min, Max string
	Required bool   // now, given the answers
	MustWhen string // JSON of requiredWhen: the browser stars the question while typing
	Detail   DetailView
	Rows     []RowView
	Columns  []Column
	Blank    RowView // a row to be copied by the browser
	Fault    *fault.Field
	Off      bool
	Changed  bool
	Masked   bool    // the reader may not see it
	Theirs   *Theirs // what somebody else saved meanwhile, when it differs
	When     string  // JSON of enableWhen
	Map      string
	SumOf    string // q.points|units: the browser adds up while typing
	Many     bool   // several photos
	Format   string // phone or document
	Phrases  bool   // banned wording is marked while typing
	Calm     bool   // a plain "no" that finds nothing: a reader may fold it
}

// Said is a piece of an answer in words: a text of the template or what was typed, and
// whether it is a contraindication or red flag.
type Said struct {
	words.Text
	Typed string
	Red   bool
}

// OptionView is one option with its state.
type OptionView struct {
	Code   string
	Text   words.Text
	Key    string // words key instead of Text, for yes, no, unasked
	Chosen bool
	Red    bool
	Alone  bool // exclusive
}

// DetailView is the free text beside an answer.
type DetailView struct {
	Label words.Text
	Name  string
	ID    string
	Value string
	On    bool
	When  string // answers that show it, parted by |; "" any
	Fault *fault.Field
}

// Has says that the question has a free text.
func (d DetailView) Has() bool { return d.Name != "" }

// RowView is one line of a table or points answer.
type RowView struct {
	Index string
	Cells []CellView
}

// CellView is one cell.
type CellView struct {
	Column
	ID, Name, Value string
	Said            words.Text
	Fault           *fault.Field
}

func newField(it Item, ans Answer, o Options) Field {
	name := Name(it.LinkID)
	f := Field{
		LinkID: it.LinkID, Type: it.Type, ID: "f-" + name, Name: name, Text: it.Text, Help: it.Help,
		Unit: it.Unit, Required: it.Required || len(it.Must) > 0, Steps: scaleSteps(it), Map: it.Map,
		Columns: it.Columns, Many: it.Type == Photo, Format: it.Format,
	}
	if it.Min != nil {
		f.Min = plain(*it.Min)
	}
	if it.Max != nil {
		f.Max = plain(*it.Max)
	}
	if it.SumOf != "" {
		link, column, _ := strings.Cut(it.SumOf, ".")
		f.SumOf = Name(link) + "|" + column
	}
	f.Fault = faultOf(o.Faults, name)
	f.Phrases = o.Phrases && it.Type == TextArea
	if o.Sees != nil && !o.Sees(it.sensitivity()) {
		f.Masked = true
		return f
	}
	ans = it.covered(ans, o.Mode)
	f.Value, f.Values, f.Said = first(ans.Values), ans.Values, saidOf(it, ans)
	f.Options = it.optionViews(ans.Values, o.Mode)
	f.Detail = it.detailView(ans, o.Faults)
	f.Calm = f.calm(it)
	if len(it.Columns) > 0 {
		f.Rows, f.Blank = rowViews(it, ans.Rows, o)
	}
	return f
}

// calm says that the answer is "no" to a question that looks for trouble, be it of two answers
// or of several, or "none of these": what must be "yes", what flags a "no" and what has words
// beside it is told, and so is a test that was not made.
func (f Field) calm(it Item) bool {
	if f.Detail.Value != "" || slices.ContainsFunc(f.Options, func(o OptionView) bool { return o.Chosen && o.Red }) {
		return false
	}
	if it.Type == Multi {
		return len(f.Values) == 1 && slices.ContainsFunc(f.Options, func(o OptionView) bool { return o.Chosen && o.Alone })
	}
	looks := it.Type == YesNo || it.Type == Choice && len(it.Hits)+len(it.RedFlag) > 0
	return looks && f.Value == No && it.Harmless() == No
}

// LevelIdentity is the sensitivity of id number and address: only those who see FieldIdentity.
const LevelIdentity = string(access.FieldIdentity)

// LevelMoney is the sensitivity of what somebody wants to spend: only those who see FieldMoney.
const LevelMoney = string(access.FieldMoney)

// Masks of an item.
const (
	MaskPhone  = "phone"
	MaskNumber = "number"
)

// covered leaves the last four of a phone or id number where a filling is only read: the
// whole number is asked for on the client's page, which is an act of its own (rulings 10).
func (it Item) covered(ans Answer, mode Mode) Answer {
	hide := map[string]func(string) string{MaskPhone: term.MaskPhone, MaskNumber: term.MaskNumber}[it.Mask]
	if hide == nil || mode != ModeRead && mode != ModePrint {
		return ans
	}
	ans.Values = slices.Clone(ans.Values)
	for i, v := range ans.Values {
		ans.Values[i] = hide(v)
	}
	return ans
}

// sensitivity is P2 unless the template says otherwise: what a client tells is health data.
func (it Item) sensitivity() string {
	if it.Level == "" {
		return "P2"
	}
	return it.Level
}

func faultOf(all fault.Fields, name string) *fault.Field {
	if f, ok := all.Of(name); ok {
		return &f
	}
	return nil
}

// optionViews lists the answers to choose from. A client cannot leave a question unasked: on
// the tablet the third answer is only "not sure".
func (it Item) optionViews(values []string, mode Mode) []OptionView {
	var out []OptionView
	add := func(o OptionView) {
		o.Chosen, o.Red = slices.Contains(values, o.Code), it.red(o.Code)
		out = append(out, o)
	}
	if it.Type == YesNo {
		for _, code := range []string{Yes, No, Unasked} {
			key := "form.answer." + code
			if code == Unasked && mode == ModeHandover {
				key = "form.answer.unsure"
			}
			add(OptionView{Code: code, Key: key})
		}
	}
	for _, o := range it.Options {
		add(OptionView{Code: o.Code, Text: o.Text, Alone: o.Exclusive})
	}
	return out
}

// red says that the answer is a contraindication, a red flag, or stops a checklist.
func (it Item) red(code string) bool {
	for _, h := range it.Hits {
		if matches(code, h.Operator, h.WhenAnswer) {
			return true
		}
	}
	for _, f := range it.RedFlag {
		if matches(code, f.Operator, f.WhenAnswer) {
			return true
		}
	}
	return len(it.Must) > 0 && !slices.Contains(it.Must, code) && code != Unasked
}

func (it Item) detailView(ans Answer, faults fault.Fields) DetailView {
	if it.Detail == (words.Text{}) {
		return DetailView{}
	}
	name := Name(it.LinkID) + ".detail"
	when := it.DetailWhen
	if len(when) == 0 && it.Type == YesNo {
		when = []string{Yes}
	}
	return DetailView{
		Label: it.Detail, Name: name, ID: "f-" + name, Value: ans.Detail, When: strings.Join(when, "|"),
		On: it.wantsDetail(ans) || ans.Detail != "", Fault: faultOf(faults, name),
	}
}

func rowViews(it Item, rows []Row, o Options) (filled []RowView, blank RowView) {
	view := func(index int, mark string, row Row) RowView {
		v := RowView{Index: mark}
		for _, c := range it.Columns {
			name := strings.Replace(CellName(it.LinkID, index, c.LinkID), "."+itoa(index)+".", "."+mark+".", 1)
			cell := CellView{Column: c, ID: "f-" + name, Name: name, Value: row[c.LinkID], Fault: faultOf(o.Faults, name)}
			if opt, ok := option(c.Options, cell.Value); ok {
				cell.Said = opt.Text
			}
			v.Cells = append(v.Cells, cell)
		}
		return v
	}
	for i, row := range rows {
		filled = append(filled, view(i, itoa(i), row))
	}
	editing := o.Mode == ModeEdit || o.Mode == ModeHandover || o.Mode == ""
	if editing && len(filled) == 0 && it.Type == Table {
		filled = append(filled, view(0, "0", Row{}))
	}
	return filled, view(0, "N", Row{})
}

// sum fills a computed field.
func (f *Field) sum(it Item, a Answers) {
	if it.SumOf == "" || f.Masked {
		return
	}
	link, column, _ := strings.Cut(it.SumOf, ".")
	f.Value = FromThousandths(a.Sum(link, column))
	f.Said = []Said{{Typed: f.Value}}
}

// saidOf puts an answer into words.
func saidOf(it Item, ans Answer) []Said {
	var out []Said
	for _, v := range ans.Values {
		s := Said{Typed: v, Red: it.red(v) && it.Type != Text}
		if o, ok := option(it.Options, v); ok {
			s.Text, s.Typed = o.Text, ""
		}
		out = append(out, s)
	}
	if ans.Detail != "" {
		out = append(out, Said{Typed: ans.Detail})
	}
	return out
}

// Pad is what the kit's sign pad and photo widget draw. Required is left to the server, so
// that a half-filled form can be saved.
func (f Field) Pad() Pad { return Pad{ID: f.ID, Name: f.Name, Value: f.Value, Many: f.Many} }

// Pad is a sign pad or photo input, named as the kit's widgets look for.
type Pad struct {
	ID, Name, Value, Hint string
	Required, Many        bool
}

// Stroke gives a signature's drawing back as JSON for the kit, "" when unsigned.
func (f Field) Stroke() string {
	if f.Type != Signature || !json.Valid([]byte(f.Value)) {
		return ""
	}
	return f.Value
}

func itoa(n int) string { return plain(float64(n)) }
