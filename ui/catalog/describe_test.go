package catalog_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

func itemOf(t *testing.T, s *uitest.Site, code string) (i store.Item) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(context.Background(), func(r *store.Read) (err error) {
		i, err = r.ItemByCode(code)
		return err
	}))
	return i
}

// described is what the form of an item posts, with changes.
func described(i store.Item, with ...string) []string {
	fields := map[string]string{
		"version": fmt.Sprint(i.Version), "name": i.Name, "name_en": i.NameEN, "scope": i.Scope, "level": i.Level, "operator": i.Operator,
		"minutes": fmt.Sprint(i.Minutes), "before": fmt.Sprint(i.BeforeMinutes), "after": fmt.Sprint(i.AfterMinutes), "room": i.RoomKind, "device": i.DeviceKind, "anaesthesia": i.Anaesthesia,
		"sessions": fmt.Sprint(i.Sessions), "interval": fmt.Sprint(i.IntervalDays), "observe": fmt.Sprint(i.ObserveMinutes),
		"recovery_days": fmt.Sprint(i.RecoveryDays), "contraindications": i.Contraindications[0],
		"suitable_note": i.About.ZH.Suitable, "principle_note": i.About.ZH.Principle, "steps_note": "清洁\n\n 照射 ", "recovery_note": i.About.ZH.Recovery,
	}
	return uitest.Pairs(fields, with...)
}

// An item is complete as long as it is on sale, is taken off with a reason, and a new one is
// made after it (row:E1).
func TestDescribeOfferWithdrawCopy(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	m, i := s.As("manager"), itemOf(t, s, "LSR-IPL")
	path := fmt.Sprintf("/catalog/%d", i.ID)
	s.As("front").Get(path).Want(http.StatusOK, "美容皮肤科", "适用人群", "须由本店主诊医师核对").Not(path+"/edit", "停售</h2>")
	for _, deed := range []string{"/edit", "/offer", "/withdraw", "/copy"} {
		s.As("front").Post(path+deed, "version", fmt.Sprint(i.Version), "_reason", "试").Want(http.StatusForbidden)
	}
	m.Post(path+"/edit", described(i, "suitable_note", "", "scope", "", "minutes", "abc")...).
		Want(http.StatusUnprocessableEntity, "3 处", `value="abc"`, "上架前须填写适用人群").Not("说明已保存")
	m.Post(path+"/edit", described(i, "suitable_note", "", "scope", "")...).
		Want(http.StatusUnprocessableEntity, "上架前须填写适用人群", "上架前须填写诊疗科目", "2 处")
	m.Post(path+"/edit", described(i, "level", "1", "operator", "nurse")...).
		Want(http.StatusUnprocessableEntity, "须由主诊医师操作", "只有美容外科项目分级")
	m.Post(path+"/edit", described(i, "recovery_days", "5")...).Want(http.StatusOK, "说明已保存", "已核对", "5 天", "<li>照射</li>")
	m.Post(path+"/edit", described(i)...).Want(http.StatusConflict)

	i = itemOf(t, s, "LSR-IPL")
	m.Post(path+"/withdraw", "version", fmt.Sprint(i.Version)).Want(http.StatusUnprocessableEntity, "停售原因")
	m.Post(path+"/withdraw", "version", fmt.Sprint(i.Version), "_reason", "设备送修").Want(http.StatusOK, "已停售")
	i = itemOf(t, s, "LSR-IPL")
	require.False(t, i.Enabled)
	m.Post(path+"/edit", described(i, "scope", "", "recovery_days", "")...).Want(http.StatusOK, "还不能上架", "诊疗科目")
	i = itemOf(t, s, "LSR-IPL")
	require.Equal(t, -1, i.RecoveryDays)
	m.Post(path+"/offer", "version", fmt.Sprint(i.Version)).Want(http.StatusUnprocessableEntity, "上架前须填写诊疗科目", "上架前须填写恢复天数")
	m.Post(path+"/edit", described(i, "scope", "tcm", "recovery_days", "3")...).Want(http.StatusOK)
	require.NoError(t, s.App.Admin.SaveSetting(t.Context(), s.Actor("owner"), "clinic.scopes", "surgery,dermatology"))
	i = itemOf(t, s, "LSR-IPL")
	m.Post(path+"/offer", "version", fmt.Sprint(i.Version)).Want(http.StatusConflict, "不在本店登记的诊疗科目内", "REG-ORG-02")

	m.Post(path+"/copy", "code", "x", "name", "", "price", "100", "low", "200", "high", "300").
		Want(http.StatusUnprocessableEntity, "编码须由大写字母", "请写中文名称")
	m.Post(path+"/copy", "code", "lsr-qs-pig", "name", "新光子", "price", "980", "low", "800", "high", "1200").
		Want(http.StatusUnprocessableEntity, "已被使用")
	m.Post(path+"/copy", "code", "LSR-IPL-NEW", "name", "新光子", "price", "980", "low", "800", "high", "1200").
		Want(http.StatusOK, "新项目已建立", `value="新光子"`)
	made := itemOf(t, s, "LSR-IPL-NEW")
	require.False(t, made.Enabled)
	require.Equal(t, i.FormCode, made.FormCode)
	require.Zero(t, made.DescribedBy)
}

// Every change of a price shows who, when and why (row:E2).
func TestThePriceHistoryNamesWho(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	i := itemOf(t, s, "LSR-IPL")
	path := fmt.Sprintf("/catalog/%d", i.ID)
	s.As("owner").Post(path+"/price", "version", fmt.Sprint(i.Version), "price", "100000000.01", "low", "500", "high", "99999999999", "_reason", "多打了几个零").
		Want(http.StatusUnprocessableEntity, `id="f-price-fault"`, `id="f-high-fault"`, "价格不能超过")
	s.As("owner").Post(path+"/price", "version", fmt.Sprint(i.Version), "price", "999", "low", "500", "high", "1500", "_reason", "年度调价").
		Want(http.StatusOK, "年度调价", s.Actor("owner").Name)
}

// Two people who describe one item, or reprice it: what the other saved stands beside what was
// typed, several choices too, and each field is chosen (row:U3).
func TestTwoEditorsOfOneItem(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	m, i := s.As("manager"), itemOf(t, s, "LSR-IPL")
	require.Greater(t, len(i.Contraindications), 1)
	path := fmt.Sprintf("/catalog/%d", i.ID)
	m.Post(path+"/edit", described(i, "recovery_note", "先存的人写的", "minutes", "45")...).Want(http.StatusOK)
	other := i.Contraindications[1]
	m.Post(path+"/edit", described(i, "recovery_note", "后存的人写的", "contraindications", other, "minutes", "40", "name_en", "x")...).
		Want(http.StatusConflict, "刚刚被别人改过", "后存的人写的", "先存的人写的", "_take_recovery_note", "_take_minutes", "_take_contraindications",
			`name="_theirs_contraindications" value="`+i.Contraindications[0], `name="version" value="`+fmt.Sprint(i.Version+1)).
		Not("_take_before", "_take_principle_note")
	now := itemOf(t, s, "LSR-IPL")
	require.Equal(t, "先存的人写的", now.About.ZH.Recovery)
	m.Post(path+"/edit", described(now, "recovery_note", "后存的人写的", "minutes", "40", "contraindications", other,
		"_take_minutes", "theirs", "_theirs_minutes", "45", "_take_recovery_note", "mine", "_theirs_recovery_note", "先存的人写的",
		"_take_contraindications", "theirs", "_theirs_contraindications", now.Contraindications[0])...).Want(http.StatusOK, "说明已保存")
	now = itemOf(t, s, "LSR-IPL")
	require.Equal(t, "后存的人写的", now.About.ZH.Recovery)
	require.Equal(t, 45, now.Minutes)
	require.Equal(t, i.Contraindications[:1], now.Contraindications)

	price := func(version int, with ...string) []string {
		return append([]string{"version", fmt.Sprint(version), "low", "500", "high", "1500"}, with...)
	}
	o := s.As("owner")
	o.Post(path+"/price", price(now.Version, "price", "999", "_reason", "年度调价")...).Want(http.StatusOK)
	o.Post(path+"/price", price(now.Version, "price", "888", "_reason", "同行降价")...).
		Want(http.StatusConflict, "刚刚被别人改过", "_take_price", `value="888`, `value="同行降价"`, `name="_theirs_price" value="999`).Not("_take_low")
	require.EqualValues(t, 99900, itemOf(t, s, "LSR-IPL").PriceFen)
	o.Post(path+"/withdraw", "version", fmt.Sprint(now.Version), "_reason", "设备送修").Want(http.StatusConflict, "刚刚被别人改过", "设备送修")
}
