package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/ui/uitest"
)

// enters signs a person in at a browser through the door.
func enters(b *uitest.Browser, login string) *uitest.Browser {
	b.T.Helper()
	b.Post("/login", "login", login, "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-"+login).At("/profile")
	return b
}

// out says that the session opens nothing any more.
func out(site *uitest.Site, session string) {
	site.T.Helper()
	site.Steal(session).Get("/profile").At("/login?next=%2Fprofile")
	site.Steal(session).Get("/live").At("/login?next=%2Flive")
	site.Steal(session).PostJSON("/draft", `{"form":"a","values":{"x":["1"]}}`).Want(http.StatusOK).At("/login")
}

// TestTR21 is what a session is worth, and for how long.
func TestTR21(t *testing.T) {
	t.Parallel()
	for name, check := range map[string]func(*uitest.Site){
		"fixation: the session is a new one after each login": func(site *uitest.Site) {
			const planted = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
			b := enters(site.Steal(planted), "front")
			first := b.Session()
			require.NotEqual(site.T, planted, first)
			enters(b, "front")
			require.NotEqual(site.T, first, b.Session())
			out(site, planted)
			out(site, first)
		},
		"logout: a copy of the cookie is worth nothing": func(site *uitest.Site) {
			b := enters(site.Stranger(), "front")
			kept := b.Session()
			site.Steal(kept).Get("/profile").Want(http.StatusOK, "T-front")
			b.Post("/logout").Want(http.StatusOK).At("/login")
			require.Empty(site.T, b.Session())
			out(site, kept)
		},
		"disabled: out on every device with the next request": func(site *uitest.Site) {
			devices := []*uitest.Browser{enters(site.Known(), "nurse"), site.OnTablet("nurse"), site.As("nurse"), enters(site.Stranger(), "nurse")}
			handed := site.OnTablet("nurse")
			handed.HandOver("/form/7")
			locked := enters(site.Known(), "nurse")
			locked.Post("/lock")
			devices = append(devices, handed, locked)
			// the first login made the light hash of tests anew: version 2
			site.As("owner").Post(fmt.Sprintf("/admin/staff/%d", site.StaffID("nurse")), "version", "2", "name", "T-nurse", "roles", "nurse").
				Want(http.StatusOK)
			for _, b := range devices {
				out(site, b.Session())
			}
			locked.Post("/unlock", "pin", uitest.PIN).At("/login")
			shared := enters(site.Known(), "doctor")
			shared.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(http.StatusUnprocessableEntity)
			site.Stranger().Post("/login", "login", "nurse", "password", uitest.Password).Want(http.StatusUnprocessableEntity, "登录名或密码不对")
		},
		"five wrong PINs: then the password, after which the PIN counts anew": func(site *uitest.Site) {
			b := enters(site.Known(), "nurse")
			b.Post("/lock")
			for range 5 {
				b.Post("/unlock", "pin", "971346").Want(http.StatusUnprocessableEntity, "PIN")
			}
			b.Post("/unlock", "pin", uitest.PIN).Want(http.StatusTooManyRequests, "TR-login")
			b.Post("/unlock", "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-nurse").At("/profile")
			b.Post("/lock")
			b.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK, "T-nurse").At("/profile")
		},
		"idle: three minutes on a tablet, ten at a desk, whatever refreshes itself": func(site *uitest.Site) {
			for limit, sit := range map[time.Duration]func() *uitest.Browser{
				3 * time.Minute: func() *uitest.Browser { return site.OnTablet("nurse") }, 10 * time.Minute: func() *uitest.Browser { return site.As("front") },
			} {
				kind := sit() // not before the other one's time has passed
				kind.Get("/profile").Want(http.StatusOK).At("/profile")
				site.Clock.Forward(limit)
				kind.Get("/profile").Want(http.StatusOK).At("/profile")
				site.Clock.Forward(limit - time.Second)
				kind.Get("/draft?form=a").Want(http.StatusNoContent)
				site.Clock.Forward(2 * time.Second)
				kind.Get("/draft?form=a").Want(http.StatusUnauthorized)
				kind.Get("/profile").At("/unlock?next=%2Fprofile")
			}
		},
		"absolute: twelve hours after the password, however busy": func(site *uitest.Site) {
			b := enters(site.Known(), "nurse")
			for range 79 {
				site.Clock.Forward(9 * time.Minute)
				b.Get("/profile").Want(http.StatusOK).At("/profile")
			}
			b.Post("/lock")
			b.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK).At("/profile")
			kept := b.Session()
			site.Clock.Forward(9 * time.Minute)
			out(site, kept)
		},
		"drafts: nobody reads another's, on the same device too": func(site *uitest.Site) {
			b := enters(site.Known(), "nurse")
			const form = "visit:1:exam"
			b.PostJSON("/draft", `{"form":"`+form+`","values":{"note":["青霉素皮试阳性"]}}`).Want(http.StatusNoContent)
			b.Get("/draft?form="+url.QueryEscape(form)).Want(http.StatusOK, "青霉素皮试阳性")
			enters(b, "doctor")
			b.Get("/draft?form=" + url.QueryEscape(form)).Want(http.StatusNoContent)
			b.PostJSON("/draft", `{"form":"`+form+`","values":{"note":["医师的"]}}`).Want(http.StatusNoContent)
			site.As("owner").Get("/draft?form=" + url.QueryEscape(form)).Want(http.StatusNoContent)
			b.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(http.StatusOK)
			b.Get("/draft?form="+url.QueryEscape(form)).Want(http.StatusOK, "青霉素皮试阳性").Not("医师的")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(uitest.New(t))
		})
	}
}

// TestTheAuditAdministratorWritesNothing posts to every route of the house: what whoever looks
// after the trail leaves in it is that he came and what concerns himself.
func TestTheAuditAdministratorWritesNothing(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	own := []access.Permission{
		access.Anyone, access.SignedIn, access.Lapsed, access.ProfileSave, access.SessionEnd, access.DraftSave, access.TrailVerify,
	}
	posted := 0
	for _, route := range site.Server.Routes() {
		if route.Method != http.MethodPost || route.Guest {
			continue
		}
		path := regexp.MustCompile(`:\w+`).ReplaceAllString(route.Path, "1")
		answer := site.As("auditadmin").Direct().Post(path, "_reason", "x", "name", "x", "login", "x", "version", "1", "active", "on")
		posted++
		mine := false
		for _, p := range own {
			mine = mine || route.Permission == p
		}
		if !mine {
			require.Equal(t, http.StatusForbidden, answer.Status, "%s wants %s", route.Path, route.Permission)
		}
	}
	require.Greater(t, posted, 100)
	require.Empty(t, wroteAs(t, site, "auditadmin"), "no row of the house changed under this name")
	site.As("auditadmin").Post("/profile", "old", uitest.Password, "password", "a good long password").Want(http.StatusOK)
	require.Equal(t, []string{"profile.save staff"}, wroteAs(t, site, "auditadmin"), "what concerns himself is his")
}

// wroteAs are the deeds of a person that changed rows, each with its table.
func wroteAs(t *testing.T, site *uitest.Site, login string) (wrote []string) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Staff: site.StaffID(login), Limit: 500})
		if err != nil {
			return err
		}
		for _, a := range acts {
			whole, err := r.Act(a.ID)
			if err != nil {
				return err
			}
			for _, c := range whole.Changes {
				wrote = append(wrote, a.Act.Action+" "+c.Table)
			}
		}
		return nil
	}))
	return wrote
}
