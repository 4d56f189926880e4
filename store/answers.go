package store

import (
	"cmp"
	"encoding/json"

	"meixu/store/term"
)

// States of a filled form.
const (
	AnswerDraft   = "draft"   // being filled, may be changed
	AnswerSigned  = "signed"  // locked
	AnswerAmended = "amended" // locked, and a newer filling stands in its place
	AnswerVoid    = "void"    // does not count, stays readable
)

// FormTemplate is one edition of one form, as it was published.
type FormTemplate struct {
	ID          int64
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Code        string
	Edition     int
	Body        string // canonical JSON
	SHA256      string
	Edited      bool // written by the clinic, not the embedded default
	PublishedAt term.Instant
}

func (*FormTemplate) table() string { return "form_templates" }
func (*FormTemplate) columns() string {
	return "id, version, created_at, updated_at, code, edition, body, body_sha256, edited, published_at"
}

func (f *FormTemplate) fields(*Read) []any {
	return []any{
		&f.ID, &f.Version, &f.CreatedAt, &f.UpdatedAt, &f.Code, &f.Edition, &f.Body, &f.SHA256, &f.Edited,
		&f.PublishedAt,
	}
}

// Answer is one filled form. Once it is signed it is never changed: an amendment is a new
// row that names the one it supersedes (REG-EMR-01).
type Answer struct {
	ID         term.AnswerID
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Client     term.ClientID // 0: about a room or a device, no person
	Visit      term.VisitID
	Treatment  term.TreatmentID
	Task       term.TaskID
	Template   int64 `noun:"form_templates"`
	FormCode   string
	Body       string // canonical JSON of the answers, sealed at rest
	Flags      string // JSON of contraindication hits and red flags, sealed at rest
	Red        bool   // the answers hold a red flag or a hard contraindication
	State      string
	FilledBy   string // staff, client or guest
	Staff      term.StaffID
	SignedAt   term.Instant
	SignedBy   term.StaffID
	Supersedes term.AnswerID
	Reason     string // why it was amended
	SHA256     string // of Body, set when signed
	Void
}

func (*Answer) table() string { return "answers" }
func (*Answer) columns() string {
	return "id, version, created_at, updated_at, client_id, visit_id, treatment_id, task_id, template_id, " +
		"form_code, body_sealed, flags_sealed, red, state, filled_by, staff_id, signed_at, signed_by, " +
		"supersedes, reason_sealed, sha256, " + voidCols
}

func (a *Answer) fields(r *Read) []any {
	return append([]any{
		&a.ID, &a.Version, &a.CreatedAt, &a.UpdatedAt, maybe(&a.Client), maybe(&a.Visit), maybe(&a.Treatment),
		maybe(&a.Task), &a.Template, &a.FormCode, sealed(r, "answers", &a.ID, &a.Client, "body_sealed", &a.Body),
		sealed(r, "answers", &a.ID, &a.Client, "flags_sealed", &a.Flags), &a.Red, &a.State, &a.FilledBy,
		maybe(&a.Staff), &a.SignedAt, maybe(&a.SignedBy), maybe(&a.Supersedes), sealed(r, "answers", &a.ID, &a.Client, "reason_sealed", &a.Reason), &a.SHA256,
	}, voidFields(r, "answers", &a.ID, &a.Client, &a.Void)...)
}

// Locked says that the row is never changed any more.
func (a Answer) Locked() bool { return a.State != AnswerDraft }

// Answer reads one filled form.
func (r *Read) Answer(id term.AnswerID) (Answer, error) { return load[Answer](r, "id = ?", id) }

// AnswerAfter reads the filling that took the place of another; ErrNotFound when none did.
func (r *Read) AnswerAfter(id term.AnswerID) (Answer, error) {
	return load[Answer](r, "supersedes = ?", id)
}

// AnswerBefore reads the client's filling of the same form that was signed last before a
// filling was begun.
func (r *Read) AnswerBefore(a Answer) (Answer, error) {
	return load[Answer](r, `client_id = ? AND form_code = ? AND (? = 0 OR id < ?) AND state IN ('signed','amended')
		ORDER BY id DESC LIMIT 1`, a.Client, a.FormCode, a.ID, a.ID)
}

// LatestAnswer reads a client's newest filling of a form that counts (draft or signed).
func (r *Read) LatestAnswer(client term.ClientID, code string) (Answer, error) {
	return load[Answer](r,
		"client_id = ? AND form_code = ? AND state IN ('draft','signed') ORDER BY id DESC LIMIT 1", client, code)
}

// SignedAnswer reads a client's newest signed filling of a form.
func (r *Read) SignedAnswer(client term.ClientID, code string) (Answer, error) {
	return load[Answer](r,
		"client_id = ? AND form_code = ? AND state = 'signed' ORDER BY id DESC LIMIT 1", client, code)
}

// SignedAnswers reads in one query, for each of the forms, the newest filling that is signed:
// the visit's own where there is one, else the client's. A zero visit asks for the client's.
func (r *Read) SignedAnswers(client term.ClientID, visit term.VisitID, codes []string) (map[string]Answer, error) {
	list, err := json.Marshal(codes)
	if err != nil {
		return nil, err
	}
	rows, err := loadAll[Answer](r, `id IN (SELECT coalesce(max(CASE WHEN visit_id = ? THEN id END), max(id)) FROM answers
		WHERE client_id = ? AND form_code IN (SELECT value FROM json_each(?)) AND state = 'signed' GROUP BY form_code)`,
		visit, client, string(list))
	byCode := make(map[string]Answer, len(rows))
	for _, a := range rows {
		byCode[a.FormCode] = a
	}
	return byCode, err
}

// VisitAnswer reads a visit's newest filling of a form that counts.
func (r *Read) VisitAnswer(visit term.VisitID, code string) (Answer, error) {
	if r.memory() != nil {
		all, err := loadAll[Answer](r, "visit_id = ? ORDER BY id DESC", visit)
		return newestOf(all, code, err)
	}
	return load[Answer](r,
		"visit_id = ? AND form_code = ? AND state IN ('draft','signed') ORDER BY id DESC LIMIT 1", visit, code)
}

// newestOf finds, among fillings with the newest first, the one of a form that counts.
func newestOf(all []Answer, code string, err error) (Answer, error) {
	for _, a := range all {
		if a.FormCode == code && (a.State == AnswerDraft || a.State == AnswerSigned) {
			return a, nil
		}
	}
	return Answer{}, cmp.Or(err, ErrNotFound)
}

// TreatmentAnswer reads a treatment's newest filling of a form that counts.
func (r *Read) TreatmentAnswer(treatment term.TreatmentID, code string) (Answer, error) {
	if r.memory() != nil {
		all, err := loadAll[Answer](r, "treatment_id = ? ORDER BY id DESC", treatment)
		return newestOf(all, code, err)
	}
	return load[Answer](r,
		"treatment_id = ? AND form_code = ? AND state IN ('draft','signed') ORDER BY id DESC LIMIT 1", treatment, code)
}

// AnswersOf lists all fillings about a client, amended and void ones too, newest first.
func (r *Read) AnswersOf(client term.ClientID, limit int) ([]Answer, error) {
	return loadAll[Answer](r, "client_id = ? ORDER BY id DESC LIMIT ?", client, limit)
}

// AnswersOfVisit lists all fillings of a visit in the order in which they were begun.
func (r *Read) AnswersOfVisit(visit term.VisitID) ([]Answer, error) {
	return loadAll[Answer](r, "visit_id = ? ORDER BY id LIMIT 200", visit)
}

// AddAnswer adds a filled form.
func (tx *Tx) AddAnswer(a *Answer) error { return tx.addRow(a) }

// SaveAnswer writes a filled form over the version read. The caller has made sure that it
// is not locked, or changes nothing but its state.
func (tx *Tx) SaveAnswer(a *Answer) error { return tx.saveRow(a) }

// FormEdition reads one edition of a form by its row.
func (r *Read) FormEdition(id int64) (FormTemplate, error) {
	return load[FormTemplate](r, "id = ?", id)
}

// LatestForm reads the newest published edition of a form.
func (r *Read) LatestForm(code string) (FormTemplate, error) {
	return load[FormTemplate](r, "code = ? ORDER BY edition DESC LIMIT 1", code)
}

// LatestForms lists the newest edition of every form, by code.
func (r *Read) LatestForms() ([]FormTemplate, error) {
	return loadAll[FormTemplate](r,
		"edition = (SELECT max(e.edition) FROM form_templates e WHERE e.code = form_templates.code) ORDER BY code LIMIT 500")
}

// PublishForm adds a new edition of a form.
func (tx *Tx) PublishForm(f *FormTemplate) error {
	f.PublishedAt = tx.Now()
	return tx.addRow(f)
}

// Said is a filled form as it hangs on every page about a client: answers, edition and who signed it.
type Said struct {
	ID       term.AnswerID
	Body     string // canonical JSON of the answers
	Template string // body of the edition
	By       string
	At       term.Instant
}

// SignedSaid reads a client's newest signed filling of a form with all that is shown of it, in one
// query: every page about a client asks it.
func (r *Read) SignedSaid(client term.ClientID, code string) (Said, error) {
	return one(r, func(from row) (s Said, err error) {
		var body []byte
		if err = from.Scan(&s.ID, &body, &s.Template, &s.By, &s.At); err == nil {
			s.Body, err = r.unseal(client, "answers", int64(s.ID), "body_sealed", body)
		}
		return s, err
	}, `SELECT a.id, a.body_sealed, t.body, coalesce(s.name, ''), a.signed_at FROM answers a JOIN form_templates t ON t.id = a.template_id
		LEFT JOIN staff s ON s.id = a.signed_by WHERE a.client_id = ? AND a.form_code = ? AND a.state = 'signed' ORDER BY a.id DESC LIMIT 1`, client, code)
}
