package kit

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
)

// filters are the parts of an address that come back after the lock: days, rows and states.
var filters = []string{"day", "staff", "room", "state", "page", "s", "client", "visit", "here", "from", "late", "show", "kind", "part"}

// ofTheHouse are days, row ids, states and the random words of searches; no phone number.
var ofTheHouse = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}|\d{1,6}|[a-z_]{1,20}|[A-Z2-7]{12})$`)

// AddressOf is the path of a page with as much of its filter as the house itself wrote there.
// What a person typed into an address, a name or a phone number, is left out.
func AddressOf(page *url.URL) string {
	query := page.Query()
	maps.DeleteFunc(query, func(name string, values []string) bool {
		return !slices.Contains(filters, name) || slices.ContainsFunc(values, func(v string) bool { return !ofTheHouse.MatchString(v) })
	})
	return (&url.URL{Path: page.Path, RawQuery: query.Encode()}).RequestURI()
}
