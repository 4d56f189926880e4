//go:build !windows

package cli

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		file := filepath.Join(dir, addressFile)
		_, err = giveOrders(t.Context(), file, address)
		if os.Geteuid() != root {
			require.ErrorIs(t, err, errStranger, "no file of ours names it")
		}
		require.NoError(t, os.WriteFile(file, []byte(address), 0o600))
		conn, err := giveOrders(t.Context(), file, address)
		require.NoError(t, err)
		in, err := listener.Accept()
		require.NoError(t, err, "our own account is heard")
		require.NoError(t, in.Close())
		require.NoError(t, conn.Close())
		require.NoError(t, listener.Close())
		require.NoFileExists(t, address)
	}
}

// TestOrdersOfAnotherAccountAreNotHeard: whatever the rights of the socket are, the kernel says who
// knocks. The control is the account itself, which the same listener lets in.
func TestOrdersOfAnotherAccountAreNotHeard(t *testing.T) {
	t.Parallel()
	us := uint32(os.Geteuid())
	for _, c := range []struct {
		accounts []uint32
		heard    bool
	}{{[]uint32{us + 1}, false}, {[]uint32{us + 1, us}, true}} {
		path := filepath.Join(t.TempDir(), socketFile)
		listener, err := listenAt(t.Context(), path)
		require.NoError(t, err)
		server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })}
		served := make(chan error)
		go func() { served <- server.Serve(household{listener, c.accounts}) }()
		conn, err := net.Dial("unix", path)
		require.NoError(t, err)
		_, _ = io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n") // who is not heard may be cut off before
		answer, _ := io.ReadAll(conn)
		require.Equal(t, c.heard, strings.Contains(string(answer), "418"))
		require.Equal(t, c.heard, len(answer) > 0)
		require.NoError(t, errors.Join(conn.Close(), server.Close()))
		require.ErrorIs(t, <-served, http.ErrServerClosed)
	}
}
