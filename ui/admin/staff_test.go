package admin_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// whoIs reads a person by login; found is false when nobody has it.
func whoIs(t *testing.T, s *uitest.Site, login string) (who store.Staff, found bool) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
		all, err := r.AllStaff()
		for _, p := range all {
			if p.Login == login {
				who, found = p, true
			}
		}
		return err
	}))
	return who, found
}

func pathOf(s *uitest.Site, login string) string {
	return fmt.Sprintf("/admin/staff/%d", s.StaffID(login))
}

// given gives further roles past the rules, to prepare a test.
func given(t *testing.T, s *uitest.Site, login string, roles ...access.Role) {
	t.Helper()
	require.NoError(t, s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "staff.grant"}, func(tx *store.Tx) error {
		for _, r := range roles {
			if err := tx.GrantRole(s.StaffID(login), string(r)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// oneTime is the one-time password that the page shows.
var oneTime = regexp.MustCompile(`<strong>([A-Z2-9]{10})</strong>`)

func codeIn(t *testing.T, a *uitest.Answer) string {
	t.Helper()
	m := oneTime.FindStringSubmatch(html.UnescapeString(a.Body))
	require.Len(t, m, 2, "the page shows the one-time password")
	return m[1]
}

func TestRolesAreGivenByWhoMayGrantThem(t *testing.T) {
	t.Parallel()
	t.Run("a system administrator makes no owner and no nurse", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		admin := s.As("sysadmin")
		admin.Get("/admin/staff/new").Want(http.StatusOK, "由负责人或安全管理员分配").Not(`name="roles"`, `name="lead"`, `name="pin"`)
		admin.Post("/admin/staff/new", "login", "own3", "name", "甲某", "roles", "owner", "roles", "secadmin").Want(http.StatusForbidden)
		admin.Post("/admin/staff/new", "login", "own3", "name", "甲某", "roles", "nurse").Want(http.StatusForbidden)
		admin.Post("/admin/staff/new", "login", "own3", "name", "甲某", "lead", "on").Want(http.StatusForbidden)
		_, found := whoIs(t, s, "own3")
		require.False(t, found)
	})
	t.Run("a person without roles is added, sets her secrets, and the owner gives the roles", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		code := codeIn(t, s.As("sysadmin").Post("/admin/staff/new", "login", "amy", "name", "甲某").Want(http.StatusOK))
		b := s.Stranger()
		b.Post("/login", "login", "amy", "password", code).Want(http.StatusOK, "一次性密码").At("/profile")
		b.Post("/profile", "old", code, "password", "ein-langes-wort-9", "pin", "137946").Want(http.StatusOK)
		amy, _ := whoIs(t, s, "amy")
		require.Empty(t, amy.Roles)
		s.As("owner").Post(fmt.Sprintf("/admin/staff/%d", amy.ID), "version", fmt.Sprint(amy.Version), "name", "甲某", "roles", "nurse", "active", "on").Want(http.StatusOK)
		amy, _ = whoIs(t, s, "amy")
		require.Equal(t, []string{"nurse"}, amy.Roles)
	})
	t.Run("a system administrator changes a name and the roles stay", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		admin := s.As("sysadmin")
		admin.Get(pathOf(s, "doctor")).Want(http.StatusOK).Not(`name="roles"`, `name="lead"`)
		admin.Post(pathOf(s, "doctor"), "version", "1", "name", "乙某", "active", "on").Want(http.StatusOK)
		who, _ := whoIs(t, s, "doctor")
		require.Equal(t, "乙某", who.Name)
		require.Equal(t, []string{"physician"}, who.Roles)
		require.True(t, who.Lead)
		admin.Post(pathOf(s, "nurse"), "version", "1", "name", "T-nurse", "lead", "on", "active", "on").Want(http.StatusForbidden)
		for _, login := range []string{"owner", "sysadmin", "secadmin", "auditadmin"} { // whoever rules keeps name and title
			who, _ := whoIs(t, s, login)
			admin.Get(pathOf(s, login)).Want(http.StatusOK, "readonly")
			for _, change := range [][]string{{"name", "冒名"}, {"name", who.Name, "title", "院长"}} {
				form := append([]string{"version", fmt.Sprint(who.Version), "active", "on"}, change...)
				admin.Post(pathOf(s, login), form...).Want(http.StatusConflict, "只能由负责人变更")
			}
			now, _ := whoIs(t, s, login)
			require.Equal(t, who.Name+who.Title, now.Name+now.Title)
		}
		who, _ = whoIs(t, s, "sysadmin")
		s.As("owner").Post(pathOf(s, "sysadmin"), "version", fmt.Sprint(who.Version), "name", "丁某", "roles", "sysadmin", "active", "on").Want(http.StatusOK, "丁某")
	})
	t.Run("a security administrator gives roles and nothing else", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		admin, page := s.As("secadmin"), pathOf(s, "nurse")+"/roles"
		admin.Get("/admin/staff").Want(http.StatusOK, `href="`+page+`"`)
		admin.Get(page).Want(http.StatusOK, "T-nurse", `name="roles"`, `name="lead"`).
			Not(`name="name"`, `name="title"`, `name="active"`, `name="clear_pin"`, `value="owner"`)
		admin.Post(page, "version", "1", "roles", "nurse", "roles", "aftercare", "name", "丙某", "clear_pin", "on").Want(http.StatusOK, "岗位已更新")
		who, _ := whoIs(t, s, "nurse")
		require.ElementsMatch(t, []string{"nurse", "aftercare"}, who.Roles)
		require.Equal(t, "T-nurse", who.Name)
		require.True(t, who.Active)
		require.NotEmpty(t, who.PINHash)
		admin.Post(page, "version", fmt.Sprint(who.Version)).Want(http.StatusUnprocessableEntity, "T-nurse")
		admin.Post(page, "version", fmt.Sprint(who.Version), "roles", "owner").Want(http.StatusConflict, "只能由负责人变更")
		admin.Post(pathOf(s, "secadmin")+"/roles", "version", "1", "roles", "secadmin", "roles", "nurse").Want(http.StatusConflict, "只能由负责人变更")
		for _, fellow := range []string{"sysadmin", "auditadmin"} { // administrators make each other nothing
			admin.Post(pathOf(s, fellow)+"/roles", "version", "1", "roles", fellow, "roles", "physician").Want(http.StatusConflict, "只能由负责人变更")
			admin.Post("/admin/staff/reset", "login", fellow).Want(http.StatusConflict, "只能由负责人变更")
		}
		admin.Post(pathOf(s, "front")+"/roles", "version", "1", "roles", "reception", "roles", "auditadmin").Want(http.StatusConflict, "只能由负责人变更")
		s.As("owner").Post(pathOf(s, "sysadmin")+"/roles", "version", "1", "roles", "sysadmin", "roles", "auditadmin").
			Want(http.StatusConflict, "须由不同的人担任")
		admin.Get(pathOf(s, "nurse")).Want(http.StatusForbidden)
		s.As("sysadmin").Get(page).Want(http.StatusForbidden)
	})
	t.Run("only the owner gives the roles that rule", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		given(t, s, "sysadmin", access.SecAdmin)
		both := s.As("sysadmin")
		both.Get("/admin/staff/new").Want(http.StatusOK, `value="nurse"`).Not(`value="owner"`, `value="secadmin"`)
		for _, role := range []string{"owner", "sysadmin", "secadmin"} {
			both.Post("/admin/staff/new", "login", "own3", "name", "甲某", "roles", role).Want(http.StatusConflict, "只能由负责人变更")
			both.Post(pathOf(s, "front"), "version", "1", "name", "T-front", "roles", role, "active", "on").Want(http.StatusConflict, "只能由负责人变更")
		}
		both.Post(pathOf(s, "sysadmin"), "version", "1", "name", "甲某", "roles", "sysadmin", "roles", "secadmin", "roles", "physician", "active", "on").
			Want(http.StatusConflict, "只能由负责人变更")
		both.Post("/admin/staff/new", "login", "amy", "name", "甲某", "roles", "nurse").Want(http.StatusOK)
		s.As("owner").Post("/admin/staff/new", "login", "sec2", "name", "丙某", "roles", "secadmin").Want(http.StatusOK)
	})
	t.Run("only the owner shuts out who rules, and lets them in again", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		admin, owner := s.As("sysadmin"), s.As("owner")
		for _, login := range []string{"secadmin", "auditadmin", "owner", "sysadmin"} {
			before, _ := whoIs(t, s, login)
			page, name := pathOf(s, login), "T-"+login
			admin.Get(page).Want(http.StatusOK, `name="active" value="on"`).Not("清除 PIN 码")
			admin.Post(page, "version", fmt.Sprint(before.Version), "name", name).Want(http.StatusConflict, "只能由负责人变更")
			admin.Post(page, "version", fmt.Sprint(before.Version), "name", name, "active", "on", "clear_pin", "on").Want(http.StatusConflict, "只能由负责人变更")
			after, _ := whoIs(t, s, login)
			require.Equal(t, before, after)
		}
		owner.Get(pathOf(s, "auditadmin")).Want(http.StatusOK, "清除 PIN 码")
		owner.Post(pathOf(s, "auditadmin"), "version", "1", "name", "T-auditadmin", "roles", "auditadmin").Want(http.StatusOK)
		admin.Post(pathOf(s, "auditadmin"), "version", "2", "name", "T-auditadmin", "active", "on").Want(http.StatusConflict, "只能由负责人变更")
		admin.Post(pathOf(s, "auditadmin"), "version", "2", "name", "T-audit").Want(http.StatusConflict, "只能由负责人变更") // nor by another name
		admin.Post(pathOf(s, "nurse"), "version", "1", "name", "T-nurse").Want(http.StatusOK)
		nurse, _ := whoIs(t, s, "nurse")
		require.False(t, nurse.Active)
	})
	t.Run("nobody but the owner comes in as the owner by a reset", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		s.As("secadmin").Post("/admin/staff/reset", "login", "owner").Want(http.StatusConflict, "只能由负责人变更")
		s.As("secadmin").Post("/admin/staff/reset", "login", "front").Want(http.StatusOK)
		s.As("owner").Post("/admin/staff/reset", "login", "secadmin").Want(http.StatusOK)
	})
}

func TestNobodySetsThePINOfAnother(t *testing.T) {
	t.Parallel()
	fits := func(s *uitest.Site, id term.StaffID, pin string) bool {
		return s.App.Admin.ConfirmPIN(s.T.Context(), access.Actor{Station: s.Station("front")}, id, pin) == nil
	}
	t.Run("an edit changes no PIN, it only clears it", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		id := s.StaffID("doctor")
		s.As("owner").Get(pathOf(s, "doctor")).Want(http.StatusOK, "清除 PIN 码").Not(`name="pin"`)
		s.As("owner").Post(pathOf(s, "doctor"), "version", "1", "name", "T-doctor", "roles", "physician", "lead", "on", "active", "on", "pin", "137946").Want(http.StatusOK)
		require.False(t, fits(s, id, "137946"))
		require.True(t, fits(s, id, uitest.PIN))
		s.As("owner").Post(pathOf(s, "doctor"), "version", "2", "name", "T-doctor", "roles", "physician", "lead", "on", "active", "on", "clear_pin", "on").Want(http.StatusOK)
		require.False(t, fits(s, id, uitest.PIN))
	})
	t.Run("a new person sets her own, with her own password", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		s.As("owner").Get("/admin/staff/new").Want(http.StatusOK).Not(`name="pin"`)
		code := codeIn(t, s.As("owner").Post("/admin/staff/new", "login", "amy", "name", "甲某", "roles", "nurse", "pin", "137946").Want(http.StatusOK))
		amy, _ := whoIs(t, s, "amy")
		require.Empty(t, amy.PINHash)
		b := s.Stranger()
		b.Post("/login", "login", "amy", "password", code).At("/profile")
		b.Post("/profile", "old", code, "password", "ein-langes-wort-9").Want(http.StatusUnprocessableEntity).At("/profile")
		b.Post("/profile", "old", code, "password", "ein-langes-wort-9", "pin", "246813").Want(http.StatusOK)
		require.True(t, fits(s, amy.ID, "246813"))
	})
	t.Run("after a reset no PIN fits until the password is her own", func(t *testing.T) {
		t.Parallel()
		s := uitest.New(t)
		id := s.StaffID("doctor")
		code := codeIn(t, s.As("secadmin").Post("/admin/staff/reset", "login", "doctor").Want(http.StatusOK))
		require.False(t, fits(s, id, uitest.PIN))
		b := s.Stranger()
		b.Post("/login", "login", "doctor", "password", code).At("/profile")
		b.Post("/profile", "old", code, "pin", "137946").Want(http.StatusUnprocessableEntity)
		require.False(t, fits(s, id, "137946"))
		b.Post("/profile", "old", code, "password", "ein-langes-wort-9").Want(http.StatusOK)
		require.True(t, fits(s, id, uitest.PIN))
	})
}

// TestNobodyTakesTheNameOfAnother: records are signed by name, so two people at work here have
// two names that a reader can tell apart, and a name is one that can be seen.
func TestNobodyTakesTheNameOfAnother(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	owner, admin := s.As("owner"), s.As("sysadmin")
	for _, name := range []string{"T-doctor", "t doctor", "Ｔ－doctor\u3164", "T\u2800-\u200ddoctor"} {
		admin.Post("/admin/staff/new", "login", "amy", "name", name).Want(422, "在职人员中已有“T-doctor”")
		admin.Post(pathOf(s, "nurse"), "version", "1", "name", name, "active", "on").Want(422, "在职人员中已有“T-doctor”")
		owner.Post(pathOf(s, "front"), "version", "1", "name", name, "roles", "reception", "active", "on").Want(422, "在职人员中已有“T-doctor”")
	}
	for _, name := range []string{"", " ", "\u3164\u3164", "\u200d\u200d", "··", "甲", strings.Repeat("甲", 21)} {
		admin.Post("/admin/staff/new", "login", "amy", "name", name).Want(422, `id="f-name-fault"`)
		admin.Post(pathOf(s, "nurse"), "version", "1", "name", name, "active", "on").Want(422, `id="f-name-fault"`)
	}
	owner.Post(pathOf(s, "doctor"), "version", "1", "name", "T-doctor", "roles", "physician").Want(http.StatusOK) // leaves
	admin.Post("/admin/staff/new", "login", "amy", "name", "T-doctor").Want(http.StatusOK)
	owner.Post(pathOf(s, "doctor"), "version", "2", "name", "T-doctor", "roles", "physician", "active", "on").
		Want(422, "在职人员中已有“T-doctor”")
}
