//go:build !windows

package cli

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// taken is the error of an address that another program has.
const taken = syscall.EADDRINUSE

const (
	socketFile = "admin.sock"
	// longest is what every Unix takes as the path of a socket, in bytes; a Chinese character
	// is three.
	longest = 100
)

// takeOrders listens on a socket in the data folder, with rights 0600. Where that path is too long
// for a socket it lies in a new folder among the temporary ones that nobody else may enter.
func takeOrders(ctx context.Context, dir string) (net.Listener, string, error) {
	path, err := filepath.Abs(filepath.Join(dir, socketFile))
	if err != nil {
		return nil, "", err
	}
	if len(path) > longest {
		short, err := os.MkdirTemp("", "meixu-")
		if err != nil {
			return nil, "", err
		}
		path = filepath.Join(short, socketFile)
		listener, err := listenAt(ctx, path)
		if err != nil {
			return nil, "", errors.Join(err, os.RemoveAll(short))
		}
		return lodger{listener, short}, path, nil
	}
	listener, err := listenAt(ctx, path)
	return listener, path, err
}

func listenAt(ctx context.Context, path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// lodger is a listener with a folder of its own, which goes with it.
type lodger struct {
	net.Listener
	dir string
}

// Close ends the listening and takes the folder away.
func (l lodger) Close() error { return errors.Join(l.Listener.Close(), os.RemoveAll(l.dir)) }

func giveOrders(ctx context.Context, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "unix", address)
}
