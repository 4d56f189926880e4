package store

import (
	"meixu/store/term"
)

// Appointment is a booked slot of a client or a lead with staff, room and device.
type Appointment struct {
	ID            term.AppointmentID
	Version       int
	CreatedAt     term.Instant
	UpdatedAt     term.Instant
	Client        term.ClientID
	Lead          term.LeadID
	Item          term.ItemID
	Staff         term.StaffID
	Room          term.RoomID
	Device        term.DeviceID
	Line          term.OrderLineID
	StartsAt      term.Instant
	EndsAt        term.Instant
	State         term.AppointmentState
	CancelReason  string
	OverlapBy     term.StaffID
	OverlapReason string
	Note          string
	// AskDoctor keeps a red answer at booking without any detail (rulings 27).
	AskDoctor bool
}

func (*Appointment) table() string { return "appointments" }
func (*Appointment) columns() string {
	return "id, version, created_at, updated_at, client_id, lead_id, item_id, staff_id, room_id, " +
		"device_id, order_line_id, starts_at, ends_at, state, cancel_reason_sealed, overlap_by, " +
		"overlap_reason_sealed, note_sealed, ask_doctor"
}

func (a *Appointment) fields(r *Read) []any {
	return []any{
		&a.ID, &a.Version, &a.CreatedAt, &a.UpdatedAt, maybe(&a.Client), maybe(&a.Lead), maybe(&a.Item),
		maybe(&a.Staff), maybe(&a.Room), maybe(&a.Device), maybe(&a.Line), &a.StartsAt, &a.EndsAt, &a.State,
		sealed(r, "appointments", &a.ID, &a.Client, "cancel_reason_sealed", &a.CancelReason), maybe(&a.OverlapBy), sealed(r, "appointments", &a.ID, &a.Client, "overlap_reason_sealed", &a.OverlapReason),
		sealed(r, "appointments", &a.ID, nil, "note_sealed", &a.Note), &a.AskDoctor,
	}
}

// Appointment reads one appointment.
func (r *Read) Appointment(id term.AppointmentID) (Appointment, error) {
	return load[Appointment](r, "id = ?", id)
}

// AppointmentsBetween lists the appointments that start in [from, to), by time.
func (r *Read) AppointmentsBetween(from, to term.Instant, limit int) ([]Appointment, error) {
	return loadAll[Appointment](r, "starts_at >= ? AND starts_at < ? ORDER BY starts_at, id LIMIT ?", from, to, limit)
}

// AppointmentsOf lists a client's appointments, newest first.
func (r *Read) AppointmentsOf(client term.ClientID, limit int) ([]Appointment, error) {
	return loadAll[Appointment](r, "client_id = ? ORDER BY starts_at DESC, id DESC LIMIT ?", client, limit)
}

// AppointmentsIn lists the appointments in a room that are still to come, by time.
func (r *Read) AppointmentsIn(room term.RoomID, limit int) ([]Appointment, error) {
	return loadAll[Appointment](r, `room_id = ? AND state IN ('requested','confirmed') AND ends_at > ?
		ORDER BY starts_at, id LIMIT ?`, room, r.Now(), limit)
}

// Overlapping lists living appointments that share staff, room or device with a in its
// time, other than a itself.
func (r *Read) Overlapping(a Appointment) ([]Appointment, error) {
	return loadAll[Appointment](r, `state IN ('requested','confirmed','arrived') AND id <> ? AND starts_at < ? AND ends_at > ?
		AND (staff_id = ? OR room_id = ? OR device_id = ?) ORDER BY starts_at LIMIT 20`,
		a.ID, a.EndsAt, a.StartsAt, maybe(&a.Staff), maybe(&a.Room), maybe(&a.Device))
}

// AddAppointment adds a booked slot.
func (tx *Tx) AddAppointment(a *Appointment) error { return tx.addRow(a) }

// SaveAppointment writes a booked slot over the version read.
func (tx *Tx) SaveAppointment(a *Appointment) error { return tx.saveRow(a) }
