package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/kit"
	"meixu/ui/uitest"
)

// TestNoFieldIsAWarehouse posts, by hand, far more than anybody writes into the free text of deeds
// of all rooms: each is refused in one short sentence that does not repeat the text.
func TestNoFieldIsAWarehouse(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	megabyte := strings.Repeat("A", 1<<20)
	for _, x := range []struct{ login, path, field, text string }{
		{"stock", "/stock/receive", "lot", megabyte},
		{"stock", "/stock/receive", "code", megabyte},
		{"stock", "/stock/receive", "traces", megabyte},
		{"stock", "/stock/lot/1/hold", "hold_reason", strings.Repeat("因", 501)},
		{"nurse", "/procedure/1/lots", "code", megabyte},
		{"nurse", "/procedure/1/lots/1/back", "reason", strings.Repeat("因", 501)},
		{"front", "/reception/leads", "name", strings.Repeat("名", 61)},
		{"front", "/reception/leads", "need", strings.Repeat("要", 2001)},
		{"front", "/reception/appointments/new", "note", strings.Repeat("注", 2001)},
		{"front", "/reception/appointments/1/cancel", "_reason", strings.Repeat("因", 501)},
		{"front", "/reception/visit/1/assign", "reason", strings.Repeat("因", 501)},
		{"front", "/clients", "q", megabyte},
		{"owner", "/admin/staff/new", "title", strings.Repeat("衔", 61)},
		{"owner", "/admin/settings", "clinic", strings.Repeat("院", 61)},
		{"manager", "/premises/room/1/state", "state-reason", strings.Repeat("因", 501)},
		{"manager", "/people/licence/new", "number", megabyte},
		{"cashier", "/till/1/pay", "ref_1", megabyte},
		{"aftercare", "/aftercare/1", "outcome", strings.Repeat("果", 2001)},
	} {
		a := site.As(x.login).Direct().Post(x.path, x.field, x.text).Want(http.StatusUnprocessableEntity, "内容太长", "最多", `data-field="`+x.field+`"`)
		require.Less(t, len(a.Body), 20_000, "%s %s", x.path, x.field)
		require.NotContains(t, a.Body, x.text[:180], "%s %s", x.path, x.field)
	}
	site.As("front").Post("/reception/leads", "name", "林晚秋", "phone", "13890000001", "channel", "phone",
		"need", strings.Repeat("要", 90), "owner", idOf(site.StaffID("consultant"))).Want(http.StatusOK)
}

func TestHealthAnswersHead(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	for _, door := range []string{site.URL, site.GuestURL} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodHead, door+"/healthz", nil)
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
}

var (
	postForm = regexp.MustCompile(`(?s)<form[^>]*method="post".*?</form>`)
	actionOf = regexp.MustCompile(`action="([^"]*)"`)
)

// TestEveryFormCarriesItsOneTimeKey reads the pages of the house: a form that is posted without
// the key would be refused when somebody presses its button.
func TestEveryFormCarriesItsOneTimeKey(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../*/pages/*.html")
	require.NoError(t, err)
	kits, err := filepath.Glob("../kit/*.html")
	require.NoError(t, err)
	layouts, err := filepath.Glob("../kit/layout/*.html")
	require.NoError(t, err)
	forms := 0
	for _, file := range append(append(files, kits...), layouts...) {
		text, err := os.ReadFile(filepath.Clean(file))
		require.NoError(t, err)
		for _, form := range postForm.FindAllString(string(text), -1) {
			forms++
			action := actionOf.FindStringSubmatch(form)
			require.NotNil(t, action, "%s: %s", file, form)
			if _, exempt := kit.WithoutOnce(action[1]); !exempt {
				require.Contains(t, form, `"once"`, "%s: %s", file, form)
			}
		}
	}
	require.Greater(t, forms, 60)
}
