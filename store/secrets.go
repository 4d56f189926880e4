package store

import (
	"encoding/base64"
	"fmt"

	"meixu/store/seal"
)

// Secret reads a setting that is sealed with the clinic's key; nil when it was never set.
func (r *Read) Secret(name string) ([]byte, error) {
	text, err := r.Setting(name)
	if err != nil || text == "" {
		return nil, err
	}
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the sealed setting %s: %w", name, err)
	}
	key, err := r.db.secretKey()
	if err != nil {
		return nil, err
	}
	return key.Open(secretPlace(name), sealed)
}

// SaveSecret sets a setting that must be read neither in the file nor in the trail; empty
// takes it away.
func (tx *Tx) SaveSecret(name string, plain []byte) error {
	if len(plain) == 0 {
		return tx.SaveSetting(name, "")
	}
	key, err := tx.db.secretKey()
	if err != nil {
		return err
	}
	return tx.SaveSetting(name, base64.StdEncoding.EncodeToString(key.Seal(secretPlace(name), plain)))
}

func (db *DB) secretKey() (*seal.Key, error) {
	return seal.NewKey(1, db.opts.Keys.Derive("settings"))
}

func secretPlace(name string) string { return "settings|" + name }
