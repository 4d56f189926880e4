package store

import (
	"errors"
	"fmt"

	"meixu/store/seal"
	"meixu/store/term"
)

// classOf says which class a table's sealed columns belong to; health is the usual one.
func classOf(table string) seal.Class {
	switch table {
	case "clients", "client_merges", "client_moves", "leads", "imports", "import_files", "exports":
		return seal.Identity
	case "acts":
		return seal.Audit
	case "drafts", "sessions", "staff", "second_factors":
		return seal.Session
	}
	return seal.Clinical
}

// opener opens sealed columns of one client (0: the clinic's own) and keeps the first error.
type opener struct {
	r      *Read
	client term.ClientID
	err    error
	// erased says that the person was erased; texts are then empty.
	erased bool
}

func (r *Read) opener(client term.ClientID) *opener { return &opener{r: r, client: client} }

// text opens a sealed column; a NULL column is "".
func (o *opener) text(table string, id int64, column string, blob []byte) string {
	return string(o.bytes(table, id, column, blob))
}

// bytes opens a sealed column; a NULL column is nil.
func (o *opener) bytes(table string, id int64, column string, blob []byte) []byte {
	if len(blob) == 0 || o.err != nil {
		return nil
	}
	plain, erased, err := o.r.open(keyName{o.client, classOf(table)}, seal.Place(table, id, column), blob)
	o.erased = o.erased || erased
	o.err = err
	return plain
}

// unseal opens one column; the text of an erased person is "".
func (r *Read) unseal(client term.ClientID, table string, id int64, column string, blob []byte) (string, error) {
	o := r.opener(client)
	text := o.text(table, id, column, blob)
	return text, o.err
}

func (r *Read) open(name keyName, place string, blob []byte) (plain []byte, erased bool, err error) {
	key, err := r.dataKey(name)
	switch {
	case err != nil:
		return nil, false, err
	case key == nil:
		return nil, false, fmt.Errorf("store: opening %s: client %d has no key: %w", place, name.client, seal.ErrOpen)
	case key.erased:
		return nil, true, nil
	}
	plain, err = key.key.Open(place, blob)
	if errors.Is(err, seal.ErrOpen) {
		other, found := r.relative(name, blob)
		switch {
		case found != nil:
			return nil, false, found
		case other != nil && other.erased:
			return nil, true, nil
		case other != nil:
			plain, err = other.key.Open(place, blob)
		}
	}
	if err != nil {
		return nil, false, fmt.Errorf("store: opening %s: %w", place, err)
	}
	return plain, false, nil
}

// seal closes a text for one column of one row. An empty text is NULL. When old holds the
// same text it is kept, so that an unchanged column is no change in the trail.
func (tx *Tx) seal(client term.ClientID, table string, id int64, column, plain string, old []byte) ([]byte, error) { //nolint:revive // the five names that an envelope is bound to
	if plain == "" {
		return nil, nil
	}
	if id == 0 {
		return nil, fmt.Errorf("store: sealing %s.%s needs the row's id first", table, column)
	}
	name, place := keyName{client, classOf(table)}, seal.Place(table, id, column)
	key, err := tx.makeKey(name)
	if err != nil {
		return nil, err
	}
	if len(old) > 0 {
		if was, _, err := tx.open(name, place, old); err == nil && string(was) == plain {
			return old, nil
		}
	}
	return key.Seal(place, []byte(plain)), nil
}
