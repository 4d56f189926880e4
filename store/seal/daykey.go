package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// The seal of the day. Beside the audit key, which this machine always has, the acts of each
// day are sealed with a key of that day: K(n+1) = SHA-256(K(n)). K(n) is wiped from the disk
// once the first act under K(n+1) is saved, so that who takes the machine over today, with all
// its keys, cannot write the acts of earlier days anew. The first key comes from the printed recovery code and
// is kept nowhere: with the sheet every day can be verified from the start, and nobody can put
// another first key in its place, as he could with one sealed to a public key. The key file is
// never part of a backup.

// DayFile keeps the key of the day, in the keys folder.
const DayFile = "day"

// The day file has two places in different sectors. A new key goes to the free one and reaches
// the disk before the old one is written over; whatever a power cut leaves, one key is whole.
const (
	daySlot   = 4096
	daySlots  = 2
	dayMost   = 1024 // longest record in bytes
	dayPlace  = "keys/day"
	epochMost = 1_000_000 // turning so often would take 2,700 years
)

// ErrNoDayKey says that the folder has no key of the day: never made, or lost.
var ErrNoDayKey = errors.New("seal: no key of the day")

// DayKey seals the acts of one day.
type DayKey struct {
	Sheet string // names the recovery sheet whose code gives the first key
	Epoch int64  // how many times the first key was turned
	raw   [KeySize]byte
}

type dayRecord struct {
	Sheet string `json:"sheet"`
	Epoch int64  `json:"epoch"`
	Key   []byte `json:"key"`
}

// MAC is HMAC-SHA-256 with the key of the day; use tells what the text is.
func (k *DayKey) MAC(use string, text []byte) []byte {
	mac := hmac.New(sha256.New, k.raw[:])
	mac.Write([]byte(use + ":"))
	mac.Write(text)
	return mac.Sum(nil)
}

// Turned is the key of the next day. Nothing leads back.
func (k *DayKey) Turned() *DayKey {
	next := DayKey{Sheet: k.Sheet, Epoch: k.Epoch + 1}
	next.raw = sha256.Sum256(append([]byte("meixu day key "), k.raw[:]...))
	return &next
}

// Forward is the key of a later epoch; nil when that has passed or is absurdly far away.
func (k *DayKey) Forward(epoch int64) *DayKey {
	if epoch < k.Epoch || epoch > epochMost {
		return nil
	}
	for k.Epoch < epoch {
		k = k.Turned()
	}
	return k
}

// FirstKey is where the seals of the days begin; only the printed code gives it.
func (r Recovery) FirstKey(code string) (*DayKey, error) {
	key, err := r.key(code)
	if err != nil {
		return nil, err
	}
	if _, err := key.Open("key|kek", r.Wrapped); err != nil {
		return nil, ErrCode
	}
	return r.firstKey(key), nil
}

// number names a sheet.
func (r recovery) number() string {
	sum := sha256.Sum256(r.Salt)
	return hex.EncodeToString(sum[:4])
}

func (r recovery) firstKey(key *Key) *DayKey {
	first := DayKey{Sheet: r.number()}
	copy(first.raw[:], key.MAC([]byte("first day key")))
	return &first
}

// DayKey reads the key of the day, and ends a turn that a power cut broke off.
func (r *Keyring) DayKey(dataDir string) (key *DayKey, err error) {
	err = r.withDays(dataDir, os.O_RDWR, func(f dayDisk) error {
		have, at, err := r.readDays(f)
		if err != nil {
			return err
		}
		if have == nil {
			return ErrNoDayKey
		}
		key = have
		return wipe(f, daySlots-1-at)
	})
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNoDayKey
	}
	return key, err
}

// KeepDayKey writes a key durably and then wipes the one before from the disk.
func (r *Keyring) KeepDayKey(dataDir string, key *DayKey) error {
	if err := os.MkdirAll(filepath.Join(dataDir, Folder), 0o700); err != nil {
		return err
	}
	return r.withDays(dataDir, os.O_RDWR|os.O_CREATE, func(f dayDisk) error { return r.keepDay(f, key) })
}

// beginDays makes the first key of a new sheet the key of the day. The count of turns goes on.
func (r *Keyring) beginDays(dataDir string, first *DayKey) error {
	have, err := r.DayKey(dataDir)
	switch {
	case errors.Is(err, ErrNoDayKey):
		return r.KeepDayKey(dataDir, first)
	case err != nil:
		return err
	case have.Sheet == first.Sheet:
		return nil
	}
	return r.KeepDayKey(dataDir, first.Forward(have.Epoch+1))
}

// dayDisk is what is asked of the disk.
type dayDisk interface {
	io.ReaderAt
	io.WriterAt
	Sync() error
}

func (r *Keyring) withDays(dataDir string, flag int, fn func(dayDisk) error) (err error) {
	f, err := os.OpenFile(filepath.Join(dataDir, Folder, DayFile), flag, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return fn(f)
}

func (r *Keyring) keepDay(f dayDisk, key *DayKey) error {
	_, at, err := r.readDays(f)
	if err != nil {
		return err
	}
	wrap, err := NewKey(kekID, r.Derive("day key"))
	if err != nil {
		return err
	}
	text, err := json.Marshal(dayRecord{key.Sheet, key.Epoch, key.raw[:]})
	if err != nil {
		return err
	}
	record := wrap.Seal(dayPlace, text)
	if len(record) > dayMost {
		return fmt.Errorf("seal: a day key of %d bytes", len(record))
	}
	slot := Random(daySlot)
	binary.BigEndian.PutUint16(slot, uint16(len(record)))
	copy(slot[2:], record)
	free := daySlots - 1 - at
	if at < 0 {
		free = 0
	}
	if _, err := f.WriteAt(slot, int64(free)*daySlot); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if at < 0 {
		return nil
	}
	return wipe(f, at)
}

// readDays finds the newest whole key and its place; nil and -1 when there is none.
func (r *Keyring) readDays(f dayDisk) (key *DayKey, at int, err error) {
	wrap, err := NewKey(kekID, r.Derive("day key"))
	if err != nil {
		return nil, -1, err
	}
	at = -1
	for slot := range daySlots {
		head := make([]byte, 2+dayMost)
		n, err := f.ReadAt(head, int64(slot)*daySlot)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, -1, err
		}
		found := parseDay(wrap, head[:n])
		if found != nil && (key == nil || found.Epoch > key.Epoch) {
			key, at = found, slot
		}
	}
	return key, at, nil
}

// parseDay reads one place; nil when no whole key stands there.
func parseDay(wrap *Key, data []byte) *DayKey {
	if len(data) < 2 {
		return nil
	}
	size := int(binary.BigEndian.Uint16(data))
	if size > len(data)-2 {
		return nil
	}
	text, err := wrap.Open(dayPlace, data[2:2+size])
	var record dayRecord
	if err != nil || json.Unmarshal(text, &record) != nil || len(record.Key) != KeySize {
		return nil
	}
	key := DayKey{Sheet: record.Sheet, Epoch: record.Epoch}
	copy(key.raw[:], record.Key)
	return &key
}

// wipe writes over a place that no key stands in any more.
func wipe(f dayDisk, slot int) error {
	if _, err := f.WriteAt(Random(daySlot), int64(slot)*daySlot); err != nil {
		return err
	}
	return f.Sync()
}
