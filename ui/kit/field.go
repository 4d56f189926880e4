package kit

import (
	"net/url"
	"slices"

	"meixu/app/fault"
)

// Kind is the sort of a field.
type Kind string

// The kinds of field.
const (
	Text     Kind = "text"
	Area     Kind = "area"
	Number   Kind = "number"
	Decimal  Kind = "decimal"
	Money    Kind = "money"
	Day      Kind = "day"
	Time     Kind = "time"
	Instant  Kind = "instant"
	Select   Kind = "select"
	Radio    Kind = "radio"
	Chips    Kind = "chips" // one or several of a few, as large buttons; Many makes it several
	Check    Kind = "check"
	Phone    Kind = "phone"
	Password Kind = "password"
	PIN      Kind = "pin"
	Code     Kind = "code" // of an app or a printed list; never shown again
	Search   Kind = "search"
	Scan     Kind = "scan"  // filled by the barcode wedge
	Sign     Kind = "sign"  // signature pad, strokes as JSON
	Photo    Kind = "photo" // one or more pictures, shrunk before upload
	Hidden   Kind = "hidden"
	Static   Kind = "static" // shown, not sent
)

// Field is one input with its label, help and fault. Label, Help and Error win over their
// keys: they carry template data or user content, which is never translated.
type Field struct {
	Name     string
	Kind     Kind
	LabelKey string
	Label    string
	HelpKey  string
	Help     string
	Value    string
	Values   []string
	Options  []Option
	Required bool
	Many     bool
	// When shows the field only while another one of the form has a value: "way=second". It is
	// comfort of the browser; the server asks what it asks.
	When     string
	All      bool // a select of a filter: choosing nothing means everything
	Wide     bool // takes the whole width of the form grid
	Focus    bool
	ReadOnly bool
	Min, Max string
	Step     string
	Unit     string // words key or plain text behind the input
	Hint     string // placeholder: an example, never the label
	Rows     int
	// Asks marks what a deed is told and no record holds (a reason, a tick that does something once):
	// nobody else's value stands against it.
	Asks bool
	// Phrases marks an area whose words are checked while typing (row:Q, banned claims).
	Phrases bool
	// ErrorKey and ErrorArgs are the fault of the field; Fill sets them.
	ErrorKey  string
	ErrorArgs []any
	Error     string
	// Differs says that somebody else saved Theirs meanwhile (Against), or of several TheirsList.
	Differs    bool
	Theirs     string
	TheirsList []string
	// Moved says that the value is somebody else's: it was changed meanwhile, and not here.
	Moved bool
	stood []string // what stood when the form was drawn, where that is not the value
	// Scope keeps the element ids of several forms on one page apart.
	Scope string
}

// Option is one choice of a select, radio or chips field.
type Option struct {
	Value    string
	Label    string
	LabelKey string
	Hint     string
	Disabled bool
}

// ID is the element id of the field.
func (f Field) ID() string { return "f-" + f.Scope + f.Name }

// Faulty says that the field has a fault.
func (f Field) Faulty() bool { return f.ErrorKey != "" || f.Error != "" }

// Chosen says that the option is taken.
func (f Field) Chosen(o Option) bool {
	return o.Value == f.Value && f.Value != "" || slices.Contains(f.Values, o.Value)
}

// Ticked says that a check field is on.
func (f Field) Ticked() bool { return f.Value == "on" || f.Value == "true" || f.Value == "1" }

// Nothing is the words key of a select's empty choice: all in a filter, else "choose one".
func (f Field) Nothing() string {
	if f.All {
		return "kit.all"
	}
	return "kit.choose"
}

// Lines is the height of an area.
func (f Field) Lines() int {
	if f.Rows > 0 {
		return f.Rows
	}
	return 3
}

// Edit is a whole form: fields, the button and the faults summed at the top.
type Edit struct {
	Action    string
	Fields    []Field
	SubmitKey string // words key of the main button; kit.save when empty
	CancelURL string
	// DraftKey keeps the typed form on the server; "" keeps nothing (rulings 25).
	DraftKey string
	// Seen is the fingerprint of what the page shows beside the form: whoever posts it decides on
	// that and nothing else (access.Actor.Seen).
	Seen string
	// Part makes htmx post the form and swap its answer into this selector; "" posts a page.
	Part   string
	Faults fault.Fields
	// Danger paints the button as dangerous; Reason asks why, for the trail.
	Danger bool
	Reason bool
	Why    string // the reason as typed
}

// Filled is the form with what was typed and what was wrong; typed may be nil.
func (e Edit) Filled(typed url.Values, faults fault.Fields) Edit {
	e.Fields = Fill(e.Fields, typed, faults)
	e.Faults = faults
	e.Why = typed.Get("_reason")
	return e
}

// Named is the form with what an address names: the fields that it leaves out keep their values.
func (e Edit) Named(query url.Values) Edit {
	e.Fields = slices.Clone(e.Fields)
	for i := range e.Fields {
		if f := &e.Fields[i]; query.Has(f.Name) {
			f.Value = query.Get(f.Name)
		}
	}
	return e
}

// Over is the form with what was typed over a record that somebody else saved meanwhile.
func (e Edit) Over(typed url.Values) Edit {
	e.Fields = Against(e.Fields, typed)
	e.Why = typed.Get("_reason")
	return e
}

// WhyField asks for the reason that goes into the trail.
func (e Edit) WhyField() Field {
	f := Field{Name: "_reason", Kind: Text, LabelKey: "kit.reason", Required: true, Wide: true, Value: e.Why}
	if len(e.Fields) > 0 {
		f.Scope = e.Fields[0].Scope
	}
	return Fill([]Field{f}, nil, e.Faults)[0]
}

// Within gives the fields ids of their own on a page with several forms of one kind.
func (e Edit) Within(scope string) Edit {
	for i := range e.Fields {
		e.Fields[i].Scope = scope + "-"
	}
	return e
}

// Field is the field of that name, nil when the form has none.
func (e Edit) Field(name string) *Field {
	for i := range e.Fields {
		if e.Fields[i].Name == name {
			return &e.Fields[i]
		}
	}
	return nil
}

// Multipart says that the form carries files.
func (e Edit) Multipart() bool {
	return slices.ContainsFunc(e.Fields, func(f Field) bool { return f.Kind == Photo })
}

// Fill puts what was typed and what was wrong into the fields; typed may be nil (values stay).
func Fill(fields []Field, typed url.Values, faults fault.Fields) []Field {
	filled := slices.Clone(fields)
	for i := range filled {
		f := &filled[i]
		if typed != nil && f.Kind != Static && f.Kind != Password && f.Kind != PIN && f.Kind != Code {
			f.Value = typed.Get(f.Name)
			f.Values = nil
			f.stood = typed[was+f.Name]
			if f.Many {
				f.Value, f.Values = "", typed[f.Name]
			}
		}
		for _, bad := range faults {
			if bad.Name == f.Name && !f.Faulty() {
				f.ErrorKey, f.ErrorArgs = bad.Key, bad.Args
			}
		}
	}
	return filled
}
