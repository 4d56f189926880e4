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
	"meixu/app/words"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
	"meixu/ui/uitest"
)

// day90 is the time between two questions.
const day90 = 90 * 24 * time.Hour

// askedFor are the two groups that the page asks for, as they stand on the sheet.
func askedFor(t *testing.T, page *uitest.Answer) (first, second string) {
	t.Helper()
	found := regexp.MustCompile(`恢复单第 (\d) 组`).FindAllStringSubmatch(page.Body, -1)
	require.GreaterOrEqual(t, len(found), 2)
	groups := strings.Split(storetest.SheetCode(t), "-")
	group := func(i int) string {
		n, err := strconv.Atoi(found[i][1])
		require.NoError(t, err)
		return groups[n-1]
	}
	return group(0), group(1)
}

// sheetCheck is the line of `meixu check`.
func sheetCheck(t *testing.T, site *uitest.Site) string {
	t.Helper()
	all, err := site.App.Examine(t.Context(), app.Wish{})
	require.NoError(t, err)
	for _, f := range all {
		if f.Name == "sheet" {
			return f.Say(words.ZH)
		}
	}
	return ""
}

// TestTheSheetIsAskedForEvery90Days: the owner reads two groups from the printed sheet; a wrong
// answer counts for nothing but is in the trail, a right one ends the question for 90 days, and the
// next one asks for other groups. What is overdue stands on the owner's page and in the check.
func TestTheSheetIsAskedForEvery90Days(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	site.As("owner").Get("/owner").Want(http.StatusOK).Not("恢复单自")
	site.As("owner").Get("/keeping").Want(http.StatusOK, "恢复单", "下次核对").Not("最近一次核对相符")
	require.Contains(t, sheetCheck(t, site), "[正常] 恢复单：下次核对")
	site.Clock.Forward(day90)
	owner := site.As("owner")
	owner.Get("/owner").Want(http.StatusOK, "恢复单自", "/keeping#sheet")
	require.Contains(t, sheetCheck(t, site), "[注意] 恢复单")
	page := owner.Get("/keeping").Want(http.StatusOK, "该核对了")
	first, second := askedFor(t, page)

	refused := owner.Post("/keeping/sheet", "first", second, "second", first).Want(http.StatusUnprocessableEntity, "两组中至少有一组与恢复单不符", `id="f-sheet-first-fault"`, `id="f-sheet-second-fault"`)
	refused.Not(`value="`+first+`"`, `value="`+second+`"`)
	owner.Post("/keeping/sheet", "first", "", "second", "").Want(http.StatusUnprocessableEntity, "与恢复单不符")
	owner.Get("/owner").Want(http.StatusOK, "恢复单自")
	owner.Get("/keeping").Want(http.StatusOK, "的输入与恢复单不符，之后还没有核对成功")
	owner.Post("/keeping/sheet", "first", strings.ToLower(first), "second", second+" ").Want(http.StatusOK, "恢复单核对相符", "最近一次核对相符").Not("该核对了")
	owner.Get("/owner").Want(http.StatusOK).Not("恢复单自")
	require.Contains(t, sheetCheck(t, site), "[正常] 恢复单")
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Action: "recovery.answer", Limit: 10})
		require.Len(t, acts, 3, "right or wrong, it is on record")
		for _, act := range acts {
			require.Equal(t, site.StaffID("owner"), act.Act.Staff)
		}
		return err
	}))
	owner.Get("/admin/trail").Want(http.StatusOK, "核对恢复单").Not(first+"-", second+"-")

	site.Clock.Forward(day90 - time.Minute)
	site.As("owner").Get("/owner").Want(http.StatusOK).Not("恢复单自")
	site.Clock.Forward(time.Minute)
	owner = site.As("owner")
	third, fourth := askedFor(t, owner.Get("/keeping").Want(http.StatusOK, "该核对了"))
	require.NotEqual(t, []string{first, second}, []string{third, fourth}, "another question")
	for range 5 {
		owner.Post("/keeping/sheet", "first", first, "second", second).Want(http.StatusUnprocessableEntity)
	}
	for range 2 { // five wrong in a row wait a minute, right or wrong; nothing is checked meanwhile
		owner.Post("/keeping/sheet", "first", third, "second", fourth).Want(http.StatusConflict, "连续输错次数过多，请等 2 分钟")
	}
	site.Clock.Forward(time.Minute)
	owner.Post("/keeping/sheet", "first", third, "second", fourth).Want(http.StatusOK, "恢复单核对相符")
}

func TestWhoMayAnswerForTheSheet(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	for _, login := range []string{"manager", "sysadmin", "secadmin", "auditadmin", "front"} {
		site.As(login).Post("/keeping/sheet", "first", "AAAA", "second", "BBBB").Want(http.StatusForbidden)
	}
	site.As("manager").Get("/keeping").Want(http.StatusOK, "下次核对").Not(`action="/keeping/sheet"`)
	practice := uitest.Demo(t)
	practice.Clock.Forward(2 * day90)
	practice.As("owner").Get("/owner").Want(http.StatusOK).Not("恢复单自")
	practice.As("owner").Get("/keeping").Want(http.StatusOK).Not(`id="sheet"`)
	practice.As("owner").Post("/keeping/sheet", "first", "AAAA", "second", "BBBB").Want(http.StatusConflict, "练习诊所没有恢复单")
	require.Empty(t, sheetCheck(t, practice))
}

// TestASheetWithoutQuestions: a recovery file of before knows no groups; the whole code is asked for.
func TestASheetWithoutQuestions(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	path := filepath.Join(site.App.DB.Dir(), seal.Folder, seal.RecoveryFile)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	bare := regexp.MustCompile(`(?s),\s*"questions": \[.*\]`).ReplaceAll(text, nil)
	require.Less(t, len(bare), len(text))
	require.NoError(t, os.WriteFile(path, bare, 0o600))
	owner := site.As("owner")
	owner.Get("/keeping").Want(http.StatusOK, "恢复单上的整个恢复码").Not("恢复单第")
	owner.Post("/keeping/sheet", "first", "AAAA-BBBB").Want(http.StatusUnprocessableEntity, "与恢复单不符")
	owner.Post("/keeping/sheet", "first", storetest.SheetCode(t)).Want(http.StatusOK, "恢复单核对相符")
}
