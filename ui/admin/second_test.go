package admin_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

var (
	shownKey  = regexp.MustCompile(`<p class="fingerprint" translate="no">([A-Z2-7 ]+)</p>`)
	shownCode = regexp.MustCompile(`<strong>([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})</strong>`)
	shownAsk  = regexp.MustCompile(`name="ask" value="([^"]+)"`)
	keyOfPage = regexp.MustCompile(`name="_once" value="[^"]*"`)
)

// phone is the authenticator app of a person.
type phone struct {
	site  *uitest.Site
	key   string
	codes []string // recovery codes on paper
}

func (p phone) code() string { return p.at(0) }

func (p phone) at(d time.Duration) string {
	p.site.T.Helper()
	code, err := totp.GenerateCode(p.key, p.site.Clock.Now().Add(d))
	require.NoError(p.site.T, err)
	return code
}

// setUp sets the second step up as the page says, at a browser that is signed in.
func setUp(t *testing.T, site *uitest.Site, b *uitest.Browser, more ...string) phone {
	t.Helper()
	page := b.Post("/profile/second", append([]string{"password", uitest.Password}, more...)...).Want(http.StatusOK, "<svg", "扫描二维码")
	m := shownKey.FindStringSubmatch(page.Body)
	require.Len(t, m, 2, page.Body)
	p := phone{site: site, key: strings.ReplaceAll(m[1], " ", "")}
	done := b.Post("/profile/second/confirm", "pin", p.code()).Want(http.StatusOK, "恢复码只显示这一次")
	for _, c := range shownCode.FindAllStringSubmatch(done.Body, -1) {
		p.codes = append(p.codes, c[1])
	}
	require.Len(t, p.codes, 8)
	site.Clock.Forward(30 * time.Second) // the code that confirmed is used up
	return p
}

// asks gives the right password and returns what the answer to the question must carry.
func asks(t *testing.T, b *uitest.Browser, login string) string {
	t.Helper()
	page := b.Post("/login", "login", login, "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "动态码")
	require.Empty(t, b.Session(), "no session before the second step")
	m := shownAsk.FindStringSubmatch(page.Body)
	require.Len(t, m, 2, page.Body)
	return m[1]
}

func TestTheSecondStep(t *testing.T) {
	t.Parallel()

	t.Run("a code opens once, and one half minute to each side", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		p := setUp(t, site, site.As("owner"))
		b := site.Stranger()
		ask := asks(t, b, "owner")
		code := p.code()
		b.Post("/login/code", "ask", ask, "pin", code, "next", "/profile").Want(http.StatusOK, "T-owner").At("/profile")
		again := site.Stranger()
		ask = asks(t, again, "owner")
		again.Post("/login/code", "ask", ask, "pin", code).Want(http.StatusUnprocessableEntity, "已用过")
		again.Post("/login/code", "ask", ask, "pin", p.at(-30*time.Second)).Want(http.StatusUnprocessableEntity)
		again.Post("/login/code", "ask", ask, "pin", p.at(60*time.Second)).Want(http.StatusUnprocessableEntity)
		again.Post("/login/code", "ask", ask, "pin", p.at(30*time.Second), "next", "/profile").Want(http.StatusOK, "T-owner")
		again.Post("/login/code", "ask", ask, "pin", p.at(60*time.Second)).Want(http.StatusTooManyRequests, "登录已超时")
	})

	t.Run("the question lasts five minutes, at its own browser, until the next password", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		p := setUp(t, site, site.As("owner"))
		b := site.Stranger()
		ask := asks(t, b, "owner")
		site.Stranger().Post("/login/code", "ask", ask, "pin", p.code()).Want(http.StatusTooManyRequests, "登录已超时")
		site.Stranger().Post("/login/code", "ask", "made-up", "pin", p.code()).Want(http.StatusTooManyRequests, "登录已超时")
		site.Clock.Forward(5 * time.Minute)
		b.Post("/login/code", "ask", ask, "pin", p.code()).Want(http.StatusTooManyRequests, "登录已超时")
		ask = asks(t, b, "owner")
		_, err := site.App.Admin.ResetPassword(t.Context(), site.Actor("owner"), "owner")
		require.NoError(t, err)
		b.Post("/login/code", "ask", ask, "pin", p.code()).Want(http.StatusUnprocessableEntity)
		require.Empty(t, b.Session())
	})

	t.Run("a password that was reset leaves the second step", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		setUp(t, site, site.As("sysadmin"))
		once, err := site.App.Admin.ResetPassword(t.Context(), site.Actor("owner"), "sysadmin")
		require.NoError(t, err)
		b := site.Stranger()
		b.Post("/login", "login", "sysadmin", "password", once).Want(http.StatusOK, "动态码")
		require.Empty(t, b.Session())
	})

	t.Run("five wrong codes cost a minute, whoever asks", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		p := setUp(t, site, site.As("owner"))
		for range 5 {
			b := site.Stranger()
			b.Post("/login/code", "ask", asks(t, b, "owner"), "pin", "000000").Want(http.StatusUnprocessableEntity)
		}
		b := site.Stranger()
		b.Post("/login/code", "ask", asks(t, b, "owner"), "pin", p.code()).Want(http.StatusTooManyRequests, "请等")
		known := site.Known()
		known.Post("/login/code", "ask", asks(t, known, "owner"), "pin", p.code(), "next", "/profile").Want(http.StatusOK, "T-owner")
	})

	t.Run("a recovery code opens once", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		p := setUp(t, site, site.As("owner"))
		lower := strings.ToLower(strings.ReplaceAll(p.codes[3], "-", " "))
		b := site.Stranger()
		b.Post("/login/code", "ask", asks(t, b, "owner"), "pin", lower).Want(http.StatusOK)
		b.Get("/profile/second").Want(http.StatusOK, "还剩 7 个恢复码")
		b = site.Stranger()
		b.Post("/login/code", "ask", asks(t, b, "owner"), "pin", p.codes[3]).Want(http.StatusUnprocessableEntity)
	})

	t.Run("another phone wants a code of the old one, and nothing changes before it is confirmed", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		owner := site.As("owner")
		old := setUp(t, site, owner)
		owner.Post("/profile/second", "password", uitest.Password).Want(http.StatusUnprocessableEntity, "动态码不对")
		owner.Post("/profile/second", "password", "not this one").Want(http.StatusUnprocessableEntity, "密码不对")
		owner.Post("/profile/second", "password", uitest.Password, "pin", old.code()).Want(http.StatusOK, "<svg")
		site.Clock.Forward(30 * time.Second)
		b := site.Stranger()
		b.Post("/login/code", "ask", asks(t, b, "owner"), "pin", old.code()).Want(http.StatusOK)
		site.Clock.Forward(30 * time.Second)
		fresh := setUp(t, site, owner, "pin", old.code())
		b = site.Stranger()
		ask := asks(t, b, "owner")
		b.Post("/login/code", "ask", ask, "pin", old.code()).Want(http.StatusUnprocessableEntity)
		b.Post("/login/code", "ask", ask, "pin", old.codes[0]).Want(http.StatusUnprocessableEntity)
		b.Post("/login/code", "ask", ask, "pin", fresh.code()).Want(http.StatusOK)
		site.Clock.Forward(30 * time.Second)
		b.Post("/profile/second/off", "password", uitest.Password).Want(http.StatusUnprocessableEntity)
		b.Post("/profile/second/off", "password", uitest.Password, "pin", fresh.code()).Want(http.StatusOK, "已停用")
		site.Stranger().Post("/login", "login", "owner", "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-owner").At("/profile")
	})

	t.Run("who has no such role has none", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		site.As("nurse").Get("/profile").Want(http.StatusOK).Not("/profile/second")
		site.As("nurse").Post("/profile/second", "password", uitest.Password).Want(http.StatusConflict, "TR-second")
		for _, login := range []string{"owner", "sysadmin", "secadmin", "auditadmin"} {
			site.As(login).Get("/profile").Want(http.StatusOK, `href="/profile/second"`)
		}
	})
}

func TestAnotherClearsALostSecondStep(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	setUp(t, site, site.As("sysadmin"))
	setUp(t, site, site.As("auditadmin"))
	page := func(login string) string { return fmt.Sprintf("/admin/staff/%d/second", site.StaffID(login)) }
	site.As("secadmin").Get("/admin/staff").Want(http.StatusOK, `href="`+page("auditadmin")+`"`)
	site.As("secadmin").Post(page("auditadmin")).Want(http.StatusConflict, "请写明清除")
	site.As("secadmin").Post(page("sysadmin"), "_reason", "丢了手机").Want(http.StatusConflict, "只能由负责人")
	for _, login := range []string{"sysadmin", "manager", "auditadmin", "front"} {
		site.As(login).Post(page("auditadmin"), "_reason", "丢了手机").Want(http.StatusForbidden)
	}
	before := site.As("auditadmin")
	before.Get("/profile").Want(http.StatusOK).At("/profile")
	site.As("secadmin").Post(page("auditadmin"), "_reason", "手机和恢复码都丢了，当面核对身份证").Want(http.StatusOK, "已清除")
	before.Get("/profile").At("/login?next=%2Fprofile")
	site.Stranger().Post("/login", "login", "auditadmin", "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-auditadmin")
	site.As("owner").Post(page("sysadmin"), "_reason", "丢了手机").Want(http.StatusOK, "已清除")
	setUp(t, site, site.As("owner"))
	site.As("owner").Post(page("owner"), "_reason", "嫌麻烦").Want(http.StatusConflict, "我的设置")
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Action: "second.clear", Limit: 10})
		require.Len(t, acts, 2)
		require.Contains(t, acts[0].Act.Reason+acts[1].Act.Reason, "当面核对身份证")
		return err
	}))
}

// TestTheClinicMayDemandTheSecondStep: nothing else opens before it is set up.
func TestTheClinicMayDemandTheSecondStep(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	owner, front := site.As("owner"), site.As("front")
	owner.Get("/admin").Want(http.StatusOK).At("/admin")
	require.NoError(t, site.App.Admin.SaveSetting(t.Context(), site.Actor("owner"), "security.second", "yes"))
	for _, path := range []string{"/admin", "/home", "/clients", "/profile", "/admin/staff"} {
		owner.Get(path).Want(http.StatusOK, "必须启用").At("/profile/second")
	}
	before := len(site.Actor("front").Roles)
	owner.Post(pathOf(site, "front"), "version", "1", "name", "T-front", "roles", "reception", "roles", "cashier", "active", "on").At("/profile/second")
	require.Len(t, site.Actor("front").Roles, before)
	front.Get("/home").Want(http.StatusOK).At("/home")
	setUp(t, site, owner)
	owner.Get("/admin").Want(http.StatusOK).At("/admin")
}

// TestNoSecretOfTheSecondStepIsReadable: neither the key nor a recovery code stands in the
// database or in its trail.
func TestNoSecretOfTheSecondStepIsReadable(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	p := setUp(t, site, site.As("owner"))
	raw := ""
	for _, end := range []string{"", "-wal"} {
		part, err := os.ReadFile(filepath.Join(site.App.Options.Dir, store.File+end))
		require.NoError(t, err)
		raw += string(part)
	}
	require.Contains(t, raw, "second_factors")
	for _, secret := range append([]string{p.key}, p.codes...) {
		require.NotContains(t, raw, secret)
		require.NotContains(t, raw, strings.ReplaceAll(secret, "-", ""))
	}
}
