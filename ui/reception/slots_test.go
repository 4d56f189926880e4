package reception_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/people"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// march is an hour and minute of 2026-03-02 plus days, in the clinic's zone.
func march(s *uitest.Site, days, hour, minute int) term.Instant {
	day := term.Day("2026-03-02").Add(days)
	return day.Start(s.App.DB.Zone()).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// written writes what a test prepares.
func written(t *testing.T, s *uitest.Site, fn func(*store.Tx) error) {
	t.Helper()
	require.NoError(t, s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.prepare"}, fn))
}

// laser is a clinic with two laser rooms, one laser, an item that asks for both, and a doctor who
// may do it.
type laser struct {
	*uitest.Site
	rooms  [2]term.RoomID
	device term.DeviceID
	item   store.Item
	front  access.Actor
}

func laserClinic(t *testing.T) laser {
	t.Helper()
	l := laser{Site: uitest.New(t)}
	l.front = l.Actor("front")
	written(t, l.Site, func(tx *store.Tx) error {
		for i, name := range []string{"激光一", "激光二"} {
			r := store.Room{Name: name, Kind: "激光室", State: "open"}
			if err := tx.AddRoom(&r); err != nil {
				return err
			}
			l.rooms[i] = r.ID
		}
		d := store.Device{Number: "SB-1", Name: "皮秒激光", Kind: "皮秒", State: "in_use", Room: l.rooms[1]}
		if err := tx.AddDevice(&d); err != nil {
			return err
		}
		l.device = d.ID
		l.item = store.Item{
			Code: "PICO-X", Name: "皮秒", NameEN: "Pico", Category: "光电", Level: "1", Kind: "pico", Operator: "physician", Minutes: 30,
			BeforeMinutes: 5, AfterMinutes: 10, RoomKind: "激光室", DeviceKind: "皮秒", IntervalDays: 28, Sessions: 6,
			CareTemplate: "AC", FormCode: "F7", Depth: "L1", RiskTier: 2, Enabled: true,
		}
		if err := tx.AddItem(&l.item); err != nil {
			return err
		}
		doctor := l.StaffID("doctor")
		paper := store.Licence{Staff: doctor, Kind: people.PaperPhysician, Number: "110", PlaceHere: true, ValidFrom: "2020-01-01", CheckedAt: tx.Now(), CheckedBy: l.StaffID("owner")}
		if err := tx.AddLicence(&paper); err != nil {
			return err
		}
		return tx.AddStaffRight(&store.StaffRight{Staff: doctor, ItemKind: "pico", Level: people.RightIndependent})
	})
	return l
}

// TestWhoIsSuspendedIsNotOffered: a doctor whose practice is suspended stands in no form of a booking,
// and stands there again with a good paper beside it.
func TestWhoIsSuspendedIsNotOffered(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	front, option := l.As("front"), ">T-doctor"
	page := fmt.Sprintf("/reception/appointments/new?day=2026-03-02&client=%d", withFile(t, l.Site, "李静", "13800008817"))
	front.Get(page).Want(http.StatusOK, option)
	paper := func(change func(*store.Tx, []store.Licence) error) {
		written(t, l.Site, func(tx *store.Tx) error {
			list, err := tx.Licences(l.StaffID("doctor"))
			require.NoError(t, err)
			return change(tx, list)
		})
	}
	paper(func(tx *store.Tx, list []store.Licence) error {
		list[0].Suspended = true
		return tx.SaveLicence(&list[0])
	})
	front.Get(page).Want(http.StatusOK).Not(option)
	paper(func(tx *store.Tx, list []store.Licence) error {
		good := list[0]
		good.ID, good.Version, good.Number, good.Suspended = 0, 0, "111", false
		return tx.AddLicence(&good)
	})
	front.Get(page).Want(http.StatusOK, option)
}

// want is a booking of the item with the doctor.
func (l laser) want(client term.ClientID, at term.Instant) reception.Booking {
	return reception.Booking{Client: client, Item: l.item.ID, Staff: l.StaffID("doctor"), Start: at}
}

func (l laser) book(t *testing.T, in reception.Booking) (store.Appointment, error) {
	t.Helper()
	id, err := l.App.Rooms.Desk.Book(t.Context(), l.front, in)
	if err != nil {
		return store.Appointment{}, err
	}
	return slotOf(t, l.Site, id), nil
}

func TestRoomAndDeviceAreTakenTogether(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	li, wang := withFile(t, l.Site, "李静", "13800008817"), withFile(t, l.Site, "王敏", "13800008818")
	a, err := l.book(t, l.want(li, march(l.Site, 0, 14, 0)))
	require.NoError(t, err)
	require.Equal(t, l.rooms[1], a.Room, "the room in which the laser stands")
	require.Equal(t, l.device, a.Device)

	in := reception.Booking{Client: wang, Item: l.item.ID, Staff: l.StaffID("consultant"), Start: march(l.Site, 0, 14, 0)}
	b, err := l.book(t, in)
	require.NoError(t, err)
	require.Zero(t, b.Room, "who receives a client needs no laser")

	var taken *reception.Taken
	in = l.want(wang, march(l.Site, 0, 14, 40))
	_, err = l.book(t, in)
	require.ErrorAs(t, err, &taken, "the laser is cleaned until 14:40 and set up for five minutes")
	require.Equal(t, "皮秒激光", taken.Holders[0].What)
	require.Len(t, taken.Free, 3)
	for _, free := range taken.Free {
		require.True(t, free.Add(45*time.Minute).Before(a.StartsAt) || !free.Before(a.EndsAt.Add(15*time.Minute)), "%s", free)
	}
	in.Start = march(l.Site, 0, 14, 45)
	c, err := l.book(t, in)
	require.NoError(t, err)
	require.Equal(t, l.device, c.Device)
}

func TestBookingHonoursTheRoster(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	li, doctor := withFile(t, l.Site, "李静", "13800008817"), l.StaffID("doctor")
	written(t, l.Site, func(tx *store.Tx) error {
		for _, s := range []store.Shift{
			{Staff: doctor, Day: "2026-03-03", From: 9 * 60, To: 13 * 60},
			{Staff: l.StaffID("front"), Day: "2026-03-04", From: 540, To: 1080},
			{Staff: doctor, Day: "2026-03-06", From: 9 * 60, To: 18 * 60},
			{Staff: doctor, Day: "2026-03-07", From: 9 * 60, To: 18 * 60},
		} {
			if err := tx.AddShift(&s); err != nil {
				return err
			}
		}
		return tx.AddLeave(&store.Leave{Staff: doctor, Kind: "sick", From: "2026-03-06", To: "2026-03-06", State: store.LeaveApproved})
	})
	b, path := l.As("front"), newBooking
	post := []string{"client", fmt.Sprint(li), "staff", fmt.Sprint(doctor), "start"}
	page := b.Post(path, append(post, "2026-03-03T14:00")...).Want(http.StatusConflict, "S1-02", "T-doctor", "09:00", "13:00", `name="_at"`).Not(`name="overlap"`)
	for _, free := range regexp.MustCompile(`name="_at" value="([^"]+)"`).FindAllStringSubmatch(page.Body, -1) {
		require.NotContains(t, free[1], "2026-03-04")
		require.Less(t, free[1], "2026-03-03T13:00")
	}
	b.Post(path, append(post, "2026-03-04T10:00")...).Want(http.StatusConflict, "休息", "2026-03-06")
	b.Post(path, append(post, "2026-03-06T10:00")...).Want(http.StatusConflict, "请假", "2026-03-07")
	b.Post(path, append(post, "2026-03-05T10:00")...).Want(http.StatusOK).At("/reception/appointments/1")

	m := l.As("manager")
	m.Post(path, append(post, "2026-03-06T10:00")...).Want(http.StatusConflict, `name="overlap"`)
	m.Post(path, append(post, "2026-03-06T10:00", "overlap", "on")...).Want(http.StatusUnprocessableEntity, "请写明理由")
	b.Post(path, append(post, "2026-03-06T10:00", "overlap", "on", "_reason", "x")...).Want(http.StatusForbidden)
	m.Post(path, append(post, "2026-03-06T10:00", "overlap", "on", "_reason", "医师同意加诊")...).Want(http.StatusOK, "医师同意加诊")
	m.Post(path, append(post, "2026-03-06T21:00", "overlap", "on", "_reason", "x")...).Want(http.StatusConflict, "营业时间")
}

// TestFiftyTakeOneSlotAndOneGetsIt lets fifty book one doctor, room and device at one time
// (row:A4), by the deed and over HTTP: one wins, and the others learn who holds it and which three
// slots are nearest.
func TestFiftyTakeOneSlotAndOneGetsIt(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	const many = 50
	clients := make([]term.ClientID, many)
	for n := range clients {
		clients[n] = withFile(t, l.Site, "客户", fmt.Sprintf("138000088%02d", n))
	}
	won, answers := 0, make(chan error, many)
	for _, client := range clients {
		go func() {
			_, err := l.App.Rooms.Desk.Book(t.Context(), l.front, l.want(client, march(l.Site, 0, 14, 0)))
			answers <- err
		}()
	}
	for range many {
		err := <-answers
		if err == nil {
			won++
			continue
		}
		var taken *reception.Taken
		require.ErrorAs(t, err, &taken)
		require.Equal(t, fault.KindRefused, fault.KindOf(errors.Unwrap(taken)))
		require.Equal(t, "T-doctor", taken.Holders[0].What)
		require.Len(t, taken.Free, 3)
	}
	require.Equal(t, 1, won)

	pages, won := make(chan *uitest.Answer, many), 0
	b := l.As("front").Direct()
	for _, client := range clients {
		go func() {
			pages <- b.Post(newBooking, "client", fmt.Sprint(client), "item", fmt.Sprint(l.item.ID), "staff", fmt.Sprint(l.StaffID("doctor")), "start", "2026-03-03T10:00")
		}()
	}
	for range many {
		if a := <-pages; a.Status == http.StatusSeeOther {
			won++
		} else {
			a.Want(http.StatusConflict, "T-doctor", "10:00")
			require.Len(t, regexp.MustCompile(`name="_at"`).FindAllString(a.Body, -1), 3)
		}
	}
	require.Equal(t, 1, won)
	held := map[term.Instant]int{}
	require.NoError(t, l.App.DB.Read(t.Context(), func(r *store.Read) error {
		rows, err := r.Busy(march(l.Site, 0, 0, 0), march(l.Site, 2, 0, 0))
		for _, a := range rows {
			held[a.StartsAt]++
			require.Equal(t, l.device, a.Device)
		}
		return err
	}))
	require.Len(t, held, 2)
}
