package people_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

func TestRosterPages(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	m, front := s.As("manager"), s.As("front")
	doctor := fmt.Sprint(int64(s.StaffID("doctor")))
	m.Get("/people/roster").Want(http.StatusOK, "2026 年 03 月", "早班", "T-doctor", "今天没有排班")
	front.Get("/people/roster").Want(http.StatusOK, "T-doctor").Not(`name="cell"`).Not(`action="/people/roster/week"`)

	cell := []string{"cell", doctor + ":2026-03-02", "brush", "1"}
	front.Post("/people/roster/day", cell...).Want(http.StatusForbidden)
	m.Post("/people/roster/day", "cell", doctor+":2026-02-30", "brush", "1").Want(http.StatusUnprocessableEntity)
	m.Post("/people/roster/day", "cell", "x", "brush", "早").Want(http.StatusUnprocessableEntity)
	m.Post("/people/roster/day", "cell", doctor+":2026-03-02", "brush", "77").Want(http.StatusUnprocessableEntity)
	m.Post("/people/roster/day", append(cell, "_once", "same-click")...).Want(http.StatusOK, "在岗", "09:00–18:00")
	m.Post("/people/roster/day", append(cell, "_once", "same-click")...).Want(http.StatusOK)
	m.Post("/people/roster/day", "cell", doctor+":2026-03-03", "brush", "own", "own_from", "12:00", "own_to", "16:30").Want(http.StatusOK, "12:00–16:30")

	week := []string{"staff", doctor, "from", "2026-03-09", "to", "2026-03-22", "usual", "on"}
	m.Post("/people/roster/week", append(week, "wd0", "1")...).Want(http.StatusUnprocessableEntity, "请填满周一到周日", "2026-03-22")
	for n := range 7 {
		week = append(week, fmt.Sprintf("wd%d", n), "1")
	}
	front.Post("/people/roster/week", week...).Want(http.StatusForbidden)
	m.Post("/people/roster/week", week...).Want(http.StatusOK, "已排班，改动 14 天")
	m.Post("/people/roster/week", "from", "2026-03-23", "to", "2026-03-31").Want(http.StatusOK, "改动 9 天")
	m.Post("/people/roster/copy", "from", "2026-03-09", "to", "2026-04-07").Want(http.StatusUnprocessableEntity, "同一个星期几")
	m.Post("/people/roster/copy", "from", "2026-03-09", "to", "2026-04-06", "weeks", "2").Want(http.StatusOK, "2026 年 04 月", "改动 14 天")
	m.Post("/people/roster/kind", "name", "夜诊", "letter", "夜", "from", "18:00", "to", "17:00").Want(http.StatusUnprocessableEntity, "下班要晚于上班")
	m.Post("/people/roster/kind", "name", "夜诊", "letter", "夜", "from", "18:00", "to", "21:00").Want(http.StatusOK, "夜诊")
	m.Post("/people/roster/kind", "id", "1", "_version", "7", "name", "早班", "letter", "早", "from", "08:00", "to", "17:00").Want(http.StatusConflict)
	m.Post("/people/roster/kind", "id", "1", "_version", "1", "name", "早班", "letter", "早", "from", "09:00", "to", "18:00", "retire", "on").Want(http.StatusOK)
}

// TestACoverIsTakenAwayKnowingly puts a doctor with a booking on rest: the click says which booking
// loses its cover and saves nothing; with a reason it stands.
func TestACoverIsTakenAwayKnowingly(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	m := s.As("manager")
	id := s.StaffID("doctor")
	at := term.Day("2026-03-04").Start(s.App.DB.Zone()).Add(10 * time.Hour)
	require.NoError(t, s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.prepare"}, func(tx *store.Tx) error {
		lead := store.Lead{Name: "王女士", Phone: "13800000000", Channel: "phone", Owner: s.StaffID("front"), State: term.LeadOpen}
		if err := tx.AddLead(&lead); err != nil {
			return err
		}
		return tx.AddAppointment(&store.Appointment{Lead: lead.ID, Staff: id, StartsAt: at, EndsAt: at.Add(time.Hour), State: term.AppointmentConfirmed})
	}))
	cell := []string{"cell", fmt.Sprintf("%d:2026-03-04", id), "day", "2026-03-01"}
	m.Post("/people/roster/day", append(cell, "brush", "1")...).Want(http.StatusOK, "在岗")
	rest := append(cell, "brush", "0")
	m.Post("/people/roster/day", rest...).Want(http.StatusConflict, "还没有保存", "1 个预约", "10:00", `name="_reason"`)
	htmx := m.With("HX-Request", "true").Post("/people/roster/day", rest...)
	htmx.Want(http.StatusConflict, "还没有保存", `id="roster"`).Not("<html")
	m.Get("/people/roster").Want(http.StatusOK, "2026-03-04 09:00–18:00")
	m.Post("/people/roster/day", append(rest, "_reason", "发烧，客户已电话改约")...).Want(http.StatusOK, "2026-03-04 休息", "1 个预约没有合格人员在岗")
}

func TestLeavePages(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	m, d := s.As("manager"), s.As("doctor")
	d.Get("/people/leave").Want(http.StatusOK, "没有请假")
	ask := []string{"kind", "annual", "from", "2026-03-04", "to", "2026-03-05", "reason", "陪产假前检查"}
	d.Post("/people/leave", "kind", "annual", "from", "2026-03-05", "to", "2026-03-04", "reason", "陪产").Want(http.StatusUnprocessableEntity, "结束日期", `value="陪产"`)
	d.Post("/people/leave", append(ask, "_once", "same")...).Want(http.StatusOK, "待批准", "撤回", "03-04 至 03-05 · 2 天")
	d.Post("/people/leave", append(ask, "_once", "same")...).Want(http.StatusOK)
	d.Post("/people/leave", ask...).Want(http.StatusUnprocessableEntity, "已经请过假")
	s.As("nurse").Get("/people/leave").Want(http.StatusOK).Not("陪产假前检查")
	d.Post("/people/leave/1/answer", "answer_as", "approve").Want(http.StatusForbidden)
	s.As("nurse").Post("/people/leave/1/withdraw").Want(http.StatusNotFound)
	m.Post("/people/leave/1/answer", "answer_as", "refuse").Want(http.StatusUnprocessableEntity)
	m.Post("/people/leave/1/answer", "answer_as", "approve").Want(http.StatusOK, "已批准", "陪产假前检查")
	m.Post("/people/leave/1/answer", "answer_as", "approve").Want(http.StatusConflict)
	m.Post("/people/leave", ask...).Want(http.StatusOK)
	m.Post("/people/leave/2/answer", "answer_as", "approve").Want(http.StatusConflict, "另一位管理人员")
	m.Get("/people/roster").Want(http.StatusOK, ">假<")
	d.Post("/people/leave/1/withdraw").Want(http.StatusOK, "已撤回")
	d.Post("/people/leave/1/withdraw").Want(http.StatusConflict)
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
		l, err := r.Leave(1)
		require.Equal(t, store.LeaveWithdrawn, l.State)
		return err
	}))
}
