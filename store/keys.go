package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"sync"

	"meixu/store/seal"
	"meixu/store/term"
)

// ErrErased says that the person's data were erased for good.
var ErrErased = errors.New("store: the data of this person were erased")

// keyName names one data key: of a client, or of the clinic when client is 0.
type keyName struct {
	client term.ClientID
	class  seal.Class
}

// dataKey is an opened key; erased means that it is gone for good.
type dataKey struct {
	key    *seal.Key
	erased bool
}

// keysKept bounds the opened client keys in memory, some 1 KiB each.
const keysKept = 8192

// keyCache holds opened keys. Erasure is remembered, so that a reader with an older
// snapshot cannot bring an erased key back.
type keyCache struct {
	mu      sync.RWMutex
	classes map[seal.Class]*seal.Key
	clients map[keyName]*dataKey
}

func (c *keyCache) get(name keyName) *dataKey {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.clients[name]
}

func (c *keyCache) put(name keyName, key *dataKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if have := c.clients[name]; have != nil && have.erased {
		return
	}
	if len(c.clients) >= keysKept {
		maps.DeleteFunc(c.clients, func(_ keyName, k *dataKey) bool { return !k.erased })
	}
	c.clients[name] = key
}

// openKeys opens the class keys, after making those that are missing.
func (db *DB) openKeys(ctx context.Context) error {
	db.keys.classes, db.keys.clients = map[seal.Class]*seal.Key{}, map[keyName]*dataKey{}
	return db.WriteQuiet(ctx, func(tx *Tx) error {
		for _, class := range seal.Classes {
			if err := tx.openClass(class); err != nil {
				return err
			}
		}
		return nil
	})
}

type wrappedKey struct {
	id      uint32
	wrapped []byte
}

func scanWrapped(from row) (k wrappedKey, err error) {
	err = from.Scan(&k.id, &k.wrapped)
	return k, err
}

func (tx *Tx) openClass(class seal.Class) error {
	k, ok, err := found(one(tx, scanWrapped, `SELECT id, wrapped_key FROM class_keys WHERE class = ?`, string(class)))
	if err != nil {
		return err
	}
	if !ok {
		k.wrapped = tx.db.opts.Keys.WrapNew(class)
		k.id, err = one(tx, value[uint32], `INSERT INTO class_keys (class, created_at, wrapped_key) VALUES (?,?,?) RETURNING id`,
			string(class), tx.now, k.wrapped)
		if err != nil {
			return err
		}
	}
	tx.db.keys.classes[class], err = tx.db.opts.Keys.Unwrap(class, k.id, k.wrapped)
	return err
}

// dataKey finds the key of a client and class, nil when none was made yet.
func (r *Read) dataKey(name keyName) (*dataKey, error) {
	if name.client == 0 {
		return &dataKey{key: r.db.keys.classes[name.class]}, nil
	}
	if key := r.own[name]; key != nil {
		return key, nil
	}
	if key := r.db.keys.get(name); key != nil {
		return key, nil
	}
	k, ok, err := found(one(r, scanWrapped, `SELECT id, wrapped_key FROM client_keys WHERE client_id = ? AND class = ?`, name.client, string(name.class)))
	if err != nil || !ok {
		return nil, err
	}
	if k.wrapped == nil {
		return &dataKey{erased: true}, nil
	}
	key, err := r.db.keys.classes[name.class].Unwrap(keyUse(name), k.id, k.wrapped)
	if err != nil {
		return nil, fmt.Errorf("store: key of client %d: %w", name.client, err)
	}
	opened := &dataKey{key: key}
	if r.own == nil { // a writer sees what may yet be rolled back
		r.db.keys.put(name, opened)
	}
	return opened, nil
}

// makeKey finds the key of a client and class, or makes it.
func (tx *Tx) makeKey(name keyName) (*seal.Key, error) {
	have, err := tx.dataKey(name)
	if err != nil {
		return nil, err
	}
	if have != nil {
		if have.erased {
			return nil, ErrErased
		}
		return have.key, nil
	}
	raw := seal.Random(seal.KeySize)
	wrapped := tx.db.keys.classes[name.class].Wrap(keyUse(name), raw)
	id, err := one(tx, value[uint32], `INSERT INTO client_keys (created_at, updated_at, client_id, class, wrapped_key) VALUES (?,?,?,?,?) RETURNING id`,
		tx.now, tx.now, name.client, string(name.class), wrapped)
	if err != nil {
		return nil, fmt.Errorf("store: making a key of client %d: %w", name.client, err)
	}
	key, err := seal.NewKey(id, raw)
	if err != nil {
		return nil, err
	}
	opened := &dataKey{key: key}
	tx.own[name] = opened
	tx.saved = append(tx.saved, func() { tx.db.keys.put(name, opened) })
	return key, nil
}

func keyUse(name keyName) string { return fmt.Sprintf("%s|%d", name.class, name.client) }

// PhotoKey is the key of a client's photos and scans (client 0: the clinic's own), for the
// media engine. It is made when the client has none.
func (tx *Tx) PhotoKey(client term.ClientID) (*seal.Key, error) {
	return tx.makeKey(keyName{client, seal.Photo})
}

// PhotoKey is the key of a client's photos and scans; ErrNotFound when none was made yet,
// ErrErased when the client was erased.
func (r *Read) PhotoKey(client term.ClientID) (*seal.Key, error) {
	key, err := r.dataKey(keyName{client, seal.Photo})
	switch {
	case err != nil:
		return nil, err
	case key == nil:
		return nil, ErrNotFound
	case key.erased:
		return nil, ErrErased
	}
	return key.key, nil
}

// EraseKeys drops all keys of a client: identity, health and photos become unreadable for
// good, here, in the trail, and in every backup made from now on. Files that were merged into the
// client's are the same person's and go with it.
func (tx *Tx) EraseKeys(client term.ClientID) error {
	clients, err := tx.merged(client)
	if err != nil {
		return err
	}
	for _, one := range clients {
		if err := tx.eraseKeys(one); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) eraseKeys(client term.ClientID) error {
	for _, class := range []seal.Class{seal.Identity, seal.Clinical, seal.Photo} {
		name := keyName{client, class}
		_, err := tx.exec(`INSERT INTO client_keys (created_at, updated_at, client_id, class, erased_at) VALUES (?1,?1,?2,?3,?1)
			ON CONFLICT (client_id, class) DO UPDATE SET wrapped_key = NULL, erased_at = ?1, updated_at = ?1, version = version + 1
			WHERE wrapped_key IS NOT NULL`, tx.now, client, string(class))
		if err != nil {
			return err
		}
		gone := &dataKey{erased: true}
		tx.own[name] = gone
		tx.saved = append(tx.saved, func() { tx.db.keys.put(name, gone) })
	}
	return nil
}

// Mark is a keyed fingerprint of what a page shows but does not tell: who has it learns nothing by
// trying out what it might stand for. Kinds keep equal texts of different things apart.
func (r *Read) Mark(kind, text string) string { return r.db.keyed("mark", kind, text) }

// DraftKey is the key, 128 bits in hexadecimal digits, under which the browser of somebody seals the
// drafts that did not reach the server. It comes with the pages and is kept nowhere.
func (db *DB) DraftKey(whose string) string { return db.keyed("draft", "browser", whose) }

func (db *DB) keyed(use, kind, text string) string {
	return hex.EncodeToString(db.keys.classes[seal.Session].MAC([]byte(use), []byte(kind), []byte(text))[:markBytes])
}

// markBytes is the length of a mark and of a key of drafts.
const markBytes = 16

// blindIndex is the equality index of a normalised value (kind: phone, id_number).
func (r *Read) blindIndex(kind, text string) []byte {
	if text == "" {
		return nil
	}
	return r.db.keys.classes[seal.Blind].Blind(kind, text)
}
