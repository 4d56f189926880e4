package kit

import (
	"net/http"
	"slices"
	"strings"

	"meixu/app/access"
)

// room is one entry of the rail. It is shown when a page is registered at its path (or, with
// a trailing slash, below it) and the person may see that page: the rail has no dead ends.
type room struct{ key, icon, path string }

// rooms is the rail from the client's way through the house down to the office.
var rooms = []room{
	{"home", "home", "/home"},
	{"reception", "door-enter", "/reception"},
	{"queue", "users-group", "/reception/queue"},
	{"calendar", "calendar", "/reception/calendar"},
	{"appointments", "calendar-event", "/reception/appointments"},
	{"leads", "phone-incoming", "/reception/leads"},
	{"clients", "address-book", "/clients"},
	{"consultation", "message-2-heart", "/consultation"},
	{"plan", "clipboard-list", "/consultation/plans"},
	{"cases", "photo", "/cases"},
	{"treatments", "stethoscope", "/procedure"},
	{"till", "receipt-yuan", "/till"},
	{"aftercare", "heart-handshake", "/aftercare"},
	{"messages", "send", "/messages"},
	{"feedback", "message-report", "/feedback"},
	{"tasks", "checklist", "/tasks"},
	{"board", "layout-kanban", "/board"},
	{"ready", "clipboard-check", "/ready"},
	{"premises", "building-hospital", "/premises"},
	{"stock", "packages", "/stock"},
	{"catalog", "list-details", "/catalog"},
	{"people", "id-badge-2", "/people"},
	{"roster", "calendar-event", "/people/roster"},
	{"exchange", "arrows-exchange", "/exchange"},
	{"quality", "rosette-discount-check", "/quality"},
	{"owner", "chart-bar", "/owner"},
	{"admin", "settings", "/admin"},
}

// office are the pages that lie beside the office in the address, and belong to it for people.
var office = []string{"/keeping", "/lan", "/profile"}

// roomOf is the path by which the rail knows where a page belongs.
func roomOf(here string) string {
	for _, path := range office {
		if inside(here, path) {
			return "/admin"
		}
	}
	return here
}

// NavLink is one entry of the rail, ready to draw.
type NavLink struct {
	Key  string
	Icon string
	Path string
	Here bool
}

// shortcuts are the function keys that lead into a room, as the desk knows them.
var shortcuts = map[string]string{"reception": "F3", "calendar": "F4", "till": "F8"}

// Shortcut is the function key of the entry; "" for none.
func (l NavLink) Shortcut() string { return shortcuts[l.Key] }

// links is the rail of the person: the rooms that are registered and open to them.
func (f *Frame) links() []NavLink {
	var links []NavLink
	best := -1
	for _, r := range rooms {
		path := f.routes.entry(f, r.path)
		if path == "" {
			continue
		}
		links = append(links, NavLink{Key: r.key, Icon: r.icon, Path: path})
		if inside(roomOf(f.Here), r.path) && (best < 0 || len(r.path) > len(links[best].Path) || inside(r.path, links[best].Path)) {
			best = len(links) - 1
		}
	}
	if best >= 0 {
		links[best].Here = true
	}
	return links
}

// barSize is how many entries the bottom bar of a tablet shows; the rest opens with "more".
const barSize = 6

// firstOf are the rooms that a role reaches for with one hand, before all others.
var firstOf = map[access.Role][]string{
	access.Physician:  {"home", "consultation", "treatments", "plan", "tasks"},
	access.Nurse:      {"home", "treatments", "consultation", "ready", "tasks"},
	access.Consultant: {"home", "consultation", "plan", "clients", "calendar"},
}

// Bar is the rail as the bottom bar of a tablet: what the role reaches for, and the room one
// is in.
func (f *Frame) Bar() []NavLink {
	shown, _ := f.split()
	return shown
}

// More are the rooms that the bottom bar keeps folded away.
func (f *Frame) More() []NavLink {
	_, rest := f.split()
	return rest
}

func (f *Frame) split() (shown, rest []NavLink) {
	if f.Layout != Tablet || len(f.Nav) <= barSize+1 {
		return f.Nav, nil
	}
	var first []string
	for _, role := range f.Actor.Roles {
		if keys := firstOf[role]; len(first) == 0 {
			first = keys
		}
	}
	for _, l := range f.Nav {
		if l.Here || slices.Contains(first, l.Key) || len(first) == 0 && len(shown) < barSize {
			shown = append(shown, l)
		} else {
			rest = append(rest, l)
		}
	}
	return shown, rest
}

func inside(here, path string) bool {
	return here == path || strings.HasPrefix(here, path+"/")
}

// entry is the page that a room's rail entry opens: the room's own path, or the first plain
// page below it that no other entry has and that the person may see.
func (r *Routes) entry(f *Frame, path string) string {
	if r == nil || r.open(f.Actor, path) {
		if r == nil {
			return ""
		}
		return path
	}
	for _, route := range r.list {
		if route.Method != http.MethodGet || route.Guest || !strings.HasPrefix(route.Path, path+"/") {
			continue
		}
		if strings.ContainsAny(route.Path, ":*") || ownEntry(route.Path) || strings.Count(route.Path, "/") > 2 {
			continue
		}
		if f.Actor.May(route.Permission) {
			return route.Path
		}
	}
	return ""
}

func ownEntry(path string) bool {
	for _, r := range rooms {
		if r.path == path {
			return true
		}
	}
	return false
}

// Waiting counts what waits in a room, for the badge of its entry.
func (f *Frame) Waiting(key string) int { return f.Badges[key] }
