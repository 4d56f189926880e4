package admin_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	office "meixu/app/admin"
	"meixu/store"
	"meixu/ui/uitest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	good := []string{
		"clinic.name", "美序一店", "clinic.kind", "clinic", "clinic.scopes", "surgery", "clinic.scopes", "dermatology", "clinic.address", "西湖区 1 号", "clinic.phone", "0571-8888 8888",
		"clinic.emergency", "0571-88880120", "clinic.dpo", "沈若兰", "clinic.opens", "9", "clinic.closes", "20", "clinic.closed", "2026-10-01, 2026-10-02",
		"finance.partial", "no", "security.second", "no", "security.devices", "all", "lead.opening", "yes", "guest.book", "yes", "guest.hello", "yes", "crm.tier.silver", "10000", "crm.tier.gold", "50000", "crm.tier.diamond", "200000", "points.normal", "100", "points.silver", "110", "points.gold", "120", "points.diamond", "150", "points.worth", "100", "points.cap", "30", "message.quiet_from", "22", "message.quiet_to", "8", "message.cap", "2",
		"wait.first.normal", "5", "wait.first.member", "5", "wait.first.vip", "3", "wait.room.normal", "20", "wait.room.member", "15", "wait.room.vip", "10",
	}
	with := func(pairs ...string) []string { return append(append([]string{}, good...), pairs...) }
	t.Run("the owner saves and finds them again", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		old := s.As("sysadmin").Seen("/admin/settings", "/admin/settings")
		s.As("owner").Post("/admin/settings", good...).Want(http.StatusOK)
		for _, seen := range []string{old, "", "x"} { // who opened the page before overwrites nothing
			s.As("sysadmin").Post("/admin/settings", append(with("_seen", seen), "clinic.name", "美序二店")...).Want(http.StatusConflict, "刚刚被别人改过")
		}
		second := append([]string{"_seen", old}, good...)
		second[3], second[7] = "美序二店", "tcm"
		again := s.As("sysadmin").Post("/admin/settings", second...).Want(http.StatusConflict, `value="美序二店"`, `name="_theirs_clinic.name" value="美序一店"`, `name="_take_clinic.scopes"`).Not("_take_clinic.phone")
		_, seen, _ := strings.Cut(again.Body, `name="_seen" value="`)
		seen, _, _ = strings.Cut(seen, `"`)
		second[1] = seen
		s.As("sysadmin").Post("/admin/settings", append(second, "_take_clinic.name", "theirs", "_theirs_clinic.name", "美序一店")...).Want(http.StatusOK)
		s.As("owner").Get("/admin/settings").Want(http.StatusOK, "美序一店", "0571-88880120", "2026-10-01, 2026-10-02")
	})
	t.Run("all wrong fields are marked and what was typed comes back", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		bad := append([]string{}, good...)
		for i, v := range map[int]string{11: "call me", 17: "noon", 21: "1.10."} {
			bad[i] = v
		}
		s.As("owner").Post("/admin/settings", bad...).Want(http.StatusUnprocessableEntity, "call me", "noon", "1.10.", "请填写电话号码", "整点", "2026-10-01 的格式")
		s.As("owner").Get("/admin/settings").Not("call me")
	})
	t.Run("a manager looks and may not change", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		s.As("manager").Get("/admin/settings").Want(http.StatusOK)
		s.As("manager").Post("/admin/settings", with()...).Want(http.StatusForbidden)
	})
}

func TestEditStaff(t *testing.T) {
	t.Parallel()
	path := func(s *uitest.Site, login string) string {
		return "/admin/staff/" + strconv.Itoa(int(s.StaffID(login)))
	}
	t.Run("a disabled person is out at once on every screen", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		front := s.As("front").Direct()
		front.Get("/profile").Want(http.StatusOK)
		s.As("owner").Post(path(s, "front"), "version", "1", "name", "T-front", "roles", "reception", "reason", "离职").Want(http.StatusOK, "已停用，1 个会话已结束")
		s.As("owner").Get("/admin/trail").Want(http.StatusOK, "离职")
		front.Get("/profile").Want(http.StatusSeeOther)
		front.Get("/login").Want(http.StatusOK, "您的账号已停用")
		front.Get("/login").Want(http.StatusOK).Not("已停用")
	})
	t.Run("a reset names the person before and after", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		owner := s.As("owner")
		owner.Get("/admin/staff").Want(http.StatusOK, "要重置的是 T-front（登录名 front）", "重置 T-front 的密码")
		owner.Post("/admin/staff/reset", "login", "front").Want(http.StatusOK, "T-front（登录名 front）的一次性密码")
	})
	t.Run("roles are given and taken", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		sits := s.As("front").Direct()
		sits.Get("/till/day").Want(http.StatusForbidden)
		s.As("owner").Post(path(s, "front"), "version", "1", "name", "小陈", "roles", "reception", "roles", "cashier", "active", "on", "shift", "on")
		sits.Get("/till/day").Want(http.StatusOK)
		require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
			who, err := r.Staff(s.StaffID("front"))
			require.Equal(t, "小陈", who.Name)
			require.Equal(t, []string{"cashier", "reception"}, who.Roles)
			return err
		}))
	})
	t.Run("the last owner stays", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		s.As("owner").Post(path(s, "owner"), "version", "1", "name", "T-owner", "roles", "manager", "active", "on").
			Want(http.StatusConflict, "REG-EMR-03")
	})
	t.Run("nobody disables oneself", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		s.As("sysadmin").Post(path(s, "sysadmin"), "version", "1", "name", "T-sysadmin", "roles", "sysadmin").
			Want(http.StatusConflict, "REG-EMR-03")
	})
	t.Run("without the right to grant, roles stay", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		s.As("sysadmin").Post(path(s, "front"), "version", "1", "name", "T-front", "roles", "owner", "active", "on").
			Want(http.StatusForbidden)
	})
	t.Run("two people at once: the second hears of it", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		s.As("owner").Post(path(s, "front"), "version", "1", "name", "甲某", "roles", "reception", "active", "on")
		s.As("owner").Post(path(s, "front"), "version", "1", "name", "乙某", "roles", "reception", "active", "on", "clear_pin", "on").
			Want(http.StatusConflict, "被别人改过", `value="乙某"`, `name="_theirs_name" value="甲某"`, `name="version" value="2"`).Not("_take_clear_pin", "_take_roles")
		s.As("owner").Post(path(s, "front")+"/roles", "version", "1", "roles", "reception", "roles", "nurse").
			Want(http.StatusConflict, "被别人改过", `name="_take_roles"`, `name="version" value="2"`).Not("_take_lead")
	})
}

// TestACommaIsNoSeparatorOfNothing: "1,5" was booked as 15.
func TestACommaIsNoSeparatorOfNothing(t *testing.T) {
	t.Parallel()
	s := uitest.Demo(t)
	owner := s.As("owner")
	for _, minutes := range []string{"1,5", "1,50", ",15", "15,", "1，5", "0,0010"} {
		owner.Post("/admin/clock", "minutes", minutes).Want(http.StatusUnprocessableEntity, "请填写数字")
	}
	owner.Post("/admin/clock", "minutes", "1,440").Want(http.StatusConflict) // a number; a test's clock is moved by the test alone
}

// TestSecretsTellAllFaultsAtOnce: the present password is asked for beside the new one.
func TestSecretsTellAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	front := s.As("front")
	all := front.Post("/profile", "old", "", "password", "kurz", "pin", "12").Want(422)
	require.Equal(t, 3, strings.Count(all.Body, `aria-invalid="true"`))
	wrong := front.Post("/profile", "old", "nicht-dieses", "password", "ein-langes-neues-wort-9").Want(422)
	require.Contains(t, wrong.Body, `aria-describedby="f-old-fault`)
	require.Equal(t, 1, strings.Count(wrong.Body, `aria-invalid="true"`))
}

// TestAPasswordIsNoWordOfOnesOwn: the clinic's name, the login and one's own name are known to
// whoever guesses; the page says which of them it was.
func TestAPasswordIsNoWordOfOnesOwn(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	require.NoError(t, s.App.Admin.SaveSetting(t.Context(), s.Actor("owner"), office.SettingClinic, "澜晴医疗美容诊所"))
	doctor := s.As("doctor")
	for password, says := range map[string]string{
		"LanQing2026!": "诊所的名字", "澜晴诊所2026!!!": "诊所的名字", "doctor!2026!": "自己的登录名", "T-Doctor-2026": "自己的",
		"P@ssw0rd2026": "常见的词", "1qaz2wsx3edc": "相邻的一串键", "1990-03-07": "日期", "13805927164": "电话", "long-long-long-": "反复出现",
	} {
		doctor.Post("/profile", "old", uitest.Password, "password", password).Want(422, says).Not("⟦")
	}
	doctor.Post("/profile", "old", uitest.Password, "password", "半夜听见隔壁在拉二胡").Want(200)
}
