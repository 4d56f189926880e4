//go:build !windows

package ground

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/shirou/gopsutil/v4/disk"
	"github.com/stretchr/testify/require"
)

func TestTheFirewallThatTellsIsFound(t *testing.T) {
	t.Parallel()
	for want, files := range map[Answer]map[string]string{
		Unknown: {}, No: {"etc/ufw/ufw.conf": "# ufw\nENABLED=no\n"}, Yes: {"etc/ufw/ufw.conf": "LOGLEVEL=low\nENABLED=yes\n"},
	} {
		root := t.TempDir()
		for name, text := range files {
			require.NoError(t, os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o600))
		}
		require.Equal(t, want, firewallUnder(root))
		if want == No { // the other one is on
			require.NoError(t, os.MkdirAll(filepath.Join(root, "sys/fs/cgroup/system.slice/firewalld.service"), 0o700))
			require.Equal(t, Yes, firewallUnder(root))
		}
	}
}

// TestTheMountThatIsSeenCounts: the longest, of equals the last, and no neighbour of a like name.
func TestTheMountThatIsSeenCounts(t *testing.T) {
	t.Parallel()
	parts := []disk.PartitionStat{
		{Mountpoint: "/", Fstype: "ext4"},
		{Mountpoint: "/nowhere/data", Fstype: "ext4"},
		{Mountpoint: "/nowhere/data", Fstype: "fuse.sshfs"},
		{Mountpoint: "/nowhere", Fstype: "tmpfs"},
	}
	for dir, name := range map[string]string{
		"/nowhere/data/x": "fuse.sshfs", "/nowhere/data": "fuse.sshfs", "/nowhere/database": "tmpfs", "/elsewhere": "ext4",
	} {
		require.Equal(t, name, mountOf(parts, dir).Fstype, dir)
	}
	require.Equal(t, "nfs", fileSystem(t.Context(), "/", "nfs"), "what the disk tells stands")
	require.NotContains(t, fileSystem(t.Context(), "/", "fuseblk"), "fuse", "the table of mounts names what the tests run on")
	require.Error(t, Facts{FileSystem: mountOf(parts, "/nowhere/data").Fstype}.Refusal())
}
