package admin_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

const (
	edgeOnWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
	oddBrowser    = "<b>me</b>"
)

var endOne = regexp.MustCompile(`action="(/profile/sessions/\d+/end)"`)

// TestOwnSessionsAreSeenAndEnded: people see where they are signed in, and end single sessions or all
// others after the password; those of others they neither see nor end.
func TestOwnSessionsAreSeenAndEnded(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	enters := func(b *uitest.Browser, agent string) *uitest.Browser {
		b.With("User-Agent", agent).Post("/login", "login", "nurse", "password", uitest.Password, "next", "/profile").
			Want(http.StatusOK, `href="/profile/sessions"`)
		return b
	}
	foreign := site.As("doctor")
	foreign.Get("/profile").Want(http.StatusOK)
	lost, odd := enters(site.Known(), edgeOnWindows), enters(site.Stranger(), oddBrowser)
	site.Clock.Forward(6 * time.Minute)
	here := enters(site.Known(), edgeOnWindows)
	page := here.Get("/profile/sessions").Want(http.StatusOK, "known ", "已登记", "未登记", "Edge, Windows", "未知浏览器", "当前设备", "09:00", "09:06").
		Not("<b>me", "127.0.0.1")
	ends := endOne.FindAllStringSubmatch(page.Body, -1)
	require.Len(t, ends, 2, "the present one has no button, a colleague's is not listed")

	// one that is hers, after the password: at this browser it was typed long ago
	site.Clock.Forward(6 * time.Minute)
	here.Post(ends[1][1]).Want(http.StatusForbidden, "data-prove")
	here.Post(ends[1][1], "_proof_pin", uitest.PIN).Want(http.StatusUnprocessableEntity, "data-prove")
	lost.Get("/profile").Want(http.StatusOK)
	here.Post(ends[1][1], "_proof_password", uitest.Password).Want(http.StatusOK, "已退出该设备").At("/profile/sessions")
	lost.Get("/profile").At("/login?next=%2Fprofile")
	lost.Post("/login", "login", "doctor", "password", uitest.Password).Want(http.StatusOK)
	lost.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(http.StatusUnprocessableEntity, "PIN")
	here.Post(ends[1][1]).Want(http.StatusNotFound)

	// not the present one, and no one else's
	own := sessionOf(t, site, here)
	here.Post(fmt.Sprintf("/profile/sessions/%d/end", own)).Want(http.StatusConflict, "退出登录")
	here.Post(fmt.Sprintf("/profile/sessions/%d/end", sessionOf(t, site, foreign))).Want(http.StatusNotFound)
	here.Post("/profile/sessions/0/end").Want(http.StatusNotFound)
	foreign.Get("/profile").Want(http.StatusOK)

	// all others
	odd.Get("/profile").Want(http.StatusOK)
	here.Post("/profile/sessions/end").Want(http.StatusOK, "其他设备已全部退出").Not("/end\"")
	odd.Get("/profile").At("/login?next=%2Fprofile")
	here.Get("/profile").Want(http.StatusOK, "T-nurse")
	foreign.Get("/profile").Want(http.StatusOK)
}

// TestTheOfficeEndsSessions: owner and security administrator end the sessions of a person or of all.
func TestTheOfficeEndsSessions(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	nurse, tablet, front, admin := site.As("nurse"), site.OnTablet("nurse"), site.As("front"), site.As("secadmin")
	out := fmt.Sprintf("/admin/staff/%d/out", site.StaffID("nurse"))
	admin.Get("/admin/staff").Want(http.StatusOK, out, `action="/admin/staff/out"`)
	for _, login := range []string{"sysadmin", "manager", "auditadmin"} {
		b := site.As(login)
		b.Post(out).Want(http.StatusForbidden)
		b.Post("/admin/staff/out").Want(http.StatusForbidden)
	}
	admin.Post(out).Want(http.StatusOK, "所有设备上下线")
	nurse.Get("/profile").At("/login?next=%2Fprofile")
	tablet.Get("/profile").At("/login?next=%2Fprofile")
	front.Get("/profile").Want(http.StatusOK)
	admin.Post("/admin/staff/999999/out").Want(http.StatusNotFound)
	owner := site.As("owner")
	owner.Post("/admin/staff/out").Want(http.StatusOK, "所有人已下线")
	front.Get("/profile").At("/login?next=%2Fprofile")
	admin.Get("/profile").At("/login?next=%2Fprofile")
	owner.Get("/profile").Want(http.StatusOK)
	owner.Get("/admin/trail").Want(http.StatusOK, "强制他人下线")
}

// sessionOf is the row of the session that a browser has.
func sessionOf(t *testing.T, site *uitest.Site, b *uitest.Browser) int64 {
	t.Helper()
	seat, err := site.App.Admin.Session(t.Context(), b.Session(), false)
	require.NoError(t, err)
	return seat.Actor.Session
}
