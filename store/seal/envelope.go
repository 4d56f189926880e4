// Package seal keeps personal and medical data unreadable at rest. A key-encryption key
// (KEK) wraps class keys, class keys wrap one data key per client, data keys seal single
// columns and files with AES-256-GCM. Dropping the key of one client erases that client
// everywhere, in the trail and in old backups too (rulings 7).
// Keys and nonces come from crypto/rand only.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strconv"
)

// KeySize is the length of every key in bytes.
const KeySize = 32

// Envelope: version (1 byte) | algorithm (1) | key id (4, big endian) | nonce (12) | text and tag.
const (
	envelopeVersion = 1
	algorithmGCM    = 1
	headerSize      = 6
	nonceSize       = 12
	tagSize         = 16
)

// Overhead is what an envelope is longer than its text, in bytes.
const Overhead = headerSize + nonceSize + tagSize

// Errors of opening.
var (
	// ErrEnvelope says that bytes are no envelope of ours.
	ErrEnvelope = errors.New("seal: not an envelope of this format")
	// ErrOpen says that an envelope was changed, moved to another place or has another key.
	ErrOpen = errors.New("seal: the envelope does not open here: changed, moved or another key")
	// ErrKey says that a key has the wrong length.
	ErrKey = errors.New("seal: a key must have 32 bytes")
)

// Key is one ready-to-use key with its number. The zero Key is unusable.
type Key struct {
	id   uint32
	raw  [KeySize]byte
	aead cipher.AEAD
}

// NewKey makes a key from 32 bytes; id is written into each envelope.
func NewKey(id uint32, raw []byte) (*Key, error) {
	if len(raw) != KeySize {
		return nil, ErrKey
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	k := &Key{id: id, aead: aead}
	copy(k.raw[:], raw)
	return k, nil
}

// ID is the number written into envelopes.
func (k *Key) ID() uint32 { return k.id }

// Random gives n bytes from crypto/rand.
func Random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24: the process stops instead
	return b
}

// Place names the one spot an envelope belongs to; it does not open anywhere else.
func Place(table string, row int64, column string) string {
	return table + "|" + strconv.FormatInt(row, 10) + "|" + column
}

// Seal closes text for one place.
func (k *Key) Seal(place string, text []byte) []byte {
	out := make([]byte, headerSize, len(text)+Overhead)
	out[0], out[1] = envelopeVersion, algorithmGCM
	binary.BigEndian.PutUint32(out[2:], k.id)
	nonce := Random(nonceSize)
	bound := bind(out, place)
	out = append(out, nonce...)
	return k.aead.Seal(out, nonce, text, bound)
}

// Open gives back the text of an envelope sealed for the same place with this key.
func (k *Key) Open(place string, envelope []byte) ([]byte, error) {
	id, err := KeyID(envelope)
	if err != nil {
		return nil, err
	}
	if id != k.id {
		return nil, ErrOpen
	}
	nonce := envelope[headerSize : headerSize+nonceSize]
	text, err := k.aead.Open(nil, nonce, envelope[headerSize+nonceSize:], bind(envelope[:headerSize], place))
	if err != nil {
		return nil, ErrOpen
	}
	return text, nil
}

// KeyID reads which key an envelope was sealed with.
func KeyID(envelope []byte) (uint32, error) {
	if len(envelope) < Overhead || envelope[0] != envelopeVersion || envelope[1] != algorithmGCM {
		return 0, ErrEnvelope
	}
	return binary.BigEndian.Uint32(envelope[2:headerSize]), nil
}

// Wrap seals another key's bytes; name binds it to its use.
func (k *Key) Wrap(name string, raw []byte) []byte { return k.Seal("key|"+name, raw) }

// Unwrap opens a wrapped key under its own number.
func (k *Key) Unwrap(name string, id uint32, wrapped []byte) (*Key, error) {
	raw, err := k.Open("key|"+name, wrapped)
	if err != nil {
		return nil, err
	}
	return NewKey(id, raw)
}

// MAC is HMAC-SHA-256 over the parts, each preceded by its length, so that no two
// different lists of parts give the same input.
func (k *Key) MAC(parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, k.raw[:])
	var size [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		mac.Write(size[:])
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// Blind is the equality index of a value (phone, id number): equal values give equal
// bytes, without the key nothing can be guessed. Never for yes/no or short lists.
func (k *Key) Blind(kind, value string) []byte {
	return k.MAC([]byte("blind"), []byte(kind), []byte(value))
}

func bind(header []byte, place string) []byte {
	bound := make([]byte, 0, headerSize+len(place))
	return append(append(bound, header[:headerSize]...), place...)
}
