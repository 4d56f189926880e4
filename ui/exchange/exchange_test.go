package exchange_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"meixu/app/engine/sheet"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

func addClients(t *testing.T, site *uitest.Site, clients ...store.Client) (ids []term.ClientID) {
	t.Helper()
	require.NoError(t, site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
		for _, c := range clients {
			c.Gender, c.Source, c.Birth = "female", "walk_in", "1990-05-01"
			if err := tx.AddClient(&c); err != nil {
				return err
			}
			site.App.Rooms.Book.Keep(tx, c)
			ids = append(ids, c.ID)
		}
		return nil
	}))
	return ids
}

func set(t *testing.T, site *uitest.Site, name, value string) {
	t.Helper()
	require.NoError(t, site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
		return tx.SaveSetting(name, value)
	}))
}

// rowsOf reads a spreadsheet that was answered.
func rowsOf(t *testing.T, a *uitest.Answer) [][]string {
	t.Helper()
	a.Want(http.StatusOK)
	require.Contains(t, a.Header.Get("Content-Disposition"), "attachment")
	require.Contains(t, a.Header.Get("Cache-Control"), "no-store")
	book, err := sheet.Read([]byte(a.Body))
	require.NoError(t, err)
	return book.Sheets[0].Rows
}

// TestExport asks for lists as every kind of person: those without personal data leave with the
// permission alone, the others with a reason and, when they are long, a second person's word.
func TestExport(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	addClients(t, site, store.Client{Name: "=HYPERLINK(1)", Phone: "13800008817"}, store.Client{Name: "林晚秋", Phone: "13800008818", Allergies: []string{"青霉素"}})
	front, manager, owner := site.As("front"), site.As("manager"), site.As("owner")

	t.Run("a short list with personal data wants a reason and is fetched once", func(t *testing.T) {
		front.Post("/exchange/exports/ask", "list", "clients").Want(http.StatusOK, "不超过 100 条", "手机")
		front.Post("/exchange/exports", "list", "clients", "reason", " ").Want(http.StatusUnprocessableEntity, "请写明用途")
		front.Post("/exchange/exports", "list", "clients", "reason", "会员日", "_once", "twice").Want(http.StatusOK, "下载 Excel")
		page := front.Post("/exchange/exports", "list", "clients", "reason", "会员日", "_once", "twice").Want(http.StatusOK).At("/exchange/exports/1")
		require.Contains(t, page.Body, "会员日")
		manager.Post("/exchange/exports/1/file").Want(http.StatusForbidden, "别人申请")
		rows := rowsOf(t, front.Post("/exchange/exports/1/file"))
		require.Len(t, rows, 3)
		require.Contains(t, rows[0], "姓名")
		require.NotContains(t, rows[0], "过敏史", "the desk does not see allergies")
		require.Equal(t, "林晚秋", rows[1][1])
		require.Equal(t, "13800008818", rows[1][4])
		require.Equal(t, "=HYPERLINK(1)", rows[2][1], "as a text")
		front.Post("/exchange/exports/1/file").Want(http.StatusConflict, "请重新申请")
	})

	t.Run("the filter of the page is kept", func(t *testing.T) {
		front.Post("/exchange/exports", "list", "clients", "reason", "核对", "f_q", "8818", "f_else", "x").Want(http.StatusOK)
		require.Len(t, rowsOf(t, front.Post("/exchange/exports/2/file")), 2)
	})

	t.Run("a long one waits for another manager or owner, and a day only", func(t *testing.T) {
		set(t, site, "export.most", "1")
		for _, id := range []int{3, 4, 5} {
			manager.Post("/exchange/exports", "list", "clients", "reason", "年度盘点").Want(http.StatusOK, "等另一位负责人同意").At(fmt.Sprintf("/exchange/exports/%d", id))
		}
		manager.Post("/exchange/exports/3/file").Want(http.StatusConflict, "还在等", "REG-PII-11")
		manager.Post("/exchange/exports/3/decide", "word", "yes").Want(http.StatusConflict, "不能同意自己的")
		front.Post("/exchange/exports/3/decide", "word", "yes").Want(http.StatusForbidden)
		owner.Get("/tasks").Want(http.StatusOK)
		owner.Post("/exchange/exports/3/decide", "word", "maybe").Want(http.StatusUnprocessableEntity)
		owner.Post("/exchange/exports/4/decide", "word", "no").Want(http.StatusUnprocessableEntity, "请写明用途或原因")
		owner.Post("/exchange/exports/4/decide", "word", "no", "reason", "用途不明").Want(http.StatusOK, "没有同意")
		for _, id := range []string{"3", "5"} {
			owner.Post("/exchange/exports/"+id+"/decide", "word", "yes").Want(http.StatusOK, "可以下载")
		}
		owner.Post("/exchange/exports/3/decide", "word", "yes").Want(http.StatusConflict, "已经处理过")
		manager.Get("/tasks").Not("/exchange/exports/3")
		require.Len(t, rowsOf(t, manager.Post("/exchange/exports/3/file")), 3)
		manager.Post("/exchange/exports/3/file").Want(http.StatusConflict)
		manager.Post("/exchange/exports/4/file").Want(http.StatusConflict)
		site.Clock.Forward(24*time.Hour + time.Second)
		site.As("manager").Post("/exchange/exports/5/file").Want(http.StatusConflict, "超过 24 小时")
	})

	t.Run("one that has grown since is asked for again", func(t *testing.T) {
		set(t, site, "export.most", "2")
		desk := site.As("front")
		desk.Post("/exchange/exports", "list", "clients", "reason", "会员日").Want(http.StatusOK)
		addClients(t, site, store.Client{Name: "周一", Phone: "13800008819"})
		desk.Post("/exchange/exports/6/file").Want(http.StatusConflict, "名单已增加到 3 条")
	})

	t.Run("who may not, does not", func(*testing.T) {
		for _, login := range []string{"nurse", "doctor", "stock", "consultant", "sysadmin"} {
			b := site.As(login).Direct()
			b.Post("/exchange/exports", "list", "clients", "reason", "看看").Want(http.StatusForbidden)
			b.Post("/exchange/exports/ask", "list", "clients").Want(http.StatusForbidden)
			b.Post("/exchange/exports/1/file").Want(http.StatusForbidden)
			b.Post("/exchange/exports/1/decide", "word", "yes").Want(http.StatusForbidden)
			b.Get("/exchange").Want(http.StatusForbidden)
		}
		site.As("nurse").Post("/exchange/exports/list", "list", "clients").Want(http.StatusConflict, "REG-PII-11")
		site.As("cashier").Post("/exchange/exports/list", "list", "clients").Want(http.StatusForbidden)
		site.As("cashier").Post("/exchange/exports/ask", "list", "clients").Want(http.StatusForbidden) // a list that she does not see
		site.As("cashier").Get("/till").Want(http.StatusOK, `action="/exchange/exports/ask"`)
		site.As("cashier").Post("/exchange/exports/ask", "list", "orders").Want(http.StatusOK, "待收订单")
		site.As("quality").Post("/exchange/exports/ask", "list", "events").Want(http.StatusOK, "不良事件")
		site.As("manager").Post("/exchange/exports/list", "list", "nothing").Want(http.StatusNotFound)
		site.As("aftercare").Get("/exchange/exports/1").Want(http.StatusForbidden)
		site.As("owner").Get("/exchange/exports/1").Want(http.StatusOK, "会员日")
		site.As("owner").Get("/exchange/exports/99").Want(http.StatusNotFound)
	})
}

// table is an Excel file with the rows in its only sheet.
func table(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	var out bytes.Buffer
	require.NoError(t, f.Write(&out))
	require.NoError(t, f.Close())
	return out.Bytes()
}

var count = regexp.MustCompile(`<dd class="num">(\d+)</dd>`)

// counts are the figures of an import's page: total, new, filled, doubles, wrong.
func counts(a *uitest.Answer) string {
	var list []string
	for _, m := range count.FindAllStringSubmatch(a.Body, -1) {
		list = append(list, m[1])
	}
	return strings.Join(list, " ")
}

func clientsByPhone(t *testing.T, site *uitest.Site, phone string) (list []store.Client) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		list, err = r.ClientsByPhone(phone)
		return err
	}))
	return list
}

// TestImport takes a table of another system in, with everything that such tables have.
func TestImport(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	old := addClients(t, site, store.Client{Name: "林晚秋", Phone: "13800008818"})
	manager := site.As("manager")
	file := table(t,
		[]any{"客户姓名", "手机号码（必填）", "性别", "生日", "会员号", "渠道", "过敏史", "微信", "备注", "共用手机", "监护人", "监护人关系", "监护人电话"},
		[]any{"王小明", "138 0000 0001", "男", 32994, "V001", "美团", "青霉素、头孢", "wx1", "老客"},
		[]any{"阿依古丽·买买提", 13800000002, "女", "1988年2月29日", "V002", "老带新", "无"},
		[]any{"林晚秋", "13800008818", "女", "1990-05-01", "V003", "到店", "碘伏", "wx3"},
		[]any{"李双", "13800000003", "女", "2000-01-31", "V004"},
		[]any{"李对", "13800000003", "女", "2000-01-31", "V005"},
		[]any{"王小明", "13800000001", "男", "1990-05-01", "V001"},
		[]any{"张科学", "1.38E+10", "女", "1990-05-01"},
		[]any{"=1+1", "13800000004", "女", "1990-05-01"},
		[]any{"周日子", "13800000005", "女", "05/01/1990"},
		[]any{"陈小", "13800000006", "女", "2020-03-31"},
		[]any{"陈小宝", "13800000007", "女", "2020-03-31", "", "", "", "", "", "", "陈大宝", "母亲", "13800000008"},
		[]any{"无手机", "", "女", "1990-05-01"},
		[]any{"李三", "13800000003", "女", "1999-12-31", "V009", "", "", "", "", "是"},
		[]any{"林😀", "13800000009", "不明", "1990-05-01"},
	)

	t.Run("a trial writes nothing and names every cell that is wrong", func(t *testing.T) {
		page := manager.PostFile("/exchange/imports", "file", file).Want(http.StatusOK, "将新增",
			"请写成 1990-05-01", "科学计数", "与第 2 行是同一个人", "手机与第 5 行相同", "已有档案：林晚秋", "性别认不出来", "监护人").At("/exchange/imports/1")
		require.Equal(t, "14 5 0 3 6", counts(page))
		require.Empty(t, clientsByPhone(t, site, "13800000001"))
		rows := rowsOf(t, manager.Post("/exchange/imports/1/faults", "_once", "f1"))
		require.Greater(t, len(rows), 9)
		require.Equal(t, []string{"行", "列", "表头", "内容", "问题"}, rows[0])
	})

	t.Run("doubles by choice: fill what is empty", func(t *testing.T) {
		columns := []string{"twins", "fill", "shared", "add"}
		for i, code := range []string{"name", "phone", "gender", "birth", "former", "source", "allergies", "wechat", "note", "shared", "guardian_name", "guardian_relation", "guardian_phone"} {
			columns = append(columns, fmt.Sprintf("col_%d", i), code)
		}
		manager.Post("/exchange/imports/1/plan", append(columns, "col_2", "")...).Want(http.StatusOK)
		manager.Post("/exchange/imports/1/plan", "twins", "fill", "shared", "add", "col_0", "name", "col_1", "name").Want(http.StatusUnprocessableEntity, "选了两次", "请指明哪一列是")
		manager.Post("/exchange/imports/1/plan", "twins", "all", "shared", "x").Want(http.StatusUnprocessableEntity)
		page := manager.Post("/exchange/imports/1/plan", columns...).Want(http.StatusOK)
		require.Equal(t, "14 6 1 1 6", counts(page))
	})

	t.Run("the run is proved, done once, and can be left", func(t *testing.T) {
		for _, login := range []string{"front", "consultant", "sysadmin"} {
			site.As(login).Direct().Post("/exchange/imports/1/run").Want(http.StatusForbidden)
			site.As(login).Direct().PostFile("/exchange/imports", "file", file).Want(http.StatusForbidden)
			site.As(login).Direct().Get("/exchange/imports/1").Want(http.StatusForbidden)
		}
		manager.Post("/exchange/imports/1/run", "_once", "run").Want(http.StatusOK)
		manager.Post("/exchange/imports/1/run", "_once", "run").Want(http.StatusOK).At("/exchange/imports/1")
		site.App.Jobs.Wait()
		over := manager.Get("/exchange/imports/1").Want(http.StatusOK, "来自旧系统，待补签", "没有导入的行", "科学计数丢了后几位", "缺监护人").Not("张科学").Not("1.38E+10")
		require.Equal(t, "6 1 1 6", counts(over))
		require.Regexp(t, `(?s)id="refusals".*scope="row">8</th><td>B</td><td>科学计数`, over.Body, "which row, which column, why")
		manager.Post("/exchange/imports/1/run").Want(http.StatusConflict, "已经开始或结束")
		wang := clientsByPhone(t, site, "13800000001")
		require.Len(t, wang, 1)
		require.Equal(t, []string{"青霉素", "头孢"}, wang[0].Allergies)
		require.Equal(t, term.Day("1990-05-01"), wang[0].Birth)
		require.Equal(t, store.Former{Number: "V001", Note: "老客"}, wang[0].Former)
		require.Equal(t, "platform", wang[0].Source)
		require.Len(t, clientsByPhone(t, site, "13800000003"), 3, "twins with one phone, marked")
		lin := clientsByPhone(t, site, "13800008818")
		require.Equal(t, "wx3", lin[0].WeChat)
		require.Equal(t, old[0], lin[0].ID)
		found := manager.With("HX-Request", "true").Post("/find", "q", "阿依古丽")
		require.Contains(t, found.Body, "阿依古丽·买买提", "the finder takes them up")
	})

	t.Run("the gates refuse an imported client until the papers are signed", func(t *testing.T) {
		wang := clientsByPhone(t, site, "13800000001")[0]
		require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
			consents, err := r.Consents(wang.ID)
			require.Empty(t, consents, "nothing was signed here")
			return err
		}))
	})

	t.Run("undo takes back what nobody used, and says what stays", func(t *testing.T) {
		manager := site.As("manager")
		wang := clientsByPhone(t, site, "13800000001")[0]
		require.NoError(t, site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
			return tx.AddLead(&store.Lead{Name: wang.Name, Phone: wang.Phone, Channel: "phone", State: term.LeadOpen, Client: wang.ID})
		}))
		manager.Post("/exchange/imports/1/undo", "reason", "").Want(http.StatusUnprocessableEntity)
		site.As("front").Direct().Post("/exchange/imports/1/undo", "reason", "错了").Want(http.StatusForbidden)
		manager.Post("/exchange/imports/1/undo", "reason", "导错了表").Want(http.StatusOK)
		site.App.Jobs.Wait()
		manager.Get("/exchange/imports/1").Want(http.StatusOK, "已撤回", "导错了表", "王小明").Not("李双")
		require.Len(t, clientsByPhone(t, site, "13800000001"), 1)
		require.Empty(t, clientsByPhone(t, site, "13800000003"), "the phone is free again")
		require.Empty(t, clientsByPhone(t, site, "13800008818")[0].WeChat, "what was filled in is empty again")
		require.NotContains(t, manager.With("HX-Request", "true").Post("/find", "q", "阿依古丽").Body, "买买提")
		site.As("manager").Post("/exchange/imports/1/undo", "reason", "再来").Want(http.StatusConflict)
	})

	t.Run("columns are remembered, a file can be given up, and what is none is refused", func(t *testing.T) {
		manager := site.As("manager")
		manager.PostFile("/exchange/imports", "file", []byte("甲,乙,丙\n林一,13900000001,1990-05-01\n")).Want(http.StatusOK, "请指明哪一列是“姓名”").At("/exchange/imports/2")
		manager.Post("/exchange/imports/2/plan", "twins", "skip", "shared", "skip", "col_0", "name", "col_1", "phone", "col_2", "birth").Want(http.StatusOK, "将新增")
		manager.Post("/exchange/imports/2/drop").Want(http.StatusOK, "已放弃").At("/exchange")
		manager.Get("/exchange/imports/2").Want(http.StatusNotFound)
		manager.PostFile("/exchange/imports", "file", []byte("甲,乙,丙\n林二,13900000002,1990-05-01\n")).Want(http.StatusOK, "确认导入 1 位").At("/exchange/imports/3")
		manager.PostFile("/exchange/imports", "file", []byte("\xFF\xD8\xFF\xE0\x00")).Want(http.StatusUnprocessableEntity, "只能读 Excel")
		manager.Post("/exchange/imports").Want(http.StatusUnprocessableEntity, "没有内容")
		site.Clock.Forward(8 * 24 * time.Hour)
		_, err := site.App.Jobs.Run(t.Context(), site.Actor("owner"), "imports")
		require.NoError(t, err)
		site.As("manager").Get("/exchange/imports/3").Want(http.StatusNotFound)
	})
}

// TestEveryListGoesOut takes every list out as somebody who may, empty as the house is, and looks
// for the button on its page.
func TestEveryListGoesOut(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	addClients(t, site, store.Client{Name: "林晚秋", Phone: "13800008818"})
	for _, x := range []struct{ login, list, page, heading string }{
		{"stock", "stock", "/stock?show=low", "批号"},
		{"cashier", "payments", "/till/day", "收款号"},
		{"nurse", "catalog", "/catalog", "现价"},
	} {
		b := site.As(x.login)
		b.Get(x.page).Want(http.StatusOK, `name="list" value="`+x.list+`"`, "/exchange/exports/list")
		require.Contains(t, rowsOf(t, b.Post("/exchange/exports/list", "list", x.list, "f_day", "2026-02-31", "f_show", "none"))[0], x.heading)
	}
	id := 3
	for _, x := range []struct{ login, list, page, heading string }{
		{"front", "leads", "/reception/leads?state=closed", "需求"},
		{"front", "appointments", "/reception/appointments", "设备"},
		{"front", "visits", "", "就诊号"},
		{"aftercare", "tasks", "/tasks?late=1", "到期"},
		{"aftercare", "events", "/feedback/adverse", "严重度"},
		{"manager", "staff", "/admin/staff", "岗位"},
	} {
		b := site.As(x.login)
		if x.page != "" {
			b.Get(x.page).Want(http.StatusOK, `name="list" value="`+x.list+`"`, "/exchange/exports/ask")
		}
		b.Post("/exchange/exports/ask", "list", x.list).Want(http.StatusOK, x.heading)
		id++
		b.Post("/exchange/exports", "list", x.list, "reason", "存档", "f_staff", "x").Want(http.StatusOK).At(fmt.Sprintf("/exchange/exports/%d", id))
		require.Contains(t, rowsOf(t, b.Post(fmt.Sprintf("/exchange/exports/%d/file", id)))[0], x.heading)
	}
	site.As("front").Post("/exchange/exports/list", "list", "stock").Want(http.StatusForbidden)
	site.As("front").Post("/exchange/exports", "list", "staff", "reason", "看看").Want(http.StatusForbidden)
}

// TestUndoLeavesAJoinedFileAlone: what an import filled in goes with its file into a merge. Taking the
// import back must not clear what the file that stayed held itself, its allergies least of all.
func TestUndoLeavesAJoinedFileAlone(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	ids := addClients(t, site, store.Client{Name: "林晚秋", Phone: "13800008818", WeChat: "own", Allergies: []string{"利多卡因"}}, store.Client{Name: "林秋", Phone: "13800008819"})
	manager := site.As("manager")
	manager.PostFile("/exchange/imports", "file", table(t,
		[]any{"姓名", "手机", "性别", "生日", "过敏史", "微信"}, []any{"林秋", "13800008819", "女", "1990-05-01", "青霉素", "wx"})).Want(http.StatusOK)
	manager.Post("/exchange/imports/1/plan", "twins", "fill", "shared", "add", "col_0", "name", "col_1", "phone", "col_2", "gender", "col_3", "birth",
		"col_4", "allergies", "col_5", "wechat").Want(http.StatusOK)
	manager.Post("/exchange/imports/1/run").Want(http.StatusOK)
	site.App.Jobs.Wait()
	manager.Post(fmt.Sprintf("/clients/%d/merge", ids[0]), "from", fmt.Sprint(ids[1]), "from_version", "2", "into_version", "1", "merge_reason", "同一人").Want(http.StatusOK)
	manager.Post("/exchange/imports/1/undo", "reason", "导错了表").Want(http.StatusOK)
	site.App.Jobs.Wait()
	stays := clientsByPhone(t, site, "13800008818")
	require.Len(t, stays, 1)
	require.Equal(t, []string{"利多卡因", "青霉素"}, stays[0].Allergies)
	require.Equal(t, "own", stays[0].WeChat)
	manager.Get("/exchange/imports/1").Want(http.StatusOK, "已撤回")
}

// TestAnApprovalIsForWhatWasCounted: a second person agreed to so many rows; a list that grew by more than
// may leave without her since is asked for again.
func TestAnApprovalIsForWhatWasCounted(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	set(t, site, "export.most", "2")
	crowd := func(from, n int) {
		for i := range n {
			addClients(t, site, store.Client{Name: "客人", Phone: fmt.Sprintf("138000%05d", from+i)})
		}
	}
	crowd(0, 3)
	desk, manager := site.As("front"), site.As("manager")
	ask := func(id int) {
		desk.Post("/exchange/exports", "list", "clients", "reason", "会员日").Want(http.StatusOK, "等另一位负责人同意")
		manager.Post(fmt.Sprintf("/exchange/exports/%d/decide", id), "word", "yes").Want(http.StatusOK)
	}
	ask(1)
	crowd(10, 2)
	require.Len(t, rowsOf(t, desk.Post("/exchange/exports/1/file")), 6)
	ask(2)
	crowd(20, 3)
	desk.Post("/exchange/exports/2/file").Want(http.StatusConflict, "名单已增加到 8 条")
}

// TestAListLeavesInPartsAsAWhole: who takes a long list piece by piece asks a second person too; the same
// piece once more, and other lists, do not count.
func TestAListLeavesInPartsAsAWhole(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	set(t, site, "export.most", "2")
	addClients(t, site, store.Client{Name: "周一", Phone: "13800008801"}, store.Client{Name: "周二", Phone: "13800008802"}, store.Client{Name: "吴三", Phone: "13800008803"})
	desk, part := site.As("front"), func(q string) []string {
		return []string{"list", "clients", "f_q", q, "reason", "会员日"}
	}
	desk.Post("/exchange/exports", part("周")...).Want(http.StatusOK, "下载 Excel")
	desk.Post("/exchange/exports", part("周")...).Want(http.StatusOK, "下载 Excel")
	desk.Post("/exchange/exports/ask", part("吴")...).Want(http.StatusOK, "其他部分 2 条")
	desk.Post("/exchange/exports", part("吴")...).Want(http.StatusOK, "等另一位负责人同意")
	site.As("manager").Post("/exchange/exports", part("吴")...).Want(http.StatusOK, "下载 Excel")
	site.Clock.Forward(24*time.Hour + time.Minute)
	site.As("front").Post("/exchange/exports", part("吴")...).Want(http.StatusOK, "下载 Excel")
}
