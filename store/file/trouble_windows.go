package file

import (
	"errors"
	"syscall"

	"golang.org/x/sys/windows"
)

// Full says that no room was left on the disk. The numbers of Unix in package syscall stand for
// nothing here: Windows has its own.
func Full(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

// NotFolder says that a path leads through something that is no folder. Package os uses the number
// of Unix for what it finds out by itself.
func NotFolder(err error) bool {
	return errors.Is(err, windows.ERROR_DIRECTORY) || errors.Is(err, syscall.ENOTDIR)
}
