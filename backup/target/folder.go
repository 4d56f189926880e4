package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// partial marks a file that is still being written.
const partial = ".partial"

// folder is a target on a file system. Its root does not follow links out of itself.
type folder struct {
	path string
	root *os.Root
}

// openFolder opens a folder; only who is to write there makes one that is missing, and only in a
// folder that is there: where a stick is not plugged in, its folders would be made on the disk of
// the data else.
func openFolder(dir string, as use) (Target, error) {
	if dir == "" || elsewhere(dir) {
		return nil, fmt.Errorf("%w: no folder of this machine", ErrAddress)
	}
	if as == toWrite {
		if err := makeLast(dir); err != nil {
			return nil, err
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAway, err)
	}
	return &folder{dir, root}, nil
}

// makeLast makes a folder whose parent is there.
func makeLast(dir string) error {
	err := os.Mkdir(dir, 0o700)
	switch {
	case err == nil, errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %w: %w", ErrParent, ErrAway, err)
	}
	return fmt.Errorf("%w: %w", ErrAway, err)
}

// elsewhere says that an address is a share as Windows writes it, which is only a folder there:
// elsewhere //host/share would silently become /host/share on the own disk.
func elsewhere(dir string) bool {
	return runtime.GOOS != "windows" && (strings.HasPrefix(dir, "//") || strings.HasPrefix(dir, `\\`))
}

func (f *folder) String() string { return f.path }

func (f *folder) Close() error { return f.root.Close() }

// Put writes beside the name, syncs, and only then gives the file its name.
func (f *folder) Put(ctx context.Context, name string, size int64, data io.Reader) (err error) {
	if err := errors.Join(named(name), ctx.Err()); err != nil {
		return err
	}
	local := filepath.FromSlash(name)
	if err := f.root.MkdirAll(filepath.Dir(local), 0o700); err != nil {
		return err
	}
	temp := local + partial
	if err := f.write(temp, size, data); err != nil {
		return errors.Join(err, f.Remove(ctx, name+partial))
	}
	if err := f.root.Rename(temp, local); err != nil {
		return err
	}
	return f.syncDir(filepath.Dir(local))
}

func (f *folder) write(temp string, size int64, data io.Reader) (err error) {
	out, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if closed := out.Close(); err == nil {
			err = closed
		}
	}()
	n, err := io.Copy(out, data)
	if err != nil {
		return err
	}
	if n != size {
		return fmt.Errorf("%s: %d of %d bytes written", temp, n, size)
	}
	return out.Sync()
}

// syncDir makes names in a folder durable; Windows does that by itself.
func (f *folder) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closed := d.Close(); err == nil {
		err = closed
	}
	return err
}

func (f *folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	if err := named(name); err != nil {
		return nil, err
	}
	local := filepath.FromSlash(name)
	info, err := f.root.Lstat(local)
	if err == nil && !info.Mode().IsRegular() || err != nil && f.linked(local) {
		return nil, fmt.Errorf("%w: %s is no file but something that leads elsewhere", ErrMissing, name)
	}
	in, err := f.root.Open(local)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrMissing, name)
	}
	return in, err
}

// linked says that a folder on the way to a name is a link. Whoever had the medium may have put it
// there: it is not followed out of the target, and takes nothing away but what lies behind it.
func (f *folder) linked(local string) bool {
	for dir := filepath.Dir(local); dir != "."; dir = filepath.Dir(dir) {
		if info, err := f.root.Lstat(dir); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return true
		}
	}
	return false
}

func (f *folder) List(ctx context.Context, under string) (list []File, err error) {
	err = fs.WalkDir(f.root.FS(), under, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile, or never there
		}
		if err != nil || !entry.Type().IsRegular() || strings.HasSuffix(name, partial) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			list = append(list, File{name, info.Size()})
		}
		return err
	})
	return list, err
}

func (f *folder) Remove(_ context.Context, name string) error {
	err := f.root.Remove(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
