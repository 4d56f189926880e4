package store

import "meixu/store/term"

// SecondFactor is the second step of a person's login: codes of an app on the own phone.
type SecondFactor struct {
	ID        term.SecondFactorID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Staff     term.StaffID
	Kept      SecondSecrets
	LastStep  int64        // half minute of the newest code that was taken
	SetAt     term.Instant // zero: nothing is asked
}

// SecondSecrets are kept sealed, and only that they changed stands in the trail.
type SecondSecrets struct {
	Key   string   `json:"key,omitempty"`   // of the app, base32
	Fresh string   `json:"fresh,omitempty"` // key that was shown and not confirmed yet
	Codes []string `json:"codes,omitempty"` // SHA-256 of the recovery codes that are left, hex
}

func (*SecondFactor) table() string { return "second_factors" }
func (*SecondFactor) columns() string {
	return "id, version, created_at, updated_at, staff_id, kept_secret, last_step, set_at"
}

func (f *SecondFactor) fields(r *Read) []any {
	return []any{
		&f.ID, &f.Version, &f.CreatedAt, &f.UpdatedAt, &f.Staff,
		sealedAs(r, "second_factors", &f.ID, nil, "kept_secret", &f.Kept), &f.LastStep, &f.SetAt,
	}
}

// SecondFactorOf reads that of a person; ErrNotFound when there never was one.
func (r *Read) SecondFactorOf(staff term.StaffID) (SecondFactor, error) {
	return load[SecondFactor](r, "staff_id = ?", staff)
}

// WithSecondFactor are those who are asked for a code at the login.
func (r *Read) WithSecondFactor() (map[term.StaffID]bool, error) {
	ids, err := many(r, value[term.StaffID], `SELECT staff_id FROM second_factors WHERE set_at IS NOT NULL LIMIT 1000`)
	return setOf(ids), err
}

// AddSecondFactor adds one.
func (tx *Tx) AddSecondFactor(f *SecondFactor) error { return tx.addRow(f) }

// SaveSecondFactor writes one over the version read.
func (tx *Tx) SaveSecondFactor(f *SecondFactor) error { return tx.saveRow(f) }
