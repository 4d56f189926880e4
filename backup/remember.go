package backup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"meixu/store/file"
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
	return file.Write(filepath.Join(dataDir, memoryFile), text)
}
