package store

import (
	"time"

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
	// Series is the first appointment of the course that was booked together; 0 for none.
	Series term.AppointmentID
	// Before is the state before the arrival; "" as long as nobody came.
	Before term.AppointmentState
}

func (*Appointment) table() string { return "appointments" }
func (*Appointment) columns() string {
	return "id, version, created_at, updated_at, client_id, lead_id, item_id, staff_id, room_id, " +
		"device_id, order_line_id, starts_at, ends_at, state, cancel_reason_sealed, overlap_by, " +
		"overlap_reason_sealed, note_sealed, ask_doctor, series_id, before"
}

func (a *Appointment) fields(r *Read) []any {
	return []any{
		&a.ID, &a.Version, &a.CreatedAt, &a.UpdatedAt, maybe(&a.Client), maybe(&a.Lead), maybe(&a.Item),
		maybe(&a.Staff), maybe(&a.Room), maybe(&a.Device), maybe(&a.Line), &a.StartsAt, &a.EndsAt, &a.State,
		sealed(r, "appointments", &a.ID, &a.Client, "cancel_reason_sealed", &a.CancelReason), maybe(&a.OverlapBy), sealed(r, "appointments", &a.ID, &a.Client, "overlap_reason_sealed", &a.OverlapReason),
		sealed(r, "appointments", &a.ID, nil, "note_sealed", &a.Note), &a.AskDoctor, maybe(&a.Series), &a.Before,
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

// Beside lists what a booking can collide with, by time: the living appointments other than a that
// meet it and share person or client with it, and those that share room or device and lie less
// than apart from it. No appointment lasts longer than longest.
func (r *Read) Beside(a Appointment, apart, longest time.Duration) ([]Appointment, error) {
	return many(r, busyOf, `SELECT `+busyColumns+` FROM appointments WHERE starts_at > ? AND starts_at < ?
		AND state IN ('requested','confirmed','arrived') AND id <> ?
		AND (starts_at < ? AND ends_at > ? AND (staff_id = ? OR client_id = ? OR lead_id = ?)
			OR ends_at > ? AND (room_id = ? OR device_id = ?)) ORDER BY starts_at, id LIMIT 2000`,
		a.StartsAt.Add(-longest-apart), a.EndsAt.Add(apart), a.ID,
		a.EndsAt, a.StartsAt, maybe(&a.Staff), maybe(&a.Client), maybe(&a.Lead),
		a.StartsAt.Add(-apart), maybe(&a.Room), maybe(&a.Device))
}

// Busy lists the living appointments that start in [from, to) without their texts, by time: who
// and what is taken when, and nothing has to be opened for it.
func (r *Read) Busy(from, to term.Instant) ([]Appointment, error) {
	return many(r, busyOf, `SELECT `+busyColumns+` FROM appointments WHERE starts_at >= ? AND starts_at < ?
		AND state IN ('requested','confirmed','arrived') ORDER BY starts_at, id LIMIT 50000`, from, to)
}

// busyColumns are the columns that say who and what is taken.
const busyColumns = "id, version, client_id, lead_id, item_id, staff_id, room_id, device_id, starts_at, ends_at, state, series_id"

func busyOf(from row) (a Appointment, err error) {
	err = from.Scan(&a.ID, &a.Version, maybe(&a.Client), maybe(&a.Lead), maybe(&a.Item), maybe(&a.Staff),
		maybe(&a.Room), maybe(&a.Device), &a.StartsAt, &a.EndsAt, &a.State, maybe(&a.Series))
	return a, err
}

// LinesBooked counts by paid line the bookings of a client that stand and are still to come.
func (r *Read) LinesBooked(client term.ClientID) (map[term.OrderLineID]int, error) {
	type booked struct {
		line term.OrderLineID
		n    int
	}
	list, err := many(r, func(from row) (b booked, err error) { return b, from.Scan(&b.line, &b.n) },
		`SELECT order_line_id, count(*) FROM appointments WHERE client_id = ? AND order_line_id IS NOT NULL
			AND state IN ('requested','confirmed') AND ends_at > ? GROUP BY order_line_id LIMIT 500`, client, r.Now())
	byLine := make(map[term.OrderLineID]int, len(list))
	for _, b := range list {
		byLine[b.line] = b.n
	}
	return byLine, err
}

// SeriesOf lists the appointments of a course that was booked together, by time.
func (r *Read) SeriesOf(series term.AppointmentID) ([]Appointment, error) {
	return loadAll[Appointment](r, "series_id = ? ORDER BY starts_at, id LIMIT 100", series)
}

// AddAppointment adds a booked slot.
func (tx *Tx) AddAppointment(a *Appointment) error { return tx.addRow(a) }

// SaveAppointment writes a booked slot over the version read.
func (tx *Tx) SaveAppointment(a *Appointment) error { return tx.saveRow(a) }
