package web_test

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

// acted counts the acts of a kind in the trail.
func acted(t *testing.T, site *uitest.Site, action string) (n int) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Action: action, Limit: 500})
		n = len(acts)
		return err
	}))
	return n
}

func TestLogin(t *testing.T) {
	t.Parallel()

	t.Run("the right password opens the house and is on record", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.Stranger()
		b.Get("/profile").Want(200).At("/login?next=%2Fprofile")
		b.Post("/login", "login", "Front", "password", uitest.Password, "next", "/profile").Want(200).At("/profile")
		require.Equal(t, 1, acted(t, site, "session.login"))
	})

	t.Run("a wrong password and an unknown name get the same answer", func(t *testing.T) {
		t.Parallel()
		b := uitest.New(t).Stranger()
		b.Post("/login", "login", "front", "password", "wrong password").Want(422, "登录名或密码不对").Not("wrong password")
		b.Post("/login", "login", "nobody", "password", "wrong password").Want(422, "登录名或密码不对")
	})

	t.Run("five wrong tries cost a minute, ten a quarter of an hour", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.Stranger()
		try := func(password string) *uitest.Answer {
			return b.Post("/login", "login", "nurse", "password", password, "next", "/profile")
		}
		for range 5 {
			try("wrong password").Want(422)
		}
		try(uitest.Password).Want(429, "TR-login")
		for range 5 {
			site.Clock.Forward(61 * time.Second)
			try("wrong password").Want(422)
		}
		site.Clock.Forward(14 * time.Minute)
		try(uitest.Password).Want(429)
		site.Clock.Forward(2 * time.Minute)
		try(uitest.Password).Want(200).At("/profile")
	})

	t.Run("nobody is sent to another site after the login", func(t *testing.T) {
		t.Parallel()
		b := uitest.New(t).Stranger().Direct()
		for _, next := range []string{"https://evil.example/", "//evil.example/", "/\\evil.example"} {
			answer := b.Post("/login", "login", "front", "password", uitest.Password, "next", next).Want(303)
			require.Equal(t, "/", answer.Header.Get("Location"), next)
		}
	})

	t.Run("nor by an address that is another one when it is decoded", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		for _, next := range []string{
			"/%2fevil.example", "/%252fevil.example", "/%2f/evil.example", "/%5cevil.example", "/%5c%5cevil.example", "/.//evil.example",
			"/profile/..//evil.example", "/%09/evil.example", "/%0a/evil.example", "/profile/%2e%2e/%2fevil.example", "/nowhere", "///evil.example",
		} {
			door := func() *uitest.Browser { return site.Stranger().Direct() }
			answer := door().Post("/login", "login", "front", "password", uitest.Password, "next", next).Want(303)
			require.Equal(t, "/", answer.Header.Get("Location"), next)
			answer = door().With("HX-Request", "true").Post("/login", "login", "front", "password", uitest.Password, "next", next).Want(200)
			require.Equal(t, "/", answer.Header.Get("HX-Redirect"), next)
			answer = site.As("front").Direct().Post("/unlock", "pin", uitest.PIN, "next", next).Want(303)
			require.Equal(t, "/", answer.Header.Get("Location"), next)
			answer = site.As("front").Direct().Post("/lock", "next", next).Want(303)
			require.Equal(t, "/unlock?next=%2F", answer.Header.Get("Location"), next)
			door().Get("/login?next="+url.QueryEscape(next)).Want(200, `name="next" value="/"`)
		}
	})

	t.Run("logging out ends the session on the server", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.As("front")
		b.Get("/profile").Want(200).At("/profile")
		kept := b.Session()
		b.Post("/logout").Want(200).At("/login")
		b.Get("/profile").At("/login?next=%2Fprofile")
		site.Steal(kept).Get("/profile").At("/login?next=%2Fprofile")
		const drops = "Clear-Site-Data"
		require.Equal(t, `"cache", "storage"`, site.As("front").Direct().Post("/logout").Want(303).Header.Get(drops), "nothing is kept")
	})

	t.Run("a session that somebody planted in the browser is not the one logged in", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		const planted = "a-value-the-attacker-knows"
		b := site.Steal(planted)
		b.Post("/login", "login", "front", "password", uitest.Password, "next", "/profile").Want(200).At("/profile")
		require.NotEqual(t, planted, b.Session())
		site.Steal(planted).Get("/profile").At("/login?next=%2Fprofile")
	})

	t.Run("a login over a running session ends that one", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.As("front")
		before := b.Session()
		b.Post("/login", "login", "nurse", "password", uitest.Password, "next", "/profile").Want(200, "T-nurse").At("/profile")
		site.Steal(before).Get("/profile").At("/login?next=%2Fprofile")
	})

	t.Run("a new password ends every other session of the person", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		here, elsewhere := site.As("front"), site.As("front")
		here.Post("/profile", "old", uitest.Password, "password", "a quite different one", "again", "a quite different one").Want(200)
		elsewhere.Get("/profile").At("/login?next=%2Fprofile")
		here.Get("/profile").Want(200).At("/profile")
	})

	t.Run("a password counts as typed, however long, and does not run out", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		long := strings.Repeat("Aa 中", 18) + "Rain 中"
		site.As("front").Post("/profile", "old", uitest.Password, "password", long).Want(200)
		site.Clock.Forward(2 * 365 * 24 * time.Hour)
		b := site.Stranger()
		for _, other := range []string{strings.ToLower(long), strings.TrimSuffix(long, "中"), " " + long, long + " "} {
			b.Post("/login", "login", "front", "password", other).Want(422)
		}
		b.Post("/login", "login", "front", "password", long, "next", "/profile").Want(200).At("/profile")
		require.Regexp(t, `^[\w-]{43}$`, b.Session(), "256 bits at random")
	})

	t.Run("a session ends after twelve hours", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.As("front")
		site.Clock.Forward(12*time.Hour + time.Second)
		b.Get("/profile").At("/login?next=%2Fprofile")
	})

	t.Run("cards with passwords are shown in demo mode only", func(t *testing.T) {
		t.Parallel()
		uitest.New(t).Stranger().Get("/login").Want(200).Not("demo-meixu")
		site := uitest.Demo(t)
		require.NoError(t, site.App.Admin.SaveSetting(t.Context(), site.Actor("owner"), "demo.pins", `{"front":"258013"}`))
		site.Stranger().Get("/login").Want(200, "demo-meixu", "258013", `data-card="front"`)
	})
}

func TestIdleLock(t *testing.T) {
	t.Parallel()

	t.Run("a desk locks after ten idle minutes and the PIN opens it", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.As("front")
		b.Get("/profile").Want(200)
		site.Clock.Forward(9 * time.Minute)
		b.Get("/profile").Want(200).At("/profile")
		site.Clock.Forward(11 * time.Minute)
		b.Get("/profile").Want(200).At("/unlock?next=%2Fprofile")
		b.Post("/unlock", "pin", "9713").Want(422, "PIN")
		b.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(200).At("/profile")
	})

	t.Run("a tablet locks after three", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.OnTablet("nurse")
		b.Get("/profile").Want(200)
		site.Clock.Forward(4 * time.Minute)
		b.Get("/profile").At("/unlock?next=%2Fprofile")
	})

	t.Run("a locked session does no deed and reads no draft", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.As("owner")
		b.Post("/lock").Want(200).At("/unlock?next=%2F")
		before := acted(t, site, "staff.add")
		b.Post("/admin/staff/new", "login", "x", "name", "X", "roles", "nurse").Want(200)
		require.Equal(t, before, acted(t, site, "staff.add"))
		b.Get("/draft?form=visit:1").Want(401)
		b.Get("/live").Want(401)
	})

	t.Run("after five wrong PINs the password is needed", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.As("front")
		b.Post("/lock")
		for range 5 {
			b.Post("/unlock", "pin", "9713").Want(422)
		}
		b.Post("/unlock", "pin", uitest.PIN).Want(429)
		b.Post("/unlock", "password", uitest.Password, "next", "/profile").Want(200).At("/profile")
	})
}

func TestHandover(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.OnTablet("nurse").Direct()
	b.HandOver("/form/7")
	answer := b.Get("/profile").Want(303)
	require.Equal(t, "/form/7", answer.Header.Get("Location"), "every other page leads back to the form")
	b.Post("/profile", "old", uitest.Password, "password", "another long one").Want(403)
	b.Get("/live").Want(403)
	b.Get("/form/77").Want(303)
	site.Clock.Forward(time.Hour)
	b.Get("/form/7").Want(404, "找不到")
	for _, key := range []string{"a", "visit:1:exam", "form-7-v1", "form-7", "form-x-v1", "handover:/form/7:form-7-v1"} {
		b.PostJSON("/draft", `{"form":"`+key+`","values":{"x":["1"]}}`).Want(403)
	}
	b.PostJSON("/draft", `{"form":"a","values":null}`).Want(204)
	b.Post("/reclaim", "pin", "9713").Want(422)
	b.Post("/reclaim", "pin", uitest.PIN).Want(303)
	b.Get("/profile").Want(200)
	b.Get("/draft?form=a").Want(204)
}

func TestSwitch(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.Known()
	b.Post("/login", "login", "nurse", "password", uitest.Password, "next", "/profile").Want(200)
	b.Post("/switch", "login", "doctor", "pin", uitest.PIN).Want(422, "12 小时内")
	b.Post("/login", "login", "doctor", "password", uitest.Password, "next", "/profile").Want(200, "T-doctor")
	b.Direct().Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(303)
	b.Get("/profile").Want(200, "T-nurse")
	for range 71 { // a PIN every ten minutes does not make the login last
		site.Clock.Forward(9 * time.Minute)
		b.Get("/profile").Want(200)
	}
	b.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(303)
	site.Clock.Forward(90 * time.Minute)
	b.Get("/profile").Want(303)
	b.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(303)
	require.Contains(t, b.Get("/profile").Header.Get("Location"), "/login")
}

// TestSwitchAfterLeaving posts straight to the route: whoever left comes back by password only.
func TestSwitchAfterLeaving(t *testing.T) {
	t.Parallel()
	come := func(b *uitest.Browser, login string) {
		b.Post("/login", "login", login, "password", uitest.Password, "next", "/profile").Want(200)
	}

	t.Run("a logout is no place for a PIN, nor is an older login at that browser", func(t *testing.T) {
		t.Parallel()
		b := uitest.New(t).Known()
		come(b, "nurse")
		come(b, "doctor")
		b.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(200)
		b.Post("/logout").Want(200)
		b.Post("/switch", "login", "nurse", "pin", uitest.PIN).At("/login")
		come(b, "front")
		b.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(422, "12 小时内")
		b.Get("/profile").Want(200, "T-front")
		b.Post("/switch", "login", "doctor", "pin", uitest.PIN).Want(200)
		b.Get("/profile").Want(200, "T-doctor")
	})

	t.Run("a new password ends what a PIN rested on", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		b := site.Known()
		come(b, "nurse")
		come(b, "doctor")
		_, err := site.App.Admin.ResetPassword(t.Context(), site.Actor("owner"), "nurse")
		require.NoError(t, err)
		b.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(422, "12 小时内")
		b.Get("/profile").Want(200, "T-doctor")
	})
}

func TestStrangersAtTheDoor(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)

	t.Run("a page of another site cannot post", func(t *testing.T) {
		t.Parallel()
		b := site.As("owner").With("Origin", "https://evil.example").With("Sec-Fetch-Site", "cross-site")
		b.Post("/admin/staff/new", "login", "x", "name", "X", "roles", "nurse").Want(403, "别的网站")
	})

	t.Run("another host name is not answered", func(t *testing.T) {
		t.Parallel()
		site.Stranger().With("Host", "evil.example").Get("/login").Want(421)
	})

	t.Run("pages carry the headers that keep strangers out", func(t *testing.T) {
		t.Parallel()
		h := site.Stranger().Get("/login").Header
		require.Contains(t, h.Get("Content-Security-Policy"), "script-src 'self'")
		require.NotContains(t, h.Get("Content-Security-Policy"), "unsafe")
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		require.Equal(t, "no-store", h.Get("Cache-Control"))
		require.NotEmpty(t, h.Get("X-Request-Id"))
	})

	t.Run("a path that is not there is a page and not a stack", func(t *testing.T) {
		t.Parallel()
		site.As("front").Get("/nothing").Want(404, "找不到", `href="/"`).Not("goroutine")
	})

	t.Run("the guests' door knows no staff page and slows down a flood", func(t *testing.T) {
		t.Parallel()
		b := uitest.New(t).AsGuest()
		b.Get("/login").Want(404).Not(`href="/"`)
		for range 70 {
			b.Get("/nothing")
		}
		b.Get("/nothing").Want(429)
	})
}

func TestLive(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL+"/live", nil)
	require.NoError(t, err)
	req.AddCookie(site.Cookie("front"))
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	site.App.Hub.Send([]string{"queue"})
	lines := bufio.NewScanner(resp.Body)
	var got []string
	for lines.Scan() && len(got) < 2 {
		if line := lines.Text(); strings.HasPrefix(line, "id:") || strings.HasPrefix(line, "data:") {
			got = append(got, line)
		}
	}
	require.Equal(t, []string{"id: 1", "data: queue"}, got)
}

func TestSetup(t *testing.T) {
	t.Parallel()
	site := uitest.Empty(t)
	token := site.App.Admin.OpenSetup("AAAA-BBBB")
	b := site.Stranger()
	b.Get("/login").Want(200).At("/setup")
	fill := func(token, password string) *uitest.Answer {
		return b.Post("/setup", "token", token, "clinic", "T-clinic", "name", "T-owner", "login", "boss", "password", password, "pin", "258013")
	}
	fill("guess", "a good long password").Want(409, "TR-setup")
	fill(token, "1234567890").Want(422, "顺序或常用的数字")
	fill(token, strings.Repeat("𠮷", 300)).Want(422, "密码太长")
	b.Post("/setup", "token", token, "clinic", "T-clinic", "name", "T-owner", "login", "own:er", "password", "a good long password", "pin", "258013").Want(422, "不能有冒号")
	fill(token, "a good long password").Want(200, "AAAA-BBBB")
	fill(token, "a good long password").Want(409).Not("AAAA-BBBB")
	b.Get("/setup").At("/login")
	b.Post("/login", "login", "boss", "password", "a good long password", "next", "/admin/staff").Want(200, "T-owner")

	t.Run("the token lasts thirty minutes", func(t *testing.T) {
		t.Parallel()
		site := uitest.Empty(t)
		token := site.App.Admin.OpenSetup("")
		site.Clock.Forward(31 * time.Minute)
		require.False(t, site.App.Admin.SetupOpen(token))
	})
}

func TestOneTimePassword(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	code, err := site.App.Admin.ResetPassword(t.Context(), site.Actor("owner"), "front")
	require.NoError(t, err)
	b := site.Stranger()
	b.Post("/login", "login", "front", "password", code, "next", "/admin/staff").Want(200).At("/profile")
	b.Post("/profile", "old", code, "password", "short").Want(422, "10")
	b.Post("/profile", "old", code, "password", code).Want(422, "不能与现在的密码相同")
	b.Post("/profile", "old", code, "pin", "137946").Want(422, "10").At("/profile")
	b.Direct().Post("/profile", "old", code, "password", "a good long password").Want(303)
	b.Get("/profile").Want(200)
	_, err = site.App.Admin.ResetPassword(t.Context(), site.Actor("front"), "owner")
	require.Error(t, err, "only those who hold staff.reset may")
}
