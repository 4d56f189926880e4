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
	versioned   = regexp.MustCompile(`/(assign|move|close|amend|settings)$|^/ready/device/`)
	formTag     = regexp.MustCompile(`(?s)<form[^>]*>.*?</form>`)
	formAction  = regexp.MustCompile(`<form[^>]* action="([^"]*)"`)
	versionHere = regexp.MustCompile(`name="(_version|version|_seen)"[^>]* value="([^"]*)"`)
	seenHere    = regexp.MustCompile(`name="_seen" value="([^"]*)"`)
)

// decided are the decisions on what a page shows and the signatures under it, each with that page.
var decided = []struct {
	post *regexp.Regexp
	page string
}{
	{regexp.MustCompile(`^(/plan/\d+)/(?:line/\d+/)?(?:rule|price|refused|approve|papers|order|decline)$`), "$1"},
	{regexp.MustCompile(`^(/procedure/\d+)/(?:sign|release)$`), "$1"},
	{regexp.MustCompile(`^(/procedure/\d+/(?:clear|counts))$`), "$1"},
	{regexp.MustCompile(`^(/stock/lot/\d+)/count$`), "$1"},
	{regexp.MustCompile(`^/stock/count/\d+/decide$`), "/stock/counts"},
	{regexp.MustCompile(`^/till/day/count$`), "/till/day?day="},
	{regexp.MustCompile(`^/reception/clients/\d+/identity$`), "/reception/visit/"},
}

// pageOf is the page on which a decision is posted; "" when the post is none.
func pageOf(path string, form url.Values) string {
	for _, d := range decided {
		if d.post.MatchString(path) {
			page := d.post.ReplaceAllString(path, d.page)
			if strings.HasSuffix(page, "day=") {
				page += form.Get("of")
			}
			if strings.HasSuffix(page, "visit/") {
				page += form.Get("visit")
			}
			return page
		}
	}
	return ""
}

// versionOf opens the page from which the form is posted and reads the version that it carries;
// none when the form names one itself or has none.
func (b *Browser) versionOf(path string, form url.Values) map[string]string {
	b.T.Helper()
	if page := pageOf(path, form); page != "" && !form.Has("_seen") {
		return b.shownIn(page, path) // nothing where nothing may be decided
	}
	if form.Has("_seen") || form.Has("_version") || form.Has("version") {
		return nil
	}
	answers := slices.ContainsFunc(slices.Collect(maps.Keys(form)), func(name string) bool { return strings.HasPrefix(name, "q.") || name == "_step" })
	if !answers && !versioned.MatchString(path) {
		return nil
	}
	return b.shownIn(strings.TrimSuffix(path, "/close"), path)
}

// Seen is what the form for a path on a page carries of what the page shows.
func (b *Browser) Seen(at, path string) string {
	b.T.Helper()
	return b.shownIn(at, path)["_seen"]
}

// shownIn opens a page and reads what the form for the path on it carries of what it shows.
func (b *Browser) shownIn(at, path string) map[string]string {
	b.T.Helper()
	page, shown := b.send(http.MethodGet, at, "", nil), map[string]string{}
	for _, part := range formTag.FindAllString(page.Body, -1) {
		action := formAction.FindStringSubmatch(part)
		if action == nil || html.UnescapeString(action[1]) != path {
			continue
		}
		for _, found := range versionHere.FindAllStringSubmatch(part, -1) {
			shown[found[1]] = html.UnescapeString(found[2])
		}
		if len(shown) > 0 {
			return shown
		}
	}
	if found := seenHere.FindStringSubmatch(page.Body); found != nil && pageOf(path, nil) != "" {
		shown["_seen"] = found[1]
	}
	return shown
}
