package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/words"
)

// said is what a command printed; a running server writes to it meanwhile.
type said struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// meixu runs the command line in process.
func meixu(ctx context.Context, args ...string) (code int, text string) {
	out := &said{}
	code = run(ctx, terminal{out: out, err: out, lang: words.EN}, args)
	return code, out.String()
}

// served starts a server on the folder and waits until it is ready.
func served(t *testing.T, dir string, more ...string) (address string, stop func() (int, string)) {
	t.Helper()
	address = freeAddress(t)
	ctx, cancel := context.WithCancel(t.Context())
	out, done := &said{}, make(chan int, 1)
	go func() {
		done <- run(ctx, terminal{out: out, err: out, lang: words.EN}, append([]string{"serve", "--data", dir, "--listen", address}, more...))
	}()
	require.Eventually(t, func() bool {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/healthz", nil)
		if err != nil {
			return false
		}
		resp, err := http.DefaultClient.Do(req)
		return err == nil && resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	}, 3*time.Minute, 50*time.Millisecond, "%s", out)
	earlyClient(t, dir)
	var once sync.Once
	code := 1
	stop = func() (int, string) {
		once.Do(func() {
			cancel()
			code = <-done
		})
		return code, out.String()
	}
	t.Cleanup(func() { stop() })
	return address, stop
}

func freeAddress(t *testing.T) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

func TestServe(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "美序 "+strings.Repeat("数据", 20), "data") // too long for a socket
	address, stop := served(t, dir)

	code, text := meixu(t.Context(), "serve", "--data", dir, "--listen", freeAddress(t))
	require.Equal(t, 1, code)
	require.Contains(t, text, "another Meixu already works")

	code, text = meixu(t.Context(), "serve", "--data", filepath.Join(t.TempDir(), "other"), "--listen", address)
	require.Equal(t, 1, code)
	require.Contains(t, text, "is taken")

	code, text = meixu(t.Context(), "staff", "add", "amy", "--name", "Amy", "--roles", "reception", "--data", dir)
	require.Equal(t, 0, code, text)
	code, text = meixu(t.Context(), "staff", "add", "amy", "--name", "Amy", "--roles", "king", "--data", dir)
	require.Equal(t, 1, code)
	require.Contains(t, text, "No such duty: king")
	code, text = meixu(t.Context(), "staff", "list", "--data", dir)
	require.Equal(t, 0, code)
	require.Contains(t, text, "Amy")
	code, text = meixu(t.Context(), "staff", "reset-password", "nobody", "--data", dir)
	require.Equal(t, 1, code, text)
	code, text = meixu(t.Context(), "job", "run", "drafts-drop", "--data", dir)
	require.Equal(t, 0, code, text)
	code, text = meixu(t.Context(), "check", "--data", dir)
	require.Equal(t, 0, code, text)
	for _, line := range []string{"free space", "kind of disk", "encryption", "sync folder", "firewall", "open ports", "certificates", "clock", "write-ahead log", "last good backup", "restore drill", "whole and unchanged"} {
		require.Contains(t, text, line)
	}

	code, text = stop()
	require.Equal(t, 0, code, text)
	require.Contains(t, text, "set-up token")
}

func TestServeDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	address, stop := served(t, dir, "--demo")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/login", nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	page, err := io.ReadAll(resp.Body)
	require.NoError(t, errors.Join(err, resp.Body.Close()))
	for _, login := range []string{"front", "consultant", "doctor", "nurse", "cashier", "stock", "aftercare", "quality", "manager", "owner"} {
		require.Contains(t, string(page), login)
	}
	code, text := stop()
	require.Equal(t, 0, code, text)
	require.Contains(t, text, "Recovery code")
	require.Contains(t, text, "demo-meixu")
	require.NoDirExists(t, dir+".new")

	_, stop = served(t, dir, "--demo")
	code, text = stop()
	require.Equal(t, 0, code, text)
	require.NotContains(t, text, "Recovery code", "a clinic that stands is not built again")
	require.Contains(t, text, "demo-meixu")
}

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	dir, to := filepath.Join(base, "data"), filepath.Join(base, "backups")
	_, stop := served(t, dir)
	code, text := meixu(t.Context(), "staff", "add", "amy", "--name", "Amy", "--roles", "reception", "--data", dir)
	require.Equal(t, 0, code, text)
	code, text = meixu(t.Context(), "backup", "--data", dir, "--to", to)
	require.Equal(t, 0, code, text)
	require.Contains(t, text, to)
	made, err := filepath.Glob(filepath.Join(to, "manifests", "meixu-*.json"))
	require.NoError(t, err)
	require.Len(t, made, 1)
	code, text = meixu(t.Context(), "staff", "add", "bob", "--name", "Bob", "--roles", "nurse", "--data", dir)
	require.Equal(t, 0, code, text)
	code, text = meixu(t.Context(), "restore", "--data", dir, "--from", to)
	require.Equal(t, 1, code, "nobody said yes: nothing happens")
	require.Contains(t, text, "acts made since")
	require.Contains(t, text, "--yes")
	code, text = meixu(t.Context(), "restore", "--data", dir, "--from", to, "--yes")
	require.Equal(t, 0, code, text)
	require.Contains(t, text, "takes effect when Meixu starts next")
	code, text = meixu(t.Context(), "staff", "list", "--data", dir)
	require.Equal(t, 0, code, text)
	require.Contains(t, text, "Bob", "a running clinic is not restored under its feet")
	code, text = meixu(t.Context(), "check", "--data", dir)
	require.Equal(t, 0, code, text)
	require.Contains(t, text, "restore that waits")
	code, text = stop()
	require.Equal(t, 0, code, text)
	code, text = meixu(t.Context(), "check", "--data", dir)
	require.Equal(t, 1, code)
	require.Contains(t, text, "A restore waits")
	require.Contains(t, text, filepath.Join(dir, "before-restore-"), "a check does not apply it")
	fresh := filepath.Join(base, "new")
	require.NoError(t, os.MkdirAll(fresh, 0o700))
	require.NoError(t, os.CopyFS(filepath.Join(fresh, "restore.pending"), os.DirFS(filepath.Join(dir, "restore.pending"))))
	code, text = meixu(t.Context(), "check", "--data", fresh)
	require.Equal(t, 1, code)
	require.Contains(t, text, "a restore is ready")
	code, text = meixu(t.Context(), "staff", "list", "--data", dir)
	require.Equal(t, 0, code, text)
	require.Contains(t, text, "Amy")
	require.NotContains(t, text, "Bob")
}

func TestCommandsWithoutData(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "nothing")
	for _, args := range [][]string{{"check"}, {"backup"}, {"staff", "list"}} {
		code, text := meixu(t.Context(), append(args, "--data", dir)...)
		require.Equal(t, 1, code)
		require.Contains(t, text, "no clinic")
	}
	require.NoDirExists(t, dir, "looking must not make a clinic")
	code, text := meixu(t.Context(), "version")
	require.Equal(t, 0, code)
	require.True(t, strings.HasPrefix(text, "meixu "), text)
	for text, args := range map[string][]string{
		"没有“nonsense”这个命令": {"nonsense"}, "没有 --nonsense 这个选项": {"check", "--nonsense"}, "没有 -z 这个选项": {"check", "-z"},
		`还缺必填的选项："from"`: {"restore"}, "选项 --data 后面要写值": {"check", "--data"}, "“perhaps”不能作为 --demo 的值": {"serve", "--demo=perhaps"},
		"这个命令后面要写 1 个参数，写了 0 个": {"job", "run"},
	} {
		out := &said{}
		require.Equal(t, 1, run(t.Context(), terminal{out: out, err: out, lang: words.ZH}, args))
		require.Contains(t, out.String(), text)
	}
}

func TestQR(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, printQR(&out, "http://192.168.1.20:8420"))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 15, "29 modules and a quiet border, two a line: %s", fmt.Sprint(len(lines)))
	require.Contains(t, lines[1], "█▀▀▀▀▀█")
}
