package people_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

func TestPeoplePages(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	doctor := strconv.FormatInt(int64(s.StaffID("doctor")), 10)
	m, o := s.As("manager"), s.As("owner")
	m.Get("/people").Want(http.StatusOK, "还没有录入证照")
	m.Get("/people/rights").Want(http.StatusOK, "还没有医护人员的证照")
	paper := []string{"staff", doctor, "kind", "physician_practice", "number", "110-X", "from", "2020-01-01", "place_here", "on"}
	m.Post("/people/licence/new", "staff", doctor, "kind", "nurse_practice", "number", "N-7", "from", "2020-01-01").
		Want(http.StatusUnprocessableEntity, "护士执业证须填写有效期", `value="N-7"`)
	m.Post("/people/licence/new", paper...).Want(http.StatusOK, "证照已录入", "110-X", "须另一人核对")
	m.Post("/people/licence/1/check").Want(http.StatusConflict, "REG-STF-04")
	o.Post("/people/licence/1/check").Want(http.StatusOK, "证照已核对")
	m.Get("/people/right?staff="+doctor+"&kind=botulinum").Want(http.StatusOK, "设置授权")
	m.Post("/people/right", "staff", doctor, "kind", "magic", "level", "independent").Want(http.StatusUnprocessableEntity, "请选择项目类别")
	m.Post("/people/right", "staff", doctor, "kind", "botulinum", "level", "independent").Want(http.StatusOK, "授权已更新", "T-doctor", "独立操作")
	var item store.Item
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		item, err = r.ItemByCode("INJ-BTX-GL")
		return err
	}))
	who := "/people/who?item=" + strconv.FormatInt(int64(item.ID), 10)
	m.Get(who).Want(http.StatusOK, "可以操作")
	o.Get("/people/licence/1/suspend").Want(http.StatusOK, "暂停")
	o.Post("/people/licence/1/suspend", "reason", "").Want(http.StatusUnprocessableEntity, "请填写原因")
	o.Post("/people/licence/1/suspend", "reason", "考核不合格").Want(http.StatusOK, "暂停")
	m.Get(who).Want(http.StatusOK, "不能操作", "REG-STF-04")
	o.Post("/people/licence/1/suspend", "lift", "1", "reason", "复核通过").Want(http.StatusOK)
	m.Get(who).Want(http.StatusOK, "可以操作")
	m.Post("/people/right", "staff", strconv.FormatInt(int64(s.StaffID("consultant")), 10), "kind", "botulinum", "level", "learning").
		Want(http.StatusConflict, "REG-STF-10")
	s.As("nurse").Get("/people").Want(http.StatusForbidden)
	s.As("quality").Post("/people/licence/new", paper...).Want(http.StatusForbidden)
}
