package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// TestAPaidSessionIsBookedOnce: of a course of three three bookings can stand, whoever books, and a
// visit takes one session of each line however often the line is posted.
func TestAPaidSessionIsBookedOnce(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	s := l.Site
	li := filed(t, s, "李静", "13800008817")
	line := bought(t, s, li, l.item.ID)
	front := s.As("front")
	who := "consultant"
	book := func(day int) *uitest.Answer {
		return front.Post(newBooking, "client", fmt.Sprint(li), "line", fmt.Sprint(line), "staff", fmt.Sprint(s.StaffID(who)), "start", fmt.Sprintf("2026-03-%02dT14:00", day))
	}
	book(3).Want(http.StatusUnprocessableEntity, "请选操作疗程的医师或护士") // and no room would be held
	who = "doctor"
	for day := 3; day < 6; day++ {
		book(day).Want(http.StatusOK)
	}
	book(6).Want(http.StatusUnprocessableEntity, "剩余次数都已预约")
	front.Get(newBooking + "?client=" + fmt.Sprint(li)).Want(http.StatusOK).Not(`name="line"`)
	front.Post("/reception/appointments/1/move", "staff", fmt.Sprint(s.StaffID(who)), "start", "2026-03-03T15:00").Want(http.StatusOK)
	front.Post("/reception/appointments/2/cancel", "_reason", "改期").Want(http.StatusOK)
	book(6).Want(http.StatusOK)

	one := fmt.Sprint(line)
	front.PostForm("/reception/arrive", map[string][]string{"client": {fmt.Sprint(li)}, "line": {one, one, one, one, one}}).Want(http.StatusOK)
	read(t, s, func(r *store.Read) error {
		v, err := r.OpenVisit(li)
		require.Equal(t, []term.OrderLineID{line}, v.Wanted)
		return err
	})
}

// TestABookingIsUsedOnItsDay: an old page, or a post by hand, does not use up the slot of another day.
func TestABookingIsUsedOnItsDay(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, who := fmt.Sprint(filed(t, s, "李静", "13800008817")), fmt.Sprint(s.StaffID("consultant"))
	b := s.As("front")
	b.Post(newBooking, "client", li, "staff", who, "start", "2026-03-12T14:00").Want(http.StatusOK)
	b.Post("/reception/arrive", "client", li, "appointment", "1").Want(http.StatusConflict, "不是今天的")
	require.Equal(t, term.AppointmentRequested, slotOf(t, s, 1).State)
	s.Clock.Forward(11 * 24 * 3600e9)
	s.As("front").Post("/reception/arrive", "client", li, "appointment", "1").Want(http.StatusConflict, "不是今天的")
	s.Clock.Forward(-24 * 3600e9)
	s.As("front").Post("/reception/arrive", "client", li, "appointment", "1").Want(http.StatusOK)
	require.Equal(t, term.AppointmentArrived, slotOf(t, s, 1).State)
}

// TestWholeNumbersAreForThoseWhoCall: a page that opens for any file shows no whole number; the booking
// about which somebody calls does, until a day after it.
func TestWholeNumbersAreForThoseWhoCall(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, who := fmt.Sprint(filed(t, s, "李静", "13800008817")), fmt.Sprint(s.StaffID("consultant"))
	b := s.As("front")
	b.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T14:00").Want(http.StatusOK)
	for _, page := range []string{newBooking + "?client=", "/reception/waits/new?client=", "/reception/appointments/series?client="} {
		b.Get(page+li).Want(http.StatusOK, "李静", "138****8817").Not("13800008817")
	}
	part(b).Get(calendar+"/new?column=staff-"+who+"&at=2026-03-03T10:00&client="+li).Want(http.StatusOK, "李静").Not("13800008817")
	b.Get("/reception/appointments/1").Want(http.StatusOK, "13800008817")
	s.Clock.Forward(30 * 3600e9)
	s.As("front").Get("/reception/appointments/1").Want(http.StatusOK, "138****8817").Not("13800008817")
}
