package finance_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
)

// TestTheCashIsCounted: what lies in the drawer stands beside what the till expects; a
// difference needs a reason, and no count is lost.
func TestTheCashIsCounted(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.paid() // 4,999.99 in cash, 5,000.00 by card
	desk := s.As("cashier")
	desk.Get("/till/day").Want(http.StatusOK, "还没有清点", "应有现金", "¥4,999.99", "每种方式各计一次")
	desk.Post("/till/day/count", "of", "2026-03-02").Want(http.StatusUnprocessableEntity, "请填写实点现金")
	desk.Post("/till/day/count", "of", "2026-03-02", "counted", "4990").
		Want(http.StatusUnprocessableEntity, "与应有相差 -¥9.99", `value="4990"`)
	desk.Post("/till/day/count", "of", "2026-03-03", "counted", "4999.99").Want(http.StatusUnprocessableEntity, "以后的日子")
	desk.Post("/till/day/count", "of", "2026-03-02", "counted", "4990", "reason", "找零少收").
		Want(http.StatusOK, "清点已登记，差异 -¥9.99", "找零少收").At("/till/day?day=2026-03-02")
	desk.Post("/till/day/count", "of", "2026-03-02", "counted", "4,999.99").Want(http.StatusOK, "相符", "找零少收")
	form := []string{"of", "2026-03-02", "counted", "4,999.99", "_once", "count-1", "_seen", desk.Seen("/till/day", "/till/day/count")}
	for range 2 { // the second post of one form leads where the first one led
		answer := s.As("cashier").Direct().Post("/till/day/count", form...).Want(http.StatusSeeOther)
		require.Equal(t, "/till/day?day=2026-03-02", answer.Header.Get("Location"))
	}
	old := desk.Seen("/till/day", "/till/day/count")
	s.As("manager").Post("/till/day/count", "of", "2026-03-02", "counted", "4,999.99")
	for _, seen := range []string{old, "", "x"} { // who has not seen the other's count
		desk.Post("/till/day/count", "of", "2026-03-02", "counted", "4980", "reason", "再数一遍", "_seen", seen).
			Want(http.StatusConflict, "刚刚被别人改过", `value="4980"`, `value="再数一遍"`)
	}
	s.As("owner").Get("/till/day").Want(http.StatusOK, "找零少收").Not("登记清点")
	s.As("owner").Post("/till/day/count", "counted", "1").Want(http.StatusForbidden)
	s.As("front").Post("/till/day/count", "counted", "1").Want(http.StatusForbidden)
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
		list, err := r.TillCountsOn("2026-03-02")
		require.Len(t, list, 4)
		require.EqualValues(t, 499_999, list[1].CountedFen)
		return err
	}))
}
