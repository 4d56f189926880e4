package kit_test

import (
	"bytes"
	"io/fs"
	"os"
	"regexp"
	"testing"

	"github.com/jba/templatecheck"
	"github.com/stretchr/testify/require"

	"meixu/app/words"
	"meixu/ui/kit"
)

func TestEveryPageFitsItsView(t *testing.T) {
	t.Parallel()
	require.NotEmpty(t, kit.Pages())
	for _, p := range kit.Pages() {
		require.NoError(t, templatecheck.CheckHTML(p.Template().Lookup("page"), p.Zero()), p.Name())
		var out bytes.Buffer
		require.NoError(t, p.Template().ExecuteTemplate(&out, "page", p.Zero()), p.Name())
	}
}

var (
	keyUsed  = regexp.MustCompile(`\.T "([a-z0-9_.]+)"`)
	iconUsed = regexp.MustCompile(`template "icon" "([a-z0-9-]+)"`)
)

func TestWidgetsUseKnownWordsAndIcons(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../assets/icons.txt")
	require.NoError(t, err)
	icons := map[string]bool{}
	for _, name := range bytes.Fields(raw) {
		icons[string(name)] = true
	}
	files := os.DirFS(".")
	for _, glob := range []string{"*.html", "layout/*.html", "story/*.html"} {
		names, err := fs.Glob(files, glob)
		require.NoError(t, err)
		require.NotEmpty(t, names)
		for _, name := range names {
			text, err := fs.ReadFile(files, name)
			require.NoError(t, err)
			for _, m := range keyUsed.FindAllSubmatch(text, -1) {
				require.True(t, words.ZH.Has(string(m[1])) && words.EN.Has(string(m[1])), "%s: words key %s", name, m[1])
			}
			for _, m := range iconUsed.FindAllSubmatch(text, -1) {
				require.True(t, icons[string(m[1])], "%s: icon %s is not in icons.txt", name, m[1])
			}
		}
	}
}
