package store

import (
	"meixu/store/term"
)

// Intake is what a guest told of oneself on the own phone (row:B2): who and how to be reached,
// nothing about health. What was told is emptied once the desk took it or put it away.
type Intake struct {
	ID        term.IntakeID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Client    term.ClientID // whose file took it
	Visit     term.VisitID  // of whose page it was filled; 0: at the counter
	Number    string
	TokenHash []byte
	Told      Told
	State     string
}

// Told are the answers of a guest.
type Told struct {
	Name      string   `json:"name,omitempty"`
	Phone     string   `json:"phone,omitempty"`
	NoPhone   string   `json:"no_phone,omitempty"`
	Gender    string   `json:"gender,omitempty"`
	Birth     term.Day `json:"birth,omitempty"`
	Source    string   `json:"source,omitempty"`
	WeChat    string   `json:"wechat,omitempty"`
	Address   string   `json:"address,omitempty"`
	Emergency Contact  `json:"emergency,omitzero"`
}

// States of what a guest told.
const (
	IntakeWaiting = "waiting"
	IntakeTaken   = "taken"
	IntakeDropped = "dropped"
)

func (*Intake) table() string { return "intakes" }
func (*Intake) columns() string {
	return "id, version, created_at, updated_at, client_id, visit_id, number, token_hash, profile_sealed, state"
}

func (n *Intake) fields(r *Read) []any {
	return []any{
		&n.ID, &n.Version, &n.CreatedAt, &n.UpdatedAt, maybe(&n.Client), maybe(&n.Visit), &n.Number, &n.TokenHash,
		sealedAs(r, "intakes", &n.ID, &n.Client, "profile_sealed", &n.Told), &n.State,
	}
}

// Intake reads what one guest told.
func (r *Read) Intake(id term.IntakeID) (Intake, error) { return load[Intake](r, "id = ?", id) }

// IntakeBy reads the one whose secret has this hash.
func (r *Read) IntakeBy(hash []byte) (Intake, error) { return load[Intake](r, "token_hash = ?", hash) }

// Intakes lists what waits for the desk, in the order in which it came.
func (r *Read) Intakes(limit int) ([]Intake, error) {
	return loadAll[Intake](r, "state = ? ORDER BY id LIMIT ?", IntakeWaiting, limit)
}

// CountIntakes counts what waits for the desk.
func (r *Read) CountIntakes() (int, error) {
	return one(r, value[int], "SELECT count(*) FROM intakes WHERE state = ?", IntakeWaiting)
}

// AddIntake adds what a guest told and gives it its number.
func (tx *Tx) AddIntake(n *Intake) (err error) {
	if n.Number, err = tx.Number("J"); err != nil {
		return err
	}
	return tx.addRow(n)
}

// SaveIntake writes one over the version read.
func (tx *Tx) SaveIntake(n *Intake) error { return tx.saveRow(n) }
