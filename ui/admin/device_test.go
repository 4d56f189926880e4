package admin_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/lan"
	"meixu/store"
	"meixu/ui/uitest"
)

// fromLAN posts a form over TLS from another machine, at the browser with the secret.
func fromLAN(site *uitest.Site, secret, path string, form url.Values) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "https://meixu.local"+path, strings.NewReader(form.Encode()))
	req.TLS, req.RemoteAddr = &tls.ConnectionState{}, "192.168.1.77:4321"
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(&http.Cookie{Name: "__Host-meixu_station", Value: secret})
	w := httptest.NewRecorder()
	site.Server.Handler().ServeHTTP(w, req)
	return w
}

// opens says whether a password opens a session at that browser, and what the page says.
func opens(site *uitest.Site, secret, login, password string) (ok bool, page string) {
	w := fromLAN(site, secret, "/login", url.Values{"login": {login}, "password": {password}})
	for _, c := range w.Result().Cookies() {
		ok = ok || c.Name == "__Host-meixu" && c.Value != ""
	}
	return ok, w.Body.String()
}

// TestAPasswordAloneOpensNothingAtAStrangersDevice: from another machine the house opens with the
// password and a device that it knows, or with the password and a code of the app; with the password
// alone only as far as the owner has said so. Who asks there does not learn that it was right.
func TestAPasswordAloneOpensNothingAtAStrangersDevice(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	const strange = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
	known := strings.Repeat("K", 26)
	require.NoError(t, site.App.LAN.EnrolAs(t.Context(), site.Actor("owner"), lan.Enrolment{Name: "前台平板", Kind: store.SessionTablet}, lan.Mark(known)))

	for _, login := range []string{"front", "owner"} {
		ok, right := opens(site, strange, login, uitest.Password)
		require.False(t, ok, login)
		_, wrong := opens(site, strange, login, "wrong password")
		require.Contains(t, right, "还没有登记")
		require.Contains(t, right, `href="/enrol"`)
		require.Equal(t, withoutKeys(wrong), withoutKeys(right), "it is told nothing else than a wrong one")
		ok, _ = opens(site, known, login, uitest.Password)
		require.True(t, ok, login)
	}
	site.As("owner").Get("/admin/trail").Want(http.StatusOK, "拒绝登录")

	// a right one that is refused counts as a wrong one, so that waiting does not tell them apart
	for range 5 {
		_, page := opens(site, strange, "manager", uitest.Password)
		require.Contains(t, page, "还没有登记")
	}
	_, page := opens(site, strange, "manager", uitest.Password)
	require.Contains(t, page, "连续输错次数过多")

	// the second step is something that one has, at whatever device
	p := setUp(t, site, site.As("sysadmin"))
	_, page = opens(site, strange, "sysadmin", uitest.Password)
	ask := shownAsk.FindStringSubmatch(page)
	require.Len(t, ask, 2, page)
	w := fromLAN(site, strange, "/login/code", url.Values{"ask": {ask[1]}, "pin": {p.code()}})
	require.Equal(t, http.StatusSeeOther, w.Code)

	// a one-time password of a colleague is a password; that of the console came with the printed code
	code, err := site.App.Admin.ResetPassword(t.Context(), site.Actor("owner"), "nurse")
	require.NoError(t, err)
	ok, _ := opens(site, strange, "nurse", code)
	require.False(t, ok)
	ok, _ = opens(site, known, "nurse", code)
	require.True(t, ok)
	code, err = site.App.Admin.ResetOwner(t.Context(), "owner", func() error { return nil })
	require.NoError(t, err)
	ok, _ = opens(site, strange, "owner", code)
	require.True(t, ok)

	// as the owner has said
	for rule, who := range map[string]map[string]bool{"admins": {"front": true, "secadmin": false}, "no": {"front": true, "secadmin": true}} {
		require.NoError(t, site.App.Admin.SaveSetting(t.Context(), site.Actor("owner"), "security.devices", rule))
		for login, want := range who {
			ok, _ := opens(site, strange, login, uitest.Password)
			require.Equal(t, want, ok, "%s: %s", rule, login)
		}
	}
}

// withoutKeys is a page without what is new each time it is drawn.
func withoutKeys(page string) string { return keyOfPage.ReplaceAllString(page, "") }

// TestTheSetUpKnowsItsDevice: whoever sets the clinic up from another machine comes in there again.
func TestTheSetUpKnowsItsDevice(t *testing.T) {
	t.Parallel()
	site := uitest.Empty(t)
	const mine, password = "MMMMMMMMMMMMMMMMMMMMMMMMMM", "a good long password"
	form := url.Values{
		"token": {site.App.Admin.OpenSetup("AAAA-BBBB")}, "clinic": {"T-clinic"}, "name": {"T-owner"}, "login": {"boss"},
		"password": {password}, "pin": {"258013"}, "_once": {"key-1"},
	}
	require.Equal(t, http.StatusOK, fromLAN(site, mine, "/setup", form).Code)
	ok, page := opens(site, mine, "boss", password)
	require.True(t, ok, page)
	ok, _ = opens(site, "AAAAAAAAAAAAAAAAAAAAAAAAAA", "boss", password)
	require.False(t, ok)
	b := site.Stranger()
	b.Post("/login", "login", "boss", "password", password, "next", "/lan").Want(http.StatusOK, "首次设置的设备")
}
