package seal

import (
	"crypto/subtle"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/argon2"
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
	// ErrCode says that a recovery code is mistyped or belongs to other data.
	ErrCode = errors.New("seal: wrong recovery code")
)

// Keyring holds the KEK of one clinic.
type Keyring struct{ kek *Key }

// recovery is the wrapped form of the KEK; without the printed code it is useless.
type recovery struct {
	Version int    `json:"version"`
	KDF     string `json:"kdf"`
	Memory  uint32 `json:"memory_kib"`
	Time    uint32 `json:"time"`
	Threads uint8  `json:"threads"`
	Salt    []byte `json:"salt"`
	Wrapped []byte `json:"wrapped"`
}

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
// to print (160 bits, groups of four). The code is kept nowhere.
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
	kek := Random(KeySize)
	code := newCode()
	if err := writeRecovery(dir, kek, code); err != nil {
		return nil, "", err
	}
	if err := writeFile(filepath.Join(dir, KEKFile), kek); err != nil {
		return nil, "", err
	}
	ring, err := ringOf(kek)
	return ring, code, err
}

// Load reads the KEK of dataDir; ErrNoKeys when the machine has none.
func Load(dataDir string) (*Keyring, error) {
	kek, err := os.ReadFile(filepath.Join(dataDir, Folder, KEKFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNoKeys
	}
	if err != nil {
		return nil, err
	}
	return ringOf(kek)
}

// Recover opens recovery.json of dataDir with the printed code and writes the KEK file, as
// on a new machine after a restore. An existing KEK file must be the same key.
func Recover(dataDir, code string) (*Keyring, error) {
	dir := filepath.Join(dataDir, Folder)
	kek, err := openRecovery(dir, code)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, KEKFile)
	have, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		err = writeFile(path, kek)
	case err == nil && subtle.ConstantTimeCompare(have, kek) != 1:
		err = ErrKeysExist
	}
	if err != nil {
		return nil, err
	}
	return ringOf(kek)
}

// CheckCode says whether the typed code opens recovery.json: asked after printing and
// every 90 days.
func CheckCode(dataDir, code string) error {
	_, err := openRecovery(filepath.Join(dataDir, Folder), code)
	return err
}

// Renew wraps the same KEK under a new code; sheets printed before stop working for this
// folder (older backups still open with the older sheet).
func (r *Keyring) Renew(dataDir string) (string, error) {
	code := newCode()
	return code, writeRecovery(filepath.Join(dataDir, Folder), r.kek.raw[:], code)
}

// WrapNew makes a new class key and gives its wrapped form for the database.
func (r *Keyring) WrapNew(class Class) []byte {
	return r.kek.Wrap(string(class), Random(KeySize))
}

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

func writeRecovery(dir string, kek []byte, code string) error {
	r := recovery{Version: 1, KDF: "argon2id", Memory: 19 * 1024, Time: 2, Threads: 1, Salt: Random(16)}
	key, err := r.key(code)
	if err != nil {
		return err
	}
	r.Wrapped = key.Wrap("kek", kek)
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, RecoveryFile), append(text, '\n'))
}

func openRecovery(dir, code string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(dir, RecoveryFile))
	if err != nil {
		return nil, fmt.Errorf("seal: reading %s: %w", RecoveryFile, err)
	}
	var r recovery
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("seal: reading %s: %w", RecoveryFile, err)
	}
	if r.Version != 1 || r.KDF != "argon2id" || r.Memory > 1<<20 || r.Time == 0 || r.Time > 16 || r.Threads == 0 {
		return nil, fmt.Errorf("seal: %s has an unknown format", RecoveryFile)
	}
	key, err := r.key(code)
	if err != nil {
		return nil, err
	}
	kek, err := key.Open("key|kek", r.Wrapped)
	if err != nil {
		return nil, ErrCode
	}
	return kek, nil
}

func (r recovery) key(code string) (*Key, error) {
	plain, err := parseCode(code)
	if err != nil {
		return nil, err
	}
	return NewKey(1, argon2.IDKey(plain, r.Salt, r.Time, r.Memory, r.Threads, KeySize))
}

// alphabet leaves out I, L, O, U: nothing on the sheet can be misread.
var alphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newCode gives 160 random bits as eight groups of four.
func newCode() string {
	text := alphabet.EncodeToString(Random(20))
	var groups []string
	for ; text != ""; text = text[4:] {
		groups = append(groups, text[:4])
	}
	return strings.Join(groups, "-")
}

// parseCode forgives case, spaces, dashes and the letters that look like digits.
func parseCode(code string) ([]byte, error) {
	code = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
	plain, err := alphabet.DecodeString(code)
	if err != nil || len(plain) != 20 {
		return nil, ErrCode
	}
	return plain, nil
}

// writeFile writes a small secret file durably: temporary file, fsync, rename.
func writeFile(path string, data []byte) error {
	temp := path + ".partial"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(temp, path)
}
