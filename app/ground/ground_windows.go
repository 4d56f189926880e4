package ground

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const patience = 10 * time.Second

// remote asks the kind of drive; a share without a letter begins with two backslashes.
func remote(dir string) bool {
	volume := filepath.VolumeName(dir)
	if strings.HasPrefix(volume, `\\`) {
		return true
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	return err == nil && windows.GetDriveType(root) == windows.DRIVE_REMOTE
}

// fileSystem asks the volume; what is told besides is always empty on Windows.
func fileSystem(_ context.Context, dir, _ string) string {
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(dir) + `\`)
	if err != nil {
		return ""
	}
	var name [windows.MAX_PATH + 1]uint16
	if err := windows.GetVolumeInformation(root, nil, 0, nil, nil, nil, &name[0], uint32(len(name))); err != nil {
		return ""
	}
	return windows.UTF16ToString(name[:])
}

// encrypted asks the shell, which tells it without an administrator's rights: 1, 3 and 5 are
// on, under way, and suspended.
func encrypted(ctx context.Context, dir string) Answer {
	volume := filepath.VolumeName(dir)
	if len(volume) != 2 || !isLetter(volume[0]) || volume[1] != ':' { // it becomes part of a command
		return Unknown
	}
	system, err := windows.GetSystemDirectory()
	if err != nil {
		return Unknown
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, filepath.Join(system, "WindowsPowerShell", "v1.0", "powershell.exe"), "-NoProfile", "-NonInteractive", "-Command",
		"(New-Object -ComObject Shell.Application).NameSpace('"+volume+"').Self.ExtendedProperty('System.Volume.BitLockerProtection')").Output()
	switch state := strings.TrimSpace(string(out)); {
	case err != nil || state == "":
		return Unknown
	case state == "1" || state == "3" || state == "5":
		return Yes
	}
	return No
}

func isLetter(b byte) bool { return 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' }

// profiles are the networks for which Windows keeps a firewall; policy is where an administrator of
// many machines sets them, own where the machine has them.
var (
	profiles = []string{"StandardProfile", "PublicProfile", "DomainProfile"}
	policy   = `SOFTWARE\Policies\Microsoft\WindowsFirewall\`
	own      = `SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\`
)

// firewall is on when it is for every kind of network.
func firewall() Answer {
	for _, profile := range profiles {
		on, ok := enabled(policy + profile)
		if !ok {
			on, ok = enabled(own + profile)
		}
		if !ok {
			return Unknown
		}
		if !on {
			return No
		}
	}
	return Yes
}

func enabled(path string) (on, ok bool) {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return false, false
	}
	defer key.Close() //nolint:errcheck // only read
	n, _, err := key.GetIntegerValue("EnableFirewall")
	return n != 0, err == nil
}
