package store

import (
	"time"

	"meixu/store/term"
)

// DraftLife is how long what was typed is kept (rulings 25).
const DraftLife = 30 * 24 * time.Hour

// What drafts may take: of one form, and of one person in number and in bytes as they are kept.
const (
	DraftLargest = 256 << 10
	DraftsMost   = 60
	DraftsBytes  = 2 << 20
)

// Draft is what a person typed into a long form and did not save yet; its body is sealed.
type Draft struct {
	ID      int64
	Staff   term.StaffID
	Form    string // names form and subject, as "visit:42:consult"
	Body    string // JSON of the fields
	SavedAt term.Instant
}

type sealedDraft struct {
	Draft
	sealed []byte
}

// Draft reads what the person typed into the form; ErrNotFound when nothing is kept.
func (r *Read) Draft(staff term.StaffID, form string) (Draft, error) {
	s, err := one(r, func(from row) (s sealedDraft, err error) {
		err = from.Scan(&s.ID, &s.Staff, &s.Form, &s.sealed, &s.SavedAt)
		return s, err
	}, `SELECT id, staff_id, form_key, body_sealed, saved_at FROM drafts
		WHERE staff_id = ? AND form_key = ? AND saved_at > ?`, staff, form, r.Now().Add(-DraftLife))
	if err != nil {
		return Draft{}, err
	}
	o := r.opener(0)
	s.Body = o.text("drafts", s.ID, "body_sealed", s.sealed)
	return s.Draft, o.err
}

// DraftKeys names the forms of which something is kept for the person.
func (r *Read) DraftKeys(staff term.StaffID) ([]string, error) {
	return many(r, value[string], `SELECT form_key FROM drafts WHERE staff_id = ? AND saved_at > ? ORDER BY id`,
		staff, r.Now().Add(-DraftLife))
}

// SaveDraft keeps what the person typed into the form, ErrLarge when it is longer than
// DraftLargest. What the person typed longest ago goes when more is kept than a person may keep.
func (tx *Tx) SaveDraft(d Draft) error {
	if len(d.Body) > DraftLargest {
		return ErrLarge
	}
	id, kept, err := found(one(tx, value[int64],
		`SELECT id FROM drafts WHERE staff_id = ? AND form_key = ?`, d.Staff, d.Form))
	if err != nil {
		return err
	}
	if !kept {
		id = tx.NextID("drafts")
	}
	sealed, err := tx.seal(0, "drafts", id, "body_sealed", d.Body, nil)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO drafts (id, staff_id, form_key, body_sealed, saved_at) VALUES (?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET body_sealed = excluded.body_sealed, saved_at = excluded.saved_at`,
		id, d.Staff, d.Form, sealed, tx.Now())
	if err != nil {
		return err
	}
	return tx.dropBeyond(d.Staff, id)
}

// dropBeyond forgets the oldest drafts of a person who keeps too many or too much, never the one
// that was just saved.
func (tx *Tx) dropBeyond(staff term.StaffID, saved int64) error {
	_, err := tx.exec(`DELETE FROM drafts WHERE id IN (SELECT id FROM (
		SELECT id, row_number() OVER newest AS n, sum(length(body_sealed)) OVER newest AS size FROM drafts WHERE staff_id = ?
		WINDOW newest AS (ORDER BY id = ? DESC, saved_at DESC, id DESC)) WHERE n > ? OR size > ?)`,
		staff, saved, DraftsMost, DraftsBytes)
	return err
}

// DropDraft forgets the draft of a form that was saved. A draft is not a record yet.
func (tx *Tx) DropDraft(staff term.StaffID, form string) error {
	_, err := tx.exec(`DELETE FROM drafts WHERE staff_id = ? AND form_key = ?`, staff, form)
	return err
}

// DropOldDrafts forgets drafts older than DraftLife and says how many.
func (tx *Tx) DropOldDrafts() (int, error) {
	n, err := one(tx, value[int], `SELECT count(*) FROM drafts WHERE saved_at <= ?`, tx.Now().Add(-DraftLife))
	if err != nil || n == 0 {
		return 0, err
	}
	_, err = tx.exec(`DELETE FROM drafts WHERE saved_at <= ?`, tx.Now().Add(-DraftLife))
	return n, err
}
