package web_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/words"
	"meixu/ui/uitest"
)

var (
	getForm  = regexp.MustCompile(`(?s)<form[^>]*method="get".*?</form>`)
	aSelect  = regexp.MustCompile(`(?s)<select.*?</select>`)
	emptyOne = regexp.MustCompile(`<option value=""[^>]*>([^<]*)</option>`)
)

// TestFiltersSayAll looks at the filters of the list pages: choosing nothing there means
// everything, and the empty choice says so.
func TestFiltersSayAll(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	for path, login := range map[string]string{
		"/reception/appointments": "front", "/catalog": "manager", "/stock": "stock", "/till/day": "cashier",
		"/admin/trail": "owner",
	} {
		forms := getForm.FindAllString(site.As(login).Get(path).Want(http.StatusOK).Body, -1)
		require.NotEmpty(t, forms, path)
		for _, f := range forms {
			for _, s := range aSelect.FindAllString(f, -1) {
				for _, empty := range emptyOne.FindAllStringSubmatch(s, -1) {
					require.NotEqual(t, words.ZH.T("kit.choose"), empty[1], path)
				}
			}
		}
	}
	site.As("front").Get("/reception/appointments").Want(http.StatusOK, `<option value="">全部</option>`)
}
