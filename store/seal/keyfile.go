package seal

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The key file holds the KEK. In its plainest form it is the 32 bytes, which only the owner of
// the folder may read (0600). Around them lie up to two coats: a passphrase (argon2id and an
// envelope), and outside of it the account of the system (DPAPI on Windows). Both can be put on
// and taken off without changing the KEK, so backups and the printed sheet know nothing of them.

// Errors of the key file.
var (
	// ErrLocked says that the key file wants its passphrase and nobody gave one.
	ErrLocked = errors.New("seal: the key file wants its passphrase")
	// ErrPassphrase says that the passphrase is not that of the key file.
	ErrPassphrase = errors.New("seal: wrong passphrase")
	// ErrAccount says that the key file was bound to another account or machine.
	ErrAccount = errors.New("seal: the key file is bound to another account or machine")
	// ErrKeyFile says that the key file is torn or changed, or of a newer program.
	ErrKeyFile = errors.New("seal: the key file is damaged")
)

// Passphrase asks for the passphrase of the key file; "" when there is nobody to ask.
type Passphrase func() (string, error)

// The format of a key file that has a coat: one line of JSON, and its SHA-256 in hexadecimal
// digits, which tells a torn file from a wrong passphrase.
const (
	keyFileVersion = 1
	keyFileHead    = `{"version":` // no random key begins so
	formerSuffix   = ".old"        // the key file of before, until it is wiped
)

// keyFile is a key file as it is kept.
type keyFile struct {
	Version int    `json:"version"`
	Account string `json:"account,omitempty"` // what bound it to an account: "dpapi"
	passphraseCost
	Salt  []byte `json:"salt,omitempty"`
	Key   []byte `json:"key"`   // the KEK in its coats
	Check []byte `json:"check"` // tells whether a KEK is the one inside, and nothing else
}

// passphraseCost says how a passphrase is turned into a key; the zero value: there is none.
type passphraseCost struct {
	KDF     string `json:"kdf,omitempty"`
	Memory  uint32 `json:"memory_kib,omitempty"`
	Time    uint32 `json:"time,omitempty"`
	Threads uint8  `json:"threads,omitempty"`
}

// fullCost makes one guess at a stolen key file take a good part of a second (RFC 9106, second
// recommendation).
var fullCost = passphraseCost{KDF: "argon2id", Memory: 64 * 1024, Time: 3, Threads: 4}

// known says that the figures are ours and no trap for the memory.
func (c passphraseCost) known() bool {
	return c == passphraseCost{} || c.KDF == "argon2id" && c.Memory <= 1<<20 && c.Time > 0 && c.Time <= 16 && c.Threads > 0
}

// text is the file as it is written.
func (f keyFile) text() ([]byte, error) {
	if f.bare() {
		return f.Key, nil
	}
	line, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(line)
	return fmt.Appendf(line, "\n%x\n", sum), nil
}

// bare says that the KEK stands there without a coat.
func (f keyFile) bare() bool { return f.Account == "" && f.KDF == "" }

func parseKeyFile(text []byte) (f keyFile, err error) {
	if len(text) == KeySize && !bytes.HasPrefix(text, []byte(keyFileHead)) {
		return keyFile{Key: text}, nil
	}
	line, end, cut := bytes.Cut(text, []byte("\n"))
	sum := sha256.Sum256(line)
	if !cut || string(end) != hex.EncodeToString(sum[:])+"\n" {
		return f, ErrKeyFile
	}
	if err := json.Unmarshal(line, &f); err != nil {
		return f, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if f.Version != keyFileVersion || !f.known() || f.bare() {
		return f, fmt.Errorf("%w: its format is unknown", ErrKeyFile)
	}
	return f, nil
}

// holds says whether a KEK is the one inside; no passphrase is needed for that.
func (f keyFile) holds(ring *Keyring) bool {
	if f.bare() {
		return subtle.ConstantTimeCompare(f.Key, ring.kek.raw[:]) == 1
	}
	return subtle.ConstantTimeCompare(f.Check, ring.check()) == 1
}

// check names a KEK without telling of it.
func (r *Keyring) check() []byte { return r.Derive("key file")[:16] }

// key makes the key of a passphrase. Full-width and decomposed letters count as the plain ones:
// which of them arrive depends on the keyboard.
func (f keyFile) key(passphrase string) (*Key, error) {
	plain := []byte(norm.NFKC.String(passphrase))
	return NewKey(kekID, argon2.IDKey(plain, f.Salt, f.Time, f.Memory, f.Threads, KeySize))
}

// unlock takes the coat of the passphrase off.
func (f keyFile) unlock(sealed []byte, ask Passphrase) ([]byte, error) {
	if ask == nil {
		return nil, ErrLocked
	}
	passphrase, err := ask()
	if err != nil {
		return nil, err
	}
	if passphrase == "" {
		return nil, ErrLocked
	}
	key, err := f.key(passphrase)
	if err != nil {
		return nil, err
	}
	kek, err := key.Open("key|kek", sealed)
	if err != nil {
		return nil, ErrPassphrase
	}
	return kek, nil
}

// account binds bytes to the account of the system that the program runs as.
type account interface {
	// Name is written into the key file.
	Name() string
	// Bind makes bytes that only this account on this machine can use.
	Bind(plain []byte) ([]byte, error)
	// Unbind gives back what Bind was given; an error for another account or machine.
	Unbind(bound []byte) ([]byte, error)
}

// keyFolder is the keys folder as one account sees it; nil: the system binds nothing, the
// rights of the file must do.
type keyFolder struct {
	dir     string
	account account
	cost    passphraseCost // of a new passphrase
}

func folderOf(dataDir string) keyFolder {
	return keyFolder{filepath.Join(dataDir, Folder), thisAccount, fullCost}
}

func (k keyFolder) path() string { return filepath.Join(k.dir, KEKFile) }

func (k keyFolder) read() (f keyFile, err error) {
	text, err := os.ReadFile(k.path())
	if errors.Is(err, os.ErrNotExist) {
		return f, ErrNoKeys
	}
	if err != nil {
		return f, err
	}
	return parseKeyFile(text)
}

// open gives the keys inside; nothing is written.
func (k keyFolder) open(ask Passphrase) (*Keyring, error) {
	f, err := k.read()
	if err != nil {
		return nil, err
	}
	kek, err := k.unbound(f)
	if err != nil {
		return nil, err
	}
	if f.KDF != "" {
		if kek, err = f.unlock(kek, ask); err != nil {
			return nil, err
		}
	}
	ring, err := ringOf(kek)
	if err != nil || !f.holds(ring) {
		return nil, ErrKeyFile
	}
	return ring, nil
}

// unbound takes the coat of the account off.
func (k keyFolder) unbound(f keyFile) ([]byte, error) {
	if f.Account == "" {
		return f.Key, nil
	}
	if k.account == nil || k.account.Name() != f.Account {
		return nil, ErrAccount
	}
	plain, err := k.account.Unbind(f.Key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAccount, err)
	}
	return plain, nil
}

// bound puts the coat of the account around a key file, and proves that it comes off again.
func (k keyFolder) bound(f keyFile) (keyFile, error) {
	if k.account == nil || f.Account != "" {
		return f, nil
	}
	if f.bare() {
		ring, err := ringOf(f.Key)
		if err != nil {
			return f, err
		}
		f.Version, f.Check = keyFileVersion, ring.check()
	}
	plain := f.Key
	key, err := k.account.Bind(plain)
	if err != nil {
		return f, err
	}
	f.Account, f.Key = k.account.Name(), key
	again, err := k.unbound(f)
	if err == nil && !bytes.Equal(again, plain) {
		err = ErrAccount
	}
	return f, err
}

// locked puts the KEK under a passphrase; "" leaves it as it is.
func (k keyFolder) locked(ring *Keyring, passphrase string) (f keyFile, err error) {
	if passphrase == "" {
		return keyFile{Key: ring.kek.raw[:]}, nil
	}
	f = keyFile{Version: keyFileVersion, passphraseCost: k.cost, Salt: Random(16), Check: ring.check()}
	key, err := f.key(passphrase)
	if err != nil {
		return f, err
	}
	f.Key = key.Wrap("kek", ring.kek.raw[:])
	return f, nil
}
