package keeping_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/backup"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// drafted is the code of a new sheet, as its page shows it, and the two groups that are asked for.
func drafted(t *testing.T, page *uitest.Answer) (code, first, second string) {
	t.Helper()
	shown := regexp.MustCompile(`<strong>((?:[0-9A-Z]{4}-){8}[0-9A-Z]{4})</strong>`).FindStringSubmatch(page.Body)
	require.Len(t, shown, 2)
	groups := strings.Split(shown[1], "-")
	var asked []string
	for _, found := range regexp.MustCompile(`恢复单第 (\d) 组`).FindAllStringSubmatch(page.Body, -1) {
		n, err := strconv.Atoi(found[1])
		require.NoError(t, err)
		asked = append(asked, groups[n-1])
	}
	require.GreaterOrEqual(t, len(asked), 2)
	return shown[1], asked[0], asked[1]
}

// TestALostSheetIsRenewed: what was made before opens with the old sheet and not with the new one,
// what is made afterwards the other way round, photos of before included; the machine itself opens
// both, and the new code verifies the trail from the renewal on.
func TestALostSheetIsRenewed(t *testing.T) {
	t.Parallel()
	d, medium := day.New(t).To(day.Arrived), t.TempDir()
	d.PostPhoto("nurse", "/media/new", "visit", "{visit}", "kind", "face", "view", "front").Want(http.StatusOK)
	owner, old := d.As("owner"), storetest.SheetCode(t)
	owner.Post("/keeping/place", "address", medium).Want(http.StatusOK)
	run(t, d, "backup-increment")
	before := newest(t, medium)
	d.Clock.Forward(time.Minute)

	owner.Get("/keeping").Want(http.StatusOK, "旧恢复单仍能打开换单之前的备份", "只能用新恢复单恢复", `action="/keeping/sheet/new"`)
	code, first, second := drafted(t, owner.Post("/keeping/sheet/new").Want(http.StatusOK, "只显示这一次"))
	require.NotEqual(t, old, code)
	require.NoError(t, seal.CheckCode(d.App.DB.Dir(), old), "nothing has changed yet")
	owner.Post("/keeping/sheet/renew", "first", first, "second", second).Want(http.StatusOK, "新恢复单已启用", "换的新单", "最近一次核对相符")
	d.App.Jobs.Wait()
	require.ErrorIs(t, seal.CheckCode(d.App.DB.Dir(), old), seal.ErrCode)
	owner.Post("/keeping/sheet/renew", "first", first, "second", second).Want(http.StatusConflict, "没有等待启用的新恢复单")
	after := newest(t, medium)
	require.NotEqual(t, before, after, "a backup under the new sheet is made at once")

	brought := func(name, code string) (string, error) {
		fresh := t.TempDir()
		_, err := backup.Stage(t.Context(), fresh, backup.Wish{Place: backup.Place{Address: medium}, Name: name, Code: code, PhotosNow: true})
		return fresh, err
	}
	_, err := brought(before, code)
	require.ErrorIs(t, err, seal.ErrCode)
	_, err = brought(after, old)
	require.ErrorIs(t, err, seal.ErrCode)
	for name, with := range map[string]string{before: old, after: code} {
		fresh, err := brought(name, with)
		require.NoError(t, err, name)
		_, err = backup.Apply(fresh, term.At(d.Clock.Now()), nil)
		require.NoError(t, err, name)
		keys, err := seal.Load(fresh)
		require.NoError(t, err, name)
		db, err := store.Open(t.Context(), store.Options{Dir: fresh, Keys: keys, Now: d.Clock.Now})
		require.NoError(t, err, name)
		require.NoError(t, db.VerifyChain(t.Context()), name)
		require.NoError(t, db.Close())
		photos, err := filepath.Glob(filepath.Join(fresh, "media", "*", "*.bin"))
		require.NoError(t, err)
		require.Len(t, photos, 1, name)
	}
	require.NoError(t, d.App.DB.Keys().Keep(d.App.DB.Dir()))
	for _, name := range []string{before, after} {
		_, err := backup.Look(t.Context(), d.App.DB.Dir(), backup.Wish{Place: backup.Place{Address: medium}, Name: name})
		require.NoError(t, err, "on this machine: "+name)
	}
	checked, err := d.App.CheckAll(t.Context(), app.Wish{Code: code})
	require.NoError(t, err)
	require.Empty(t, checked.Wrong)
	require.Positive(t, checked.Seen.Days, "the seals go on under the new sheet")
	d.As("owner").Get("/admin/trail").Want(http.StatusOK, "生成新恢复单", "启用新恢复单").Not(code, first+"-", second+"-")
}

// newest is the last backup on a medium.
func newest(t *testing.T, medium string) string {
	t.Helper()
	heads, err := backup.List(t.Context(), backup.Place{Address: medium})
	require.NoError(t, err)
	require.NotEmpty(t, heads)
	return heads[0].Name
}

// TestARenewalThatIsRefused: by role, without a sheet that was shown, from another session, with
// wrong groups, too late; the old sheet stays in force, and guessing is slowed.
func TestARenewalThatIsRefused(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	path := filepath.Join(site.App.DB.Dir(), seal.Folder, seal.RecoveryFile)
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, login := range []string{"manager", "sysadmin", "secadmin", "auditadmin", "front"} {
		site.As(login).Post("/keeping/sheet/new").Want(http.StatusForbidden)
		site.As(login).Post("/keeping/sheet/renew", "first", "AAAA", "second", "BBBB").Want(http.StatusForbidden)
	}
	site.As("manager").Get("/keeping").Want(http.StatusOK).Not(`action="/keeping/sheet/new"`)
	owner := site.As("owner")
	owner.Post("/keeping/sheet/renew", "first", "AAAA", "second", "BBBB").Want(http.StatusConflict, "没有等待启用的新恢复单")
	code, first, second := drafted(t, owner.Post("/keeping/sheet/new").Want(http.StatusOK))
	site.OnTablet("owner").Post("/keeping/sheet/renew", "first", first, "second", second).Want(http.StatusConflict, "没有等待启用的新恢复单")
	owner.Post("/keeping/sheet/renew", "first", second, "second", first).Want(http.StatusUnprocessableEntity, "与新恢复单不符").Not(code, `value="`+first+`"`)
	old := strings.Split(storetest.SheetCode(t), "-")
	for range 4 {
		owner.Post("/keeping/sheet/renew", "first", old[0], "second", old[1]).Want(http.StatusUnprocessableEntity, "与新恢复单不符")
	}
	owner.Post("/keeping/sheet/renew", "first", first, "second", second).Want(http.StatusConflict, "连续输错次数过多")
	site.Clock.Forward(30 * time.Minute)
	owner.Post("/unlock", "pin", uitest.PIN).Want(http.StatusOK)
	owner.Post("/keeping/sheet/renew", "first", first, "second", second).Want(http.StatusConflict, "没有等待启用的新恢复单")
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, kept, now)

	practice := uitest.Demo(t)
	practice.As("owner").Post("/keeping/sheet/new").Want(http.StatusConflict, "练习诊所没有恢复单")
}
