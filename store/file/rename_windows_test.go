package file_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"

	"meixu/store/file"
)

// heldOpen opens a file as a scanner may: nobody else may rename or remove it meanwhile.
func heldOpen(t *testing.T, path string) windows.Handle {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	require.NoError(t, err)
	h, err := windows.CreateFile(name, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, 0, 0)
	require.NoError(t, err)
	return h
}

// TestTR28RenameWaitsForAScanner: a file that somebody holds cannot be replaced, which is the
// control; when he lets go while the rename still tries, it succeeds.
func TestTR28RenameWaitsForAScanner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	require.NoError(t, os.WriteFile(from, []byte("new"), 0o600))
	require.NoError(t, os.WriteFile(to, []byte("old"), 0o600))
	h := heldOpen(t, to)
	require.Error(t, os.Rename(from, to), "a rename without patience is refused")

	done := make(chan error, 1)
	go func() { done <- file.Rename(from, to) }()
	require.NoError(t, windows.CloseHandle(h))
	require.NoError(t, <-done)
	data, err := os.ReadFile(to)
	require.NoError(t, err)
	require.Equal(t, "new", string(data))
}

// TestTR28ARenameGivesUp: a file that is held for good is an error after some seconds, and both
// files are as they were.
func TestTR28ARenameGivesUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	require.NoError(t, os.WriteFile(from, []byte("new"), 0o600))
	require.NoError(t, os.WriteFile(to, []byte("old"), 0o600))
	h := heldOpen(t, to)
	require.Error(t, file.Rename(from, to))
	require.NoError(t, windows.CloseHandle(h))
	data, err := os.ReadFile(to)
	require.NoError(t, err)
	require.Equal(t, "old", string(data))
	require.FileExists(t, from)
}
