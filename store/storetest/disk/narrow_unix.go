//go:build unix

package disk

import (
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// ownProcess tells a copy of the test program that it is the process of one test.
const ownProcess = "MEIXU_TEST_ALONE"

// Alone says whether this is the process of the test alone; else it runs the test in one, for
// what concerns a whole process.
func Alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(ownProcess) == t.Name() {
		return true
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v") //nolint:gosec // the test program itself
	child.Env = append(os.Environ(), ownProcess+"="+t.Name())
	said, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("alone: %v\n%s", err, said)
	}
	for line := range strings.Lines(string(said)) {
		if _, figure, ok := strings.Cut(line, ": TR-"); ok {
			t.Logf("TR-%s", strings.TrimSpace(figure))
		}
	}
	return false
}

// Narrow runs fn while no file of this process can grow beyond so many bytes: the system writes
// what fits and refuses the rest, as on a medium that is full. It holds for the whole process,
// so that a test with it runs Alone.
func Narrow(bytes uint64, fn func()) error {
	signal.Ignore(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	narrow := before
	narrow.Cur = bytes
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &narrow); err != nil {
		return err
	}
	fn()
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)
}
