package cli

import (
	"context"
	"crypto/rand"
	"net"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

// ours lets in the account that runs the server, the administrators and the system, no one else.
// Rights of a socket file mean nothing on Windows, and its path is short; a pipe has neither
// trouble. Its name is a secret of the data folder, so that nobody takes it first.
const ours = "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;OW)"

// taken is the error of an address that another program has.
const taken = windows.WSAEADDRINUSE

func takeOrders(context.Context, string) (net.Listener, string, error) {
	name := `\\.\pipe\meixu-` + rand.Text()
	listener, err := winio.ListenPipe(name, &winio.PipeConfig{SecurityDescriptor: ours})
	return listener, name, err
}

func giveOrders(ctx context.Context, _, address string) (net.Conn, error) {
	conn, err := winio.DialPipeContext(ctx, address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: err}
	}
	return conn, nil
}
