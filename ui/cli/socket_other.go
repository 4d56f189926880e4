//go:build !windows

package cli

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
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
		return lodger{household{listener, ourAccounts()}, short}, path, nil
	}
	listener, err := listenAt(ctx, path)
	if err != nil {
		return nil, "", err
	}
	return household{listener, ourAccounts()}, path, nil
}

// root is the administrator of the machine, who may do what everybody may.
const root = 0

// ourAccounts may give orders: the one that serves, and the administrator of the machine.
func ourAccounts() []uint32 { return []uint32{uint32(os.Geteuid()), root} }

// household is a listener that takes connections of certain accounts only. The rights of the socket
// say the same; but between its making and its rights it has those that the account gives to every
// file, and whoever restores or copies a folder may change them.
type household struct {
	net.Listener
	accounts []uint32
}

// Accept waits for somebody of the household; others are sent away without a word.
func (h household) Accept() (net.Conn, error) {
	for {
		conn, err := h.Listener.Accept()
		if err != nil {
			return nil, err
		}
		uid, err := uidOf(conn)
		if err == nil && slices.Contains(h.accounts, uid) {
			return conn, nil
		}
		slog.Warn("another account wanted to give orders", "uid", uid, "error", err)
		_ = conn.Close() // whoever it is hears nothing
	}
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

// giveOrders connects to the server that left its address in a file. Orders carry codes and passwords:
// they go to the account whose file that is, or to the administrator of the machine. Whoever has taken
// the path of a server that ended gets none.
func giveOrders(ctx context.Context, file, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", address)
	if err != nil {
		return nil, err
	}
	uid, err := uidOf(conn)
	if err == nil && (uid == root || owns(uid, file)) {
		return conn, nil
	}
	return nil, &net.OpError{Op: "dial", Net: "unix", Err: errors.Join(errStranger, err, conn.Close())}
}

// errStranger says that somebody else listens where the server should.
var errStranger = errors.New("another account listens there")

func owns(uid uint32, file string) bool {
	info, err := os.Stat(file)
	if err != nil {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == uid
}

// uidOf is the account at the other end of a socket, as the kernel knows it.
func uidOf(conn net.Conn) (uid uint32, err error) {
	line, ok := conn.(*net.UnixConn)
	if !ok {
		return 0, net.ErrClosed
	}
	raw, err := line.SyscallConn()
	if err != nil {
		return 0, err
	}
	var told error
	err = raw.Control(func(fd uintptr) { uid, told = peerOf(int(fd)) })
	return uid, errors.Join(err, told)
}
