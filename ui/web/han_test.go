package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// surnames is a table of readings, which is data about Chinese and no text for people.
var surnames = filepath.Join("app", "engine", "find", "keys.go")

// TestNoHanInCode keeps Chinese in the catalogue, defaults, demo and tests (rulings 19): what
// is written elsewhere cannot be read in English.
func TestNoHanInCode(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch d.Name() {
			case "node_modules", ".git", ".tools", "words", "defaults", "demo", "testdata", "bin", "storetest", "uitest":
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, surnames) {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.STRING && strings.ContainsFunc(lit.Value, isHan) {
				t.Errorf("%s: Chinese belongs into app/words: %s", set.Position(lit.Pos()), lit.Value)
			}
			return true
		})
		return nil
	})
	require.NoError(t, err)
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }
