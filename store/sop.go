package store

import (
	"meixu/store/term"
)

// SOPTemplate is one published edition of the SOP; it is never edited.
type SOPTemplate struct {
	ID          int64
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Code        string
	Edition     int    // 1, 2, 3 …; a visit keeps the edition it began with
	Body        string // JSON
	SHA256      string // of Body, hexadecimal
	PublishedAt term.Instant
}

func (*SOPTemplate) table() string { return "sop_templates" }
func (*SOPTemplate) columns() string {
	return "id, version, created_at, updated_at, code, edition, body, body_sha256, published_at"
}

func (t *SOPTemplate) fields(*Read) []any {
	return []any{
		&t.ID, &t.Version, &t.CreatedAt, &t.UpdatedAt, &t.Code, &t.Edition, &t.Body, &t.SHA256, &t.PublishedAt,
	}
}

// SOPTemplate reads one edition.
func (r *Read) SOPTemplate(id int64) (SOPTemplate, error) { return load[SOPTemplate](r, "id = ?", id) }

// SOPTemplateLatest reads the newest edition of a code.
func (r *Read) SOPTemplateLatest(code string) (SOPTemplate, error) {
	return load[SOPTemplate](r, "code = ? ORDER BY edition DESC LIMIT 1", code)
}

// AddSOPTemplate publishes an edition.
func (tx *Tx) AddSOPTemplate(t *SOPTemplate) error {
	t.PublishedAt = tx.Now()
	return tx.addRow(t)
}

// SOPRun is the SOP of one visit, pinned to an edition.
type SOPRun struct {
	ID        int64
	Version   int
	CreatedAt term.Instant // when the visit began
	UpdatedAt term.Instant
	Visit     term.VisitID
	Template  int64
	EndedAt   term.Instant
}

func (*SOPRun) table() string { return "sop_runs" }
func (*SOPRun) columns() string {
	return "id, version, created_at, updated_at, visit_id, template_id, ended_at"
}

func (s *SOPRun) fields(*Read) []any {
	return []any{&s.ID, &s.Version, &s.CreatedAt, &s.UpdatedAt, &s.Visit, &s.Template, &s.EndedAt}
}

// SOPRun reads the run of a visit.
func (r *Read) SOPRun(visit term.VisitID) (SOPRun, error) {
	return load[SOPRun](r, "visit_id = ?", visit)
}

// SOPRunsBetween lists the runs that began in [from, to), for the conformance figures.
func (r *Read) SOPRunsBetween(from, to term.Instant, limit int) ([]SOPRun, error) {
	return loadAll[SOPRun](r, `visit_id IN (SELECT id FROM visits WHERE arrived_at >= ? AND arrived_at < ?)
		ORDER BY visit_id LIMIT ?`, from, to, limit)
}

// AddSOPRun begins the run of a visit; a visit has one.
func (tx *Tx) AddSOPRun(s *SOPRun) error { return tx.addRow(s) }

// SaveSOPRun writes a run over the version read.
func (tx *Tx) SaveSOPRun(s *SOPRun) error { return tx.saveRow(s) }

// StampState is what a stamp says of its step.
type StampState string

// Stamp states. Open is a running clock; it turns into one of the others. The newest stamp
// of a step counts, older ones stay to be read.
const (
	StampOpen          StampState = "open"
	StampDone          StampState = "done"           // proved by evidence
	StampManual        StampState = "manual"         // stamped by hand, with a reason
	StampSkipped       StampState = "skipped"        // left out, with a reason
	StampNotApplicable StampState = "not_applicable" // said by a person, with a reason
	StampUndone        StampState = "undone"         // an earlier stamp no longer counts
)

// SOPStamp is one stamp on one step of a run: who, when, for how long, by which evidence.
type SOPStamp struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Run       int64
	Visit     term.VisitID
	Treatment term.TreatmentID // 0 for steps of the visit
	Step      string           // S4-08
	State     StampState
	StartedAt term.Instant // when its clock began
	DueAt     term.Instant
	DoneAt    term.Instant
	Staff     term.StaffID
	Role      string
	Reason    string
	Ref       Subject // the evidence
}

func (*SOPStamp) table() string { return "sop_steps" }
func (*SOPStamp) columns() string {
	return "id, version, created_at, updated_at, run_id, visit_id, treatment_id, step, state, started_at, due_at, done_at, " +
		"staff_id, role, reason_sealed, ref_noun, ref_id"
}

func (s *SOPStamp) fields(r *Read) []any {
	return []any{
		&s.ID, &s.Version, &s.CreatedAt, &s.UpdatedAt, &s.Run, &s.Visit, maybe(&s.Treatment), &s.Step, &s.State,
		&s.StartedAt, &s.DueAt, &s.DoneAt, maybe(&s.Staff), &s.Role, sealed(r, "sop_steps", &s.ID, nil, "reason_sealed", &s.Reason), &s.Ref.Noun, &s.Ref.ID,
	}
}

// SOPStamps lists all stamps of a visit in the order in which they were made.
func (r *Read) SOPStamps(visit term.VisitID) ([]SOPStamp, error) {
	return loadAll[SOPStamp](r, "visit_id = ? ORDER BY id", visit)
}

// SOPOverdue lists the running clocks that are over, longest first.
func (r *Read) SOPOverdue(limit int) ([]SOPStamp, error) {
	return loadAll[SOPStamp](r, "state = 'open' AND due_at IS NOT NULL AND due_at < ? ORDER BY due_at LIMIT ?", r.Now(), limit)
}

// AddSOPStamp adds a stamp.
func (tx *Tx) AddSOPStamp(s *SOPStamp) error { return tx.addRow(s) }

// SaveSOPStamp ends a running clock with its stamp.
func (tx *Tx) SaveSOPStamp(s *SOPStamp) error { return tx.saveRow(s) }
