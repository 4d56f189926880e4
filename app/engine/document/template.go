package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"meixu/app/fault"
	"meixu/app/words"
)

// Role is in what capacity somebody signs.
type Role string

// The capacities.
const (
	Client     Role = "client"
	Guardian   Role = "guardian"
	Witness    Role = "witness"
	Physician  Role = "physician"
	Consultant Role = "consultant"
	Nurse      Role = "nurse"
	Cashier    Role = "cashier"
)

// Staff says that the capacity belongs to a member of staff.
func (r Role) Staff() bool { return r != Client && r != Guardian && r != Witness }

// Signer is a required signature; When names a fact without which it is not required
// (a guardian only where there is one, REG-CON-04).
type Signer struct {
	Role Role   `json:"role"`
	When string `json:"when,omitempty"`
}

// Template is one edition of a document's text, as data.
type Template struct {
	Code  string     `json:"code"` // consent.botulinum
	Kind  string     `json:"kind"` // consent
	Title words.Text `json:"title"`
	Paper Paper      `json:"paper"`
	// Prefix begins the printed number, as D in D20260302-001.
	Prefix  string   `json:"prefix"`
	Signers []Signer `json:"signers"`
	// ValidDays is how many days an issued document counts; 0 without end.
	ValidDays int `json:"valid_days,omitempty"`
	// Separate says that each one counts for itself (two refunds of one order) and never
	// takes the place of an older one.
	Separate bool `json:"separate,omitempty"`
	// Reviewed says that the clinic's physician (or counsel) has approved the text.
	Reviewed bool    `json:"reviewed"`
	Source   string  `json:"source,omitempty"` // laws it follows
	Blocks   []Piece `json:"blocks"`
}

// Piece is a block before the facts: its texts hold slots like {{client.name}}, a slot
// with a question mark {{guardian.name?}} may be empty. Values are put in as plain text and
// never read again, so a name cannot bring a slot of its own.
type Piece struct {
	Type  BlockType    `json:"type"`
	Level int          `json:"level,omitempty"`
	Text  words.Text   `json:"text,omitzero"`
	Items []words.Text `json:"items,omitempty"`
	Head  []words.Text `json:"head,omitempty"`
	Pairs []Pair       `json:"pairs,omitempty"`
	// Each names a list (for list) or a table (for table, facts, qa) among the facts.
	Each string `json:"each,omitempty"`
	// When and Unless name a fact; the piece is left out without it, or with it.
	When   string `json:"when,omitempty"`
	Unless string `json:"unless,omitempty"`
	Mark   string `json:"mark,omitempty"`
}

// Pair is a label with its value.
type Pair struct {
	Label words.Text `json:"label"`
	Value words.Text `json:"value"`
}

// Facts fill a template. Missing ones are refused, so that no blank is ever signed.
type Facts struct {
	Text   map[string]string
	Lists  map[string][]string
	Tables map[string][][]string
}

var slot = regexp.MustCompile(`\{\{([a-z][a-z0-9_.]*)(\?)?\}\}`)

// Parse reads a template and refuses what cannot be drawn.
func Parse(raw []byte) (Template, error) {
	var t Template
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&t); err != nil {
		return t, fmt.Errorf("document: template: %w", err)
	}
	return t, t.check()
}

func (t Template) check() error {
	if t.Code == "" || t.Kind == "" || t.Title.ZH == "" || t.Prefix == "" || len(t.Blocks) == 0 {
		return fmt.Errorf("document: template %q lacks code, kind, title, prefix or blocks", t.Code)
	}
	if !slices.Contains([]Paper{A4, Slip80, Label}, t.Paper) {
		return fmt.Errorf("document: template %s: unknown paper %q", t.Code, t.Paper)
	}
	signs := false
	for i, p := range t.Blocks {
		if !p.known() {
			return fmt.Errorf("document: template %s: block %d is no %q", t.Code, i, p.Type)
		}
		signs = signs || p.Type == Signatures
	}
	if signs != (len(t.Signers) > 0) {
		return fmt.Errorf("document: template %s: signers and the place for signatures must come together", t.Code)
	}
	return nil
}

func (p Piece) known() bool {
	switch p.Type {
	case Heading, Para, Notice:
		return p.Text.ZH != ""
	case List:
		return len(p.Items) > 0 || p.Each != ""
	case Table, QA:
		return p.Each != ""
	case Pairs:
		return len(p.Pairs) > 0 || p.Each != ""
	case Signatures, PageBreak:
		return true
	}
	return false
}

// JSON is the stored form of the template.
func (t Template) JSON() ([]byte, error) { return canonical(t) }

// Five lists the elements that an informed consent must show (REG-CON-01, REG-CON-03).
var Five = []string{"indication", "contraindication", "risk", "alternative", "aftercare"}

// Missing lists which of the five elements the template does not have.
func (t Template) Missing() []string {
	var missing []string
	for _, element := range Five {
		if !slices.ContainsFunc(t.Blocks, func(p Piece) bool { return p.Mark == element && p.When == "" && p.Unless == "" }) {
			missing = append(missing, element)
		}
	}
	return missing
}

// filling puts facts into a template and gathers what is missing.
type filling struct {
	facts   Facts
	lang    words.Lang
	missing fault.Fields
	seen    map[string]bool
}

// Fill gives the blocks of the template in the language. Every missing fact is named.
func (t Template) Fill(facts Facts, lang words.Lang) ([]Block, error) {
	f := &filling{facts: facts, lang: lang, seen: map[string]bool{}}
	var blocks []Block
	for _, p := range t.Blocks {
		if p.When != "" && !f.has(p.When) || p.Unless != "" && f.has(p.Unless) {
			continue
		}
		blocks = append(blocks, f.block(p))
	}
	return blocks, f.missing.Err()
}

// Required lists the capacities that must sign, given the facts.
func (t Template) Required(facts Facts) []Role {
	f := &filling{facts: facts}
	roles := []Role{}
	for _, s := range t.Signers {
		if s.When == "" || f.has(s.When) {
			roles = append(roles, s.Role)
		}
	}
	return roles
}

func (f *filling) has(name string) bool {
	return f.facts.Text[name] != "" || len(f.facts.Lists[name]) > 0 || len(f.facts.Tables[name]) > 0
}

func (f *filling) block(p Piece) Block {
	b := Block{Type: p.Type, Level: p.Level, Text: f.text(p.Text), Mark: p.Mark}
	for _, item := range p.Items {
		b.Items = append(b.Items, f.text(item))
	}
	for _, head := range p.Head {
		b.Head = append(b.Head, f.text(head))
	}
	for _, pair := range p.Pairs {
		b.Rows = append(b.Rows, []string{f.text(pair.Label), f.text(pair.Value)})
	}
	if p.Each == "" {
		return b
	}
	if !f.has(p.Each) {
		f.lack(p.Each)
	}
	if p.Type == List {
		b.Items = append(b.Items, f.facts.Lists[p.Each]...)
		return b
	}
	b.Rows = append(b.Rows, f.facts.Tables[p.Each]...)
	return b
}

func (f *filling) text(t words.Text) string {
	return slot.ReplaceAllStringFunc(t.In(f.lang), func(found string) string {
		parts := slot.FindStringSubmatch(found)
		value := f.facts.Text[parts[1]]
		if value == "" && parts[2] == "" {
			f.lack(parts[1])
		}
		if value == "" {
			return "—"
		}
		return value
	})
}

func (f *filling) lack(name string) {
	if !f.seen[name] {
		f.seen[name] = true
		f.missing.Add(name, "document.fact.missing", name)
	}
}
