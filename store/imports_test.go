package store_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/storetest"
)

// TestAnUndoAsksEveryTable compares the question whether a file was used with the schema: a table
// that refers to clients and is not asked would lose its client with an undo.
func TestAnUndoAsksEveryTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("imports.go")
	require.NoError(t, err)
	_, question, found := strings.Cut(string(text), "func (r *Read) ClientsUsed")
	require.True(t, found)
	var asked []string
	for _, m := range regexp.MustCompile(`FROM (\w+) x WHERE x\.(\w+) = c\.id`).FindAllStringSubmatch(question, -1) {
		asked = append(asked, m[1]+"."+m[2])
	}
	db, _ := storetest.New(t)
	refers := read[string](t, db, `SELECT group_concat(t.name || '.' || f."from", ' ') FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
		WHERE t.schema = 'main' AND f."table" = 'clients'`)
	require.ElementsMatch(t, strings.Fields(refers), asked)
}
