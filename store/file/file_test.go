package file_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/file"
)

// TestWriteIsWholeOrOld: the new bytes take the place of the old ones, and nothing else stays.
func TestWriteIsWholeOrOld(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "文件 one")
	require.NoError(t, file.Write(path, []byte("old")))
	require.NoError(t, file.WritePartial(path, []byte("new")))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "old", string(data), "until the name is given")
	require.NoError(t, file.Write(path, []byte("newer")))
	data, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "newer", string(data))
	all, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, all, 1)
}

// TestRenameNamesWhatIsMissing: callers ask whether the file was there.
func TestRenameNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.ErrorIs(t, file.Rename(filepath.Join(dir, "none"), filepath.Join(dir, "to")), fs.ErrNotExist)
}

// TestTroubleIsNamed: a path through a file is known as such, whatever the system calls it.
func TestTroubleIsNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, file.Write(path, nil))
	err := os.MkdirAll(filepath.Join(path, "folder"), 0o700)
	require.True(t, file.NotFolder(err), "%v", err)
	_, err = os.Open(filepath.Join(filepath.Dir(path), "none"))
	require.False(t, file.NotFolder(err))
	require.False(t, file.Full(err))
}
