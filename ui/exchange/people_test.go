package exchange_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

// TestAnImportTakesWhoHasNoPhoneAndForeigners: tables of other systems hold people without a phone and
// documents of other countries; nothing of them is made up, and a tier nobody knows is said.
func TestAnImportTakesWhoHasNoPhoneAndForeigners(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	manager := site.As("manager")
	file := table(t, []any{"姓名", "手机", "性别", "生日", "证件号", "等级"},
		[]any{"Seán O'Brien", "", "男", "1980-02-29", "PA1234567", "至尊VIP"},
		[]any{"陈港生", "+85291234567", "男", "1980-02-28", "H12345678", "金卡"},
		[]any{"李四错", "123", "女", "1990-05-01"},
		[]any{"王五错", "13800000044", "女", "1990-05-01", "110105194912310021"},
		[]any{"将来人", "13800000045", "女", "2090-05-01"},
	)
	manager.PostFile("/exchange/imports", "file", file).Want(http.StatusOK, "没有手机号的行", "请填写正确的手机号", "证件号不正确").
		Not("监护人姓名（", "缺监护人")
	plan := []string{"twins", "skip", "shared", "skip", "phoneless", "add", "col_0", "name", "col_1", "phone", "col_2", "gender", "col_3", "birth", "col_4", "id_number", "col_5", "tier"}
	manager.Post("/exchange/imports/1/plan", plan...).Want(http.StatusOK, "1 行的等级不认识（如“至尊VIP”）", "将新增")
	manager.Post("/exchange/imports/1/run").Want(http.StatusOK)
	site.App.Jobs.Wait()
	require.Equal(t, "true", manager.Get("/exchange/imports/1/state?drawn=running").Want(http.StatusOK).Header.Get("HX-Refresh"), "what comes next stands beside it")
	require.Empty(t, manager.Get("/exchange/imports/1/state?drawn=done").Header.Get("HX-Refresh"))
	var people []store.Client
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		people, err = r.NewestClients(0, 10)
		return err
	}))
	kinds := map[string]string{}
	for _, c := range people {
		kinds[c.Name] = c.IDKind + " " + c.NoPhone + " " + c.Tier
	}
	require.Equal(t, map[string]string{"Seán O'Brien": "passport former normal", "陈港生": "hk_mo_tw  gold"}, kinds)
	seans := slices.IndexFunc(people, func(c store.Client) bool { return c.NoPhone != "" })
	path := fmt.Sprintf("/reception/clients/%d/correct", people[seans].ID)
	site.As("front").Get(path).Want(http.StatusOK, "老系统没有号码")
	site.As("front").Post(path, "version", "1", "name", "Seán O'Brian", "gender", "male", "birth", "1980-02-29", "no_phone", "former", "id_kind", "passport", "reason", "写错").Want(http.StatusOK, "客户信息已更正")
	site.As("front").Get(fmt.Sprintf("/client/%d", people[seans].ID)).Want(http.StatusOK, "待补")
}
