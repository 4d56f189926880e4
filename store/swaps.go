package store

import (
	"meixu/store/term"
)

// Swap is an exchange of shifts between two people: on each of the two days they exchange what the
// roster has for them (row:O10).
type Swap struct {
	ID         int64
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Asker      term.StaffID
	Other      term.StaffID
	AskerDay   term.Day
	OtherDay   term.Day
	Reason     string
	State      string
	AcceptedAt term.Instant
	AnsweredAt term.Instant
	AnsweredBy term.StaffID
	Answer     string
}

// States of an exchange of shifts.
const (
	SwapAsked     = "asked"    // the colleague has not agreed yet
	SwapAccepted  = "accepted" // the manager has not approved yet
	SwapApproved  = "approved"
	SwapRefused   = "refused"
	SwapWithdrawn = "withdrawn"
)

func (*Swap) table() string { return "shift_swaps" }
func (*Swap) columns() string {
	return "id, version, created_at, updated_at, asker_id, other_id, asker_day, other_day, reason_sealed, state, accepted_at, answered_at, " +
		"answered_by, answer_sealed"
}

func (s *Swap) fields(r *Read) []any {
	return []any{
		&s.ID, &s.Version, &s.CreatedAt, &s.UpdatedAt, &s.Asker, &s.Other, &s.AskerDay, &s.OtherDay,
		sealed(r, "shift_swaps", &s.ID, nil, "reason_sealed", &s.Reason), &s.State, &s.AcceptedAt, &s.AnsweredAt,
		maybe(&s.AnsweredBy), sealed(r, "shift_swaps", &s.ID, nil, "answer_sealed", &s.Answer),
	}
}

// Days are the days of the exchange, each once.
func (s Swap) Days() []term.Day {
	if s.AskerDay == s.OtherDay {
		return []term.Day{s.AskerDay}
	}
	return []term.Day{s.AskerDay, s.OtherDay}
}

// Swap reads one exchange of shifts.
func (r *Read) Swap(id int64) (Swap, error) { return load[Swap](r, "id = ?", id) }

// Swaps lists the newest exchanges of shifts; of one person, or of everybody when staff is 0.
func (r *Read) Swaps(staff term.StaffID, limit int) ([]Swap, error) {
	return loadAll[Swap](r, "? = 0 OR asker_id = ? OR other_id = ? ORDER BY state IN ('asked','accepted') DESC, id DESC LIMIT ?", staff, staff, staff, limit)
}

// AddSwap asks for an exchange.
func (tx *Tx) AddSwap(s *Swap) error { return tx.addRow(s) }

// SaveSwap writes an exchange over the version read.
func (tx *Tx) SaveSwap(s *Swap) error { return tx.saveRow(s) }
