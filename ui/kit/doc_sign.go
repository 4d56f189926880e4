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
type Doc struct {
	document.View
	// Size is another size of the same paper: SizeBill, SizeA5 or SizeNarrow; "" is its own.
	Size string
}

// Sizes that a paper can be printed in beside its own: the three-part continuous form of 241 × 140 mm,
// A5, and the roll of 58 mm.
const (
	SizeBill   = "bill"
	SizeA5     = "a5"
	SizeNarrow = "narrow"
)

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
	Doc    Doc
	Role   document.Role
	Action string
	// Name is whose name goes under the paper, as the house has it: it is shown and not typed.
	// "" is typed by the signer.
	Name string
	// May are the capacities in which the client's place may be signed, the usual one first;
	// StandIn is who signs for the client, as typed or as the file names the guardian.
	May     []document.Capacity
	StandIn StandIn
	Strokes string // what was drawn before something was found wrong
	Faults  fault.Fields
	Quiet   bool // another action of the page is the next one

	CancelURL string
}

// StandIn is what was typed or chosen about who signs in the client's place.
type StandIn struct {
	Capacity               document.Capacity
	Name, Relation, Reason string
}

// RoleKey is the words key of the capacity.
func (d DocSign) RoleKey() string { return "document.signer." + string(d.Role) }

// ForClient says that this is the client's place: somebody else may sign for the client.
func (d DocSign) ForClient() bool { return d.Role == document.Client && len(d.May) > 0 }

// Guarded says that the client is too young to sign this paper (REG-CON-04).
func (d DocSign) Guarded() bool { return d.ForClient() && d.May[0] != document.Own }

// capacity is the one that is chosen.
func (d DocSign) capacity() document.Capacity {
	if d.StandIn.Capacity == "" && d.ForClient() {
		return d.May[0]
	}
	return d.StandIn.Capacity
}

// Capacity is the choice who signs in the client's place.
func (d DocSign) Capacity() Field {
	f := Field{
		Name: "capacity", Kind: Chips, LabelKey: "document.sign.field.capacity", Required: true, Wide: true,
		Value: string(d.capacity()),
	}
	for _, may := range d.May {
		f.Options = append(f.Options, Option{Value: string(may), LabelKey: may.Key()})
	}
	return d.faulty(f, "capacity")
}

// Fields are the name and the pad.
func (d DocSign) Fields() []Field { return []Field{d.Named(), d.Pad()} }

// Named is the name of the signer; in the client's place it is the client's own.
func (d DocSign) Named() Field {
	f := Field{
		Name: "name", Kind: Text, LabelKey: "document.sign.field.name", Value: d.Name, Required: true, ReadOnly: d.Name != "",
	}
	if d.Role == document.Client {
		f.LabelKey, f.HelpKey = "document.sign.field.client", "document.sign.help.client"
	}
	if d.capacity().StandIn() {
		f.Scope = string(d.Role) + "-"
		return f
	}
	return d.faulty(f, "name")
}

// Others are the fields of who signs for the client: the name, the relation and the reason.
func (d DocSign) Others() []Field {
	name := Field{
		Name: "signer", Kind: Text, LabelKey: "document.sign.field.signer", HelpKey: "document.sign.help.signer",
		Value: d.StandIn.Name, Required: true,
	}
	if d.capacity().StandIn() {
		name = d.faulty(name, "name")
	}
	name.Scope = string(d.Role) + "-"
	return []Field{
		name,
		d.faulty(Field{
			Name: "relation", Kind: Text, LabelKey: "document.sign.field.relation", HelpKey: "document.sign.help.relation",
			Value: d.StandIn.Relation, Required: true,
		}, "relation"),
		d.faulty(Field{
			Name: "reason", Kind: Text, LabelKey: "document.sign.field.reason", HelpKey: "document.sign.help.reason",
			Value: d.StandIn.Reason, Required: true, Wide: true,
		}, "reason"),
	}
}

// Pad is where the pen goes.
func (d DocSign) Pad() Field {
	return d.faulty(Field{
		Name: "strokes", Kind: Sign, LabelKey: "document.sign.field.strokes", Value: d.Strokes, Required: true, Wide: true,
	}, "strokes")
}

// faulty puts the fault of that name under the field, whose id is apart from those of the
// other pads of the page.
func (d DocSign) faulty(f Field, name string) Field {
	f.Scope = string(d.Role) + "-"
	if wrong, ok := d.Faults.Of(name); ok {
		f.ErrorKey, f.ErrorArgs = wrong.Key, wrong.Args
	}
	return f
}

// Problems are the faults that belong to no field of the form.
func (d DocSign) Problems() []fault.Field {
	fields := []string{"name", "strokes"}
	if d.ForClient() {
		fields = append(fields, "capacity", "relation", "reason")
	}
	return slices.DeleteFunc(slices.Clone(d.Faults), func(f fault.Field) bool { return slices.Contains(fields, f.Name) })
}

// ReadSignature reads what "document_sign" posts. The device is the workstation as which
// the browser is enrolled, never what the browser says of itself.
func ReadSignature(f *Form, by access.Actor) document.Signature {
	in := document.Signature{
		Role: document.Role(f.Text("role")), Name: f.Text("name"), Strokes: f.Text("strokes"), Seen: f.Text("_seen"),
		Capacity: document.Capacity(f.Text("capacity")), Device: by.Station,
	}
	if in.Capacity.StandIn() {
		in.Name, in.Relation, in.Reason = f.Text("signer"), f.Text("relation"), f.Text("reason")
	}
	return in
}
