// Package form is the clinic's one idea of a questionnaire: every record, checklist and
// survey is a versioned template of typed items (vocabulary of FHIR Questionnaire: linkId,
// enableWhen, answerOption) with one validator, contraindication hits, red flags, scores and
// a difference of two fillings. Templates are data; a filling keeps its template version for
// ever. This package knows no room: rooms say which form they need and what a finding means.
package form

import (
	"encoding/json"

	"meixu/app/words"
)

// Type says what an item's answer looks like.
type Type string

// The item types. A yesno has three answers: yes, no and unasked; unasked is not "no".
const (
	Text      Type = "text"
	TextArea  Type = "textarea"
	Integer   Type = "integer"
	Decimal   Type = "decimal"
	Date      Type = "date"
	Time      Type = "time"
	Choice    Type = "choice"
	Multi     Type = "multi"
	Boolean   Type = "boolean"
	YesNo     Type = "yesno"
	Scale     Type = "scale"
	Signature Type = "sign"
	Photo     Type = "photo"
	Points    Type = "points"
	Table     Type = "table"
	Display   Type = "display"
)

// The answers of a yesno; "true" is the one answer of a ticked boolean.
const (
	Yes     = "yes"
	No      = "no"
	Unasked = "unasked"
	True    = "true"
)

// Level of a contraindication: H stops the item, S asks the doctor for a written reason.
type Level string

// The two levels (csv_notes.md section 1.1).
const (
	Hard Level = "H"
	Soft Level = "S"
)

// Template is one version of one form.
type Template struct {
	Code     string      `json:"code"`
	Version  int         `json:"-"` // kept by the store; 0 until published
	Title    words.Text  `json:"title"`
	Audience string      `json:"audience"`         // client or staff: who fills it
	Source   string      `json:"source,omitempty"` // laws and papers it comes from
	Help     words.Text  `json:"help,omitzero"`
	Groups   []Group     `json:"groups"`
	Scores   []ScoreRule `json:"scores,omitempty"`
}

// Group is one block of items, one screen on a handed-over tablet.
type Group struct {
	LinkID     string     `json:"linkId"`
	Title      words.Text `json:"title"`
	Help       words.Text `json:"help,omitzero"`
	EnableWhen []When     `json:"enableWhen,omitempty"`
	RestNo     []string   `json:"restNo,omitempty"` // questions that staff may answer "no" with one tap, those left open
	Items      []Item     `json:"items"`
}

// Item is one question.
type Item struct {
	LinkID         string     `json:"linkId"`
	Type           Type       `json:"type"`
	Text           words.Text `json:"text"`
	Help           words.Text `json:"help,omitzero"`
	Required       bool       `json:"required,omitempty"`
	RequiredWhen   []When     `json:"requiredWhen,omitempty"` // required when all hold
	EnableWhen     []When     `json:"enableWhen,omitempty"`   // asked when all hold (any: EnableAny)
	EnableAny      bool       `json:"enableAny,omitempty"`
	Must           []string   `json:"must,omitempty"` // checklist: only these answers let it be completed
	Options        []Option   `json:"options,omitempty"`
	Min            *float64   `json:"min,omitempty"`
	Max            *float64   `json:"max,omitempty"`
	MaxLength      int        `json:"maxLength,omitempty"` // characters; 0 = the type's default
	Unit           string     `json:"unit,omitempty"`
	Level          string     `json:"level,omitempty"`  // sensitivity P0..P3 (forms.md) or identity; "" = P2
	Mask           string     `json:"mask,omitempty"`   // phone or number: read pages show the last four only
	Format         string     `json:"format,omitempty"` // phone or document: what a complete filling must have here
	Agrees         *Agrees    `json:"agrees,omitempty"` // the answers with which a document's number must agree
	Detail         words.Text `json:"detail,omitzero"`  // label of the free text beside the answer
	DetailWhen     []string   `json:"detailWhen,omitempty"`
	DetailRequired bool       `json:"detailRequired,omitempty"`
	Hits           []Hit      `json:"hits,omitempty"`
	RedFlag        []Flag     `json:"redFlag,omitempty"`
	Initial        string     `json:"initial,omitempty"`
	Columns        []Column   `json:"columns,omitempty"`
	MinRows        int        `json:"minRows,omitempty"`
	SumOf          string     `json:"sumOf,omitempty"` // "points.units": computed, never typed
	Map            string     `json:"map,omitempty"`   // drawing behind points: face, body, mouth, head
}

// Agrees names the questions that say the kind of a document and whose it is; "" asks nothing.
type Agrees struct {
	Kind  string `json:"kind,omitempty"`
	Birth string `json:"birth,omitempty"`
	Sex   string `json:"sex,omitempty"`
}

// Option is one possible answer of a choice or multi.
type Option struct {
	Code      string     `json:"code"`
	Text      words.Text `json:"text"`
	Score     float64    `json:"score,omitempty"`
	Exclusive bool       `json:"exclusive,omitempty"` // "none of these": cannot stand beside others
}

// Column is one column of a table or points item.
type Column struct {
	LinkID   string     `json:"linkId"`
	Type     Type       `json:"type"`
	Text     words.Text `json:"text"`
	Required bool       `json:"required,omitempty"`
	Options  []Option   `json:"options,omitempty"`
	Min      *float64   `json:"min,omitempty"`
	Max      *float64   `json:"max,omitempty"`
	Unit     string     `json:"unit,omitempty"`
}

// When is a condition on an earlier answer or on a fact ("$gender", see Facts). The
// operators are those of FHIR (= != > >= < <= exists) and "in" over a|b|c.
type When struct {
	Question string `json:"question"`
	Operator string `json:"operator,omitempty"` // "" is =
	Answer   string `json:"answer"`
}

// Hit ties an answer to a word of the contraindication dictionary. LinkID, Answer and
// Detail are filled in findings only.
type Hit struct {
	WhenAnswer       string `json:"whenAnswer"`
	Operator         string `json:"operator,omitempty"`
	Contraindication string `json:"contraindication"`
	Level            Level  `json:"level"`
	LinkID           string `json:"-"`
	Answer           string `json:"-"`
	Detail           string `json:"-"`
}

// Urgency of a red flag.
const (
	UrgencyNow   = "now" // the doctor is called at once (aftercare.md: phone level)
	UrgencyDay   = "24h" // to be seen within 24 hours
	UrgencyToday = "today"
)

// Flag ties an answer to an escalation plan ESC-* (aftercare.md section 2). LinkID, Answer
// and Detail are filled in findings only.
type Flag struct {
	WhenAnswer string     `json:"whenAnswer"`
	Operator   string     `json:"operator,omitempty"`
	Escalation string     `json:"escalation"` // ESC-VO …; ESC-REVIEW = see the doctor, no emergency plan
	Urgency    string     `json:"urgency"`
	LinkID     string     `json:"-"`
	Answer     string     `json:"-"`
	Detail     string     `json:"-"`
	Text       words.Text `json:"-"`
}

// ScoreRule computes one figure from the answers. Methods: sum, mean (of answered), count
// (answers equal to Answer), share (count ÷ asked).
type ScoreRule struct {
	Code   string     `json:"code"`
	Title  words.Text `json:"title"`
	Method string     `json:"method"`
	Items  []string   `json:"items"`
	Answer []string   `json:"answer,omitempty"`
	Factor float64    `json:"factor,omitempty"` // 0 is 1; 20 makes 0–100 of 1–5 stars
	Bands  []Band     `json:"bands,omitempty"`  // rising From; the last reached one names the result
}

// Band names a range of a score.
type Band struct {
	From  float64    `json:"from"`
	Text  words.Text `json:"text"`
	Alarm bool       `json:"alarm,omitempty"`
}

// Facts are what a form may ask about without an item of its own: the room sets them with
// Answers.Know before validation and they are kept with the answers.
var Facts = []string{"$gender", "$age", "$kind", "$depth", "$care", "$day", FactPhotoConsent}

// FactPhotoConsent is known when the client has said on paper what photos may be used for.
const FactPhotoConsent = "$photo_consent"

// Item finds an item by its linkId.
func (t Template) Item(linkID string) (Item, bool) {
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if it.LinkID == linkID {
				return it, true
			}
		}
	}
	return Item{}, false
}

// Canonical is the template as one line of JSON, the same for the same content.
func (t Template) Canonical() ([]byte, error) { return json.Marshal(t) }

// option finds an option by its code.
func option(all []Option, code string) (Option, bool) {
	for _, o := range all {
		if o.Code == code {
			return o, true
		}
	}
	return Option{}, false
}
