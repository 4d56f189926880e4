package cli

import (
	"errors"
	"net"
	"syscall"
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
		var who *syscall.Ucred
		if who, told = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); told == nil {
			uid = who.Uid
		}
	})
	return uid, errors.Join(err, told)
}
