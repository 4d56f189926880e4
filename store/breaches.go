package store

import "meixu/store/term"

// WaitBreach is one wait that crossed the limit of its tier: for the first contact, or for a room.
// A visit has at most one of each kind (index wait_breach_once).
type WaitBreach struct {
	ID        int64
	Version   int
	CreatedAt term.Instant // when it was noticed
	UpdatedAt term.Instant
	Visit     term.VisitID
	Day       term.Day
	Kind      string // first, room
	Level     string // normal, member, vip
	Minutes   int    // the limit
	BeganAt   term.Instant
	EndedAt   term.Instant // zero while the client still waits
	Staff     term.StaffID // who gave the reason
	Reason    string
}

func (*WaitBreach) table() string { return "wait_breaches" }
func (*WaitBreach) columns() string {
	return "id, version, created_at, updated_at, visit_id, day, kind, level, minutes, began_at, ended_at, staff_id, reason_sealed"
}

func (b *WaitBreach) fields(r *Read) []any {
	return []any{
		&b.ID, &b.Version, &b.CreatedAt, &b.UpdatedAt, &b.Visit, &b.Day, &b.Kind, &b.Level, &b.Minutes, &b.BeganAt, &b.EndedAt,
		maybe(&b.Staff), sealed(r, "wait_breaches", &b.ID, nil, "reason_sealed", &b.Reason),
	}
}

// WaitBreach reads one breach.
func (r *Read) WaitBreach(id int64) (WaitBreach, error) { return load[WaitBreach](r, "id = ?", id) }

// WaitBreachesOn lists the breaches of a day in the order in which they were noticed.
func (r *Read) WaitBreachesOn(day term.Day) ([]WaitBreach, error) {
	return loadAll[WaitBreach](r, "day = ? ORDER BY id LIMIT 1000", day)
}

// AddWaitBreach notes a breach.
func (tx *Tx) AddWaitBreach(b *WaitBreach) error { return tx.addRow(b) }

// SaveWaitBreach writes a breach over the version read.
func (tx *Tx) SaveWaitBreach(b *WaitBreach) error { return tx.saveRow(b) }
