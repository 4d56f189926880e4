package kit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
)

// withoutOnce are the posts that need no one-time key, and why; every other post without one is
// refused, because a second one could not be told from the first (rulings 24).
var withoutOnce = map[string]string{
	"/login":      "opens a session; a second post opens another, and the first is not known any more",
	"/login/code": "opens the session that the login asked the code for; a code opens once",

	"/logout":  "ends the session; a second one finds none",
	"/lock":    "locks the session, also from a script when nobody is there; twice is once",
	"/unlock":  "opens the same session; the tries are counted on their own",
	"/switch":  "changes who sits at the browser; twice is once",
	"/reclaim": "takes the tablet back; twice is once",
	"/lang":    "keeps a cookie of the browser",
	"/draft":   "JSON: keeps what is typed, over what was kept before",

	"/csp-report": "JSON: counts what a browser stopped",

	"/phrase":                  "reads: marks words in a text that is being typed",
	"/consultation/phrases":    "reads: marks words in a text that is being typed",
	"/reception/leads/known":   "reads: a phone number that must stand in no address",
	"/reception/clients/fresh": "reads: draws the form with what was searched for",

	"/book/item": "reads: what somebody would like done, which must stand in no address",

	"/exchange/imports/:id/faults": "reads: a list of what is wrong with a file, to be kept",
	"/exchange/exports/ask":        "reads: draws the page on which a list is asked for, with the filter that stood on the list",

	"/find":                       "reads: a search by name or phone, which must stand in no address",
	"/clients":                    "reads: a search by name or phone, which must stand in no address",
	"/reception/appointments/who": "reads: a search by name or phone, which must stand in no address",
	"/reception/calendar/who":     "reads: a search by name or phone, which must stand in no address",
	"/reception/waits/who":        "reads: a search by name or phone, which must stand in no address",
}

// WithoutOnce says that a post to the route needs no one-time key, and why.
func WithoutOnce(path string) (why string, exempt bool) {
	why, exempt = withoutOnce[path]
	return why, exempt
}

// keyed refuses a post without the one-time key that every form of the house carries: it comes
// from a page that is no longer whole, or from no page at all.
func keyed(c echo.Context, once string) error {
	if _, exempt := WithoutOnce(c.Path()); exempt || once != "" {
		return nil
	}
	return &fault.Error{Kind: fault.KindMalformed, Key: "fault.unkeyed"}
}

// secretFields are the ends of the names that are left out of the digest of a post: they confirm
// a deed and are no part of it.
var secretFields = []string{"_once", "pin", "password"}

// secretField says that a field is a secret; "old" is one's present password.
func secretField(name string) bool {
	return name == "old" || slices.ContainsFunc(secretFields, func(end string) bool { return strings.HasSuffix(name, end) })
}

// digest is a SHA-256 over the method, the address and the fields of the form, so that a page that
// was changed and sent again under its old one-time key, or the same fields sent elsewhere, are
// not taken for the first post. Files count by name and size.
func (f *Form) digest(r *http.Request) string {
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%s %q\n", r.Method, r.URL.Path)
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if !secretField(name) {
			_, _ = fmt.Fprintf(sum, "%q=%q\n", name, f.values[name])
		}
	}
	for _, name := range f.FileNames() {
		for _, file := range f.files[name] {
			_, _ = fmt.Fprintf(sum, "%q:%q %d\n", name, file.Filename, file.Size)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// OnceHeader brings a page that stays a fresh one-time key.
const OnceHeader = "X-Meixu-Once"
