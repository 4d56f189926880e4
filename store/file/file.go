// Package file puts files in place so that neither a power cut nor a scanner of the machine
// leaves half of one: written beside, synced, renamed. The database itself is never touched by
// these calls, only files that nobody has open.
package file

import (
	"errors"
	"os"
	"path/filepath"
)

// Partial marks a file that is not whole yet.
const Partial = ".partial"

// Write writes a small file durably, for this account alone: whole, or the old one stays.
func Write(path string, data []byte) error {
	if err := WritePartial(path, data); err != nil {
		return err
	}
	return Rename(path+Partial, path)
}

// WritePartial is the first half of Write: the bytes are on the disk, under the name with Partial.
func WritePartial(path string, data []byte) error {
	f, err := os.OpenFile(path+Partial, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// Rename gives a file its name, in place of one that has it, and returns when that is on the
// disk. On Windows a scanner or an indexer may hold either file for a moment: it is tried again
// for some seconds before the error is answered.
func Rename(from, to string) error {
	if err := rename(from, to); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(to))
}
