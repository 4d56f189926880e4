package reception_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/term"
)

// course is a course of the laser item with the doctor from 14:00 on the first day.
func (l laser) course(client term.ClientID, count int) reception.Course {
	return reception.Course{Client: client, Item: l.item.ID, Staff: l.StaffID("doctor"), First: march(l.Site, 0, 14, 0), Count: count}
}

// startsOf are the proposed times.
func startsOf(p reception.CoursePlan) (at []term.Instant) {
	for _, s := range p.Sessions {
		at = append(at, s.Start)
	}
	return at
}

func TestACourseIsBookedInOneAct(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	ctx, desk := t.Context(), l.App.Rooms.Desk
	li, wang := withFile(t, l.Site, "李静", "13800008817"), withFile(t, l.Site, "王敏", "13800008818")
	_, err := l.book(t, l.want(wang, march(l.Site, 28, 14, 0)))
	require.NoError(t, err)
	written(t, l.Site, func(tx *store.Tx) error { // 27 April is a holiday and so are the days around it
		return tx.SaveSetting(reception.SettingClosed, "2026-04-24,2026-04-25,2026-04-26,2026-04-27,2026-04-28,2026-04-29,2026-04-30")
	})

	in := l.course(li, 6)
	p, err := desk.PlanCourse(ctx, l.front, in)
	require.NoError(t, err)
	require.Equal(t, 28, p.Interval)
	require.Equal(t, 2, p.Conflicts())
	at := startsOf(p)
	require.Len(t, at, 6)
	require.Equal(t, march(l.Site, 0, 14, 0), at[0])
	require.Nil(t, p.Sessions[0].Why)
	require.False(t, p.Sessions[1].Blocked)
	require.Equal(t, march(l.Site, 28, 13, 15), at[1], "with five minutes to set up and ten to clean")
	require.Len(t, p.Sessions[1].Free, 3)
	require.True(t, p.Sessions[2].Blocked, "nothing is open within three days")
	require.NotEmpty(t, p.Sessions[2].Free)
	for _, free := range p.Sessions[2].Free {
		require.Greater(t, free.Day(l.App.DB.Zone()), term.Day("2026-04-30"))
	}
	require.Equal(t, l.rooms[1], p.Sessions[0].Room)

	in.Starts = at
	_, err = desk.BookCourse(ctx, l.front, in)
	var taken *reception.Taken
	require.ErrorAs(t, err, &taken)
	require.Equal(t, 1, booked(t, l), "none of a course with a conflict is booked")
	in.Starts[2] = p.Sessions[2].Free[0]
	ids, err := desk.BookCourse(ctx, l.front, in)
	require.NoError(t, err)
	require.Len(t, ids, 6)
	require.Equal(t, 7, booked(t, l))
	require.NoError(t, l.App.DB.Read(ctx, func(r *store.Read) error {
		all, err := r.SeriesOf(ids[0])
		require.Len(t, all, 6)
		for i, a := range all {
			require.Equal(t, []any{ids[i], in.Starts[i], l.device}, []any{a.ID, a.StartsAt, a.Device})
		}
		acts, err2 := r.Acts(store.ActFilter{Action: "series.book"})
		require.Len(t, acts, 1)
		require.NoError(t, err2)
		return err
	}))

	for name, c := range map[string]struct {
		change func(*reception.Course)
		field  string
	}{
		"one is no course":   {func(in *reception.Course) { in.Count, in.Starts = 1, nil }, "count"},
		"too many":           {func(in *reception.Course) { in.Count, in.Starts = 40, nil }, "count"},
		"no item":            {func(in *reception.Course) { in.Item = 0 }, "item"},
		"nobody":             {func(in *reception.Course) { in.Client = 0 }, "client"},
		"the wrong order":    {func(in *reception.Course) { in.Starts = []term.Instant{at[1], at[0]} }, "start"},
		"another's sessions": {func(in *reception.Course) { in.Line = 99 }, "line"},
		"twice a second":     {func(in *reception.Course) { in.Interval = -1 }, "interval"},
	} {
		wrong := l.course(li, 3)
		c.change(&wrong)
		_, err := desk.PlanCourse(ctx, l.front, wrong)
		bad, _ := fault.FieldsOf(err)
		_, found := bad.Of(c.field)
		require.True(t, found, name)
	}
	_, err = desk.BookCourse(ctx, l.Actor("nurse"), in)
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))
	_, err = desk.BookCourse(ctx, l.front, l.course(li, 3))
	require.Equal(t, fault.KindInvalid, fault.KindOf(err), "times are chosen by the desk")
}

// booked counts the bookings of the clinic.
func booked(t *testing.T, l laser) (n int) {
	t.Helper()
	require.NoError(t, l.App.DB.Read(t.Context(), func(r *store.Read) error {
		rows, err := r.Busy(march(l.Site, 0, 0, 0), march(l.Site, 400, 0, 0))
		n = len(rows)
		return err
	}))
	return n
}

func TestMovingOneSessionShiftsTheRest(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	ctx, desk := t.Context(), l.App.Rooms.Desk
	li := withFile(t, l.Site, "李静", "13800008817")
	in := l.course(li, 4)
	p, err := desk.PlanCourse(ctx, l.front, in)
	require.NoError(t, err)
	in.Starts = startsOf(p)
	ids, err := desk.BookCourse(ctx, l.front, in)
	require.NoError(t, err)

	b, second := l.As("front"), fmt.Sprintf("/reception/appointments/%d", ids[1])
	b.Get(second).Want(http.StatusOK).Not("后续", "series?client")
	a := slotOf(t, l.Site, ids[1])
	b.Post(second+"/move", "staff", fmt.Sprint(a.Staff), "room", fmt.Sprint(a.Room), "device", fmt.Sprint(a.Device), "start", "2026-04-10T15:00", "_version", fmt.Sprint(a.Version)).
		Want(http.StatusOK, "后续 2 次已不在间隔上")
	require.Equal(t, ids[0], slotOf(t, l.Site, ids[1]).Series, "a moved session stays in its course")

	rest, err := desk.RestOf(ctx, l.front, ids[1], nil)
	require.NoError(t, err)
	require.Len(t, rest.Rows, 2)
	require.Equal(t, 2, rest.Out())
	moved := slotOf(t, l.Site, ids[1]).StartsAt
	for n, row := range rest.Rows {
		require.Equal(t, ids[2+n], row.ID)
		require.Equal(t, moved.Add(time.Duration(28*(n+1))*24*time.Hour), row.Start)
	}
	page := b.Get(second+"/rest").Want(http.StatusOK, "2026-05-08T15:00", "2026-06-05T15:00")
	require.Contains(t, b.Get(second+"/rest/rows").Want(http.StatusOK).Body, `name="start1"`)
	require.Regexp(t, `name="version0" value="\d+"`, page.Body)

	post := func(version int, first, last string) []string {
		return []string{
			"sessions", "2", "id0", fmt.Sprint(ids[2]), "version0", fmt.Sprint(version), "start0", first,
			"id1", fmt.Sprint(ids[3]), "version1", "1", "start1", last,
		}
	}
	l.As("nurse").Post(second+"/rest", post(1, "2026-05-08T15:00", "2026-06-05T15:00")...).Want(http.StatusForbidden)
	b.Post(second+"/rest", post(9, "2026-05-08T15:00", "2026-06-05T15:00")...).Want(http.StatusConflict, "刚刚被别人改过")
	b.Post(second+"/rest", post(1, "2026-05-08T15:00", "2026-06-05T23:00")...).Want(http.StatusConflict, "营业时间", "2026-06-05T23:00")
	require.Equal(t, in.Starts[2], slotOf(t, l.Site, ids[2]).StartsAt, "none is moved when one cannot be")
	b.Post(second+"/rest", post(1, "2026-05-08T15:00", "x")...).Want(http.StatusUnprocessableEntity)
	b.Post(second+"/rest").Want(http.StatusUnprocessableEntity, "请选择开始时间")
	good := append(post(1, "2026-05-08T15:00", "2026-06-05T15:00"), "_once", "click")
	b.Post(second+"/rest", good...).Want(http.StatusOK, "已顺延 2 次").Not("后续 2 次")
	b.Post(second+"/rest", good...).At(second)
	require.Equal(t, moved.Add(56*24*time.Hour), slotOf(t, l.Site, ids[3]).StartsAt)
	b.Get("/reception/appointments/99/rest").Want(http.StatusNotFound)
}

func TestCoursePages(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	b, li := l.As("front"), fmt.Sprint(withFile(t, l.Site, "李静", "13800008817"))
	item, doctor, path := fmt.Sprint(l.item.ID), fmt.Sprint(l.StaffID("doctor")), "/reception/appointments/series"
	b.Get(path+"?client="+li).Want(http.StatusOK, "李静", "排出时间").Not(`name="start0"`)
	plan := path + "?client=" + li + "&item=" + item + "&staff=" + doctor + "&first=2026-03-02T14:00&count="
	b.Get(plan+"1").Want(http.StatusUnprocessableEntity, "次数要在 2 到")
	b.Get(plan+"3").Want(http.StatusOK, "2026-03-30T14:00", "2026-04-27T14:00", "每 28 天一次", "全部预约（3 次）")
	post := []string{
		"client", li, "item", item, "staff", doctor, "interval", "28", "sessions", "3",
		"start0", "2026-03-02T14:00", "start1", "2026-03-30T14:00", "start2", "2026-04-27T23:00",
	}
	for _, login := range []string{"doctor", "nurse", "cashier"} {
		l.As(login).Post(path, post...).Want(http.StatusForbidden)
	}
	b.Post(path, "client", li, "item", item, "staff", doctor).Want(http.StatusUnprocessableEntity)
	b.Post(path, post...).Want(http.StatusConflict, "营业时间", "2026-04-27T23:00", "没有空位")
	require.Zero(t, booked(t, l))
	post[len(post)-1] = "2026-04-27T14:30"
	b.Post(path, append(post, "_once", "click")...).At("/reception/appointments/1")
	b.Post(path, append(post, "_once", "click")...).At("/reception/appointments/1")
	require.Equal(t, 3, booked(t, l))
}

// Where more than one paid session is left, one press leads to the course (row:A5).
func TestTheWayToACourse(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	li, other := withFile(t, l.Site, "李静", "13800008817"), withFile(t, l.Site, "苏晓", "13900002222")
	line := bought(t, l.Site, li)
	slot := func(client term.ClientID) string {
		a := store.Appointment{Client: client, Staff: l.StaffID("doctor"), StartsAt: l.App.DB.Now().Add(time.Duration(23+client) * time.Hour), EndsAt: l.App.DB.Now().Add(time.Duration(24+client) * time.Hour), State: term.AppointmentConfirmed}
		require.NoError(t, l.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
			return tx.AddAppointment(&a)
		}))
		return fmt.Sprint(a.ID)
	}
	b, way := l.As("front"), fmt.Sprintf("/reception/appointments/series?client=%d&amp;line=%d", li, line)
	b.Get(fmt.Sprintf("/reception/appointments/new?client=%d", li)).Want(http.StatusOK, way)
	b.Get("/reception/appointments/"+slot(li)).Want(http.StatusOK, way)
	b.Get("/reception/appointments/" + slot(other)).Want(http.StatusOK).Not("series?client")
}
