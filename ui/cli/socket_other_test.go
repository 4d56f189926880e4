//go:build !windows

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOnlyTheOwnerOfTheMachineGivesOrders: the socket is for this account alone, also where the
// name of the data folder is longer than the path of a socket may be; a server that was killed is
// no hindrance, and one that ended leaves nothing.
func TestOnlyTheOwnerOfTheMachineGivesOrders(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"data", strings.Repeat("数据", 30)} {
		dir := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.Mkdir(dir, 0o700))
		if name == "data" { // left by one that was killed
			require.NoError(t, os.WriteFile(filepath.Join(dir, socketFile), nil, 0o600))
		}
		listener, address, err := takeOrders(t.Context(), dir)
		require.NoError(t, err)
		info, err := os.Stat(address)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		folder, err := os.Stat(filepath.Dir(address))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o700), folder.Mode().Perm())
		conn, err := giveOrders(t.Context(), address)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
		require.NoError(t, listener.Close())
		require.NoFileExists(t, address)
	}
}
