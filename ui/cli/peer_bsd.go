//go:build !windows && !linux

package cli

import (
	"errors"
	"net"

	"golang.org/x/sys/unix"
)

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
	err = raw.Control(func(fd uintptr) {
		var who *unix.Xucred
		if who, told = unix.GetsockoptXucred(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERCRED); told == nil {
			uid = who.Uid
		}
	})
	return uid, errors.Join(err, told)
}
