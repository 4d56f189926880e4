package backup

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"

	"filippo.io/age"

	"meixu/backup/target"
	"meixu/store/seal"
)

// Uses of the clinic's key in backups.
const (
	useNames = "backup names"
	useSign  = "backup signature"
)

// blobLimit is the longest blob in bytes that is read into memory.
const blobLimit = 64 << 20

// nameLength is the length of a blob's name in hexadecimal digits: 160 bits.
const nameLength = 40

// Errors of places and backups.
var (
	// ErrDamaged says that a backup is not as it was made and must not be restored.
	ErrDamaged = errors.New("backup: the backup is damaged")
	// ErrOther says that the place holds the backups of another clinic.
	ErrOther = errors.New("backup: the place holds the backups of another clinic")
	// ErrNone says that the place holds no backup, or none of that name.
	ErrNone = errors.New("backup: no such backup")
)

// vault is a target with the keys to it.
type vault struct {
	at     target.Target
	names  *seal.Key
	signer ed25519.PrivateKey
	to     []age.Recipient
	with   []age.Identity
}

// open opens a place for the machine that has the clinic's keys.
func open(ctx context.Context, s Source, p Place) (*vault, error) {
	drill, err := s.Keys.Drill(s.Dir)
	if err != nil {
		return nil, err
	}
	sheet, err := seal.ReadRecovery(s.Dir)
	if err != nil {
		return nil, err
	}
	owner, err := age.ParseX25519Recipient(sheet.OwnerRecipient())
	if err != nil {
		return nil, fmt.Errorf("backup: the owner's key: %w", err)
	}
	reach := target.Open
	if p.read {
		reach = target.Read
	}
	at, err := reach(ctx, p.Address, p.Secrets)
	if err != nil {
		return nil, err
	}
	v, err := vaultOf(at, s.Keys, []age.Identity{drill}, drill.Recipient(), owner)
	if err != nil {
		return nil, errors.Join(err, at.Close())
	}
	return v, nil
}

// vaultOf takes keys to a place that is open; without a recipient it can only be read.
func vaultOf(at target.Target, keys *seal.Keyring, with []age.Identity, to ...age.Recipient) (*vault, error) {
	names, err := seal.NewKey(1, keys.Derive(useNames))
	if err != nil {
		return nil, err
	}
	return &vault{at, names, ed25519.NewKeyFromSeed(keys.Derive(useSign)), to, with}, nil
}

func (v *vault) Close() error { return v.at.Close() }

// nameOf is the name of a blob: a keyed hash, so that a name tells nothing of its content.
func (v *vault) nameOf(plain []byte) string {
	return hex.EncodeToString(v.names.MAC([]byte("blob"), plain))[:nameLength]
}

func blobPath(id string) string { return path.Join(blobFolder, id[:2], id) }

// put encrypts a blob and stores it under its name.
func (v *vault) put(ctx context.Context, id string, plain []byte) error {
	sealed, err := v.encrypt(plain)
	if err != nil {
		return err
	}
	return v.at.Put(ctx, blobPath(id), int64(len(sealed)), bytes.NewReader(sealed))
}

func (v *vault) encrypt(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(plain) + 1<<10)
	in, err := age.Encrypt(&out, v.to...)
	if err != nil {
		return nil, err
	}
	if _, err := in.Write(plain); err != nil {
		return nil, err
	}
	if err := in.Close(); err != nil { // writes the end
		return nil, err
	}
	return out.Bytes(), nil
}

// get reads a blob; ErrDamaged when it is missing, or not what its name says.
func (v *vault) get(ctx context.Context, id string) ([]byte, error) {
	if len(id) != nameLength {
		return nil, fmt.Errorf("%w: a blob without a name", ErrDamaged)
	}
	sealed, err := v.at.Get(ctx, blobPath(id))
	if errors.Is(err, target.ErrMissing) {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err != nil {
		return nil, err
	}
	plain, err := v.decrypt(sealed)
	if err = errors.Join(err, sealed.Close()); err != nil {
		return nil, fmt.Errorf("%w: blob %s: %w", ErrDamaged, id, err)
	}
	if v.nameOf(plain) != id {
		return nil, fmt.Errorf("%w: blob %s holds something else", ErrDamaged, id)
	}
	return plain, nil
}

// decrypt reads to the end before anything is believed: age gives out the beginning of a
// file that was cut off.
func (v *vault) decrypt(sealed io.Reader) ([]byte, error) {
	plain, err := age.Decrypt(io.LimitReader(sealed, blobLimit), v.with...)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(plain)
}
