package gates_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/ui/kit"
	"meixu/ui/uitest"
)

// nobodys fills the parameters of a route with a row that nobody has.
func nobodys(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") {
			parts[i] = "999999"
		}
	}
	return strings.Join(parts, "/")
}

// doer is a browser of somebody who may do the deed.
func doer(t *testing.T, s *uitest.Site, need access.Permission) *uitest.Browser {
	t.Helper()
	for _, role := range access.Roles {
		if login := uitest.LoginOf(role); login != "" && s.Actor(login).May(need) {
			return s.As(login).Direct()
		}
	}
	return nil
}

// TestNoPostWithoutItsOneTimeKey posts to every route of both doors, by hand and without the key
// that the pages of the house carry: as a form and as JSON.
func TestNoPostWithoutItsOneTimeKey(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	asked := 0
	for _, r := range s.Server.Routes() {
		_, exempt := kit.WithoutOnce(r.Path)
		if r.Method != http.MethodPost || exempt {
			continue
		}
		b := s.AsGuest().Direct()
		if !r.Guest {
			b = doer(t, s, r.Permission)
		}
		if b == nil { // the deed of a client to whom a tablet was handed
			b = s.OnTablet("front")
			b.HandOver(r.Path)
			b = b.Direct()
		}
		require.NotNil(t, b, "somebody may do %s", r.Path)
		asked++
		path := nobodys(r.Path)
		b.Post(path, "_once", "").Want(http.StatusBadRequest, "请刷新页面")
		b.PostJSON(path, "{}").Want(http.StatusBadRequest, "请刷新页面")
	}
	require.Greater(t, asked, 100)
}
