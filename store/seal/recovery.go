package seal

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"golang.org/x/crypto/argon2"

	"meixu/store/file"
)

// The format of the recovery file.
const (
	recoveryVersion = 2
	codeBytes       = 20 // 160 bits
	checkBytes      = 2  // with the code 176 bits: 36 letters, nine groups
)

// Recovery is what the printed code opens: the KEK, and the key of the owner that opens
// backups without this machine. It is kept beside the keys and in every backup; without
// the code it is useless.
type Recovery struct {
	text []byte
	recovery
}

type recovery struct {
	Version   int    `json:"version"`
	KDF       string `json:"kdf"`
	Memory    uint32 `json:"memory_kib"`
	Time      uint32 `json:"time"`
	Threads   uint8  `json:"threads"`
	Salt      []byte `json:"salt"`
	Wrapped   []byte `json:"wrapped"`   // the KEK
	Recipient string `json:"recipient"` // public key of the owner, age X25519
	Owner     []byte `json:"owner"`     // its private half, sealed under the code
	Drill     []byte `json:"drill"`     // private key of the clinic's machine, sealed by the KEK

	Questions []question `json:"questions,omitempty"` // after the printed sheet
}

// ReadRecovery reads the recovery file of a data folder.
func ReadRecovery(dataDir string) (Recovery, error) {
	text, err := os.ReadFile(filepath.Join(dataDir, Folder, RecoveryFile))
	if err != nil {
		return Recovery{}, fmt.Errorf("seal: reading %s: %w", RecoveryFile, err)
	}
	return ParseRecovery(text)
}

// ParseRecovery reads a recovery file out of a backup.
func ParseRecovery(text []byte) (Recovery, error) {
	r := Recovery{text: text}
	if err := json.Unmarshal(text, &r.recovery); err != nil {
		return r, fmt.Errorf("seal: reading %s: %w", RecoveryFile, err)
	}
	if r.Version != recoveryVersion || r.KDF != "argon2id" || r.Memory > 1<<20 || r.Time == 0 || r.Time > 16 || r.Threads == 0 {
		return r, fmt.Errorf("seal: %s has an unknown format", RecoveryFile)
	}
	return r, nil
}

// Text is the file as it is kept.
func (r Recovery) Text() []byte { return r.text }

// OwnerRecipient is the public key backups are encrypted to for the owner.
func (r Recovery) OwnerRecipient() string { return r.Recipient }

// Open opens the recovery file with the printed code: the keys of the clinic and the
// private key of the owner for backups. ErrTyped or ErrCode when the code is not it.
func (r Recovery) Open(code string) (ring *Keyring, owner string, err error) {
	key, err := r.key(code)
	if err != nil {
		return nil, "", err
	}
	kek, err := key.Open("key|kek", r.Wrapped)
	if err != nil {
		return nil, "", ErrCode
	}
	identity, err := key.Open("age|owner", r.Owner)
	if err != nil {
		return nil, "", ErrCode
	}
	ring, err = ringOf(kek)
	return ring, string(identity), err
}

// Install makes a machine the clinic's: it writes the recovery file and the KEK under
// dataDir. A KEK that is there already must be the same, and is left in its coats, with the
// recovery file beside it, which may be newer. A new one is plain, because the account that will
// serve may be another; Bind follows at the first start.
func (r Recovery) Install(dataDir, code string) (*Keyring, error) {
	ring, _, err := r.Open(code)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(dataDir, Folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	k := folderOf(dataDir)
	have, err := k.read()
	fresh := errors.Is(err, ErrNoKeys)
	switch {
	case err != nil && !fresh:
		return nil, err
	case !fresh && !have.holds(ring):
		return nil, ErrKeysExist
	}
	if _, err := ReadRecovery(dataDir); err == nil && !fresh {
		return ring, nil
	}
	if err := file.Write(filepath.Join(dir, RecoveryFile), r.text); err != nil {
		return nil, err
	}
	if fresh {
		if err := k.create(keyFile{Key: ring.kek.raw[:]}); err != nil {
			return nil, err
		}
	}
	first, err := r.FirstKey(code)
	if err != nil {
		return nil, err
	}
	return ring, ring.beginDays(dataDir, first)
}

// CheckCode says whether the typed code opens the recovery file.
func CheckCode(dataDir, code string) error {
	r, err := ReadRecovery(dataDir)
	if err != nil {
		return err
	}
	_, _, err = r.Open(code)
	return err
}

// Renew wraps the same KEK under a new code; sheets printed before stop working for this
// folder (older backups still open with the older sheet).
func (r *Keyring) Renew(dataDir string) (string, error) {
	before, err := ReadRecovery(dataDir)
	if err != nil {
		return "", err
	}
	return r.writeRecovery(dataDir, before.Drill)
}

// Sheet writes the first recovery file of a folder and gives the code to print.
func (r *Keyring) Sheet(dataDir string) (string, error) {
	dir := filepath.Join(dataDir, Folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	drill, err := newDrill(r.kek)
	if err != nil {
		return "", err
	}
	return r.writeRecovery(dataDir, drill)
}

// writeRecovery makes a sheet and puts it in force. The seals of the days begin anew: from here
// on they can be verified with the new code.
func (r *Keyring) writeRecovery(dataDir string, drill []byte) (code string, err error) {
	d, code, err := r.draft(drill)
	if err != nil {
		return "", err
	}
	if err := d.Write(dataDir); err != nil {
		return "", err
	}
	return code, r.beginDays(dataDir, d.first)
}

// Draft is a recovery sheet that somebody was shown and that is not in force yet. The code is not
// in it.
type Draft struct {
	sheet Recovery
	first *DayKey
}

// Draft makes a new sheet for the same keys. Until it is written the sheet of before stays in
// force; backups made before open with the former one even then.
func (r *Keyring) Draft(dataDir string) (d Draft, code string, err error) {
	before, err := ReadRecovery(dataDir)
	if err != nil {
		return d, "", err
	}
	return r.draft(before.Drill)
}

// draft makes a code and a key of the owner, and what the code opens.
func (r *Keyring) draft(drill []byte) (d Draft, code string, err error) {
	sheet := recovery{Version: recoveryVersion, KDF: "argon2id", Memory: 19 * 1024, Time: 2, Threads: 1, Salt: Random(16), Drill: drill}
	code = newCode()
	key, err := sheet.key(code)
	if err != nil {
		return d, "", err
	}
	owner, err := age.GenerateX25519Identity()
	if err != nil {
		return d, "", err
	}
	sheet.Wrapped = key.Wrap("kek", r.kek.raw[:])
	sheet.Recipient, sheet.Owner = owner.Recipient().String(), key.Seal("age|owner", []byte(owner.String()))
	sheet.Questions = ask(code)
	text, err := json.MarshalIndent(sheet, "", "  ")
	if err != nil {
		return d, "", err
	}
	return Draft{Recovery{append(text, '\n'), sheet}, sheet.firstKey(key)}, code, nil
}

// Question is which groups are asked for, to prove that the sheet is on paper.
func (d Draft) Question() Groups { return d.sheet.Questions[0].Groups }

// Fits checks the two groups; ErrTyped or ErrCode when they are not those of the draft.
func (d Draft) Fits(first, second string) error { return d.sheet.Answer(0, first, second) }

// Number tells sheets apart; it is no secret.
func (d Draft) Number() string { return d.sheet.Number() }

// FirstKey is where the seals of the days begin under the sheet.
func (d Draft) FirstKey() *DayKey { return d.first }

// Write puts the sheet in force, in place of the one of before.
func (d Draft) Write(dataDir string) error { return d.sheet.Write(dataDir) }

// Write keeps a recovery file in a data folder.
func (r Recovery) Write(dataDir string) error {
	return file.Write(filepath.Join(dataDir, Folder, RecoveryFile), r.text)
}

// Number tells sheets apart; it is no secret.
func (r Recovery) Number() string { return r.number() }

// newDrill makes the private key of a clinic's machine.
func newDrill(kek *Key) ([]byte, error) {
	made, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	return kek.Seal("age|drill", []byte(made.String())), nil
}

// Drill gives the private key the machine opens its own backups with: for the nightly
// drill, and to go on with them on a new machine.
func (r *Keyring) Drill(dataDir string) (*age.X25519Identity, error) {
	kept, err := ReadRecovery(dataDir)
	if err != nil {
		return nil, err
	}
	return kept.DrillKey(r)
}

// DrillKey is that key out of a recovery file, by the keyring that the file itself gave.
func (r Recovery) DrillKey(ring *Keyring) (*age.X25519Identity, error) {
	text, err := ring.kek.Open("age|drill", r.Drill)
	if err != nil {
		return nil, fmt.Errorf("seal: the drill key: %w", err)
	}
	return age.ParseX25519Identity(string(text))
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

// newCode gives 160 random bits and 16 of their hash as nine groups of four.
func newCode() string {
	plain := Random(codeBytes)
	sum := sha256.Sum256(plain)
	text := alphabet.EncodeToString(append(plain, sum[:checkBytes]...))
	var groups []string
	for ; len(text) > 4; text = text[4:] {
		groups = append(groups, text[:4])
	}
	return strings.Join(append(groups, text), "-")
}

// typed is what somebody meant to type of a code.
func typed(code string) string {
	return strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
}

// parseCode forgives case, spaces, dashes and the letters that look like digits; what else
// is mistyped the check characters show.
func parseCode(code string) ([]byte, error) {
	text := typed(code)
	plain, err := alphabet.DecodeString(text)
	if err != nil || len(plain) != codeBytes+checkBytes || alphabet.EncodeToString(plain) != text {
		return nil, ErrTyped // the last character has bits to spare: only one that leaves them empty is right
	}
	sum := sha256.Sum256(plain[:codeBytes])
	if subtle.ConstantTimeCompare(sum[:checkBytes], plain[codeBytes:]) != 1 {
		return nil, ErrTyped
	}
	return plain[:codeBytes], nil
}
