package uitest

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Forms that post the version of the row which they show, and its field.
var (
	versioned   = regexp.MustCompile(`/(assign|move|close|amend)$|^/ready/device/`)
	formTag     = regexp.MustCompile(`(?s)<form[^>]*>.*?</form>`)
	formAction  = regexp.MustCompile(`<form[^>]* action="([^"]*)"`)
	versionHere = regexp.MustCompile(`name="(_version|version)"[^>]* value="([^"]*)"`)
)

// versionOf opens the page from which the form is posted and reads the version that it carries;
// none when the form names one itself or has none.
func (b *Browser) versionOf(path string, form url.Values) map[string]string {
	b.T.Helper()
	answers := slices.ContainsFunc(slices.Collect(maps.Keys(form)), func(name string) bool { return strings.HasPrefix(name, "q.") || name == "_step" })
	if form.Has("_version") || form.Has("version") || !answers && !versioned.MatchString(path) {
		return nil
	}
	page := b.send(http.MethodGet, strings.TrimSuffix(path, "/close"), "", nil)
	for _, part := range formTag.FindAllString(page.Body, -1) {
		action := formAction.FindStringSubmatch(part)
		if action == nil || html.UnescapeString(action[1]) != path {
			continue
		}
		if found := versionHere.FindStringSubmatch(part); found != nil {
			return map[string]string{found[1]: found[2]}
		}
	}
	return nil
}
