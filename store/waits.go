package store

import (
	"meixu/store/term"
)

// Wait is an entry of the wait list: who wants what, with whom, and when it would suit.
type Wait struct {
	ID          term.WaitID
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Client      term.ClientID
	Lead        term.LeadID
	Item        term.ItemID
	Staff       term.StaffID // 0: anybody who may
	FromDay     term.Day
	ToDay       term.Day
	From, To    int // minutes since midnight
	Minutes     int
	Urgency     int // 0 ordinary, 1 soon, 2 urgent
	Note        string
	State       string
	Appointment term.AppointmentID // what came of it
	CloseReason string
}

// States of an entry of the wait list.
const (
	WaitWaiting = "waiting"
	WaitBooked  = "booked"
	WaitClosed  = "closed"
)

func (*Wait) table() string { return "waits" }
func (*Wait) columns() string {
	return "id, version, created_at, updated_at, client_id, lead_id, item_id, staff_id, from_day, to_day, " +
		"from_minute, to_minute, minutes, urgency, note_sealed, state, appointment_id, close_reason_sealed"
}

func (w *Wait) fields(r *Read) []any {
	return []any{
		&w.ID, &w.Version, &w.CreatedAt, &w.UpdatedAt, maybe(&w.Client), maybe(&w.Lead), maybe(&w.Item), maybe(&w.Staff),
		&w.FromDay, &w.ToDay, &w.From, &w.To, &w.Minutes, &w.Urgency,
		sealed(r, "waits", &w.ID, &w.Client, "note_sealed", &w.Note), &w.State, maybe(&w.Appointment),
		sealed(r, "waits", &w.ID, &w.Client, "close_reason_sealed", &w.CloseReason),
	}
}

// Wait reads one entry of the wait list.
func (r *Read) Wait(id term.WaitID) (Wait, error) { return load[Wait](r, "id = ?", id) }

// Waiting lists who waits for a slot on today or a later day, urgent first, then oldest.
func (r *Read) Waiting(limit int) ([]Wait, error) {
	return loadAll[Wait](r, "state = 'waiting' AND to_day >= ? ORDER BY urgency DESC, created_at, id LIMIT ?", r.Today(), limit)
}

// WaitsOf lists what a client waits for now.
func (r *Read) WaitsOf(client term.ClientID) ([]Wait, error) {
	return loadAll[Wait](r, "client_id = ? AND state = 'waiting' ORDER BY id LIMIT 50", client)
}

// AddWait adds an entry to the wait list.
func (tx *Tx) AddWait(w *Wait) error { return tx.addRow(w) }

// SaveWait writes an entry of the wait list over the version read.
func (tx *Tx) SaveWait(w *Wait) error { return tx.saveRow(w) }
