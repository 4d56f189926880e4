package backup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"meixu/store/seal"
)

// memoryFile keeps what this machine knows of its last backups: a target that was put back
// to an older state, or swapped for a copy, cannot hide it.
const memoryFile = "backups.json"

// memory is the last backup on one target.
type memory struct {
	Seq    int64  `json:"seq"`
	Name   string `json:"name"`
	Digest string `json:"digest"` // SHA-256 of its manifest
}

func memories(dataDir string) (map[string]memory, error) {
	all := map[string]memory{}
	text, err := os.ReadFile(filepath.Join(dataDir, memoryFile))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return map[string]memory{}, nil //nolint:nilerr // a file that cannot be read costs a warning, no backup
	}
	return all, nil
}

func remembered(dataDir, address string) (memory, error) {
	all, err := memories(dataDir)
	return all[address], err
}

func remember(dataDir, address string, m memory) error {
	all, err := memories(dataDir)
	if err != nil {
		return err
	}
	all[address] = m
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(dataDir, memoryFile), text)
}

// replaceFile writes a small file durably: whole, or the old one stays.
func replaceFile(path string, data []byte) error {
	if err := seal.WriteFile(path, data); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes names in a folder durable; Windows does that by itself.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
