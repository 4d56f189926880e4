package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/storetest"
)

// TestAFolderThatCannotBeUsedIsSaidPlainly: a sentence and exit code 1, never the text of an
// operating system or of SQLite.
func TestAFolderThatCannotBeUsedIsSaidPlainly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		make func(t *testing.T, dir string)
		says string
	}{
		"the path is a file": {func(t *testing.T, dir string) {
			t.Helper()
			require.NoError(t, os.WriteFile(dir, []byte("x"), 0o600))
		}, "not a folder"},
		"the database is noise": {func(t *testing.T, dir string) {
			t.Helper()
			require.NoError(t, os.Mkdir(dir, 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "meixu.db"), bytes.Repeat([]byte("noise!"), 4096), 0o600))
		}, "damaged"},
		"the database is of a newer program": {func(t *testing.T, dir string) {
			t.Helper()
			_, stop := served(t, dir)
			stop()
			storetest.Newer(t, dir)
		}, "newer Meixu"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "data")
			c.make(t, dir)
			code, text := meixu(t.Context(), "serve", "--data", dir, "--listen", freeAddress(t))
			require.Equal(t, 1, code)
			require.Contains(t, text, c.says)
			require.NotContains(t, text, dir)
		})
	}
}
