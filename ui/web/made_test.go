package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// These packages make orders of text. Who uses them, and why nobody's input gets there.
var makers = map[string][]string{
	"os/exec":       {"app/ground/ground_windows.go", "store/storetest/disk/narrow_unix.go", "ui/uitest/paper.go"}, // a drive letter; the tests themselves
	"text/template": {"app/lan/profile.go"},                                                                        // a constant, its values are escaped
	"plugin":        nil, "encoding/gob": nil, "net/smtp": nil,
}

// patterns may be put together in these files: out of the lexicon that is built in, and of names of
// units, which are quoted.
var patterns = []string{"app/engine/phrase/phrase.go", "app/inventory/planned.go"}

// TestNoCommandTemplateOrPatternIsMadeOfInput: nothing that people type becomes a command of the
// system, a template or a regular expression (ASVS 1.2.5, 1.2.9, 1.3.7).
func TestNoCommandTemplateOrPatternIsMadeOfInput(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	sources(t, ".go", func(path string, text []byte) {
		at := filepath.ToSlash(strings.TrimPrefix(path, filepath.Join("..", "..")+string(filepath.Separator)))
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%s: %v", at, err)
			return
		}
		for _, i := range file.Imports {
			name := literal(i.Path)
			if allowed, kept := makers[name]; kept {
				require.Contains(t, allowed, at, "%s", name)
				used[at] = true
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || slices.Contains(patterns, at) {
				return true
			}
			s, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || s.Sel.Name != "MustCompile" && s.Sel.Name != "Compile" {
				return true
			}
			if of, ok := s.X.(*ast.Ident); ok && of.Name == "regexp" {
				require.NotEmpty(t, literal(call.Args[0]), "%s: a pattern that is no constant", at)
			}
			return true
		})
	})
	require.Len(t, used, 4, "what the list allows is still there")
}
