package store

import (
	"database/sql"
	"encoding/json"

	"meixu/store/seal"
	"meixu/store/term"
)

// Findable is what the finder knows of a client. It is read for everybody at every start, so
// it has a query of its own: the person's key comes with the row, and neither is kept.
type Findable struct {
	ID     term.ClientID
	Number string
	Name   string
	Phone  string
	Birth  term.Day
	// Into is the file that it was merged into, 0 for none; Former the number of the system before.
	Into   term.ClientID
	Former Former
}

// Findables lists, in order of id, at most limit clients with from < id <= to whose files
// are in use: not merged, not voided, not erased.
func (r *Read) Findables(from, to term.ClientID, limit int) ([]Findable, error) {
	return many(r, r.scanFindable, `SELECT c.id, c.number, c.name_sealed, c.phone_sealed, c.birth_sealed, c.former_sealed, m.client_id, k.id, k.wrapped_key
		FROM clients c JOIN client_keys k ON k.client_id = c.id AND k.class = 'identity'
		LEFT JOIN client_merges m ON m.from_id = c.id AND m.undone_at IS NULL
		WHERE c.id > ? AND c.id <= ? AND c.voided_at IS NULL AND k.wrapped_key IS NOT NULL
		ORDER BY c.id LIMIT ?`, from, to, limit)
}

func (r *Read) scanFindable(from row) (f Findable, err error) {
	var name, phone, birth, former, wrapped sql.RawBytes // opened before the next row is read
	var note string
	var id uint32
	if err := from.Scan(&f.ID, &f.Number, &name, &phone, &birth, &former, maybe(&f.Into), &id, &wrapped); err != nil {
		return f, err
	}
	key, err := r.db.keys.classes[seal.Identity].Unwrap(keyUse(keyName{f.ID, seal.Identity}), id, wrapped)
	if err != nil {
		return f, err
	}
	for _, column := range []struct {
		name string
		body sql.RawBytes
		text *string
	}{{"name_sealed", name, &f.Name}, {"phone_sealed", phone, &f.Phone}, {"birth_sealed", birth, (*string)(&f.Birth)}, {"former_sealed", former, &note}} {
		if len(column.body) == 0 {
			continue
		}
		plain, err := key.Open(seal.Place("clients", int64(f.ID), column.name), column.body)
		if err != nil {
			return f, err
		}
		*column.text = string(plain)
	}
	if note != "" {
		err = json.Unmarshal([]byte(note), &f.Former)
	}
	return f, err
}

// LastClient is the highest id given to a client.
func (r *Read) LastClient() (term.ClientID, error) {
	return one(r, value[term.ClientID], `SELECT coalesce(max(id), 0) FROM clients`)
}
