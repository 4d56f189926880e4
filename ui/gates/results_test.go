package gates_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	resultOf   = regexp.MustCompile(`\.Result\(("?[\w.]+"?),`)
	nounNamed  = regexp.MustCompile(`(?m)^\t?(?:const )?([nN]oun\w*)\s*= "(\w+)"`)
	nounInside = regexp.MustCompile(`store\.Subject\{Noun: "(\w+)"`)
	pageOfNoun = regexp.MustCompile(`(?m)^\t"(\w+)":\s+"/`)
)

// TestEveryResultHasItsPage: whatever a deed names as its result has a page in the table of
// ui/web/paths.go, so that the second post of a form leads where the first one led.
func TestEveryResultHasItsPage(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile(filepath.Join("..", "web", "paths.go"))
	require.NoError(t, err)
	known := map[string]bool{}
	for _, m := range pageOfNoun.FindAllSubmatch(table, -1) {
		known[string(m[1])] = true
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "app", "*", "*.go"))
	require.NoError(t, err)
	names, used := map[string]string{}, map[string]string{} // noun constants; nouns with a file that uses them
	texts := map[string]string{}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		texts[path] = string(raw)
		for _, m := range nounNamed.FindAllStringSubmatch(texts[path], -1) {
			names[m[1]] = m[2]
		}
	}
	for path, text := range texts {
		for _, m := range resultOf.FindAllStringSubmatch(text, -1) {
			switch noun := m[1]; {
			case strings.HasPrefix(noun, `"`):
				used[strings.Trim(noun, `"`)] = path
			case strings.HasSuffix(noun, ".Noun") && noun != "forms.Noun": // a subject that the file makes
				for _, in := range nounInside.FindAllStringSubmatch(text, -1) {
					used[in[1]] = path
				}
			default:
				require.Contains(t, names, strings.TrimPrefix(noun, "forms."), path)
				used[names[strings.TrimPrefix(noun, "forms.")]] = path
			}
		}
	}
	require.Greater(t, len(used), 20)
	for noun, path := range used {
		require.True(t, known[noun], "%s names %q as a result, which has no page", path, noun)
	}
}
