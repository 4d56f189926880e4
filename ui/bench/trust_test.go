//go:build bench

package bench_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"
)

// promise is one line of the trust plan.
type promise struct {
	id, goal string
	// elsewhere says where it is shown when no Go test of that name does, or why it is not.
	elsewhere string
}

// promises are TR-01 to TR-30 of the trust plan, with the goals of a commit (C).
var promises = []promise{
	{"01", "200 kills of the process: nothing acknowledged is lost, no fault of integrity or chain", ""},
	{"02", "the same through HTTP, photos and consents included; no row without its file", ""},
	{"03", "3,000 power cuts: 0 lost, 0 corrupt; the control with NORMAL loses", ""},
	{"04", "every Nth write or sync fails: no success without durable rows", ""},
	{"05", "disk full at 300 levels: old data whole, reads served, written again at once", ""},
	{"06", "migrations broken off at every write: N or N+1; the control finds halves", ""},
	{"07", "a restore that was killed: the old data or the new, and the old kept", ""},
	{"08", "500 flips, 50 swaps, replays: 0 damaged backups accepted, target unchanged", ""},
	{"09", "a backup that was killed, unplugged or full: the earlier ones stay good", ""},
	{"10", "a drill every night, all photos within a week", ""},
	{"11", "a new machine with 1 GB and 20 GB of photos within 30 minutes", ""},
	{"12", "an attacker with the service's rights: one copy stays; the control has none", ""},
	{"13", "backup under 100 writes a second: no writer waits over 1 s", ""},
	{"14", "a hung reader is cut; the log comes back within 64 MB", ""},
	{"15", "bookings of one slot have one winner, intervals never overlap, a payment is one, stock never below 0", ""},
	{"16", "200 tablets: no error, no growth, nothing of them stays", ""},
	{"17", "5 simulated years of clock jumps and sleep: each business day once", ""},
	{"18", "every route × every role and every kind of no session", ""},
	{"19", "300 cases of rows that concern one not; phones masked", ""},
	{"20", "every change, removal, swap, cut tail and replay of the record is found", ""},
	{"21", "sessions: fixation, logout, disabling, PIN, idle, drafts", ""},
	{"22", "10,000 guesses: at most 20 hashed, the known device still gets in", ""},
	{"23", "slow connections: the others are served, the slow ones cut; the control cuts none", ""},
	{"24", "120 hostile uploads: 0 crashes, heap at most +128 MB, clean JPEGs only", ""},
	{"25", "%d fuzz targets (counted): their seeds here, minutes of each by night", ""},
	{"26", "20 foreign hosts, 10 foreign origins; looking changes nothing", ""},
	{"27", "TLS 1.2 and 1.3 only; the leaf follows the addresses", ""},
	{"28", "Windows: builds (make windows), and 200 kills, DPAPI and held files under Wine", "make wine; Wine is not installed here"},
	{"29", "linters without a finding", "make lint; golangci-lint is not installed here"},
	{"30", "185 lines of ASVS L1 and L2 and 12 of L3, each answered", ""},
}

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Output string
}

// outcome is what the tests of one promise said.
type outcome struct {
	tests, failed int
	begun         bool
	seeds         int // inputs that the fuzz targets were given
	figures       []string
}

var (
	named  = regexp.MustCompile(`(?m)^func (?:Test|Fuzz)TR(\d\d)\w*\(`)
	tested = regexp.MustCompile(`^(?:Test|Fuzz)TR(\d\d)`)
	figure = regexp.MustCompile(`TR-(\d\d): (.*)`)
	target = regexp.MustCompile(`(?m)^func FuzzTR25\w*\(`)
)

// TestTrust runs every test that is named after a promise and prints one table. `make trust`,
// `make nightly` and `make release-gate` run it; how much is tried comes from the environment.
func TestTrust(t *testing.T) {
	rooms, targets := namedPackages(t)
	tags := "bench"
	for _, wine := range []string{"wine64", "/usr/lib/wine/wine64", "wine"} {
		if _, err := exec.LookPath(wine); err == nil {
			tags = "wine"
		}
	}
	ctx, end := inTime(t)
	defer end()
	run := exec.CommandContext(ctx, "go", append([]string{"test", "-json", "-count=1", "-tags", tags, "-timeout=6h", "-run", `TR[0-9][0-9]`}, rooms...)...)
	run.Dir = filepath.Join("..", "..")
	var said bytes.Buffer
	run.Stderr = &said
	out, err := run.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, run.Start())
	found := listen(t, out)
	failed := run.Wait()
	found["29"] = linted(t)
	promised(t, found, targets)
	var exit *exec.ExitError
	if failed != nil && !errors.As(failed, &exit) {
		require.NoError(t, failed)
	}
	require.NoError(t, failed, "a promise is not kept:\n%s", said.String())
}

// inTime ends the tests so early that the table of those that were done is still printed.
func inTime(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	if deadline, ok := t.Deadline(); ok {
		return context.WithDeadline(t.Context(), deadline.Add(-3*time.Minute))
	}
	return t.Context(), func() {}
}

// linted runs the linters; nil when they are not there.
func linted(t *testing.T) *outcome {
	t.Helper()
	linters, err := filepath.Abs(filepath.Join("..", "..", ".tools", "golangci-lint"))
	require.NoError(t, err)
	if _, err := os.Stat(linters); err != nil {
		return nil
	}
	run := exec.CommandContext(t.Context(), linters, "run", "./...")
	run.Dir = filepath.Join("..", "..")
	text, err := run.CombinedOutput()
	if err != nil {
		t.Logf("linters: %v\n%s", err, text)
		return &outcome{begun: true, tests: 1, failed: 1, figures: []string{"there are findings"}}
	}
	return &outcome{begun: true, tests: 1, figures: []string{strings.TrimSpace(string(text))}}
}

// namedPackages are the packages that hold tests of promises, and how many fuzz targets they hold.
func namedPackages(t *testing.T) (rooms []string, targets int) {
	t.Helper()
	root, found := filepath.Join("..", ".."), map[string]bool{}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".tools") {
			return filepath.SkipDir // as it is: WalkDir knows it by identity
		}
		if entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil && named.Match(text) {
			room, _ := filepath.Rel(root, filepath.Dir(path))
			found["./"+filepath.ToSlash(room)] = true
		}
		targets += len(target.FindAll(text, -1))
		return err
	}))
	require.NotEmpty(t, found)
	return slices.Sorted(maps.Keys(found)), targets
}

// listen reads the events, passes failures on and sorts figures to their promises.
func listen(t *testing.T, from io.Reader) map[string]*outcome {
	t.Helper()
	found, talk := map[string]*outcome{}, map[string]string{}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		m := tested.FindStringSubmatch(e.Test)
		if m == nil {
			if e.Action == "build-output" || e.Action == "output" && strings.Contains(e.Output, "FAIL") {
				t.Log(strings.TrimSpace(e.Output))
			}
			continue
		}
		if found[m[1]] == nil {
			found[m[1]] = &outcome{}
		}
		found[m[1]].hear(t, e, talk)
	}
	require.NoError(t, lines.Err())
	return found
}

// hear takes one event of a promise's tests.
func (o *outcome) hear(t *testing.T, e event, talk map[string]string) {
	t.Helper()
	whole := !strings.Contains(e.Test, "/")
	o.begun = true
	if !whole && e.Action == "pass" && strings.HasPrefix(e.Test, "Fuzz") {
		o.seeds++
	}
	switch e.Action {
	case "output":
		if f := figure.FindStringSubmatch(e.Output); f != nil {
			o.figures = append(o.figures, strings.TrimSpace(f[2]))
		}
		talk[e.Test] += e.Output
	case "pass":
		if whole {
			o.tests++
		}
	case "fail":
		if whole {
			o.tests++
			o.failed++
		}
		t.Logf("%s\n%s", e.Test, talk[e.Test])
	}
}

// promised prints a line for every promise.
func promised(t *testing.T, found map[string]*outcome, targets int) {
	t.Helper()
	var text bytes.Buffer
	w := tabwriter.NewWriter(&text, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "test\tresult\ttests\tgoal\tfigure")
	kept := 0
	for _, p := range promises {
		result, tests, figures := found[p.id].row(p)
		if strings.Contains(p.goal, "%d") {
			p.goal = fmt.Sprintf(p.goal, targets)
		}
		if result == "pass" {
			kept++
		}
		fmt.Fprintf(w, "TR-%s\t%s\t%d\t%s\t%s\n", p.id, result, tests, p.goal, figures[0])
		for _, more := range figures[1:] {
			fmt.Fprintf(w, "\t\t\t\t%s\n", more)
		}
	}
	require.NoError(t, w.Flush())
	fmt.Fprintf(os.Stdout, "%s%d of %d promises have a test that passes\n", text.String(), kept, len(promises))
}

// row is what the table says of a promise: what came of its tests, and at least one figure.
func (o *outcome) row(p promise) (result string, tests int, figures []string) {
	switch {
	case o == nil || !o.begun:
		return "open", 0, []string{orElse(p.elsewhere, "no test yet")}
	case o.tests == 0:
		return "unfinished", 0, []string{"-"}
	}
	figures = slices.Compact(slices.Sorted(slices.Values(o.figures)))
	if o.seeds > 0 {
		figures = append(figures, fmt.Sprintf("%d targets, %d seeds", o.tests, o.seeds))
	}
	if len(figures) == 0 {
		figures = []string{"-"}
	}
	if o.failed > 0 {
		return "FAIL", o.tests, figures
	}
	return "pass", o.tests, figures
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
