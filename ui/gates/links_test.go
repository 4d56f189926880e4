package gates_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// mainPages are where the work of a day is seen; who may not open one is not asked for its links.
var mainPages = []string{
	"/home", "/reception", "/reception/visit/{visit}", "/board", "/visit/{visit}", "/client/{client}", "/form/visit/{visit}",
	"/consultation", "/consultation/{visit}", "/procedure", "/procedure/{treatment}", "/aftercare", "/aftercare/guide/{treatment}",
	"/tasks", "/till", "/stock", "/ready", "/premises", "/people", "/catalog", "/cases", "/feedback", "/feedback/messages", "/alerts", "/owner", "/admin",
}

var leading = regexp.MustCompile(`\b(?:href|src|data-href|hx-get)="(/[^"]*)"`)

// leadsOf are the addresses within the house to which a page leads, or from which it takes its
// pictures and parts.
func leadsOf(body string) (list []string) {
	for _, m := range leading.FindAllStringSubmatch(body, -1) {
		to, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
		if !strings.HasPrefix(to, "/assets/") && to != "/live" && to != "" {
			list = append(list, to)
		}
	}
	return list
}

// TestNoLinkIsShut: what a page offers, its reader may open. A link to a page that answers 403
// or 404 is a promise that the house does not keep.
func TestNoLinkIsShut(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]day.Step{"before the procedure": day.Papered, "after it": day.Locked} {
		d := day.New(t).To(last)
		for _, role := range access.Roles {
			login := uitest.LoginOf(role)
			asked := map[string]bool{}
			reader := d.As(login)
			for _, page := range mainPages {
				page = d.Fill(page)
				if strings.HasSuffix(page, "/0") || strings.Contains(page, "{") {
					continue
				}
				answer := reader.Get(page)
				if answer.Status != http.StatusOK {
					continue
				}
				for _, to := range leadsOf(answer.Body) {
					if asked[to] {
						continue
					}
					asked[to] = true
					status := reader.Get(to).Status
					if status == http.StatusForbidden || status == http.StatusNotFound {
						t.Errorf("%s: %s leads %s to %s: %d", name, page, login, to, status)
					}
				}
			}
			require.NotEmpty(t, asked, "%s: %s was led nowhere", name, login)
		}
	}
}
