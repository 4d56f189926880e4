package reception_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/term"
)

// fullDay leaves the doctor of the laser clinic one shift, 10 to 11 on Tuesday, and books it.
func fullDay(t *testing.T, l laser) (booked store.Appointment) {
	t.Helper()
	doctor := l.StaffID("doctor")
	written(t, l.Site, func(tx *store.Tx) error {
		for n := range 16 {
			s := store.Shift{Staff: doctor, Day: term.Day("2026-03-02").Add(n)}
			if n == 1 {
				s.From, s.To = 10*60, 10*60+30
			}
			if err := tx.AddShift(&s); err != nil {
				return err
			}
		}
		return nil
	})
	booked, err := l.book(t, l.want(withFile(t, l.Site, "李静", "13800008817"), march(l.Site, 1, 10, 0)))
	require.NoError(t, err)
	return booked
}

func TestTheWaitListIsMatchedWhenASlotIsFreed(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	ctx, desk, doctor := t.Context(), l.App.Rooms.Desk, l.StaffID("doctor")
	booked := fullDay(t, l)
	add := func(name, phone string, urgency int, change func(*reception.WaitIn)) term.WaitID {
		in := reception.WaitIn{
			Client: withFile(t, l.Site, name, phone), Item: l.item.ID, FromDay: "2026-03-02", ToDay: "2026-03-06", Urgency: urgency, Note: "尽量上午",
		}
		if change != nil {
			change(&in)
		}
		id, err := desk.AddWait(ctx, l.front, in)
		require.NoError(t, err)
		return id
	}
	first := add("甲", "13800000001", 0, nil)
	l.Clock.Forward(60 * 1e9)
	add("乙", "13800000002", 0, nil)
	pressing := add("丙", "13800000003", 2, func(in *reception.WaitIn) { in.Staff = doctor })
	add("丁", "13800000004", 2, func(in *reception.WaitIn) { in.From, in.To = 14*60, 18*60 })
	add("戊", "13800000005", 2, func(in *reception.WaitIn) { in.FromDay, in.ToDay = "2026-03-04", "2026-03-06" })
	add("己", "13800000006", 2, func(in *reception.WaitIn) { in.Item, in.Staff, in.Minutes = 0, l.StaffID("consultant"), 30 })

	matched := func() (names []string) {
		list, err := desk.Waits(ctx, l.front, booked.ID)
		require.NoError(t, err)
		for _, row := range list.Rows {
			names = append(names, row.Client)
			require.Equal(t, march(l.Site, 1, 10, 0), row.Matches[0].Start)
			require.Equal(t, doctor, row.Matches[0].Staff)
		}
		return names
	}
	require.Empty(t, matched())
	leaving := l.front
	leaving.Reason = "客户出差"
	require.NoError(t, desk.Change(ctx, leaving, booked.ID, reception.BookingCancel))
	require.Equal(t, []string{"丙", "甲", "乙"}, matched(), "urgent first, then whoever waits longest")
	all, err := desk.Waits(ctx, l.front, 0)
	require.NoError(t, err)
	require.Len(t, all.Rows, 6)
	l.As("front").Get(fmt.Sprintf("/reception/appointments/%d", booked.ID)).Want(http.StatusOK, "3 位候补适合这个时段")

	// Two desks take the same slot for two who wait: one gets it, the other keeps waiting.
	answers := make(chan error, 2)
	for _, id := range []term.WaitID{first, pressing} {
		go func() {
			_, err := desk.BookWait(ctx, l.front, id, doctor, march(l.Site, 1, 10, 0))
			answers <- err
		}()
	}
	one, two := <-answers, <-answers
	if one != nil {
		one, two = two, one
	}
	require.NoError(t, one)
	var taken *reception.Taken
	require.ErrorAs(t, two, &taken)
	require.Empty(t, taken.Free, "there is no other shift")
	require.Empty(t, matched())
	left := 0
	require.NoError(t, l.App.DB.Read(ctx, func(r *store.Read) error {
		for _, id := range []term.WaitID{first, pressing} {
			w, err := r.Wait(id)
			require.NoError(t, err)
			if w.State == store.WaitWaiting {
				left++
			} else {
				require.NotZero(t, w.Appointment)
				require.Equal(t, "尽量上午", w.Note)
			}
		}
		return nil
	}))
	require.Equal(t, 1, left)
	_, err = desk.BookWait(ctx, l.front, 99, doctor, march(l.Site, 1, 10, 0))
	require.Equal(t, fault.KindNotFound, fault.KindOf(err))
}

func TestWaitPages(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	booked := fullDay(t, l)
	b, li := l.As("front"), fmt.Sprint(withFile(t, l.Site, "王敏", "13800008818"))
	b.Get("/reception/waits").Want(http.StatusOK, "没有人候补")
	b.Post("/reception/waits/who", "q", "王敏").Want(http.StatusOK, "王敏")
	b.Get("/reception/waits/new?client="+li).Want(http.StatusOK, "王敏", "紧急程度", `data-draft="reception/waits/new-client`+li+`"`)
	other := fmt.Sprint(withFile(t, l.Site, "李静", "13800008819"))
	b.Get("/reception/waits/new?client="+other).Want(http.StatusOK, `data-draft="reception/waits/new-client`+other+`"`)
	page := b.Post(newBooking, "client", li, "item", fmt.Sprint(l.item.ID), "staff", fmt.Sprint(l.StaffID("doctor")), "start", "2026-03-03T10:00").Want(http.StatusConflict)
	require.Contains(t, page.Body, "/reception/waits/new?client="+li)

	entry := []string{"client", li, "item", fmt.Sprint(l.item.ID), "to_day", "2026-03-10", "urgency", "1", "note", "靠窗"}
	b.Post("/reception/waits/new", "client", li, "note", "靠窗").Want(http.StatusUnprocessableEntity, "靠窗", "请选择项目或人员")
	b.Post("/reception/waits/new", append(entry, "from", "10:00", "to", "10:15")...).Want(http.StatusUnprocessableEntity, "时间段太短")
	b.Post("/reception/waits/new", append(entry, "from", "x")...).Want(http.StatusUnprocessableEntity)
	b.Post("/reception/waits/new", "client", li, "item", fmt.Sprint(l.item.ID), "to_day", "2026-03-10", "urgency", "9").Want(http.StatusUnprocessableEntity)
	b.Post("/reception/waits/new", "client", li, "item", fmt.Sprint(l.item.ID), "to_day", "2026-03-01").Want(http.StatusUnprocessableEntity)
	b.Post("/reception/waits/new", entry...).Want(http.StatusOK)
	b.Post("/reception/waits/1/close").Want(http.StatusUnprocessableEntity, "请写明理由")
	b.Post("/reception/waits/1/close", "_reason", "录错").Want(http.StatusOK, "没有人候补")
	for _, login := range []string{"doctor", "nurse", "cashier"} {
		l.As(login).Post("/reception/waits/new", entry...).Want(http.StatusForbidden)
		l.As(login).Get("/reception/waits").Want(http.StatusForbidden)
	}
	b.Post("/reception/waits/new", append(entry, "_once", "twice")...).Want(http.StatusOK, "王敏", "138****8818", "暂无空位").Not("13800008818")
	b.Post("/reception/waits/new", append(entry, "_once", "twice")...).Want(http.StatusOK)
	b.Post("/reception/waits/new", entry...).Want(http.StatusConflict, "已经在候补")
	require.Equal(t, store.WaitWaiting, waits(t, l, 2))

	b.Post("/reception/waits/2/book", "staff", "", "at", "2026-03-03T10:00").Want(http.StatusUnprocessableEntity)
	b.Post("/reception/waits/2/book", "staff", fmt.Sprint(l.StaffID("doctor")), "at", "2026-03-03T10:00").Want(http.StatusConflict, "S1-02", "李静")
	b.Post(fmt.Sprintf("/reception/appointments/%d/cancel", booked.ID), "_reason", "客户出差").Want(http.StatusOK, "1 位候补适合这个时段")
	list := b.Get("/reception/waits").Want(http.StatusOK, "2026-03-03 10:00", "T-doctor")
	require.Equal(t, 1, strings.Count(list.Body, `/reception/waits/2/book`))
	b.Post("/reception/waits/2/book", "staff", fmt.Sprint(l.StaffID("doctor")), "at", "2026-03-03T10:00", "_once", "click").At("/reception/appointments/2")
	b.Post("/reception/waits/2/book", "staff", fmt.Sprint(l.StaffID("doctor")), "at", "2026-03-03T10:00", "_once", "click").At("/reception/appointments/2")
	b.Post("/reception/waits/2/book", "staff", fmt.Sprint(l.StaffID("doctor")), "at", "2026-03-03T10:00").Want(http.StatusConflict, "已预约")
	b.Post("/reception/waits/2/close", "_reason", "x").Want(http.StatusConflict)
	b.Post("/reception/waits/99/close", "_reason", "x").Want(http.StatusNotFound)
	require.Equal(t, store.WaitBooked, waits(t, l, 2))
}

// TestTheDrawerOffersTheFreedTime: who cancels in the calendar sees at once who waits for that time,
// and books it with one press; where nobody waits the drawer closes.
func TestTheDrawerOffersTheFreedTime(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	booked := fullDay(t, l)
	front, own := l.As("front"), fmt.Sprintf("/reception/appointments/%d", booked.ID)
	for i, name := range []string{"王敏", "周清和"} {
		front.Post("/reception/waits/new", "client", fmt.Sprint(withFile(t, l.Site, name, fmt.Sprint("1380000881", i))), "item", fmt.Sprint(l.item.ID),
			"to_day", "2026-03-10", "urgency", fmt.Sprint(i*2)).Want(http.StatusOK)
	}
	b, drawer := part(front), fmt.Sprint(booked.ID)
	b.Get(calendar + "/booking/" + drawer).Want(http.StatusOK).Not("候补里有人等这个时段")
	gone := b.Post(own+"/cancel", "drawer", drawer, "as", "cancel", "_reason", "出差").Want(http.StatusOK, "候补里有人等这个时段", "周清和", "王敏", "皮秒", "Alt+1", "10:00 预约").
		Not("data-calendar-done", "13800008810")
	require.Less(t, strings.Index(gone.Body, "周清和"), strings.Index(gone.Body, "王敏"), "the urgent one first")
	part(l.As("nurse")).Get(calendar + "/booking/" + drawer).Want(http.StatusOK).Not("周清和")
	offer := []string{"drawer", drawer, "staff", fmt.Sprint(l.StaffID("doctor")), "at", "2026-03-03T10:00"}
	part(l.As("nurse")).Post("/reception/waits/2/book", offer...).Want(http.StatusForbidden)
	b.Post("/reception/waits/2/book", offer...).Want(http.StatusOK, "data-calendar-done")
	b.Post("/reception/waits/1/book", offer...).Want(http.StatusConflict, "S1-02").Not("data-calendar-done", "<html")
	require.Equal(t, []string{store.WaitWaiting, store.WaitBooked}, []string{waits(t, l, 1), waits(t, l, 2)})
	front.Post("/reception/waits/1/close", "_reason", "不来了").Want(http.StatusOK)
	b.Post("/reception/appointments/2/cancel", "drawer", "2", "as", "cancel", "_reason", "出差").Want(http.StatusOK, "data-calendar-done")
}

func waits(t *testing.T, l laser, id term.WaitID) (state string) {
	t.Helper()
	require.NoError(t, l.App.DB.Read(t.Context(), func(r *store.Read) error {
		w, err := r.Wait(id)
		state = w.State
		return err
	}))
	return state
}
