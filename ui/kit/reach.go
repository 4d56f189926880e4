package kit

import (
	"net/http"
	"strings"

	"meixu/app/access"
	"meixu/app/words"
)

// Reaches says that this server answers GET at the path (with real ids in it) and the actor
// may go there. Pages that link into other rooms ask it first, so that no link is dead.
func (r *Routes) Reaches(by access.Actor, path string) bool {
	if r == nil || path == "" {
		return false
	}
	path, _, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	var best *Route
	for i := range r.list {
		route := &r.list[i]
		if route.Method != http.MethodGet || route.Guest || !fits(route.Path, path) {
			continue
		}
		if best == nil || strings.Count(route.Path, ":") < strings.Count(best.Path, ":") {
			best = route
		}
	}
	return best != nil && by.May(best.Permission)
}

// fits says that a path is one of the pattern's (":id" stands for one part).
func fits(pattern, path string) bool {
	for more := true; more; {
		var want, have string
		var moreOfIt bool
		want, pattern, more = strings.Cut(pattern, "/")
		have, path, moreOfIt = strings.Cut(path, "/")
		if more != moreOfIt || want != have && (!strings.HasPrefix(want, ":") || have == "") {
			return false
		}
	}
	return true
}

// Reaches is Routes.Reaches for the person of the page.
func (f *Frame) Reaches(path string) bool { return f.routes.Reaches(f.Actor, path) }

// Words is template data made of its two languages, for Text.
func (f *Frame) Words(zh, en string) words.Text { return words.Text{ZH: zh, EN: en} }
