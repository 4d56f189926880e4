package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/Microsoft/go-winio"
	"github.com/stretchr/testify/require"
)

// earlyClient takes the one place on the pipe that nobody serves. Windows 10 gives it to no client;
// Wine 8, as Windows 7 did, gives it to the first one, who then waits for ever
// (microsoft/go-winio#173 and #313).
func earlyClient(t *testing.T, dir string) {
	t.Helper()
	address, err := os.ReadFile(filepath.Join(dir, addressFile))
	require.NoError(t, err)
	conn, err := winio.DialPipeContext(t.Context(), string(address))
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}
