package web_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/find"
	"meixu/store"
	"meixu/ui/uitest"
)

// TestSearchesLeaveNothingInAddresses searches for a phone number and a name wherever the desk
// may: no address that follows, no link on the page and no line of the log has what was typed,
// while paging, reload and Back find it again.
func TestSearchesLeaveNothingInAddresses(t *testing.T) { //nolint:paralleltest // it listens to the log of the whole program
	site := uitest.New(t)
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(was) })
	require.NoError(t, site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "client.create"}, func(tx *store.Tx) error {
		for n := range 60 {
			c := store.Client{Name: "林晚秋", Phone: fmt.Sprintf("138000088%02d", n), Gender: "female", Birth: "1990-05-06", Source: "walk_in"}
			if err := tx.AddClient(&c); err != nil {
				return err
			}
			tx.After(func() {
				site.App.Engines.Find.Put(find.Person{ID: c.ID, Name: c.Name, Phone: c.Phone, Number: c.Number, Birth: c.Birth})
			})
		}
		return nil
	}))
	front := site.As("front")
	inAddress := regexp.MustCompile(`(?:href|action|hx-get|data-href)="[^"]*(?:138000088|林晚秋|%E6%9E%97)[^"]*"`)
	for post, list := range map[string]string{"/find": "/find", "/clients": "/clients", "/reception/appointments/who": "/reception/appointments/new"} {
		for _, typed := range []string{"13800008817", "林晚秋"} {
			page := front.Post(post, "q", typed).Want(http.StatusOK, "林晚秋")
			require.Regexp(t, `^`+list+`\?s=[A-Z2-7]{12}$`, page.Path)
			require.Empty(t, inAddress.FindAllString(page.Body, -1))
			front.Get(page.Path).Want(http.StatusOK, `value="`+typed+`"`) // reload and Back
			site.As("front").Get(page.Path).Want(http.StatusOK).Not(`value="` + typed + `"`)
		}
	}
	pages := front.Post("/clients", "q", "林晚秋")
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(pages.Body)
	require.Len(t, next, 2, "sixty are two pages")
	front.Get(regexp.MustCompile(`&amp;`).ReplaceAllString(next[1], "&")).Want(http.StatusOK, "林晚秋", `value="林晚秋"`)
	front.With("HX-Request", "true").Post("/find", "q", "13800008817").At("/find").Want(http.StatusOK, "林晚秋")
	require.Contains(t, log.String(), "route=/find")
	require.NotContains(t, log.String(), "13800008817")
	require.NotContains(t, log.String(), "林晚秋")
}

// TestNoSearchForPeopleTravelsInAnAddress looks at every page of the house: a form that is sent by
// GET asks for products, items and days, never for people.
func TestNoSearchForPeopleTravelsInAnAddress(t *testing.T) {
	t.Parallel()
	var asking []string
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "node_modules" || filepath.Ext(path) != ".html" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, form := range getForm.FindAllString(string(text), -1) {
			if regexp.MustCompile(`name="(q|phone|name|typed)"`).MatchString(form) {
				asking = append(asking, filepath.ToSlash(path))
			}
		}
		return err
	}))
	require.ElementsMatch(t, []string{"../catalog/pages/items.html", "../inventory/pages/list.html", "../consultation/pages/plan.html"}, asking)
}
