package keeping

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"meixu/app/ground"
)

// free is the room on the disk of the data, in bytes, unless a test says otherwise.
func (o *Office) free(ctx context.Context) (uint64, error) {
	if o.Free != nil {
		return o.Free(ctx)
	}
	return ground.Free(ctx, o.DB.Dir())
}

// resolved is where a path leads when every link on its way is followed; what is not there yet
// is taken as written.
func resolved(path string) string {
	path = filepath.Clean(path)
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		return real
	}
	parent := filepath.Dir(path)
	if !errors.Is(err, fs.ErrNotExist) || parent == path {
		return path
	}
	return filepath.Join(resolved(parent), filepath.Base(path))
}

// inside says that a path is a folder or lies in it, by whatever name or link it is reached.
func inside(path, folder string) bool {
	path, folder = resolved(path), resolved(folder)
	if rel, err := filepath.Rel(folder, path); err == nil && filepath.IsLocal(rel) {
		return true
	}
	home, err := os.Stat(folder)
	if err != nil {
		return false
	}
	for {
		if at, err := os.Stat(path); err == nil && os.SameFile(at, home) {
			return true
		}
		parent := filepath.Dir(path)
		if parent == path {
			return false
		}
		path = parent
	}
}

// sameDisk says that two folders that are there lie on one disk: when it breaks, both are gone.
func sameDisk(a, b string) bool {
	one, ok := diskOf(resolved(a))
	other, known := diskOf(resolved(b))
	return ok && known && one == other
}
