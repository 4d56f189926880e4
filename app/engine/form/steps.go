package form

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Subject says what a filled form is about. A room or device check has no client.
type Subject struct {
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	Task      term.TaskID
}

// Filled is one filling with the template it was filled on.
type Filled struct {
	Row      store.Answer
	Template Template
	Answers  Answers
}

// Findings is what a filling says to the rooms; kept sealed beside the answers.
type Findings struct {
	Hits  []StoredHit  `json:"hits,omitempty"`
	Flags []StoredFlag `json:"flags,omitempty"`
}

// StoredHit is a contraindication found.
type StoredHit struct {
	LinkID string `json:"linkId"`
	Code   string `json:"code"`
	Level  Level  `json:"level"`
	Detail string `json:"detail,omitempty"`
}

// StoredFlag is a red flag found.
type StoredFlag struct {
	LinkID     string `json:"linkId"`
	Escalation string `json:"escalation"`
	Urgency    string `json:"urgency"`
	Detail     string `json:"detail,omitempty"`
}

// LoadDefaults publishes embedded templates: edition 1 of a form that is not there yet, and
// a further edition when the embedded text changed and the clinic has not written its own.
func LoadDefaults(tx *store.Tx, defaults []Template) (published int, err error) {
	for _, t := range defaults {
		body, err := t.Canonical()
		if err != nil {
			return published, err
		}
		have, err := tx.LatestForm(t.Code)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return published, err
		case have.SHA256 == digest(body):
			continue
		case have.Edited:
			continue
		}
		f := store.FormTemplate{Code: t.Code, Edition: have.Edition + 1, Body: string(body), SHA256: digest(body)}
		if err := tx.PublishForm(&f); err != nil {
			return published, fmt.Errorf("publishing form %s: %w", t.Code, err)
		}
		published++
	}
	return published, nil
}

// Publish adds the clinic's own edition of a form; fillings begun before keep theirs.
func Publish(tx *store.Tx, t Template) error {
	if err := t.Check(); err != nil {
		return fmt.Errorf("form %s: %w", t.Code, err)
	}
	body, err := t.Canonical()
	if err != nil {
		return err
	}
	have, err := tx.LatestForm(t.Code)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	f := store.FormTemplate{
		Code: t.Code, Edition: have.Edition + 1, Body: string(body), SHA256: digest(body), Edited: true,
	}
	return tx.PublishForm(&f)
}

// Latest reads the newest edition of a form.
func Latest(r *store.Read, code string) (Template, error) {
	t, _, err := latest(r, code)
	return t, err
}

func latest(r *store.Read, code string) (Template, int64, error) {
	row, err := r.LatestForm(code)
	if errors.Is(err, store.ErrNotFound) {
		return Template{}, 0, fault.NotFound("form").Because(err)
	}
	if err != nil {
		return Template{}, 0, err
	}
	t, err := read(row)
	return t, row.ID, err
}

func read(row store.FormTemplate) (Template, error) {
	t, err := parseKept(row.Body)
	if err != nil {
		return Template{}, fmt.Errorf("form %s edition %d: %w", row.Code, row.Edition, err)
	}
	t.Version = row.Edition
	return t, nil
}

// Open reads a filling with the template it was filled on, be it old or void.
func Open(r *store.Read, id term.AnswerID) (Filled, error) {
	row, err := r.Answer(id)
	if errors.Is(err, store.ErrNotFound) {
		return Filled{}, fault.NotFound("answer").Because(err)
	}
	if err != nil {
		return Filled{}, err
	}
	return Fill(r, row)
}

// Fill joins a row with its template and answers.
func Fill(r *store.Read, row store.Answer) (Filled, error) {
	edition, err := r.FormEdition(row.Template)
	if err != nil {
		return Filled{}, err
	}
	t, err := read(edition)
	if err != nil {
		return Filled{}, err
	}
	a, err := Read([]byte(row.Body))
	return Filled{Row: row, Template: t, Answers: a}, err
}

// Reading is a signed filling as a reader sees it.
func Reading(s store.Said, sees func(level string) bool) (View, error) {
	t, err := parseKept(s.Template)
	if err != nil {
		return View{}, err
	}
	a, err := Read([]byte(s.Body))
	return NewView(t, a, Options{Mode: ModeRead, Sees: sees}), err
}

// Begin adds an empty draft of the newest edition, with initial answers and the facts given
// ("$gender": "female").
func Begin(tx *store.Tx, by access.Actor, code string, s Subject, facts map[string]string) (Filled, error) {
	t, row, err := latest(tx.Read, code)
	if err != nil {
		return Filled{}, err
	}
	a := t.Blank()
	for fact, value := range facts {
		a.Know(fact, value)
	}
	f := Filled{Template: t, Answers: a, Row: store.Answer{
		Client: s.Client, Visit: s.Visit, Treatment: s.Treatment, Task: s.Task, Template: row, FormCode: code,
		State: store.AnswerDraft, FilledBy: filler(by), Staff: by.Staff,
	}}
	if err := f.keep(); err != nil {
		return Filled{}, err
	}
	return f, tx.AddAnswer(&f.Row)
}

// Save writes typed answers into a draft. Wrong shapes are refused with all fields; missing
// answers are not, that is for Sign. Facts stay. Version is that of the draft as it was read:
// who has not read it does not write over it.
func Save(tx *store.Tx, by access.Actor, id term.AnswerID, version int, typed Answers) (Filled, error) {
	f, err := Open(tx.Read, id)
	if err != nil {
		return Filled{}, err
	}
	if f.Row.Locked() {
		return Filled{}, locked(f.Row)
	}
	if version != f.Row.Version {
		return Filled{}, store.ErrStale
	}
	typed = typed.Keep(f.Answers)
	if err := Validate(f.Template, typed, false).Err(); err != nil {
		return Filled{}, err
	}
	f.Answers = f.Template.Settle(typed)
	f.Row.Staff, f.Row.FilledBy = by.Staff, filler(by)
	if err := f.keep(); err != nil {
		return Filled{}, err
	}
	return f, tx.SaveAnswer(&f.Row)
}

// Sign locks a complete draft under the person's name and the server's time (REG-EMR-04).
// What a client fills on a handed-over tablet is locked by the client's own signature.
func Sign(tx *store.Tx, by access.Actor, id term.AnswerID) (Filled, error) {
	f, err := Open(tx.Read, id)
	if err != nil {
		return Filled{}, err
	}
	if f.Row.Locked() {
		return Filled{}, locked(f.Row)
	}
	return f.sign(tx, by)
}

func (f Filled) sign(tx *store.Tx, by access.Actor) (Filled, error) {
	if err := Validate(f.Template, f.Answers, true).Err(); err != nil {
		return Filled{}, err
	}
	f.Row.State, f.Row.SignedAt, f.Row.SignedBy = store.AnswerSigned, tx.Now(), by.Staff
	f.Row.SHA256 = digest([]byte(f.Row.Body))
	return f, tx.SaveAnswer(&f.Row)
}

// Void takes a filling out of use with a reason; nothing clinical is ever removed
// (REG-EMR-14).
func Void(tx *store.Tx, by access.Actor, id term.AnswerID, reason string) error {
	f, err := Open(tx.Read, id)
	if err != nil {
		return err
	}
	if f.Row.State == store.AnswerVoid || f.Row.State == store.AnswerAmended {
		return locked(f.Row)
	}
	if strings.TrimSpace(reason) == "" {
		return fault.Refuse("REG-EMR-01", "form.refuse.reason")
	}
	f.Row.State = store.AnswerVoid
	f.Row.VoidedAt, f.Row.VoidedBy, f.Row.VoidReason = tx.Now(), by.Staff, strings.TrimSpace(reason)
	return tx.SaveAnswer(&f.Row)
}

// Before is the filling that this one amended; ok is false when it is the first.
func Before(r *store.Read, f Filled) (old Filled, ok bool, err error) {
	if f.Row.Supersedes == 0 {
		return Filled{}, false, nil
	}
	old, err = Open(r, f.Row.Supersedes)
	return old, err == nil, err
}

// keep writes answers and findings into the row.
func (f *Filled) keep() error {
	body, err := f.Answers.Canonical()
	if err != nil {
		return err
	}
	found := f.Findings()
	f.Row.Body, f.Row.Flags, f.Row.Red = string(body), "", len(found.Flags) > 0
	for _, h := range found.Hits {
		f.Row.Red = f.Row.Red || h.Level == Hard
	}
	if len(found.Hits)+len(found.Flags) == 0 {
		return nil
	}
	flags, err := json.Marshal(found)
	f.Row.Flags = string(flags)
	return err
}

// Findings are the hits and red flags of the filling.
func (f *Filled) Findings() Findings {
	var out Findings
	for _, h := range Hits(f.Template, f.Answers) {
		out.Hits = append(out.Hits, StoredHit{h.LinkID, h.Contraindication, h.Level, h.Detail})
	}
	for _, r := range RedFlags(f.Template, f.Answers) {
		out.Flags = append(out.Flags, StoredFlag{r.LinkID, r.Escalation, r.Urgency, r.Detail})
	}
	return out
}

func locked(row store.Answer) *fault.Error {
	rule := "REG-EMR-01"
	if row.State != store.AnswerSigned {
		rule = "REG-EMR-09"
	}
	return fault.Refuse(rule, "form.refuse.locked."+row.State).At(fmt.Sprintf("/form/%d", row.ID))
}

func filler(by access.Actor) string {
	switch {
	case by.Guest.None():
		return "staff"
	case by.Staff != 0:
		return "client" // a member of staff handed the tablet over
	default:
		return "guest"
	}
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
