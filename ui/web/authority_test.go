package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/ui/kit"
	"meixu/ui/uitest"
)

// ending are the deeds after which a session is no longer what it was.
var ending = []string{"/logout", "/lock", "/login", "/switch", "/unlock", "/reclaim", "/profile", "/reception/intakes/handover"}

// TestTR18EveryRouteForEveryRole asks every route of the house as every role: who holds the
// permission that the route declares is let in, everybody else is refused.
func TestTR18EveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	asked, refused := 0, 0
	for _, role := range access.Roles {
		login := uitest.LoginOf(role)
		by, cookie := site.Actor(login), site.Cookie(login)
		for _, r := range site.Server.Routes() {
			if r.Guest {
				continue
			}
			asked++
			status, _ := ask(t, site.URL, cookie, r)
			if by.May(r.Permission) {
				require.NotEqual(t, http.StatusForbidden, status, "%s %s is open to %s", r.Method, r.Path, role)
				require.Less(t, status, http.StatusInternalServerError, "%s %s as %s", r.Method, r.Path, role)
			} else {
				require.Equal(t, http.StatusForbidden, status, "%s %s is closed to %s", r.Method, r.Path, role)
				refused++
			}
			if r.Method == http.MethodPost && slices.Contains(ending, r.Path) {
				cookie = site.Cookie(login)
			}
		}
	}
	require.Greater(t, refused, asked/4, "a house that is open to all proves nothing")
	t.Logf("TR-18: %d questions, every route as each of %d roles, %d refused, 0 wrong", asked, len(access.Roles), refused)
}

// TestTR18EveryRouteNeedsASession asks every route as somebody whose session is none: never
// there, over, locked, in a client's hands, or shown at the guests' door.
func TestTR18EveryRouteNeedsASession(t *testing.T) {
	t.Parallel()
	toLogin := func(_ kit.Route, status int, to string) bool {
		return status == http.StatusSeeOther && strings.HasPrefix(to, kit.LoginPath)
	}
	for name, c := range map[string]struct {
		cookie func(*uitest.Site) *http.Cookie
		open   []string // stays open in this state
		guest  bool     // asked at the guests' door
		right  func(r kit.Route, status int, to string) bool
	}{
		"nobody": {cookie: func(*uitest.Site) *http.Cookie { return nil }, right: toLogin},
		"a session that somebody made up": {
			cookie: func(*uitest.Site) *http.Cookie { return &http.Cookie{Name: "meixu", Value: strings.Repeat("A", 26)} }, right: toLogin,
		},
		"a session that is over": {
			cookie: func(s *uitest.Site) *http.Cookie {
				defer s.Clock.Forward(13 * time.Hour)
				return s.Cookie("owner")
			}, right: toLogin,
		},
		"a person who left the house": {
			cookie: func(s *uitest.Site) *http.Cookie {
				cookie := s.Cookie("manager")
				gone, err := s.App.Admin.Person(s.T.Context(), s.Actor("owner"), s.StaffID("manager"))
				require.NoError(s.T, err)
				_, err = s.App.Admin.EditStaff(s.T.Context(), s.Actor("owner"), office.StaffEdit{
					ID: gone.ID, Version: gone.Version, Name: gone.Name, Roles: []access.Role{access.Manager},
				})
				require.NoError(s.T, err)
				return cookie
			}, right: toLogin,
		},
		"a locked session": {
			cookie: func(s *uitest.Site) *http.Cookie {
				b := s.As("owner")
				b.Post("/lock")
				return &http.Cookie{Name: "meixu", Value: b.Session()}
			},
			open: []string{"/unlock", "/lock", "/logout", "/switch", "/lang"},
			right: func(_ kit.Route, status int, to string) bool {
				return status == http.StatusUnauthorized || status == http.StatusSeeOther && strings.HasPrefix(to, "/unlock")
			},
		},
		"a tablet in a client's hands": {
			cookie: func(s *uitest.Site) *http.Cookie {
				b := s.OnTablet("owner")
				b.HandOver("/form/handover/1")
				return &http.Cookie{Name: "meixu", Value: b.Session()}
			},
			open: []string{"/reclaim", "/lang", "/draft", "/form/handover/:visit", "/form/handover/:visit/:id"},
			right: func(_ kit.Route, status int, to string) bool {
				return status == http.StatusForbidden || status == http.StatusSeeOther && to == "/form/handover/1"
			},
		},
		"the owner at the guests' door": {
			cookie: func(s *uitest.Site) *http.Cookie { return s.Cookie("owner") }, guest: true,
			right: func(_ kit.Route, status int, _ string) bool {
				return status == http.StatusNotFound || status == http.StatusMethodNotAllowed
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := uitest.New(t)
			cookie, base, asked := c.cookie(site), site.URL, 0
			if c.guest {
				base = site.GuestURL
			}
			for _, r := range site.Server.Routes() {
				if r.Guest || r.Permission == access.Anyone || slices.Contains(c.open, r.Path) {
					continue
				}
				asked++
				if !strings.Contains(name, "locked") && !strings.Contains(name, "tablet") {
					site.Clock.Forward(2 * time.Second) // strangers may post once a second
				}
				status, to := ask(t, base, cookie, r)
				require.True(t, c.right(r, status, to), "%s %s: %d %s", r.Method, r.Path, status, to)
			}
			t.Logf("TR-18: %d questions by %s, 0 let in", asked, name)
		})
	}
}
