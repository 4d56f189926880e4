package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/backup"
	"meixu/backup/target"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"

	"meixu/store/file"
)

// Folder is where the files lie, under the data folder.
const Folder = "media"

// orphanAge is how long a file may stand without a row (rulings 16).
const orphanAge = 24 * time.Hour

// Shelf keeps the files of one clinic.
type Shelf struct {
	db       *store.DB
	dir      string
	decoders gate
	quota    *quota
	depot    atomic.Pointer[depot]       // nil: all pictures lie in the folder
	owed     atomic.Pointer[backup.Owed] // nil: no restore owes any
	coming   singleflight.Group          // pictures on their way into the folder
}

// New makes the shelf of a database; its files lie beside it under media/.
func New(db *store.DB) *Shelf {
	return &Shelf{db: db, dir: filepath.Join(db.Dir(), Folder), decoders: newGate(), quota: newQuota(db)}
}

// Prepared is a picture whose sealed files stand already, durably. Put its row into the
// database in the next write; if that never happens the sweeper takes the files away.
type Prepared struct {
	Client        term.ClientID
	File, Hash    string
	Width, Height int
	Bytes         int64
}

// Take reads an upload, cleans it and keeps it sealed under the client's photo key (client
// 0: the clinic's own). It is slow and must run before a write, never inside one. What one person
// keeps a day, and what is kept of one client, is bounded before a byte is read.
func (s *Shelf) Take(ctx context.Context, by access.Actor, client term.ClientID, upload io.Reader) (Prepared, error) {
	claim, err := s.quota.claim(ctx, by, client)
	if err != nil {
		return Prepared{}, err
	}
	p, err := s.take(ctx, client, upload)
	if err != nil {
		claim.giveBack()
		return p, err
	}
	claim.kept(p.Bytes)
	return p, nil
}

func (s *Shelf) take(ctx context.Context, client term.ClientID, upload io.Reader) (Prepared, error) {
	picture, err := s.decoders.clean(ctx, upload)
	if err != nil {
		return Prepared{}, refusal(err)
	}
	key, err := s.key(ctx, client)
	if err != nil {
		return Prepared{}, err
	}
	name := hex.EncodeToString(seal.Random(16))
	if err := s.write(key, name, ".thumb", picture.Thumb); err != nil {
		return Prepared{}, err
	}
	if err := s.write(key, name, ".bin", picture.JPEG); err != nil {
		return Prepared{}, err
	}
	sum := sha256.Sum256(picture.JPEG)
	return Prepared{
		Client: client, File: name, Hash: hex.EncodeToString(sum[:]), Width: picture.Width, Height: picture.Height,
		Bytes: int64(len(picture.JPEG)),
	}, nil
}

// key finds the client's photo key, or makes it in a short act of its own.
func (s *Shelf) key(ctx context.Context, client term.ClientID) (key *seal.Key, err error) {
	err = s.db.Read(ctx, func(r *store.Read) (err error) {
		key, err = r.PhotoKey(client)
		return err
	})
	if !errors.Is(err, store.ErrNotFound) {
		return key, fault.FromStore(err, "reading a photo key")
	}
	act := store.Act{Role: "system", Station: "system:media", Action: "media.key", Subject: store.Subject{Noun: "client", ID: int64(client)}}
	err = s.db.Write(ctx, act, func(tx *store.Tx) (err error) {
		key, err = tx.PhotoKey(client)
		return err
	})
	return key, fault.FromStore(err, "making a photo key")
}

// Meta says what a picture is of.
type Meta struct {
	Visit     term.VisitID
	Treatment term.TreatmentID
	Kind      string // baseline, immediate, review, face, id_check, case, attachment, mark
	View      string // front, left45, right45, left90, right90, other
	TakenAt   term.Instant
}

// Add puts the row of a prepared picture into the running write.
func Add(tx *store.Tx, by access.Actor, p Prepared, meta Meta) (store.Media, error) {
	if meta.TakenAt.IsZero() || meta.TakenAt.After(tx.Now()) {
		meta.TakenAt = tx.Now()
	}
	m := store.Media{
		Client: p.Client, Visit: meta.Visit, Treatment: meta.Treatment, Kind: meta.Kind, View: meta.View, File: p.File,
		Hash: p.Hash, Width: p.Width, Height: p.Height, Bytes: p.Bytes, TakenAt: meta.TakenAt, TakenBy: by.Staff, State: store.MediaKept,
	}
	if err := tx.AddMedia(&m); err != nil {
		return m, err
	}
	if meta.Visit != 0 {
		tx.Publish(fmt.Sprintf("visit:%d", meta.Visit))
	}
	return m, nil
}

// Void takes a picture out of use, with a reason; the file stays (REG-EMR-06: nothing
// clinical is removed).
func Void(tx *store.Tx, by access.Actor, id term.MediaID, reason string) error {
	m, err := tx.Media(id)
	if err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		var wrong fault.Fields
		wrong.Add("reason", "media.reason.missing")
		return wrong.Err()
	}
	m.State, m.VoidedAt, m.VoidedBy, m.VoidReason = store.MediaVoid, tx.Now(), by.Staff, reason
	return tx.SaveMedia(&m)
}

// Size says which of the two pictures is wanted.
type Size string

// The sizes.
const (
	Full  Size = ".bin"
	Thumb Size = ".thumb"
)

// Open gives the picture of a row, whole and checked: a damaged or exchanged file is
// refused before a byte of it is shown. That act's actor looked is noted in the trail. The
// caller has checked the permission and gives the act it would write.
func (s *Shelf) Open(ctx context.Context, act store.Act, id term.MediaID, size Size) (io.Reader, store.Media, error) {
	var row store.Media
	var key *seal.Key
	err := s.db.Read(ctx, func(r *store.Read) (err error) {
		if row, err = r.Media(id); err != nil {
			return err
		}
		key, err = r.PictureKey(row)
		return err
	})
	if err != nil {
		return nil, row, fault.FromStore(err, "reading a picture's row")
	}
	plain, err := s.read(ctx, key, row.File, size)
	if err != nil {
		return nil, row, err
	}
	if sum := sha256.Sum256(plain); size == Full && hex.EncodeToString(sum[:]) != row.Hash {
		return nil, row, fault.Refuse("REG-EMR-06", "media.damaged").Ask(string(access.SysAdmin))
	}
	act.Subject = store.Subject{}
	if row.Client == 0 {
		act.Subject = store.Subject{Noun: "media", ID: int64(id)}
	}
	act.Reason = fmt.Sprintf("media:%d", id) // which of the client's pictures
	s.db.Saw(act, row.Client)
	return bytes.NewReader(plain), row, nil
}

func (s *Shelf) path(name string, suffix Size) string {
	return filepath.Join(s.dir, name[:2], name+string(suffix))
}

// place binds a sealed file to its name and size, so that files cannot be exchanged.
func place(name string, suffix Size) string { return "media|" + name + string(suffix) }

// write seals into a temporary file, syncs and renames: a file under its own name is whole.
func (s *Shelf) write(key *seal.Key, name string, suffix Size, plain []byte) error {
	path := s.path(name, suffix)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault.Defect("making the media folder", err)
	}
	f, err := os.OpenFile(path+file.Partial, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Defect("writing a picture", err)
	}
	_, err = key.SealStream(place(name, suffix), f, bytes.NewReader(plain))
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = file.Rename(path+file.Partial, path)
	}
	if err != nil {
		_ = os.Remove(path + file.Partial) // the sweeper takes what is left
		return fault.Defect("writing a picture", err)
	}
	return nil
}

var fileName = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (s *Shelf) read(ctx context.Context, key *seal.Key, name string, size Size) ([]byte, error) {
	if !fileName.MatchString(name) || size != Full && size != Thumb {
		return nil, fault.NotFound("media")
	}
	f, err := os.Open(s.path(name, size))
	if errors.Is(err, fs.ErrNotExist) {
		if err = s.bring(ctx, name[:2]+"/"+name+string(size)); err == nil {
			f, err = os.Open(s.path(name, size))
		}
	}
	switch {
	case fault.KindOf(err) == fault.KindRefused:
		return nil, err
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.Refuse("REG-EMR-06", "media.damaged").Ask(string(access.SysAdmin)).Because(err)
	case errors.Is(err, target.ErrAway), errors.Is(err, context.DeadlineExceeded):
		return nil, fault.Refuse("TR-11", "media.away").Ask(string(access.SysAdmin)).Because(err)
	case err != nil:
		return nil, fault.Defect("opening a picture", err)
	}
	defer f.Close() //nolint:errcheck // read only
	var out bytes.Buffer
	if _, err := key.OpenStream(place(name, size), &out, f); err != nil {
		return nil, fault.Refuse("REG-EMR-06", "media.damaged").Ask(string(access.SysAdmin)).Because(err)
	}
	if s.depot.Load() != nil {
		now := s.db.Now().Time()
		_ = os.Chtimes(s.path(name, size), now, now) // what was looked at last leaves the cache last
	}
	return out.Bytes(), nil
}

// refusal turns what is wrong with an upload into a sentence for the person.
func refusal(err error) error {
	var key string
	switch {
	case errors.Is(err, ErrEmpty):
		key = "media.empty"
	case errors.Is(err, ErrTooBig):
		key = "media.too_big"
	case errors.Is(err, ErrTooMany):
		key = "media.too_many"
	case errors.Is(err, ErrNoPicture):
		key = "media.no_picture"
	default:
		return err
	}
	return &fault.Error{Kind: fault.KindInvalid, Key: key, Fields: fault.Fields{{Name: "photo", Key: key}}, Cause: err}
}
