//go:build !windows && !linux

package cli

import "golang.org/x/sys/unix"

// peerOf asks the kernel for the account at the other end of a socket.
func peerOf(fd int) (uid uint32, err error) {
	who, err := unix.GetsockoptXucred(fd, unix.SOL_LOCAL, unix.LOCAL_PEERCRED)
	if err != nil {
		return 0, err
	}
	return who.Uid, nil
}
