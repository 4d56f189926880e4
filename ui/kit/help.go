package kit

import "strings"

// helpPages are the pages with a help text of their own (kit.help.page.…), by the beginning of
// their path; the longest counts.
var helpPages = map[string]string{
	"/home": "home", "/reception": "reception", "/reception/queue": "queue", "/reception/appointments": "appointments",
	"/reception/calendar": "calendar",
	"/reception/leads":    "leads", "/clients": "clients", "/client/": "client", "/consultation": "consultation", "/plan/": "plan",
	"/consultation/plans": "plan", "/procedure": "treatments", "/till": "till", "/aftercare": "aftercare", "/feedback": "feedback", "/messages": "messages",
	"/alerts": "alerts", "/tasks": "tasks", "/board": "board", "/visit/": "visit", "/ready": "ready", "/premises": "premises", "/cases": "cases", "/stock": "stock",
	"/catalog": "catalog", "/people": "people", "/exchange": "exchange", "/people/roster": "roster", "/people/leave": "roster", "/owner": "owner", "/admin": "admin", "/form": "form", "/doc": "doc",
}

// HelpKey is the words key of what the page is for, shown by F1.
func (f *Frame) HelpKey() string {
	best, key := "", "other"
	for path, page := range helpPages {
		if strings.HasPrefix(f.Here, path) && len(path) > len(best) {
			best, key = path, page
		}
	}
	return "kit.help.page." + key
}
