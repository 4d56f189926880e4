package web_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// TestAResetOpensOnceAndSoon is the reset without e-mail: a code shown once, for a quarter of an
// hour and one login; who watches over the accounts is told for a week.
func TestAResetOpensOnceAndSoon(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	reset := func() string {
		code, err := site.App.Admin.ResetPassword(t.Context(), site.Actor("secadmin"), "front")
		require.NoError(t, err)
		require.Len(t, code, 10)
		return code
	}
	come := func(code string) *uitest.Answer {
		return site.Stranger().Post("/login", "login", "front", "password", code)
	}
	late := reset()
	site.Clock.Forward(15 * time.Minute)
	come(late).Want(422, "已用过或已过期").At("/login")
	site.As("owner").Get("/home").Want(200).Not("一次性密码登录")

	code := reset()
	site.Clock.Forward(14 * time.Minute)
	b := site.Stranger()
	b.Post("/login", "login", "front", "password", code).Want(200).At("/profile")
	come(code).Want(422, "已用过或已过期")
	b.Get("/home").Want(200).At("/profile")
	site.Clock.Forward(2 * time.Minute) // who came in in time may finish
	b.Post("/profile", "old", code, "password", "a good long password").Want(200)
	come(code).Want(422, "密码不对")

	for _, login := range []string{"owner", "secadmin"} {
		site.As(login).Get("/admin").Want(200, "T-front 于 2026-03-02 09:29 用 T-secadmin 给的一次性密码登录")
	}
	for _, login := range []string{"front", "manager", "sysadmin"} {
		site.As(login).Get("/home").Want(200).Not("一次性密码登录")
	}
	site.Clock.Forward(7 * 24 * time.Hour)
	site.As("owner").Get("/admin").Want(200).Not("一次性密码登录")
}

// TestAResetAtTheConsoleIsTold: everybody hears of it at once, and no later visit hides it.
func TestAResetAtTheConsoleIsTold(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	_, err := site.App.Admin.ResetOwner(t.Context(), "manager", func() error { return nil })
	require.Error(t, err, "an owner only")
	site.As("front").Get("/home").Want(200).Not("恢复码重置")
	code, err := site.App.Admin.ResetOwner(t.Context(), "owner", func() error { return nil })
	require.NoError(t, err)
	for _, login := range []string{"front", "doctor", "auditadmin"} {
		site.As(login).Get("/home").Want(200, "T-owner 的密码于 2026-03-02 09:00 在服务器上凭恢复码重置")
	}
	b := site.Stranger()
	b.Post("/login", "login", "owner", "password", code).Want(200).At("/profile")
	b.Post("/profile", "old", code, "password", "a good long password").Want(200, "凭恢复码重置")
	site.Clock.Forward(6 * 24 * time.Hour)
	site.As("front").Get("/home").Want(200, "凭恢复码重置")
	site.Clock.Forward(25 * time.Hour)
	site.As("front").Get("/home").Want(200).Not("凭恢复码重置")
	require.Equal(t, 1, acted(t, site, "staff.reset"))
}
