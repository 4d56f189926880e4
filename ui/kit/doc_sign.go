package kit

import (
	"regexp"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/app/fault"
)

// Doc is a document on screen or paper: {{template "document" $.With .V.Doc}}, and
// {{template "document_print" $.With .V.Doc}} in a page with the layout Print.
type Doc struct{ document.View }

// PaperLang is the language of what is printed around the frozen text: that of the text once
// somebody signed it; "" leaves it to the reader.
func (d Doc) PaperLang() string {
	for _, s := range d.Signers {
		if s.Signed {
			return d.Lang
		}
	}
	return ""
}

// PaperName is the style class of the paper.
func (d Doc) PaperName() string {
	switch d.Paper {
	case document.Slip80:
		return "slip"
	case document.Label:
		return "label-paper"
	default:
		return "doc-a4"
	}
}

// moneyKinds are papers of figures: no physician reviews their text.
var moneyKinds = []string{"quote", "settlement", "receipt", "refund"}

// Unreviewed says that the paper's text still waits for the clinic's physician. That is a word
// for the staff's screen; the paper that a client reads and keeps does not say it.
func (d Doc) Unreviewed() bool { return !d.Reviewed && !slices.Contains(moneyKinds, d.Kind) }

var figure = regexp.MustCompile(`^[-−]?¥?[0-9][0-9,]*(\.[0-9]+)?( ?/ ?[0-9]+)?$`)

// Amount says that a text is money, which stands to the right.
func (d Doc) Amount(text string) bool {
	return strings.Contains(text, "¥") && figure.MatchString(text)
}

// Figures says that a column of a table holds figures only.
func (d Doc) Figures(b document.Block, column int) bool {
	for _, row := range b.Rows {
		if column >= len(row) || row[column] != "—" && !figure.MatchString(row[column]) {
			return false
		}
	}
	return len(b.Rows) > 0
}

// DocSign is the pad under a document for one capacity: {{template "document_sign" $.With .}}.
type DocSign struct {
	Doc       Doc
	Role      document.Role
	Action    string
	Name      string // put in beforehand, to be compared with the writing
	CancelURL string
	Faults    fault.Fields
	Quiet     bool // another action of the page is the next one
}

// RoleKey is the words key of the capacity.
func (d DocSign) RoleKey() string { return "document.signer." + string(d.Role) }

// Fields are the name and the pad.
func (d DocSign) Fields() []Field {
	fields := []Field{
		{Name: "name", Kind: Text, LabelKey: "document.sign.field.name", Value: d.Name, Required: true},
		{Name: "strokes", Kind: Sign, LabelKey: "document.sign.field.strokes", Required: true, Wide: true},
	}
	for i := range fields {
		if wrong, ok := d.Faults.Of(fields[i].Name); ok {
			fields[i].ErrorKey, fields[i].ErrorArgs = wrong.Key, wrong.Args
		}
	}
	return fields
}

// Problems are the faults that belong to no field of the form.
func (d DocSign) Problems() []fault.Field {
	var rest []fault.Field
	for _, f := range d.Faults {
		if f.Name != "name" && f.Name != "strokes" {
			rest = append(rest, f)
		}
	}
	return rest
}

// ReadSignature reads what "document_sign" posts. The device is the workstation as which
// the browser is enrolled, never what the browser says of itself.
func ReadSignature(f *Form, by access.Actor) document.Signature {
	return document.Signature{
		Role: document.Role(f.Text("role")), Name: f.Text("name"), Strokes: f.Text("strokes"), Seen: f.Text("_seen"),
		Device: by.Station,
	}
}
