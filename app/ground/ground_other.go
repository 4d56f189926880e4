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

// firewall looks for the firewalls that tell anybody that they are on; rules that somebody made by
// hand only root may read.
func firewall() Answer { return firewallUnder("/") }

func firewallUnder(root string) Answer {
	if _, err := os.Stat(filepath.Join(root, "sys/fs/cgroup/system.slice/firewalld.service")); err == nil {
		return Yes
	}
	ufw, err := os.ReadFile(filepath.Join(root, "etc/ufw/ufw.conf"))
	if err != nil {
		return Unknown
	}
	for line := range strings.Lines(string(ufw)) {
		if strings.TrimSpace(line) == "ENABLED=yes" {
			return Yes
		}
	}
	return No
}

// fileSystem is the name in the table of mounts where the disk itself does not tell what stands
// behind it: a program (FUSE), as of sshfs or of NTFS, or something newer than the list of magic numbers.
func fileSystem(ctx context.Context, dir, told string) string {
	if told != "" && !strings.HasPrefix(told, "fuse") {
		return told
	}
	parts, err := disk.PartitionsWithContext(ctx, true)
	if err != nil {
		return told
	}
	if m := mountOf(parts, dir); m.Fstype != "" {
		return m.Fstype
	}
	return told
}

// mountOf is the mount that a folder lies in; of several over each other the last is seen.
func mountOf(parts []disk.PartitionStat, dir string) (found disk.PartitionStat) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	for _, p := range parts {
		within := dir == p.Mountpoint || p.Mountpoint == "/" || strings.HasPrefix(dir, p.Mountpoint+"/")
		if within && len(p.Mountpoint) >= len(found.Mountpoint) {
			found = p
		}
	}
	return found
}

// encrypted looks whether the device under a folder is one that LUKS opened.
func encrypted(ctx context.Context, dir string) Answer {
	parts, err := disk.PartitionsWithContext(ctx, false)
	if err != nil {
		return Unknown
	}
	return openedBy(mountOf(parts, dir).Device, "/sys/class/block")
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
