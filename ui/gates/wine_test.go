//go:build wine

package gates_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/storetest"
)

// wine is a Windows of its own in a folder: Wine with an empty C: drive.
type wine struct{ root, loader, prefix string }

// scratch is where programs of that Windows keep their temporary files: a path with Chinese, with
// blanks, and longer than the 260 characters of old.
var scratch = `C:\美序 诊所\` + strings.Repeat(`数据 data\`, 30)

func newWine(t *testing.T) wine {
	t.Helper()
	w := wine{root: filepath.Join("..", ".."), prefix: t.TempDir()}
	w.loader = loader(t)
	t.Cleanup(func() {
		stop := exec.Command(filepath.Join(filepath.Dir(w.loader), "wineserver"), "-k", "-w")
		stop.Env = w.env()
		_ = stop.Run() // none runs any more
	})
	w.run(t, "wineboot", "-i")
	w.do(t, exec.Command("x86_64-w64-mingw32-gcc", "-shared", "-o",
		filepath.Join(w.prefix, "drive_c", "windows", "system32", "bcryptprimitives.dll"),
		filepath.Join(w.root, "testdata", "wine", "bcryptprimitives.c"), "-ladvapi32"))
	require.NoError(t, os.MkdirAll(filepath.Join(w.prefix, "drive_c", filepath.FromSlash(strings.ReplaceAll(scratch[3:], `\`, "/"))), 0o700))
	for _, name := range []string{"TMP", "TEMP"} {
		w.run(t, "reg", "add", `HKCU\Environment`, "/f", "/v", name, "/d", scratch)
	}
	return w
}

// loader finds Wine; `make wine` says how to install it.
func loader(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"wine64", "/usr/lib/wine/wine64", "wine"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	require.Fail(t, "Wine is not installed: apt-get install wine64 gcc-mingw-w64-x86-64")
	return ""
}

func (w wine) env(more ...string) []string {
	return append(append(os.Environ(), "WINEPREFIX="+w.prefix, "WINEDEBUG=-all"), more...)
}

// do runs a program of this machine to its end.
func (w wine) do(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if c.Env == nil {
		c.Env = w.env()
	}
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s\n%s", c, out)
}

// run runs a program of Windows to its end.
func (w wine) run(t *testing.T, args ...string) { w.do(t, exec.Command(w.loader, args...)) }

// overlay has Go remove files as on Windows before version 10, for that is what Wine 8 can.
func (w wine) overlay(t *testing.T) string {
	t.Helper()
	const was, is = "var TestDeleteatFallback bool", "var TestDeleteatFallback = true"
	home, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	path := filepath.Join(strings.TrimSpace(string(home)), "src", "internal", "syscall", "windows", "at_windows.go")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), was)
	dir := t.TempDir()
	changed, list := filepath.Join(dir, "at_windows.go"), filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(changed, bytes.Replace(text, []byte(was), []byte(is), 1), 0o600))
	spec, err := json.Marshal(map[string]map[string]string{"Replace": {path: changed}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(list, spec, 0o600))
	return list
}

// build makes programs for Windows.
func (w wine) build(t *testing.T, args ...string) {
	t.Helper()
	c := exec.Command("go", args...)
	c.Dir = w.root
	c.Env = w.env("GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	w.do(t, c)
}

var verdict = regexp.MustCompile(`(?m)^--- (PASS|FAIL): (\w+)`)

// TestTR28WindowsUnderWine builds tests for Windows and runs them there, in a folder with a long
// Chinese name: 200 kills of a writing process, keys bound by Windows itself (DPAPI), renames over
// files that somebody holds, restores and damaged backups, the door with TLS, and the program
// itself with its commands over a pipe.
// MEIXU_WINE_KILLS says how often it is killed.
func TestTR28WindowsUnderWine(t *testing.T) { //nolint:paralleltest // one Windows
	kills := storetest.Asked(t, "MEIXU_WINE_KILLS", 200)
	w := newWine(t)
	overlay := w.overlay(t)
	passed := 0
	for _, c := range []struct{ pkg, tests string }{
		{"store/file", "."},
		{"store/seal", "^Test"},
		{"store", "TR01|TR14|TestOpen|Lock|Durable|Batch"},
		{"app/engine/media", "^Test"},
		{"backup", "TR0|TR10|TR12|Restore|Anchor"},
		{"app", "^Test"},
		{"app/lan", "^Test"},
		{"ui/cli", "^Test"},
	} {
		t.Run(c.pkg, func(t *testing.T) { //nolint:paralleltest // one Windows
			passed += w.suite(t, overlay, c.pkg, c.tests, kills)
		})
	}
	t.Logf("TR-28: %d tests of the Windows build passed under Wine, %d kills among them", passed, kills)
}

// suite runs tests of one package as a Windows program and counts those that passed.
func (w wine) suite(t *testing.T, overlay, pkg, tests string, kills int) int {
	t.Helper()
	program := filepath.Join(t.TempDir(), filepath.Base(pkg)+".test.exe")
	w.build(t, "test", "-overlay", overlay, "-vet=off", "-c", "-o", program, "./"+pkg)
	run := exec.Command(w.loader, program, "-test.v", "-test.timeout=30m", "-test.run", tests)
	run.Dir = filepath.Join(w.root, filepath.FromSlash(pkg))
	run.Env = w.env("MEIXU_KILLS=" + strconv.Itoa(kills))
	out, err := run.CombinedOutput()
	said := verdict.FindAllStringSubmatch(string(out), -1)
	require.NoError(t, err, "%s\n%s", pkg, out)
	require.NotEmpty(t, said, "%s: no test ran", pkg)
	require.False(t, slices.ContainsFunc(said, func(v []string) bool { return v[1] != "PASS" }))
	t.Logf("%s: %d tests", pkg, len(said))
	return len(said)
}
