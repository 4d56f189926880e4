//go:build !windows

package cli

import "testing"

// earlyClient has nothing to do where orders go over a socket.
func earlyClient(*testing.T, string) {}
