package store

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
)

// private keeps the database and what SQLite lays beside it from the other users of the machine,
// whatever the umask; SQLite makes later files with the rights of the first. It opens none of
// them (see File). A disk that knows no rights, as a memory stick, keeps what it has. On Windows
// the rights are those of the folder; there chmod would only take the read-only mark off, and
// fail where SQLite has the file open.
func private(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	for _, file := range []string{path, path + "-wal", path + "-shm"} {
		err := os.Chmod(file, 0o600)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	return nil
}
