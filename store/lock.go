package store

import (
	"fmt"
	"os"
	"path/filepath"
)

// LockFile is the file whose lock means "a meixu works here".
const LockFile = ".lock"

// instanceLock is held as long as the database is open; the system drops it when the
// process dies.
type instanceLock struct{ file *os.File }

func lockInstance(dir string) (*instanceLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, LockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		_ = f.Close() // nothing was written
		return nil, fmt.Errorf("%w (%s)", err, dir)
	}
	return &instanceLock{f}, nil
}

func (l *instanceLock) release() error { return l.file.Close() }

// Alone runs fn while nobody else works with the data folder, for deeds that need the
// database closed (restore, checks from the command line). ErrLocked when someone does.
func Alone(dir string, fn func() error) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	lock, err := lockInstance(dir)
	if err != nil {
		return err
	}
	defer func() {
		if closed := lock.release(); err == nil {
			err = closed
		}
	}()
	return fn()
}
