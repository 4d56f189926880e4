package ground

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/windows"
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

// encrypted asks the shell, which tells it without an administrator's rights: 1, 3 and 5 are
// on, under way, and suspended.
func encrypted(ctx context.Context, dir string) Answer {
	volume := filepath.VolumeName(dir)
	if len(volume) != 2 {
		return Unknown
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "powershell", "-NoProfile", "-NonInteractive", "-Command",
		"(New-Object -ComObject Shell.Application).NameSpace('"+volume+"').Self.ExtendedProperty('System.Volume.BitLockerProtection')").Output()
	switch state := strings.TrimSpace(string(out)); {
	case err != nil || state == "":
		return Unknown
	case state == "1" || state == "3" || state == "5":
		return Yes
	}
	return No
}
