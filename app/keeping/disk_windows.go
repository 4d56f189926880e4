package keeping

import (
	"os"
	"path/filepath"
	"strings"
)

// diskOf names the volume of a folder that is there.
func diskOf(path string) (string, bool) {
	if _, err := os.Stat(path); err != nil {
		return "", false
	}
	return strings.ToLower(filepath.VolumeName(path)), true
}
