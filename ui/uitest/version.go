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
	versionHere = regexp.MustCompile(`name="(_version|version|_seen)"[^>]* value="([^"]*)"`)
	seenHere    = regexp.MustCompile(`name="_seen" value="([^"]*)"`)
	// decided are the decisions on what a page shows, each with that page before the word.
	decided = regexp.MustCompile(`^(/plan/\d+)/(?:line/\d+/)?(?:rule|price|refused|approve|papers|order|decline)$|^(/procedure/\d+)/sign$`)
)

// versionOf opens the page from which the form is posted and reads the version that it carries;
// none when the form names one itself or has none.
func (b *Browser) versionOf(path string, form url.Values) map[string]string {
	b.T.Helper()
	if page := decided.FindStringSubmatch(path); page != nil && !form.Has("_seen") {
		return b.shownIn(page[1]+page[2], path) // nothing where nothing may be decided
	}
	answers := slices.ContainsFunc(slices.Collect(maps.Keys(form)), func(name string) bool { return strings.HasPrefix(name, "q.") || name == "_step" })
	if form.Has("_version") || form.Has("version") || !answers && !versioned.MatchString(path) {
		return nil
	}
	return b.shownIn(strings.TrimSuffix(path, "/close"), path)
}

// shownIn opens a page and reads what the form for the path on it carries of what it shows.
func (b *Browser) shownIn(at, path string) map[string]string {
	b.T.Helper()
	page := b.send(http.MethodGet, at, "", nil)
	for _, part := range formTag.FindAllString(page.Body, -1) {
		action := formAction.FindStringSubmatch(part)
		if action == nil || html.UnescapeString(action[1]) != path {
			continue
		}
		if found := versionHere.FindStringSubmatch(part); found != nil {
			return map[string]string{found[1]: found[2]}
		}
	}
	if found := seenHere.FindStringSubmatch(page.Body); found != nil && decided.MatchString(path) {
		return map[string]string{"_seen": found[1]}
	}
	return nil
}
