package store

import (
	"meixu/store/term"
)

// Licence is a paper that lets someone work (REG-STF-04, REG-STF-07). A physician's has no fixed end (REG-STF-05).
type Licence struct {
	ID         int64
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Staff      term.StaffID
	Kind       string
	Number     string
	Scope      string
	PlaceHere  bool
	ValidFrom  term.Day
	ValidUntil term.Day
	Suspended  bool
	CheckedAt  term.Instant
	CheckedBy  term.StaffID
}

func (*Licence) table() string { return "licences" }
func (*Licence) columns() string {
	return "id, version, created_at, updated_at, staff_id, kind, number, scope, place_here, " +
		"valid_from, valid_until, suspended, checked_at, checked_by"
}

func (l *Licence) fields(*Read) []any {
	return []any{
		&l.ID, &l.Version, &l.CreatedAt, &l.UpdatedAt, &l.Staff, &l.Kind, &l.Number, &l.Scope, &l.PlaceHere,
		&l.ValidFrom,
		optDay{&l.ValidUntil},
		&l.Suspended, &l.CheckedAt, maybe(&l.CheckedBy),
	}
}

// Licences lists a person's papers.
func (r *Read) Licences(staff term.StaffID) ([]Licence, error) {
	return loadAll[Licence](r, "staff_id = ? ORDER BY id LIMIT 100", staff)
}

// Licence reads one paper.
func (r *Read) Licence(id int64) (Licence, error) { return load[Licence](r, "id = ?", id) }

// AllLicences lists all papers, those that end first.
func (r *Read) AllLicences(limit int) ([]Licence, error) {
	return loadAll[Licence](r, "1 ORDER BY valid_until IS NULL, valid_until, id LIMIT ?", limit)
}

// AddLicence adds a paper.
func (tx *Tx) AddLicence(l *Licence) error { return tx.addRow(l) }

// SaveLicence writes a paper over the version read.
func (tx *Tx) SaveLicence(l *Licence) error { return tx.saveRow(l) }

// StaffRight is what a person may do with an item kind (F14 authorisation matrix).
type StaffRight struct {
	ID         int64
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Staff      term.StaffID
	ItemKind   string
	Level      string
	GrantedBy  term.StaffID
	ValidUntil term.Day
}

func (*StaffRight) table() string { return "staff_rights" }
func (*StaffRight) columns() string {
	return "id, version, created_at, updated_at, staff_id, item_kind, level, granted_by, valid_until"
}

func (s *StaffRight) fields(*Read) []any {
	return []any{
		&s.ID, &s.Version, &s.CreatedAt, &s.UpdatedAt, &s.Staff, &s.ItemKind, &s.Level, maybe(&s.GrantedBy),
		optDay{&s.ValidUntil},
	}
}

// StaffRights lists a person's rights by item kind.
func (r *Read) StaffRights(staff term.StaffID) (map[string]StaffRight, error) {
	rows, err := loadAll[StaffRight](r, "staff_id = ? LIMIT 500", staff)
	if err != nil {
		return nil, err
	}
	byKind := make(map[string]StaffRight, len(rows))
	for _, s := range rows {
		byKind[s.ItemKind] = s
	}
	return byKind, nil
}

// AddStaffRight adds a right.
func (tx *Tx) AddStaffRight(s *StaffRight) error { return tx.addRow(s) }

// SaveStaffRight writes a right over the version read.
func (tx *Tx) SaveStaffRight(s *StaffRight) error { return tx.saveRow(s) }
