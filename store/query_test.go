package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/storetest"
)

// built are the files that build SQL from the schema itself; their queries run in other tests.
var built = []string{"record.go", "merge.go", "parting.go", "number.go", "triggers.go", "inspect.go", "migrate.go", "dsn.go", "scan.go", "write.go", "lane.go", "batch.go", "kin.go"}

// queryAt tells which argument of a call is a query.
var queryAt = map[string]int{
	"one": 2, "many": 2, "load": 1, "loadAll": 1, "exec": 0, "save": 0,
	"QueryContext": 1, "QueryRowContext": 1, "ExecContext": 1,
}

// TestEveryQueryCompiles reads all SQL out of the Go files of this package and lets SQLite
// explain it against the migrated schema.
func TestEveryQueryCompiles(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	conn, _ := db.Conns()
	source := parseStore(t)
	checked := 0
	for _, q := range source.queries(t) {
		rows, err := conn.QueryContext(bg, "EXPLAIN "+q.sql, make([]any, 100)...)
		if err == nil {
			err = rows.Close()
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", q.at, err, q.sql)
		}
		checked++
	}
	require.Greater(t, checked, 100)
	_, err := conn.QueryContext(bg, `EXPLAIN SELECT nonsense FROM clients WHERE id = ?`, make([]any, 100)...)
	require.ErrorContains(t, err, "nonsense")
}

type query struct {
	at  token.Position
	sql string
}

// storeSource is what the Go files of this package say.
type storeSource struct {
	fset    *token.FileSet
	files   map[string]*ast.File
	consts  map[string]ast.Expr
	tables  map[string]string // record type -> table
	columns map[string]ast.Expr
}

func parseStore(t *testing.T) storeSource {
	t.Helper()
	s := storeSource{token.NewFileSet(), map[string]*ast.File{}, map[string]ast.Expr{}, map[string]string{}, map[string]ast.Expr{}}
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		file, err := parser.ParseFile(s.fset, name, text, 0)
		require.NoError(t, err)
		s.files[name] = file
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == len(spec.Names) {
				for i, name := range spec.Names {
					s.consts[name.Name] = spec.Values[i]
				}
			}
			return true
		})
	}
	for _, file := range s.files {
		for _, d := range file.Decls {
			s.method(d)
		}
	}
	return s
}

// method remembers func (*T) table() and columns() of records.
func (s storeSource) method(d ast.Decl) {
	f, ok := d.(*ast.FuncDecl)
	if !ok || f.Recv == nil || f.Body == nil || len(f.Body.List) != 1 {
		return
	}
	star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	ret, isReturn := f.Body.List[0].(*ast.ReturnStmt)
	if !ok || !isReturn || len(ret.Results) != 1 {
		return
	}
	name := star.X.(*ast.Ident).Name
	switch f.Name.Name {
	case "table":
		s.tables[name], _ = s.text(ret.Results[0], nil)
	case "columns":
		s.columns[name] = ret.Results[0]
	}
}

// queries lists every query of every file that does not build its SQL.
func (s storeSource) queries(t *testing.T) (list []query) {
	t.Helper()
	for name, file := range s.files {
		if slices.Contains(built, name) {
			continue
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			in := s.scopeOf(f)
			ast.Inspect(f.Body, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name, record := callee(call)
				at, known := queryAt[name]
				if !known || len(call.Args) <= at {
					return true
				}
				sql, ok := s.text(call.Args[at], in)
				pos := s.fset.Position(call.Pos())
				if !ok {
					if _, plain := call.Args[at].(*ast.Ident); !plain || record != "" {
						t.Errorf("%s: this query cannot be read by the test; write it with constants, where and limit", pos)
					}
					return true
				}
				if record != "" {
					columns, ok := s.text(s.columns[record], nil)
					require.True(t, ok, "%s: columns of %s", pos, record)
					sql = "SELECT " + columns + " FROM " + s.tables[record] + " WHERE " + sql
				}
				list = append(list, query{pos, sql})
				return true
			})
		}
	}
	return list
}

// callee names the function of a call; for load[T] and loadAll[T] also T.
func callee(call *ast.CallExpr) (name, record string) {
	fun := call.Fun
	if index, ok := fun.(*ast.IndexExpr); ok {
		if id, ok := index.Index.(*ast.Ident); ok {
			record = id.Name
		}
		fun = index.X
	}
	switch f := fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	if name != "load" && name != "loadAll" {
		record = ""
	}
	return name, record
}

// scope is what a query may refer to inside its function.
type scope struct {
	conditions []string          // what is added to its where, all at once
	records    map[string]string // variable -> record type
}

func (s storeSource) scopeOf(f *ast.FuncDecl) *scope {
	in := &scope{[]string{"1"}, map[string]string{}}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if kind, ok := spec.Type.(*ast.Ident); ok {
				in.records[spec.Names[0].Name] = kind.Name
			}
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		at := map[string]int{"and": 0, "when": 1, "in": 1}
		name, _ := callee(call)
		if i, ok := at[name]; ok && len(call.Args) > i {
			if text, ok := s.text(call.Args[i], nil); ok {
				if name == "in" {
					text += " IN (?)"
				}
				in.conditions = append(in.conditions, text)
			}
		}
		return true
	})
	return in
}

// text folds an expression of literals, constants, where.sql() and limit() into SQL.
func (s storeSource) text(e ast.Expr, in *scope) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return s.text(e.X, in)
	case *ast.Ident:
		value, ok := s.consts[e.Name]
		if !ok {
			return "", false
		}
		return s.text(value, in)
	case *ast.BinaryExpr:
		a, okA := s.text(e.X, in)
		b, okB := s.text(e.Y, in)
		return a + b, okA && okB
	case *ast.CallExpr:
		switch name, _ := callee(e); name {
		case "sql":
			return " WHERE (" + strings.Join(in.conditions, ") AND (") + ")", true
		case "limit":
			return " LIMIT 1", true
		case "columns":
			if id, ok := e.Fun.(*ast.SelectorExpr).X.(*ast.Ident); ok && in != nil {
				columns, known := s.columns[in.records[id.Name]]
				return firstOf(s.text(columns, nil)), known
			}
		}
	}
	return "", false
}

func firstOf(text string, _ bool) string { return text }
