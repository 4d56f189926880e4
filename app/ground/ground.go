// Package ground looks at what a data folder stands on: the kind of disk, its free space,
// whether a sync program carries its files away, whether the disk is encrypted, whether a
// firewall stands before the machine. Databases
// break on network drives and in sync folders without anybody being told (trust.md 2.8), so
// the program does not start there.
package ground

import (
	"context"
	_ "embed" // the list of sync programs
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/shirou/gopsutil/v4/disk"
)

// Answer is what could be found out.
type Answer string

// Answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Facts are what the system tells of a folder.
type Facts struct {
	FileSystem string // lower case, as ext4, ntfs, nfs; "" when unknown
	Network    bool   // a drive of another machine
	Free       uint64 // bytes
	Total      uint64 // bytes
	Sync       string // the program that carries the folder's files away, "" for none
	Encrypted  Answer // BitLocker, LUKS
	Firewall   Answer // of the machine
}

// Refusals, as words keys.
const (
	RefuseNetwork = "cli.ground.network"
	RefuseSync    = "cli.ground.sync"
	RefuseFAT     = "cli.ground.fat"
)

// Refused is the reason why no clinic may live in a folder.
type Refused struct{ Key string }

func (r *Refused) Error() string { return "ground: " + r.Key }

// distant are file systems whose files lie on another machine.
var distant = []string{
	"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "webdav", "davfs", "9p", "ceph", "glusterfs",
	"fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.gvfsd-fuse", "fuse.glusterfs",
}

// simple are file systems without a journal and without rights.
var simple = []string{"vfat", "msdos", "fat", "fat16", "fat32", "exfat"}

// Refusal says why a folder must not hold a clinic; nil when it may.
func (f Facts) Refusal() error {
	switch {
	case f.Network || among(f.FileSystem, distant):
		return &Refused{RefuseNetwork}
	case f.Sync != "":
		return &Refused{RefuseSync}
	case among(f.FileSystem, simple):
		return &Refused{RefuseFAT}
	}
	return nil
}

func among(name string, list []string) bool {
	for _, one := range list {
		if strings.EqualFold(name, one) {
			return true
		}
	}
	return false
}

// Look asks the system about a folder, or about the nearest one above that exists.
func Look(ctx context.Context, dir string) (Facts, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return Facts{}, err
	}
	there := full
	for _, err := os.Stat(there); err != nil && filepath.Dir(there) != there; _, err = os.Stat(there) {
		there = filepath.Dir(there)
	}
	usage, err := disk.UsageWithContext(ctx, there)
	if err != nil {
		return Facts{}, err
	}
	return Facts{
		FileSystem: strings.ToLower(fileSystem(ctx, there, usage.Fstype)), Network: remote(there), Free: usage.Free, Total: usage.Total,
		Sync: Synced(full, exists), Encrypted: encrypted(ctx, there), Firewall: firewall(),
	}, nil
}

// Free is the room on the disk of a folder that is there, in bytes.
func Free(ctx context.Context, dir string) (uint64, error) {
	usage, err := disk.UsageWithContext(ctx, dir)
	if err != nil {
		return 0, err
	}
	return usage.Free, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// carriersFile lists the beginnings of names of folders, in lower case, that sync programs
// keep, and the program.
//
//go:embed carriers.csv
var carriersFile string

// carriers are the lines of carriersFile: beginning, program.
var carriers = sync.OnceValue(func() (list [][2]string) {
	for line := range strings.Lines(carriersFile) {
		begins, program, _ := strings.Cut(strings.TrimSpace(line), ",")
		list = append(list, [2]string{begins, program})
	}
	return list
})

// marks are files by which sync programs know their folders.
var marks = []struct{ file, program string }{
	{".stfolder", "Syncthing"}, {".dropbox", "Dropbox"}, {".nextcloudsync.log", "Nextcloud"}, {".owncloudsync.log", "ownCloud"},
}

// Synced names the program that keeps the folder or one above it, "" for none.
func Synced(dir string, exists func(path string) bool) string {
	for {
		name := strings.ToLower(filepath.Base(dir))
		for _, c := range carriers() {
			if strings.HasPrefix(name, c[0]) {
				return c[1]
			}
		}
		for _, m := range marks {
			if exists(filepath.Join(dir, m.file)) {
				return m.program
			}
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
}
