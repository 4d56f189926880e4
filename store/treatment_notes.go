package store

import (
	"meixu/store/term"
)

// NoteBody is what a note around a treatment says; each kind fills its own part.
type NoteBody struct {
	Text    string           `json:"text,omitempty"`
	Sign    string           `json:"sign,omitempty"`    // reaction: pain, pale, dizzy, vitals …
	Pain    *int             `json:"pain,omitempty"`    // reaction: 0 … 10; nil: nobody asked
	Alarm   bool             `json:"alarm,omitempty"`   // reaction: the emergency card was shown
	Pulse   int              `json:"pulse,omitempty"`   // a minute
	SpO2    int              `json:"spo2,omitempty"`    // per cent
	High    int              `json:"high,omitempty"`    // systolic, mmHg
	Low     int              `json:"low,omitempty"`     // diastolic, mmHg
	By      string           `json:"by,omitempty"`      // identity: second or birth
	Drug    string           `json:"drug,omitempty"`    // skin test
	Found   []string         `json:"found,omitempty"`   // clearance: codes of soft contraindications accepted
	Held    bool             `json:"held,omitempty"`    // clearance: not today, Text says why
	Used    map[int64]string `json:"used,omitempty"`    // counts: lot use -> used, in the product's unit
	Session string           `json:"session,omitempty"` // stop: back or used
}

// TreatmentNote is one thing noted around a treatment, with its time and who noted it.
type TreatmentNote struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Treatment term.TreatmentID
	Client    term.ClientID
	Kind      string
	At        term.Instant
	Staff     term.StaffID
	Second    term.StaffID // the other person of a two-person check
	Body      NoteBody     // sealed with the client's key
	Void
}

func (*TreatmentNote) table() string { return "treatment_notes" }
func (*TreatmentNote) columns() string {
	return "id, version, created_at, updated_at, treatment_id, client_id, kind, at, staff_id, second_id, body_sealed, " + voidCols
}

func (n *TreatmentNote) fields(r *Read) []any {
	return append([]any{
		&n.ID, &n.Version, &n.CreatedAt, &n.UpdatedAt, &n.Treatment, &n.Client, &n.Kind, &n.At, &n.Staff,
		maybe(&n.Second), sealedAs(r, "treatment_notes", &n.ID, &n.Client, "body_sealed", &n.Body),
	}, voidFields(r, "treatment_notes", &n.ID, &n.Client, &n.Void)...)
}

// TreatmentNotes lists what was noted around a treatment and still counts, oldest first.
func (r *Read) TreatmentNotes(treatment term.TreatmentID) ([]TreatmentNote, error) {
	return loadAll[TreatmentNote](r, "treatment_id = ? AND voided_at IS NULL ORDER BY id LIMIT 500", treatment)
}

// AddTreatmentNote adds a note; it is never changed, only voided.
func (tx *Tx) AddTreatmentNote(n *TreatmentNote) error {
	if n.At.IsZero() {
		n.At = tx.Now()
	}
	return tx.addRow(n)
}

// TreatmentsToday lists the treatments that concern the house today: those not over yet, and
// those that changed since the day began, oldest first.
func (r *Read) TreatmentsToday(limit int) ([]Treatment, error) {
	return loadAll[Treatment](r, `state IN ('scheduled','signed_in','timed_out','in_progress','signed_out','observing')
		OR updated_at >= ? ORDER BY id LIMIT ?`, r.Today().Start(r.Zone()), limit)
}

// TreatmentsOfLine lists the treatments of one order line.
func (r *Read) TreatmentsOfLine(line term.OrderLineID) ([]Treatment, error) {
	return loadAll[Treatment](r, "order_line_id = ? ORDER BY id LIMIT 200", line)
}
