package seal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Class names what a class key protects.
type Class string

// The classes. Each has its own key, wrapped by the KEK, in the table class_keys.
const (
	Identity Class = "identity"
	Clinical Class = "clinical"
	Photo    Class = "photo"
	Audit    Class = "audit"
	Session  Class = "session"
	Blind    Class = "blind"
)

// Classes lists all classes in the order their keys are made.
var Classes = []Class{Identity, Clinical, Photo, Audit, Session, Blind}

// File names inside the keys folder.
const (
	Folder       = "keys"
	KEKFile      = "kek"
	RecoveryFile = "recovery.json"
)

// kekID is the number the KEK writes into what it wraps.
const kekID = 1

// Errors of the key files.
var (
	// ErrNoKeys says that the folder holds no KEK: a new machine, or keys lost.
	ErrNoKeys = errors.New("seal: no key file; the recovery code is needed")
	// ErrKeysExist says that Create would overwrite keys.
	ErrKeysExist = errors.New("seal: keys exist already and are never overwritten")
	// ErrCode says that a recovery code belongs to other data.
	ErrCode = errors.New("seal: wrong recovery code")
	// ErrTyped says that a recovery code was mistyped: its check characters do not fit.
	ErrTyped = errors.New("seal: the recovery code is mistyped")
)

// Keyring holds the KEK of one clinic.
type Keyring struct{ kek *Key }

// Ephemeral makes a keyring that lives in memory only, for tests and for databases that
// are thrown away.
func Ephemeral() *Keyring {
	ring, err := ringOf(Random(KeySize))
	if err != nil {
		panic(err) // 32 bytes always make a key
	}
	return ring
}

// Create makes the KEK of a new clinic under dataDir/keys and gives back the recovery code
// to print (160 bits and check characters, groups of four). The code is kept nowhere.
func Create(dataDir string) (*Keyring, string, error) {
	dir := filepath.Join(dataDir, Folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, "", err
	}
	for _, name := range []string{KEKFile, RecoveryFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return nil, "", ErrKeysExist
		}
	}
	ring, err := ringOf(Random(KeySize))
	if err != nil {
		return nil, "", err
	}
	code, err := ring.Sheet(dataDir)
	if err != nil {
		return nil, "", err
	}
	k := folderOf(dataDir)
	file := keyFile{Key: ring.kek.raw[:]}
	if bound, err := k.bound(file); err == nil {
		file = bound // else Bind tries again, and check says that it is plain
	}
	return ring, code, k.create(file)
}

// WrapNew makes a new class key and gives its wrapped form for the database.
func (r *Keyring) WrapNew(class Class) []byte {
	return r.kek.Wrap(string(class), Random(KeySize))
}

// Derive gives 32 bytes for one use, the same ones each time: names of backup files, the
// signature of backups. They tell nothing of the KEK.
func (r *Keyring) Derive(use string) []byte { return r.kek.MAC([]byte("derive"), []byte(use)) }

// Unwrap opens a class key under its number in the table class_keys.
func (r *Keyring) Unwrap(class Class, id uint32, wrapped []byte) (*Key, error) {
	key, err := r.kek.Unwrap(string(class), id, wrapped)
	if err != nil {
		return nil, fmt.Errorf("seal: class key %s: %w", class, err)
	}
	return key, nil
}

func ringOf(kek []byte) (*Keyring, error) {
	key, err := NewKey(kekID, kek)
	if err != nil {
		return nil, err
	}
	return &Keyring{kek: key}, nil
}
