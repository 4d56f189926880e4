package store

import (
	"time"

	"meixu/store/seal"
	"meixu/store/term"
)

// Merge is one person who had two files: everything of the one went to the other (row:C3).
type Merge struct {
	ID         int64
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Client     term.ClientID // the file that stays
	From       term.ClientID // the file that was given up
	At         term.Instant
	By         term.StaffID
	Reason     string
	UndoneAt   term.Instant
	UndoneBy   term.StaffID
	UndoReason string
	// Points and FromPoints are what either file had when they were joined.
	Points, FromPoints int64
	// Red are the red words of both when they were joined.
	Red Red
}

// Red are the red words of a file.
type Red struct {
	Allergies []string `json:"allergies,omitempty"`
	Alerts    []string `json:"alerts,omitempty"`
}

func (*Merge) table() string { return "client_merges" }
func (*Merge) columns() string {
	return "id, version, created_at, updated_at, client_id, from_id, merged_at, merged_by, reason_sealed, undone_at, undone_by, undo_reason_sealed, points, from_points, red_sealed"
}

func (m *Merge) fields(r *Read) []any {
	s := func(column string, text *string) any {
		return sealed(r, "client_merges", &m.ID, &m.Client, column, text)
	}
	return []any{
		&m.ID, &m.Version, &m.CreatedAt, &m.UpdatedAt, &m.Client, &m.From, &m.At, &m.By, s("reason_sealed", &m.Reason),
		&m.UndoneAt, maybe(&m.UndoneBy), s("undo_reason_sealed", &m.UndoReason),
		&m.Points, &m.FromPoints, sealedAs(r, "client_merges", &m.ID, &m.Client, "red_sealed", &m.Red),
	}
}

// Moved is what a merge did to one column of one table: rows that named the one client name the
// other now; or, where Field is empty, how one row stood before and after.
type Moved struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Merge     int64
	Owner     term.ClientID
	Table     string
	Field     string
	Rows      []int64
	Before    Columns
	After     Columns
}

// Columns are values of a row as SQL writes them.
type Columns map[string]string

func (*Moved) table() string { return "client_moves" }
func (*Moved) columns() string {
	return "id, version, created_at, updated_at, merge_id, owner_id, tbl, field, row_ids, before_sealed, after_sealed"
}

func (m *Moved) fields(r *Read) []any {
	return []any{
		&m.ID, &m.Version, &m.CreatedAt, &m.UpdatedAt, &m.Merge, &m.Owner, &m.Table, &m.Field,
		jsonText{&m.Rows},
		sealedAs(r, "client_moves", &m.ID, &m.Owner, "before_sealed", &m.Before),
		sealedAs(r, "client_moves", &m.ID, &m.Owner, "after_sealed", &m.After),
	}
}

// Merge reads one merge.
func (r *Read) Merge(id int64) (Merge, error) { return load[Merge](r, "id = ?", id) }

// MergeOf is the merge that gave the file up and stands; ErrNotFound when it was not merged.
func (r *Read) MergeOf(from term.ClientID) (Merge, error) {
	return load[Merge](r, "from_id = ? AND undone_at IS NULL", from)
}

// MergeUndoWithin is how long a merge can be taken back.
const MergeUndoWithin = 30 * 24 * time.Hour

// MergesInto lists what was merged into a file and stands, newest first.
func (r *Read) MergesInto(client term.ClientID) ([]Merge, error) {
	return loadAll[Merge](r, "client_id = ? AND undone_at IS NULL ORDER BY id DESC LIMIT 50", client)
}

// Survivor is the file that stays of a client: its own, or the one it was merged into, through
// any number of merges.
func (r *Read) Survivor(client term.ClientID) (term.ClientID, error) {
	return one(r, value[term.ClientID], `WITH RECURSIVE way(id, depth) AS (SELECT ?1, 0
		UNION ALL SELECT m.client_id, depth + 1 FROM way w JOIN client_merges m ON m.from_id = w.id AND m.undone_at IS NULL)
		SELECT id FROM way ORDER BY depth DESC LIMIT 1`, client)
}

// merged lists who was merged into a client, directly or through others, the client included.
func (r *Read) merged(client term.ClientID) ([]term.ClientID, error) {
	return many(r, value[term.ClientID], `WITH RECURSIVE all_of(id) AS (SELECT ?1
		UNION SELECT m.from_id FROM all_of a JOIN client_merges m ON m.client_id = a.id AND m.undone_at IS NULL)
		SELECT id FROM all_of`, client)
}

// relative finds the key that sealed an envelope which the client's own key does not open: that of
// a file which was merged with another. A key of anybody else is nobody's here.
func (r *Read) relative(name keyName, envelope []byte) (*dataKey, error) {
	id, err := seal.KeyID(envelope)
	if err != nil || name.client == 0 {
		return nil, err
	}
	owner, ok, err := found(one(r, value[term.ClientID], `SELECT k.client_id FROM client_keys k WHERE k.id = ? AND k.class = ? AND k.client_id <> ?
		AND EXISTS (SELECT 1 FROM client_merges m WHERE m.from_id = k.client_id OR m.client_id = k.client_id)`, id, string(name.class), name.client))
	if err != nil || !ok {
		return nil, err
	}
	return r.dataKey(keyName{owner, name.class})
}

// photoOwner is whose key sealed the file of a picture: a merge moves the row, never the file.
func (r *Read) photoOwner(m Media) (term.ClientID, error) {
	owner, ok, err := found(one(r, value[term.ClientID], `SELECT owner_id FROM client_moves
		WHERE tbl = 'media' AND EXISTS (SELECT 1 FROM json_each(row_ids) WHERE value = ?) ORDER BY id LIMIT 1`, m.ID))
	if err != nil || !ok {
		return m.Client, err
	}
	return owner, nil
}

// PictureKey is the key of the file of one picture, as PhotoKey is that of new ones.
func (r *Read) PictureKey(m Media) (*seal.Key, error) {
	owner, err := r.photoOwner(m)
	if err != nil {
		return nil, err
	}
	return r.PhotoKey(owner)
}
