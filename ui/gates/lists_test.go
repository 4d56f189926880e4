package gates_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/sheet"
	"meixu/ui/kit"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// goesOut reads testdata/lists.txt: the lists of each page, or why it has none.
func goesOut(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "lists.txt"))
	require.NoError(t, err)
	pages := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		path, how, _ := strings.Cut(strings.TrimSpace(line), " ")
		require.NotContains(t, pages, path, "twice")
		pages[path] = strings.TrimSpace(how)
	}
	return pages
}

// TestEveryListGoesOut walks every page of the house: each says in testdata/lists.txt with which
// list it goes out as a spreadsheet, or why it does not. The list stands behind a button on the
// page, and its file has under every heading what the page shows (row:U6).
func TestEveryListGoesOut(t *testing.T) {
	t.Parallel()
	pages := goesOut(t)
	d := day.New(t).To(day.Papered)
	codes := d.App.Rooms.Exchange.Codes()
	used := map[string]bool{"visits": true} // stands on /exchange: the pages of visits are boards
	for _, r := range d.Server.Routes() {
		if r.Method != http.MethodGet || r.Guest {
			continue
		}
		how, listed := pages[r.Path]
		require.True(t, listed && how != "", "%s stands not in testdata/lists.txt: with which list does it go out, or why does it not?", r.Path)
		delete(pages, r.Path)
		if why, none := strings.CutPrefix(how, "-"); none {
			if same, is := strings.CutPrefix(strings.TrimSpace(why), "as "); is {
				require.Contains(t, codes, same, r.Path)
			}
			continue
		}
		for _, code := range strings.Fields(how) {
			require.Contains(t, codes, code, r.Path)
			used[code] = true
			buttonOf(t, d, r, code)
		}
	}
	require.Empty(t, pages, "testdata/lists.txt names pages that are none")
	for _, code := range codes {
		require.True(t, used[code], "no page has a button for the list %q", code)
	}
}

// buttonOf demands that the page shows who may take the list a button for it, and takes it.
func buttonOf(t *testing.T, d *day.Day, r kit.Route, code string) {
	t.Helper()
	i := slices.IndexFunc(access.Roles, func(role access.Role) bool {
		return slices.Contains(access.Holders(r.Permission), role) && slices.Contains(access.Holders(access.ExportAsk), role)
	})
	require.GreaterOrEqual(t, i, 0, "nobody takes the list %q out", code)
	b := d.As(uitest.LoginOf(access.Roles[i]))
	page := b.Get(d.Fill(strings.NewReplacer("/client/:id", "/client/{client}", ":id", "1").Replace(r.Path)))
	page.Want(http.StatusOK, `name="list" value="`+code+`"`)
	filter := []string{"list", code, "f_lot", "1", "f_rule", "{}"}
	if strings.Contains(page.Body, `action="/exchange/exports/list"`) {
		checkFile(t, code, b.Post("/exchange/exports/list", filter...))
		return
	}
	ask := b.Post("/exchange/exports", append(filter, "reason", "月底核对")...).Want(http.StatusOK, "下载 Excel")
	checkFile(t, code, b.Post(ask.Path+"/file"))
}

func checkFile(t *testing.T, code string, a *uitest.Answer) {
	t.Helper()
	a.Want(http.StatusOK)
	require.NotContains(t, a.Body[:min(500, len(a.Body))], "<html", "%s at %s", code, a.Path)
	book, err := sheet.Read([]byte(a.Body))
	require.NoError(t, err, code)
	rows := book.Sheets[0].Rows
	for _, head := range rows[0] {
		require.NotContains(t, head, ".", "the heading of %q has no words", code)
	}
	for _, row := range rows[1:] {
		require.LessOrEqual(t, len(row), len(rows[0]), "%q: more cells than headings", code)
		for _, cell := range row {
			cell = strings.TrimPrefix(cell, "test.prepare") // an act of the test itself
			require.NotRegexp(t, `^[a-z]+\.[a-z_.]+$`, cell, "%q: a word is missing", code)
		}
	}
}
