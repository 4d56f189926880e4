package backup

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"meixu/backup/target"
	"meixu/store"
	"meixu/store/term"
)

// format is the version of the manifest.
const format = 2

// manifestLimit is the longest manifest in bytes that is read.
const manifestLimit = 16 << 20

// Head is what anybody may read of a backup, also without a key.
type Head struct {
	Format   int             `json:"format"`
	Clinic   string          `json:"clinic"` // public key that signs, in hexadecimal digits
	Name     string          `json:"name"`
	Seq      int64           `json:"seq"`            // counts the backups of a place, gaps are backups dropped
	At       term.Instant    `json:"at"`             // UTC
	Prev     string          `json:"prev,omitempty"` // SHA-256 of the manifest before, in hexadecimal digits
	Recovery json.RawMessage `json:"recovery"`       // what the printed code opens
}

// Contents is the part of a manifest that is encrypted.
type Contents struct {
	Schema   int               `json:"schema"`
	Rows     map[string]int64  `json:"rows"`
	Anchor   store.Anchor      `json:"anchor"` // end of the sealed trail: shows acts that were cut off later
	Database Tree              `json:"database"`
	Media    map[string]string `json:"media"` // folder of media -> blob that lists its files
	Files    int               `json:"files"`
	Bytes    int64             `json:"bytes"`

	// Photos that a restore still owed when the backup was made, and that its place does not
	// hold: how many, the blob that lists them, and where they were to come from.
	Awaited     int    `json:"awaited,omitempty"`
	AwaitedList string `json:"awaited_list,omitempty"`
	AwaitedFrom string `json:"awaited_from,omitempty"`
}

// Tree is a file made of blobs.
type Tree struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	List   string `json:"list"` // blob that lists the blobs in order
}

// Manifest is one backup.
type Manifest struct {
	Head
	Contents
	digest string // SHA-256 of the file, what the next one names as Prev
}

// sealed is a manifest as it lies on the target.
type sealed struct {
	Head      json.RawMessage `json:"head"`
	Contents  []byte          `json:"contents"` // age
	Signature []byte          `json:"signature"`
}

// signed is what the signature is over.
func (s sealed) signed() []byte {
	sum := sha256.New()
	for _, part := range [][]byte{[]byte("meixu backup manifest 2"), s.Head, s.Contents} {
		fmt.Fprintf(sum, "%d:", len(part)) //nolint:errcheck // a hash never fails
		sum.Write(part)
	}
	return sum.Sum(nil)
}

func manifestPath(name string) string { return path.Join(manifestFolder, name+".json") }

// seal signs a manifest and stores it: from now on the backup exists.
func (v *vault) seal(ctx context.Context, s Source, m Manifest) error {
	var out sealed
	var err error
	if out.Head, err = json.Marshal(m.Head); err != nil {
		return err
	}
	contents, err := json.Marshal(m.Contents)
	if err != nil {
		return err
	}
	if out.Contents, err = v.encrypt(contents); err != nil {
		return err
	}
	out.Signature = ed25519.Sign(v.signer, out.signed())
	text, err := json.Marshal(out)
	if err != nil {
		return err
	}
	if err := v.at.Put(ctx, manifestPath(m.Name), int64(len(text)), bytes.NewReader(text)); err != nil {
		return err
	}
	back, err := v.read(ctx, m.Name)
	if err != nil {
		return fmt.Errorf("reading the manifest back: %w", err)
	}
	return remember(s.Dir, v.at.String(), memory{Seq: back.Seq, Name: back.Name, Digest: back.digest})
}

// fetch reads the file of a manifest and what of it needs no key.
func fetch(ctx context.Context, at target.Target, name string) (text sealed, m Manifest, err error) {
	in, err := at.Get(ctx, manifestPath(name))
	if errors.Is(err, target.ErrMissing) {
		return text, m, fmt.Errorf("%w: %s", ErrNone, name)
	}
	if err != nil {
		return text, m, err
	}
	raw, err := io.ReadAll(io.LimitReader(in, manifestLimit))
	if err = errors.Join(err, in.Close()); err != nil {
		return text, m, err
	}
	sum := sha256.Sum256(raw)
	m.digest = hex.EncodeToString(sum[:])
	if err := strict(raw, &text); err != nil {
		return text, m, fmt.Errorf("%w: manifest %s cannot be read", ErrDamaged, name)
	}
	// The signature is over what the text means. Names in another case, bits that base64 leaves
	// over and what follows the end mean nothing: one spelling only, or it was touched.
	if again, err := json.Marshal(text); err != nil || !bytes.Equal(again, raw) {
		return text, m, fmt.Errorf("%w: manifest %s is not as it was written", ErrDamaged, name)
	}
	if err := strict(text.Head, &m.Head); err != nil || m.Format != format || m.Name != name {
		return text, m, fmt.Errorf("%w: the head of manifest %s cannot be read", ErrDamaged, name)
	}
	return text, m, nil
}

func strict(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// read reads a manifest and believes it only with our signature.
func (v *vault) read(ctx context.Context, name string) (Manifest, error) {
	text, m, err := fetch(ctx, v.at, name)
	if err != nil {
		return m, err
	}
	if m.Clinic != v.clinic() {
		return m, ErrOther
	}
	public, _ := v.signer.Public().(ed25519.PublicKey)
	if !ed25519.Verify(public, text.signed(), text.Signature) {
		return m, fmt.Errorf("%w: the signature of manifest %s does not fit", ErrDamaged, name)
	}
	plain, err := v.decrypt(bytes.NewReader(text.Contents))
	if err != nil {
		return m, fmt.Errorf("%w: manifest %s: %w", ErrDamaged, name, err)
	}
	if err := strict(plain, &m.Contents); err != nil {
		return m, fmt.Errorf("%w: the contents of manifest %s cannot be read", ErrDamaged, name)
	}
	return m, nil
}

// namesOn lists the backups of a target by name, newest first.
func namesOn(ctx context.Context, at target.Target) (names []string, err error) {
	files, err := at.List(ctx, manifestFolder)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		name, ok := strings.CutSuffix(path.Base(f.Name), ".json")
		if _, stamped := stampOf(name); ok && stamped {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(b, a) })
	return names, nil
}

// last is the newest backup of the place, nil when there is none. A damaged newest one is
// passed over: the next good one is followed.
func (v *vault) last(ctx context.Context) (*Manifest, error) {
	names, err := namesOn(ctx, v.at)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		m, err := v.read(ctx, name)
		if err == nil {
			return &m, nil
		}
		if !errors.Is(err, ErrDamaged) {
			return nil, err
		}
	}
	return nil, nil //nolint:nilnil // the first backup has none before it
}

// List names the backups of a place, newest first, without any key: heads are not checked.
func List(ctx context.Context, p Place) (heads []Head, err error) {
	at, err := target.Read(ctx, p.Address, p.Secrets)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, at.Close()) }()
	names, err := namesOn(ctx, at)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		_, m, err := fetch(ctx, at, name)
		if errors.Is(err, ErrDamaged) {
			continue // it is refused, with its reason, when it is asked for by name
		}
		if err != nil {
			return nil, err
		}
		heads = append(heads, m.Head)
	}
	return heads, nil
}
