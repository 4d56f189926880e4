package store

import (
	"meixu/store/term"
)

// Treatment is one performance of one item, from the pre-op gate to leaving.
type Treatment struct {
	ID             term.TreatmentID
	Version        int
	CreatedAt      term.Instant
	UpdatedAt      term.Instant
	Number         string
	Visit          term.VisitID
	Client         term.ClientID
	Line           term.OrderLineID
	Item           term.ItemID
	PlanItem       term.PlanItemID
	SessionNo      int
	Area           string
	State          term.TreatmentState
	Operator       term.StaffID
	Nurse          term.StaffID
	Room           term.RoomID
	Device         term.DeviceID
	PhotoReason    string
	SignedInAt     term.Instant
	TimedOutAt     term.Instant
	StartedAt      term.Instant
	FinishedAt     term.Instant
	ObserveUntil   term.Instant
	ReleasedAt     term.Instant
	Record         term.AnswerID
	RecordSignedAt term.Instant
	RecordSignedBy term.StaffID
	StopReason     string
}

func (*Treatment) table() string { return "treatments" }
func (*Treatment) columns() string {
	return "id, version, created_at, updated_at, number, visit_id, client_id, order_line_id, item_id, " +
		"plan_item_id, session_no, area_sealed, state, operator_id, nurse_id, room_id, device_id, " +
		"photo_reason_sealed, signed_in_at, timed_out_at, started_at, finished_at, observe_until, " +
		"released_at, record_answer_id, record_signed_at, record_signed_by, stop_reason_sealed"
}

func (t *Treatment) fields(r *Read) []any {
	return []any{
		&t.ID, &t.Version, &t.CreatedAt, &t.UpdatedAt, &t.Number, &t.Visit, &t.Client, &t.Line, &t.Item,
		maybe(&t.PlanItem), &t.SessionNo, sealed(r, "treatments", &t.ID, &t.Client, "area_sealed", &t.Area), &t.State, maybe(&t.Operator), maybe(&t.Nurse),
		maybe(&t.Room), maybe(&t.Device), sealed(r, "treatments", &t.ID, &t.Client, "photo_reason_sealed", &t.PhotoReason), &t.SignedInAt, &t.TimedOutAt, &t.StartedAt,
		&t.FinishedAt, &t.ObserveUntil, &t.ReleasedAt, maybe(&t.Record), &t.RecordSignedAt,
		maybe(&t.RecordSignedBy), sealed(r, "treatments", &t.ID, &t.Client, "stop_reason_sealed", &t.StopReason),
	}
}

// Locked says that the record was signed: from then on there are amendments only.
func (t Treatment) Locked() bool { return !t.RecordSignedAt.IsZero() }

// Treatment reads one treatment.
func (r *Read) Treatment(id term.TreatmentID) (Treatment, error) {
	return load[Treatment](r, "id = ?", id)
}

// TreatmentsOf lists the treatments of a visit.
func (r *Read) TreatmentsOf(visit term.VisitID) ([]Treatment, error) {
	return loadAll[Treatment](r, "visit_id = ? ORDER BY id LIMIT 100", visit)
}

// TreatmentsOfClient lists a client's treatments, newest first.
func (r *Read) TreatmentsOfClient(client term.ClientID, limit int) ([]Treatment, error) {
	return loadAll[Treatment](r, "client_id = ? ORDER BY id DESC LIMIT ?", client, limit)
}

// TreatmentsBegun lists the treatments of a client that were begun, newest first; those stopped
// midway are among them.
func (r *Read) TreatmentsBegun(client term.ClientID) ([]Treatment, error) {
	return loadAll[Treatment](r, "client_id = ? AND started_at IS NOT NULL ORDER BY id DESC LIMIT 200", client)
}

// TreatmentsIn lists the treatments in a state, oldest first.
func (r *Read) TreatmentsIn(state term.TreatmentState, limit int) ([]Treatment, error) {
	return loadAll[Treatment](r, "state = ? ORDER BY id LIMIT ?", state, limit)
}

// RunningIn lists the treatments that are being done in a room and with a device (0 = any): from
// sign-in until the client may leave.
func (r *Read) RunningIn(room term.RoomID, device term.DeviceID) ([]Treatment, error) {
	return loadAll[Treatment](r, `state IN ('signed_in', 'timed_out', 'in_progress', 'signed_out', 'observing')
		AND (? = 0 OR room_id = ?) AND (? = 0 OR device_id = ?) ORDER BY id LIMIT 100`, room, room, device, device)
}

// OperatorBusy reads the treatment an operator has in progress; ErrNotFound when free.
func (r *Read) OperatorBusy(operator term.StaffID) (Treatment, error) {
	return load[Treatment](r, "operator_id = ? AND state = 'in_progress'", operator)
}

// AddTreatment adds a treatment and gives it its number.
func (tx *Tx) AddTreatment(t *Treatment) (err error) {
	if t.Number, err = tx.Number("T"); err != nil {
		return err
	}
	return tx.addRow(t)
}

// SaveTreatment writes a treatment over the version read.
func (tx *Tx) SaveTreatment(t *Treatment) error { return tx.saveRow(t) }
