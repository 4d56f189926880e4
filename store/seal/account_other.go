//go:build !windows

package seal

import (
	"errors"
	"os"
	"path/filepath"
)

// thisAccount is nil: outside Windows the rights of the file must do, and a passphrase.
var thisAccount account

// renameDurably is os.Rename that a power cut cannot undo.
func renameDurably(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
