//go:build !windows

package file

import (
	"errors"
	"syscall"
)

// Full says that no room was left on the disk.
func Full(err error) bool { return errors.Is(err, syscall.ENOSPC) }

// NotFolder says that a path leads through something that is no folder.
func NotFolder(err error) bool { return errors.Is(err, syscall.ENOTDIR) }
