package store

import (
	"errors"

	"meixu/store/term"
)

// Workstation is a browser that the house knows: a PIN alone opens only there.
type Workstation struct {
	ID         term.WorkstationID
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Mark       string // what sessions and acts call it; the browser's own secret is kept nowhere
	Name       string // as people call it
	Kind       string // SessionDesk or SessionTablet
	EnrolledBy term.StaffID
	RetiredAt  term.Instant
}

func (*Workstation) table() string { return "workstations" }
func (*Workstation) columns() string {
	return "id, version, created_at, updated_at, mark, name, kind, enrolled_by, retired_at"
}

func (w *Workstation) fields(*Read) []any {
	return []any{&w.ID, &w.Version, &w.CreatedAt, &w.UpdatedAt, &w.Mark, &w.Name, &w.Kind, &w.EnrolledBy, &w.RetiredAt}
}

// Workstation reads one.
func (r *Read) Workstation(id term.WorkstationID) (Workstation, error) {
	return load[Workstation](r, "id = ?", id)
}

// WorkstationInUse is the one with the mark that is not retired; empty when there is none.
func (r *Read) WorkstationInUse(mark string) (Workstation, error) {
	w, err := r.WorkstationByMark(mark)
	if errors.Is(err, ErrNotFound) || err == nil && !w.RetiredAt.IsZero() {
		return Workstation{}, nil
	}
	return w, err
}

// WorkstationByMark reads the one with the mark, retired or not.
func (r *Read) WorkstationByMark(mark string) (Workstation, error) {
	return load[Workstation](r, "mark = ?", mark)
}

// WorkstationsMost is how many workstations are listed; a clinic has a few dozen.
const WorkstationsMost = 500

// Workstations lists all, those in use first, by name.
func (r *Read) Workstations() ([]Workstation, error) {
	return loadAll[Workstation](r, "1 = 1 ORDER BY retired_at IS NOT NULL, name, id LIMIT ?", WorkstationsMost)
}

// AddWorkstation adds one.
func (tx *Tx) AddWorkstation(w *Workstation) error { return tx.addRow(w) }

// SaveWorkstation writes one over the version read.
func (tx *Tx) SaveWorkstation(w *Workstation) error { return tx.saveRow(w) }

// EndStation ends every living session of a browser; no PIN rests on them any more.
func (tx *Tx) EndStation(mark string) error {
	ended, err := many(tx, value[int64], `UPDATE sessions SET ended_at = coalesce(ended_at, ?), left_at = ?
		WHERE station = ? AND (ended_at IS NULL OR left_at IS NULL) RETURNING id`, tx.Now(), tx.Now(), mark)
	tx.tellSeats(ended)
	return err
}
