package store

import (
	"meixu/store/term"
)

// TillCount is the cash that somebody counted at the end of a day, in fen, against what the
// till expected at that moment. Counts are kept; the last one of a day counts.
type TillCount struct {
	ID          int64
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Day         term.Day
	Staff       term.StaffID
	At          term.Instant
	ExpectedFen term.Fen
	CountedFen  term.Fen
	Reason      string // why it differs
}

func (*TillCount) table() string { return "till_counts" }
func (*TillCount) columns() string {
	return "id, version, created_at, updated_at, day, staff_id, at, expected_fen, counted_fen, reason"
}

func (c *TillCount) fields(*Read) []any {
	return []any{
		&c.ID, &c.Version, &c.CreatedAt, &c.UpdatedAt, &c.Day, &c.Staff, &c.At, &c.ExpectedFen, &c.CountedFen, &c.Reason,
	}
}

// TillCountsOn lists the counts of a clinic day, oldest first.
func (r *Read) TillCountsOn(day term.Day) ([]TillCount, error) {
	return loadAll[TillCount](r, "day = ? ORDER BY id LIMIT 100", day)
}

// AddTillCount keeps a count.
func (tx *Tx) AddTillCount(c *TillCount) error { return tx.addRow(c) }
