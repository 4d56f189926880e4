// Package target keeps the files of backups somewhere: a folder, a second disk, a share, an
// SFTP server or an S3-compatible object store. It knows nothing of what is in them.
package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// Errors of every kind of target.
var (
	// ErrMissing says that the target holds no file of that name.
	ErrMissing = errors.New("backup: the target does not hold the file")
	// ErrAddress says that the address of a target cannot be understood.
	ErrAddress = errors.New("backup: the address of the target is not understood")
	// ErrAway says that the target cannot be reached: unplugged, switched off, no network.
	ErrAway = errors.New("backup: the target cannot be reached")
	// ErrParent says that the folder in which a target is to be made is not there, as when a stick
	// is not plugged in; such a target is away, too.
	ErrParent = errors.New("backup: the folder above the target is not there")
	// ErrHost says that a server shows another key or certificate than the one agreed upon.
	ErrHost = errors.New("backup: the server shows an unexpected host key")
)

// File is a file of a target.
type File struct {
	Name string // with forward slashes, under the root of the target
	Size int64
}

// Target holds files by name. A file is there whole or not at all, also after a power cut in
// the middle of Put; Put replaces. Names use forward slashes.
type Target interface {
	// Put stores size bytes under a name.
	Put(ctx context.Context, name string, size int64, data io.Reader) error
	// Get opens a file; ErrMissing when there is none.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// List names the files under a folder, in no order; nothing when the folder is not there.
	List(ctx context.Context, folder string) ([]File, error)
	// Remove removes a file; one that is not there is no error. A place where nothing may be
	// removed answers fs.ErrPermission.
	Remove(ctx context.Context, name string) error
	// String is the address without secrets, for people.
	String() string
	io.Closer
}

// Secrets are what an address must not carry.
type Secrets struct {
	Password string `json:"password,omitempty"` // of SFTP, or the passphrase of its key
	Key      string `json:"key,omitempty"`      // private key of SFTP in PEM, or the access key of S3
	Secret   string `json:"secret,omitempty"`   // secret key of S3
}

// use says what a target is opened for.
type use bool

const (
	toRead  use = false
	toWrite use = true
)

// Read opens a target that is only read: nothing is made there.
func Read(ctx context.Context, address string, s Secrets) (Target, error) {
	return open(ctx, address, s, toRead)
}

// Open opens a target by its address; a folder that is missing is
// made in one that is there:
//
//	/mnt/usb or D:\Backup or \\nas\share    a folder, a disk, a share
//	sftp://user@host:22/folder?host=SHA256:…   the fingerprint of the host key
//	s3://bucket/folder?endpoint=https://…&region=…   host=SHA256:… trusts one certificate only,
//	                                                  plain=yes allows http:// to other machines
func Open(ctx context.Context, address string, s Secrets) (Target, error) {
	return open(ctx, address, s, toWrite)
}

func open(ctx context.Context, address string, s Secrets, as use) (Target, error) {
	scheme, _, ok := strings.Cut(address, "://")
	if !ok || len(scheme) < 2 { // C:\ is a folder
		return openFolder(address, as)
	}
	at, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%w: %s://…", ErrAddress, scheme)
	}
	switch strings.ToLower(scheme) {
	case "sftp":
		return openSFTP(ctx, at, s)
	case "s3":
		return openS3(at, s)
	case "file":
		return openFolder(filepath.FromSlash(at.Path), as)
	}
	return nil, fmt.Errorf("%w: %s", ErrAddress, scheme)
}

// Try writes, reads and removes a small file. Where nothing may be removed it stays.
func Try(ctx context.Context, t Target) error {
	const name, text = "meixu-try", "meixu"
	if err := t.Put(ctx, name, int64(len(text)), strings.NewReader(text)); err != nil {
		return err
	}
	in, err := t.Get(ctx, name)
	if err != nil {
		return err
	}
	back, err := io.ReadAll(in)
	if err := errors.Join(err, in.Close(), Allowed(t.Remove(ctx, name))); err != nil {
		return err
	}
	if string(back) != text {
		return fmt.Errorf("%w: what is written is not what is read", ErrAway)
	}
	return nil
}

// Allowed is the error of a removal, nil when the place only lets nothing be removed: backups
// that nobody can delete, not even who has the clinic's own rights, are the safer ones (TR-12).
func Allowed(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// Remote says that an address names another machine.
func Remote(address string) bool {
	scheme, _, ok := strings.Cut(address, "://")
	return ok && (strings.EqualFold(scheme, "sftp") || strings.EqualFold(scheme, "s3"))
}

// named refuses names that would leave the target.
func named(name string) error {
	if name == "" || path.Clean("/"+name) != "/"+name || strings.ContainsAny(name, "\\:") {
		return fmt.Errorf("backup: %q is no name for a file of a backup", name)
	}
	return nil
}
