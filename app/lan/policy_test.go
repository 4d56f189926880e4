package lan

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestManyReportsWriteFewLines: kinds beyond a hundred count together, and a kind writes a line at
// every power of ten.
func TestManyReportsWriteFewLines(t *testing.T) { //nolint:paralleltest // the log belongs to the whole program
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	defer slog.SetDefault(before)
	var v Violations
	require.Empty(t, v.List())
	inline := Violation{Directive: "script-src-attr", Blocked: "inline", Page: "/board"}
	for range 2500 {
		v.Note(inline)
	}
	require.Equal(t, []Counted{{inline, 2500}}, v.List())
	require.Equal(t, 4, strings.Count(out.String(), "\n"))
	require.Contains(t, out.String(), `directive=script-src-attr blocked=inline page=/board times=1000`)
	for n := range 10_000 {
		v.Note(Violation{Page: fmt.Sprint(n)})
	}
	require.Len(t, v.List(), violationsMost+1)
	require.Equal(t, Counted{Violation{"other", "other", "other"}, 10_001 - violationsMost}, v.List()[0])
	require.Less(t, strings.Count(out.String(), "\n"), 110)
}
