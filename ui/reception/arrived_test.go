package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
	"meixu/ui/uitest"
)

// until brings the clock of the clinic to a time of its first day.
func until(s *uitest.Site, hour, minute int) {
	s.Clock.Forward(march(s, 0, hour, minute).Sub(s.App.DB.Now()))
}

// TestACancellationWithoutReasonIsToldAtItsOwnField: the panel stays open, and the form beside it
// says nothing.
func TestACancellationWithoutReasonIsToldAtItsOwnField(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, who := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(s.StaffID("consultant"))
	b := s.As("front")
	b.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T14:00")
	b.Post("/reception/appointments/1/cancel").
		Want(http.StatusUnprocessableEntity, `<details class="card" open>`, "请写明理由", `id="f-_reason-fault"`).Not("重叠理由", `name="overlap"`)
	require.Equal(t, term.AppointmentRequested, slotOf(t, s, 1).State)
	b.Get("/reception/appointments/1").Want(http.StatusOK, `<details class="card">`)
}

// TestAnArrivalTakenBackStandsAsBefore: the booking has the state that it had, also on its card, and
// until then its page leads to the visit and to taking it back.
func TestAnArrivalTakenBackStandsAsBefore(t *testing.T) {
	t.Parallel()
	for _, state := range []term.AppointmentState{term.AppointmentRequested, term.AppointmentConfirmed} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			s := uitest.New(t)
			li, who := fmt.Sprint(filed(t, s, "李静", "13800008817")), fmt.Sprint(s.StaffID("consultant"))
			b, one := s.As("front"), "/reception/appointments/1"
			b.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T14:00")
			if state == term.AppointmentConfirmed {
				b.Post(one + "/confirm").Want(http.StatusOK)
			}
			b.Get(one).Want(http.StatusOK, "/reception/arrive?client=").Not("/reception/visit/1")
			b.Post("/reception/arrive", "client", li, "appointment", "1").Want(http.StatusOK)
			b.Get(one).Want(http.StatusOK, `href="/reception/visit/1"`, `href="/reception/visit/1/undo"`)
			b.Post("/reception/visit/1/undo", "reason", "点错人").Want(http.StatusOK)
			a := slotOf(t, s, 1)
			require.Equal(t, state, a.State)
			require.Empty(t, a.Before)
			cards := b.Get(calendar + "?day=2026-03-02").Want(http.StatusOK)
			cards.Not(`"state":"left"`)
			b.Get(one).Want(http.StatusOK, "/reception/arrive?client=").Not(`href="/reception/visit/1/undo"`)
			b.Post("/reception/arrive", "client", li, "appointment", "1").Want(http.StatusOK)
		})
	}
}

// TestTheDayAskedForStays: from the list of a day over the search for the client into the form.
func TestTheDayAskedForStays(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li := fmt.Sprint(withFile(t, s, "李静", "13800008817"))
	b := s.As("front")
	b.Get(newBooking+"?day=2026-03-05").Want(http.StatusOK, `name="day" value="2026-03-05"`)
	b.Post("/reception/appointments/who", "q", "李静", "day", "2026-03-05").Want(http.StatusOK, newBooking+"?client="+li+"&amp;day=2026-03-05")
	b.Get(newBooking+"?client="+li+"&day=2026-03-05").Want(http.StatusOK, `value="2026-03-05T10:00"`)
	b.Post("/reception/appointments/who", "q", "李静", "day", "x").Want(http.StatusOK, newBooking+"?client="+li+`"`)
}

// TestArrivalIsOfferedOnItsDay: who is booked for another day does not arrive today.
func TestArrivalIsOfferedOnItsDay(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, who := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(s.StaffID("consultant"))
	b := s.As("front")
	b.Post(newBooking, "client", li, "staff", who, "start", "2026-03-03T14:00")
	b.Get("/reception/appointments/1").Want(http.StatusOK, "待确认").Not("/reception/arrive")
}

// TestNobodyIsMissedTooEarlyOrWhileHere: fifteen minutes are waited, and who sits in the house has come.
func TestNobodyIsMissedTooEarlyOrWhileHere(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	file := filed(t, s, "李静", "13800008817")
	wang := fmt.Sprint(withFile(t, s, "王敏", "13800008818"))
	who, doctor := fmt.Sprint(s.StaffID("consultant")), fmt.Sprint(s.StaffID("doctor"))
	b := s.As("front")
	b.Post(newBooking, "client", fmt.Sprint(file), "staff", who, "start", "2026-03-02T14:00").At("/reception/appointments/1")
	b.Post(newBooking, "client", wang, "staff", doctor, "start", "2026-03-02T14:00").At("/reception/appointments/2")
	until(s, 14, 8)
	b = s.As("front")
	b.Get("/reception").Want(http.StatusOK, "王敏").Not("/no-show")
	b.Post("/reception/appointments/2/no-show").Want(http.StatusConflict, "15 分钟", "14:15")
	arrived(t, s, file)
	until(s, 14, 15)
	b = s.As("front")
	b.Get("/reception").Want(http.StatusOK, "/reception/appointments/2/no-show").Not("/reception/appointments/1/no-show")
	b.Post("/reception/appointments/1/no-show").Want(http.StatusConflict, "已经到店", "14:08", `href="/reception/visit/1"`)
	require.Equal(t, term.AppointmentRequested, slotOf(t, s, 1).State)
	b.Post("/reception/appointments/2/no-show").Want(http.StatusOK, "已记为爽约")
	require.Equal(t, term.AppointmentNoShow, slotOf(t, s, 2).State)
}
