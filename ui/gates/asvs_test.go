package gates_test

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The lines of ASVS 5.0.0 that apply to a program without OAuth, tokens of its own, WebRTC,
// WebSocket and tenants, counted from its official list; and the chosen twelve of level 3.
const (
	levelOne, levelTwo, levelThree = 60, 125, 12
	leastWords                     = 20 // letters of a reason
)

var testName = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

// testNames are the names of all tests of the tree.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	require.NoError(t, filepath.WalkDir(filepath.Join("..", ".."), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "node_modules" {
			return filepath.SkipDir
		}
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range testName.FindAllSubmatch(text, -1) {
			names[string(m[1])] = true
		}
		return err
	}))
	return names
}

// TestTR30ASVSIsAnswered: each line of testdata/asvs.csv is met by tests that exist, or decided,
// not applicable or open with a reason. What is open is told.
func TestTR30ASVSIsAnswered(t *testing.T) {
	t.Parallel()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "asvs.csv"))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"id", "level", "answer", "where", "what"}, rows[0])
	names, seen := testNames(t), map[string]bool{}
	levels, answers := map[string]int{}, map[string]int{}
	for _, row := range rows[1:] {
		id, level, answer, where, what := row[0], row[1], row[2], row[3], row[4]
		require.Regexp(t, `^\d+\.\d+\.\d+$`, id)
		require.False(t, seen[id], "%s stands twice", id)
		seen[id] = true
		levels[level]++
		answers[answer]++
		require.NotEmpty(t, what, id)
		switch answer {
		case "met":
			require.NotEmpty(t, strings.Fields(where), id)
			for _, name := range strings.Fields(where) {
				require.True(t, names[name], "%s names the test %s, which is not there", id, name)
			}
		case "decision", "na", "open":
			require.Greater(t, len(where), leastWords, "%s has no reason", id)
		default:
			require.Failf(t, "no answer", "%s: %q", id, answer)
		}
	}
	require.Equal(t, map[string]int{"1": levelOne, "2": levelTwo, "3": levelThree}, levels)
	t.Logf("TR-30: %d lines of L1 and L2 and %d of L3: %d met by tests, %d decided in writing, %d not applicable, %d open",
		levelOne+levelTwo, levelThree, answers["met"], answers["decision"], answers["na"], answers["open"])
}
