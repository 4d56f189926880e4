//go:build !windows

package ground

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/shirou/gopsutil/v4/disk"
)

// remote is told by the file system here.
func remote(string) bool { return false }

// encrypted looks whether the device under a folder is one that LUKS opened.
func encrypted(ctx context.Context, dir string) Answer {
	parts, err := disk.PartitionsWithContext(ctx, false)
	if err != nil {
		return Unknown
	}
	device, mount := "", ""
	for _, p := range parts {
		within := dir == p.Mountpoint || p.Mountpoint == "/" || strings.HasPrefix(dir, p.Mountpoint+"/")
		if within && len(p.Mountpoint) > len(mount) {
			device, mount = p.Device, p.Mountpoint
		}
	}
	return openedBy(device, "/sys/class/block")
}

// openedBy follows a device to what it stands on.
func openedBy(device, blocks string) Answer {
	real, err := filepath.EvalSymlinks(device)
	if device == "" || err != nil {
		return Unknown
	}
	block := filepath.Join(blocks, filepath.Base(real))
	if uuid, err := os.ReadFile(filepath.Join(block, "dm", "uuid")); err == nil && strings.HasPrefix(string(uuid), "CRYPT-") {
		return Yes
	}
	below, err := os.ReadDir(filepath.Join(block, "slaves"))
	if err == nil {
		for _, b := range below {
			uuid, err := os.ReadFile(filepath.Join(blocks, b.Name(), "dm", "uuid"))
			if err == nil && strings.HasPrefix(string(uuid), "CRYPT-") {
				return Yes
			}
		}
	}
	if _, err := os.Stat(block); err != nil {
		return Unknown
	}
	return No
}
