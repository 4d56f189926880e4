package store

import (
	"meixu/store/term"
)

// BookingRequest is a booking that a guest asked for on the own phone (row:A9): name, phone, what
// and when, and nothing medical. The page that shows how it stands is opened by a secret, of which
// only the hash is kept.
type BookingRequest struct {
	ID          term.RequestID
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Client      term.ClientID // whom the desk took it for
	Lead        term.LeadID
	Item        term.ItemID // 0: a talk
	Number      string
	TokenHash   []byte
	Name        string
	Phone       string
	Day         term.Day
	From, To    int // minutes since midnight
	Minutes     int
	State       string
	Appointment term.AppointmentID // what came of it
	Note        string             // what the table of a platform said of it
}

// States of a booking that was asked for.
const (
	RequestWaiting  = "waiting"
	RequestAccepted = "accepted"
	RequestDeclined = "declined"
)

func (*BookingRequest) table() string { return "booking_requests" }
func (*BookingRequest) columns() string {
	return "id, version, created_at, updated_at, client_id, lead_id, item_id, number, token_hash, " +
		"name_sealed, phone_sealed, phone_index, day, from_minute, to_minute, minutes, state, appointment_id, note_sealed"
}

func (q *BookingRequest) fields(r *Read) []any {
	return []any{
		&q.ID, &q.Version, &q.CreatedAt, &q.UpdatedAt, maybe(&q.Client), maybe(&q.Lead), maybe(&q.Item), &q.Number, &q.TokenHash,
		sealed(r, "booking_requests", &q.ID, &q.Client, "name_sealed", &q.Name),
		sealed(r, "booking_requests", &q.ID, &q.Client, "phone_sealed", &q.Phone), &blind{r, "phone", &q.Phone},
		&q.Day, &q.From, &q.To, &q.Minutes, &q.State, maybe(&q.Appointment),
		sealed(r, "booking_requests", &q.ID, &q.Client, "note_sealed", &q.Note),
	}
}

// BookingRequest reads one booking that was asked for.
func (r *Read) BookingRequest(id term.RequestID) (BookingRequest, error) {
	return load[BookingRequest](r, "id = ?", id)
}

// BookingRequestBy reads the one whose secret has this hash.
func (r *Read) BookingRequestBy(hash []byte) (BookingRequest, error) {
	return load[BookingRequest](r, "token_hash = ?", hash)
}

// BookingRequests lists those in a state, in the order in which they came.
func (r *Read) BookingRequests(state string, limit int) ([]BookingRequest, error) {
	return loadAll[BookingRequest](r, "state = ? ORDER BY id LIMIT ?", state, limit)
}

// BookingRequestsSince lists those that were answered since an instant, the latest first.
func (r *Read) BookingRequestsSince(from term.Instant, limit int) ([]BookingRequest, error) {
	return loadAll[BookingRequest](r, "state IN ('accepted','declined') AND updated_at >= ? ORDER BY id DESC LIMIT ?", from, limit)
}

// CountBookingRequests counts those that wait for an answer.
func (r *Read) CountBookingRequests() (int, error) {
	return one(r, value[int], "SELECT count(*) FROM booking_requests WHERE state = ?", RequestWaiting)
}

// AddBookingRequest adds a booking that was asked for and gives it its number.
func (tx *Tx) AddBookingRequest(q *BookingRequest) (err error) {
	if q.Number, err = tx.Number("Y"); err != nil {
		return err
	}
	return tx.addRow(q)
}

// SaveBookingRequest writes one over the version read.
func (tx *Tx) SaveBookingRequest(q *BookingRequest) error { return tx.saveRow(q) }
