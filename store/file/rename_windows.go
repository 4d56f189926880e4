package file

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// tries and the waits between them: ten in about five seconds.
const (
	tries     = 10
	firstWait = 10 * time.Millisecond
	longest   = time.Second
)

// rename replaces a file, through to the disk.
func rename(from, to string) error {
	old, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	for try, wait := 1, firstWait; ; try, wait = try+1, min(2*wait, longest) {
		err = windows.MoveFileEx(old, name, windows.MOVEFILE_REPLACE_EXISTING|windows.MOVEFILE_WRITE_THROUGH)
		if err == nil {
			return nil
		}
		if try == tries || !held(err) {
			return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
		}
		time.Sleep(wait)
	}
}

// held says whether somebody else may have the file open.
func held(err error) bool {
	return errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION)
}

// SyncDir does nothing: NTFS journals names, and folders cannot be synced.
func SyncDir(string) error { return nil }
