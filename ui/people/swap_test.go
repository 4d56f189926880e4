package people_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// hoursOf is what the roster has for a person on a day.
func hoursOf(t *testing.T, s *uitest.Site, login, day string) (text string) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
		x, err := r.ShiftOn(s.StaffID(login), term.Day(day))
		text = fmt.Sprintf("%d-%d", x.From, x.To)
		return err
	}))
	return text
}

// Two exchange shifts when both agreed and a manager approved; the bookings that lose cover are listed
// before (row:O10).
func TestShiftsAreSwappedByApproval(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	m, nurse, front := s.As("manager"), s.As("nurse"), s.As("front")
	id := func(login string) string { return fmt.Sprint(int64(s.StaffID(login))) }
	day := "2026-03-04"
	draw := func(login, from, to string) {
		m.Post("/people/roster/day", "cell", id(login)+":"+day, "brush", "own", "own_from", from, "own_to", to).Want(http.StatusOK)
	}
	front.Get("/people/swaps").Want(http.StatusOK, "没有换班申请", "请找店长排班")
	draw("front", "09:00", "13:00")
	draw("nurse", "13:00", "20:00")
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.book"), func(tx *store.Tx) error {
		lead := store.Lead{Name: "吴女士", Phone: "13911112222", Channel: "phone", State: "open"}
		require.NoError(t, tx.AddLead(&lead))
		at := term.Day(day).Start(tx.Zone()).Add(15 * time.Hour)
		return tx.AddAppointment(&store.Appointment{
			Lead: lead.ID, Staff: s.StaffID("nurse"), StartsAt: at, EndsAt: at.Add(time.Hour), State: term.AppointmentConfirmed,
		})
	}))
	ask := []string{"other", id("nurse"), "mine", day, "theirs", day, "reason", "孩子家长会"}
	front.Post("/people/swaps", "other", id("front"), "mine", day, "theirs", day, "reason", "孩子家长会").
		Want(http.StatusUnprocessableEntity, "不能是自己", `value="孩子家长会"`)
	front.Post("/people/swaps", "other", id("nurse"), "mine", "2026-03-05", "theirs", day, "reason", "孩子家长会").Want(http.StatusUnprocessableEntity, "没有给你排班")
	front.Post("/people/swaps", "other", id("nurse"), "mine", "2026-02-05", "theirs", "2027-03-05", "reason", "x").Want(http.StatusUnprocessableEntity, "62 天以内")
	front.Post("/people/swaps", ask...).Want(http.StatusOK, "等对方同意", "撤回")
	s.As("doctor").Get("/people/swaps").Want(http.StatusOK).Not("孩子家长会")
	s.As("doctor").Post("/people/swaps/1/accept").Want(http.StatusNotFound)
	s.As("doctor").Post("/people/swaps/1/withdraw").Want(http.StatusNotFound)
	m.Post("/people/swaps/1/answer", "answer_as", "approve").Want(http.StatusConflict)
	nurse.Get("/tasks").Want(http.StatusOK, "同事想换班")
	nurse.Post("/people/swaps/1/accept").Want(http.StatusOK, "等店长批准", "不在岗")
	nurse.Post("/people/swaps/1/accept").Want(http.StatusConflict)
	front.Post("/people/swaps/1/answer", "answer_as", "approve").Want(http.StatusForbidden)
	m.Get("/people/swaps").Want(http.StatusOK, "2026-03-04 15:00", "T-nurse")
	m.Post("/people/swaps/1/answer", "answer_as", "refuse").Want(http.StatusUnprocessableEntity)
	require.Equal(t, "540-780", hoursOf(t, s, "front", day))
	m.Post("/people/swaps/1/answer", "answer_as", "approve").Want(http.StatusOK, "排班已更新")
	require.Equal(t, []string{"780-1200", "540-780"}, []string{hoursOf(t, s, "front", day), hoursOf(t, s, "nurse", day)})
	m.Post("/people/swaps/1/answer", "answer_as", "approve").Want(http.StatusConflict)
	for _, way := range []string{"accept", "withdraw"} { // closed or open, others' exchanges are not there for who has no part in them
		s.As("doctor").Post("/people/swaps/1/" + way).Want(http.StatusNotFound)
	}
	m.Get("/tasks").Want(http.StatusOK).Not("换班待批准")

	front.Post("/people/swaps", ask...).Want(http.StatusOK)
	front.Post("/people/swaps/2/withdraw").Want(http.StatusOK, "已撤回")
	front.Post("/people/swaps", ask...).Want(http.StatusOK)
	nurse.Post("/people/swaps/3/accept").Want(http.StatusOK)
	draw("front", "00:00", "00:00") // rest now: there is nothing to exchange any more
	m.Post("/people/swaps/3/answer", "answer_as", "approve").Want(http.StatusConflict, "已经变了")

	draw("front", "09:00", "13:00")
	front.Post("/people/swaps", ask...).Want(http.StatusOK)
	s.Clock.Forward(time.Minute)
	draw("front", "09:00", "12:00") // other hours than the colleague is asked to take
	nurse.Post("/people/swaps/4/accept").Want(http.StatusConflict, "已经变了")
	front.Post("/people/swaps", ask...).Want(http.StatusOK)
	nurse.Post("/people/swaps/5/accept").Want(http.StatusOK)
	s.Clock.Forward(time.Minute)
	draw("front", "06:00", "12:00")
	m.Post("/people/swaps/5/answer", "answer_as", "approve").Want(http.StatusConflict, "已经变了")
	require.Equal(t, "360-720", hoursOf(t, s, "front", day))
}
