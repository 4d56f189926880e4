// Package backup makes, checks, keeps and brings back copies of the clinic's data. A target
// (package target) holds blobs, which are pieces of the database and of media files, each
// encrypted with age to two keys, the owner's and this machine's, and named by a keyed hash
// of what is in it, so that what did not change is kept once. A manifest lists the blobs of
// one backup, is signed, and names the manifest before it. A thief with the medium learns
// when backups were made, and nothing else.
package backup

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"meixu/backup/target"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"
)

// Names of a backup and the folders of a target.
const (
	prefix         = "meixu-"
	stampLayout    = "20060102-150405"
	mediaFolder    = "media"
	blobFolder     = "blobs"
	manifestFolder = "manifests"
)

// Place is where backups are kept.
type Place struct {
	Address string // as target.Open reads it
	Secrets target.Secrets
	read    bool // nothing is made there
}

// Source is the clinic that backups are made of.
type Source struct {
	Dir  string
	Keys *seal.Keyring
	Now  term.Instant
	Zone *time.Location
	// Media are the sealed media files; nil means those of the folder in Dir.
	Media Media
	// Owed are the photos that a restore still owes; nil means none.
	Owed *Owed
}

// Media are the sealed media files of a clinic, wherever they lie. They never change once
// written.
type Media interface {
	// Files lists all, by name with forward slashes.
	Files(ctx context.Context) ([]target.File, error)
	// File opens one; target.ErrMissing when it is gone.
	File(ctx context.Context, name string) (io.ReadCloser, error)
}

// SourceOf is the clinic of an open database.
func SourceOf(db *store.DB) Source {
	return Source{Dir: db.Dir(), Keys: db.Keys(), Now: db.Now(), Zone: db.Zone()}
}

// Progress is told how far a long deed is: bytes done of all, where all is an estimate
// that becomes exact.
type Progress func(done, all int64)

// How says how a backup is made.
type How struct {
	// Quick makes an increment: what is new is read back, but the database is not put
	// together again for a check of every page, and nothing older is dropped.
	Quick    bool
	Progress Progress
}

// Report says what a backup run did.
type Report struct {
	Name    string
	Address string // without secrets
	At      term.Instant
	Files   int   // media files
	Awaited int   // media files that a restore still owes and this place does not hold
	Bytes   int64 // of everything the backup stands for
	Sent    int64 // bytes of what was new
	Dropped []string
	// Rolled says that the target holds older backups than this machine remembers: it was
	// put back, or swapped for a copy. The new backup is good all the same.
	Rolled bool
}

// making lets one backup or drill of this process run at a time.
var making sync.Mutex

// Make writes a checked backup to a place and, unless it is quick, drops those the keep
// rule no longer wants. People go on working meanwhile. ErrOther when the place holds the
// backups of another clinic.
func Make(ctx context.Context, s Source, p Place, how How) (r Report, err error) {
	making.Lock()
	defer making.Unlock()
	v, err := open(ctx, s, p)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	r.Address, r.At = v.at.String(), s.Now
	last, err := v.last(ctx)
	if err != nil {
		return r, err
	}
	m, err := v.write(ctx, s, last, how, &r)
	if err != nil {
		return r, fmt.Errorf("backup: %w", err)
	}
	r.Name, r.Files, r.Bytes, r.Awaited = m.Name, m.Files, m.Bytes, m.Awaited
	if !how.Quick {
		r.Dropped, err = v.keep(ctx, m.Name)
	}
	return r, err
}

// Try looks whether a place can be used: a small file is written, read and removed where that
// is allowed, and what lies there already must be this clinic's.
func Try(ctx context.Context, s Source, p Place) (err error) {
	v, err := open(ctx, s, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	if _, err := v.last(ctx); err != nil {
		return err
	}
	const id = "0000000000000000000000000000000000000000"
	if err := v.put(ctx, id, []byte("meixu")); err != nil {
		return err
	}
	back, err := v.at.Get(ctx, blobPath(id))
	if err != nil {
		return err
	}
	plain, err := v.decrypt(back)
	if err := errors.Join(err, back.Close(), target.Allowed(v.at.Remove(ctx, blobPath(id)))); err != nil {
		return err
	}
	if string(plain) != "meixu" {
		return fmt.Errorf("%w: what is written is not what is read", ErrDamaged)
	}
	return nil
}

// write sends everything that is new, checks it, and only then gives the backup its name.
func (v *vault) write(ctx context.Context, s Source, last *Manifest, how How, r *Report) (m Manifest, err error) {
	known, err := v.known(ctx, last, how.Quick)
	if err != nil {
		return m, err
	}
	sender := v.sender(ctx, known, how)
	if last != nil {
		sender.expect(last.Bytes)
	}
	m.Head, r.Rolled, err = v.head(s, last)
	if err != nil {
		return m, err
	}
	if err := v.sendDatabase(ctx, s, sender, &m); err != nil {
		return m, errors.Join(err, sender.wait())
	}
	// The media come after the database: a file is there before its row is, so every row
	// of the copy finds its file.
	if err := v.sendMedia(ctx, s, last, sender, &m); err != nil {
		return m, errors.Join(err, sender.wait())
	}
	if err := sender.wait(); err != nil {
		return m, err
	}
	r.Sent = sender.sent()
	if err := v.check(ctx, m, sender.fresh(), how.Quick); err != nil {
		return m, err
	}
	return m, v.seal(ctx, s, m)
}

// sendDatabase sends the database as it stands at one moment, in pieces of equal length.
func (v *vault) sendDatabase(ctx context.Context, s Source, to *sender, m *Manifest) error {
	hash := sha256.New()
	pieces := &pieces{to: to, hash: hash}
	facts, err := store.Dump(ctx, s.Dir, pieces)
	if err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	if err := pieces.end(); err != nil {
		return err
	}
	m.Schema, m.Rows, m.Anchor = facts.Schema, facts.Rows, facts.Anchor
	m.Database = Tree{Size: pieces.size, SHA256: hex.EncodeToString(hash.Sum(nil))}
	m.Bytes += pieces.size
	m.Database.List, err = to.sendList(pieces.ids)
	return err
}

// head starts the manifest that follows last.
func (v *vault) head(s Source, last *Manifest) (h Head, rolled bool, err error) {
	sheet, err := seal.ReadRecovery(s.Dir)
	if err != nil {
		return h, false, err
	}
	h = Head{Format: format, Clinic: v.clinic(), At: s.Now, Seq: 1, Recovery: sheet.Text()}
	local := s.Now.Time().In(s.Zone)
	h.Name = prefix + local.Format(stampLayout)
	remembered, err := remembered(s.Dir, v.at.String())
	if err != nil {
		return h, false, err
	}
	if last != nil {
		h.Seq, h.Prev = last.Seq+1, last.digest
		if last.Name >= h.Name { // two in one second, or a clock that was set back
			h.Name = following(last.Name)
		}
	}
	rolled = remembered.Seq >= h.Seq
	h.Seq = max(h.Seq, remembered.Seq+1)
	return h, rolled, nil
}

// following is the next name after one that the clock has not passed yet.
func following(name string) string {
	base, n := name, 1
	if len(name) > len(prefix)+len(stampLayout) {
		base = name[:len(prefix)+len(stampLayout)]
		if _, err := fmt.Sscanf(name[len(base):], "-%04d", &n); err != nil {
			n = 1
		}
	}
	return fmt.Sprintf("%s-%04d", base, n+1)
}

// clinic names whose backups these are: the public half of the key that signs them.
func (v *vault) clinic() string {
	public, _ := v.signer.Public().(ed25519.PublicKey)
	return hex.EncodeToString(public)
}
