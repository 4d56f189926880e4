//go:build !windows

package keeping

import (
	"os"
	"strconv"
	"syscall"
)

// diskOf names the disk of a folder that is there.
func diskOf(path string) (string, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return "", false
	}
	facts, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", false
	}
	return strconv.FormatUint(uint64(facts.Dev), 10), true //nolint:gosec,unconvert,nolintlint // the type differs between systems
}
