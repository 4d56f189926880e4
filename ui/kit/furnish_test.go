package kit

import (
	"bytes"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A page holds what it calls and no more, keeps what it defines itself, and drawing it leaves the
// shared kit as it was for the next one.
func TestAPageHoldsWhatItCalls(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"small.html": {Data: []byte(`{{define "main"}}{{if .}}{{template "badge" dict}}{{else}}{{template "empty" .}}{{end}}{{end}}{{define "empty"}}nobody <{{.}}>{{end}}`)}}
	p := &Page[int]{files: files, names: []string{"small.html"}}
	before := shared().Lookup("icon").Tree.Root.String()
	var pages sync.WaitGroup
	for range 4 { // as many draw their pages for the first time
		pages.Go(func() {
			tree := p.Template()
			var out bytes.Buffer
			if assert.NoError(t, tree.ExecuteTemplate(&out, "main", 0)) {
				assert.Equal(t, "nobody &lt;0>", out.String())
			}
			for _, name := range []string{"page", "badge", "icon"} {
				assert.NotNil(t, tree.Lookup(name), name)
			}
			assert.Nil(t, tree.Lookup("table"), "nobody asked for it")
		})
	}
	pages.Wait()
	require.NotNil(t, shared().Lookup("table"))
	require.Equal(t, before, shared().Lookup("icon").Tree.Root.String(), "drawing changes trees")
}
