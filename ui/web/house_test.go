package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jba/templatecheck"
	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/words"
	"meixu/ui/kit"
)

// TestEveryPageOfTheHouseFitsItsView checks all pages of all rooms: this package links them.
func TestEveryPageOfTheHouseFitsItsView(t *testing.T) {
	t.Parallel()
	require.Greater(t, len(kit.Pages()), 20)
	for _, p := range kit.Pages() {
		if err := templatecheck.CheckHTML(p.Template().Lookup("page"), p.Zero()); err != nil {
			t.Errorf("%s: %v", p.Name(), err)
		}
	}
}

// sources calls visit with every file of the house that ends in ext, tests left out.
func sources(t *testing.T, ext string, visit func(path string, text []byte)) (seen int) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ext) || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		seen++
		visit(path, text)
		return err
	})
	require.NoError(t, err)
	return seen
}

var (
	permissionAsked = regexp.MustCompile(`\.May "([^"]*)"`)
	keyPrinted      = regexp.MustCompile(`\.T "([^"%]+)"`)
)

func TestTemplatesAskForKnownPermissionsOnly(t *testing.T) {
	t.Parallel()
	seen := sources(t, ".html", func(path string, text []byte) {
		for _, m := range permissionAsked.FindAllSubmatch(text, -1) {
			if !access.Permission(m[1]).Known() {
				t.Errorf("%s: no such permission: %s", path, m[1])
			}
		}
	})
	require.Greater(t, seen, 20)
}

func TestTemplatesPrintKnownWordsOnly(t *testing.T) {
	t.Parallel()
	found := 0
	sources(t, ".html", func(path string, text []byte) {
		for _, m := range keyPrinted.FindAllSubmatch(text, -1) {
			found++
			wantWords(t, path, string(m[1]))
		}
	})
	require.Greater(t, found, 300)
}

func wantWords(t *testing.T, where, key string) {
	t.Helper()
	if !words.ZH.Has(key) || !words.EN.Has(key) {
		t.Errorf("%s: the words have no key %s in both languages", where, key)
	}
}

// keyed are the fields of kit structs that hold a words key.
var keyed = map[string]bool{
	"LabelKey": true, "HelpKey": true, "TitleKey": true, "HintKey": true, "ActionKey": true, "SubmitKey": true,
	"CaptionKey": true, "LeadKey": true,
}

// callee tells which argument of a call is a words key; -1 none.
func callee(name string) int {
	switch name {
	case "T", "Has", "Clash", "Word":
		return 0
	case "Done", "Add", "Refuse":
		return 1
	case "Draw":
		return 2
	}
	return -1
}

// plainKey is what a words key looks like: parts with dots, and not a path, file or column.
var plainKey = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+$`)

// TestGoPrintsKnownWordsOnly reads the keys that stand as literals in Go; keys that are put
// together while running are left to the tests of their rooms.
func TestGoPrintsKnownWordsOnly(t *testing.T) {
	t.Parallel()
	found := 0
	check := func(where, key string) {
		if plainKey.MatchString(key) && !strings.HasSuffix(key, ".html") {
			found++
			wantWords(t, where, key)
		}
	}
	sources(t, ".go", func(path string, text []byte) {
		if strings.Contains(path, "uitest") || !strings.Contains(path, "app") && !strings.Contains(path, "ui") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if name, ok := n.Key.(*ast.Ident); ok && keyed[name.Name] {
					check(path, literal(n.Value))
				}
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok {
					if i := callee(s.Sel.Name); i >= 0 && i < len(n.Args) {
						check(path, literal(n.Args[i]))
					}
				}
			}
			return true
		})
	})
	require.Greater(t, found, 300)
}

// literal is the text of a string literal, "" for anything else.
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}
