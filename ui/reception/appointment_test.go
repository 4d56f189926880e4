package reception_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/find"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

const newBooking = "/reception/appointments/new"

// withFile adds a client with a file, without consents: booking needs none.
func withFile(t *testing.T, s *uitest.Site, name, phone string) term.ClientID {
	t.Helper()
	c := store.Client{Name: name, Phone: phone, Gender: "female", Birth: "1990-05-06", Source: "walk_in"}
	err := s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "client.create"}, func(tx *store.Tx) error {
		return tx.AddClient(&c)
	})
	require.NoError(t, err)
	s.App.Engines.Find.Put(find.Person{ID: c.ID, Name: c.Name, Phone: c.Phone, Number: c.Number, Birth: c.Birth})
	return c.ID
}

func emptyRoom(t *testing.T, s *uitest.Site, name string) term.RoomID {
	t.Helper()
	room := store.Room{Name: name, Kind: "咨询室", State: "open"}
	err := s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "staff.add"}, func(tx *store.Tx) error {
		return tx.AddRoom(&room)
	})
	require.NoError(t, err)
	return room.ID
}

func slotOf(t *testing.T, s *uitest.Site, id term.AppointmentID) (a store.Appointment) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		a, err = r.Appointment(id)
		return err
	}))
	return a
}

func TestBookFindsConflictAndOffersFreeSlots(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, wang := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(withFile(t, s, "王敏", "13800008818"))
	who := fmt.Sprint(s.StaffID("consultant"))
	b := s.As("front")
	b.Get(newBooking+"?client="+li).Want(http.StatusOK, "李静", "138****8817")

	b.Post(newBooking, "client", li, "note", "靠窗", "minutes", "x").Want(http.StatusUnprocessableEntity, "靠窗", `id="f-minutes-fault"`)
	b.Post(newBooking, "client", li, "note", "靠窗").Want(http.StatusUnprocessableEntity, "靠窗", `id="f-start-fault"`, `id="f-staff-fault"`)
	b.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T08:00").Want(http.StatusUnprocessableEntity, "已经过去")
	b.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T23:00").Want(http.StatusConflict, "S1-02", "营业时间", `name="_at"`)
	b.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T14:00", "ask_doctor", "on").
		Want(http.StatusOK, "李静", "待确认", "T-consultant").At("/reception/appointments/1")
	require.True(t, slotOf(t, s, 1).AskDoctor)

	page := b.Post(newBooking, "client", wang, "staff", who, "start", "2026-03-02T14:15", "note", "第一次").
		Want(http.StatusConflict, "S1-02", "李静", "14:00", "第一次", "最近的空闲时段").Not("overlap")
	free := regexp.MustCompile(`name="_at" value="([^"]+)"`).FindAllStringSubmatch(page.Body, -1)
	require.Len(t, free, 3)
	b.Post(newBooking, "client", wang, "staff", who, "start", "2026-03-02T14:15", "overlap", "on", "_reason", "x").Want(http.StatusForbidden)
	b.Post(newBooking, "client", wang, "staff", who, "start", "2026-03-02T14:15", "_at", free[0][1]).At("/reception/appointments/2")
	b.Get("/reception/appointments").Want(http.StatusOK, "李静", "王敏", "请医师确认", "138****8817").Not("13800008817")
	b.Get("/reception/appointments?day=2026-03-03").Want(http.StatusOK, "没有预约")
	b.Get("/reception/appointments?staff=1").Want(http.StatusOK).Not("李静")
}

func TestManagerOverlapsWithReason(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, wang := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(withFile(t, s, "王敏", "13800008818"))
	room := fmt.Sprint(emptyRoom(t, s, "咨询一"))
	b := s.As("manager")
	b.Post(newBooking, "client", li, "room", room, "start", "2026-03-02T14:00").Want(http.StatusOK)
	b.Post(newBooking, "client", wang, "room", room, "start", "2026-03-02T14:00").Want(http.StatusConflict, `name="overlap"`)
	b.Post(newBooking, "client", wang, "room", room, "start", "2026-03-02T14:00", "overlap", "on").Want(http.StatusUnprocessableEntity, "请写明理由")
	b.Post(newBooking, "client", wang, "room", room, "start", "2026-03-02T14:00", "overlap", "on", "_reason", "母女同诊").
		Want(http.StatusOK, "母女同诊", "T-manager")
	a := slotOf(t, s, 2)
	require.Equal(t, s.StaffID("manager"), a.OverlapBy)
}

func TestABookingLiesNeitherBehindNorYearsAhead(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, who, b := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(s.StaffID("consultant")), s.As("front")
	for _, at := range []string{"9999-12-31T10:00", "2028-03-02T10:00", "2026-03-01T10:00", "0001-01-01T10:00"} {
		b.Post(newBooking, "client", li, "staff", who, "start", at).Want(http.StatusUnprocessableEntity)
	}
	b.Post(newBooking, "client", li, "staff", who, "start", "9999-12-31T10:00").Want(http.StatusUnprocessableEntity, "核对年份")
	b.Post(newBooking, "client", li, "staff", who, "start", "2028-02-28T10:00").Want(http.StatusOK)
	b.Post("/reception/appointments/1/move", "staff", who, "start", "9999-12-31T10:00", "_version", "1").Want(http.StatusUnprocessableEntity, "核对年份")
	require.Equal(t, term.Day("2028-02-28"), slotOf(t, s, 1).StartsAt.Day(s.App.DB.Zone()))
}

func TestBookingsAreMovedConfirmedCancelledAndRestored(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, wang := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(withFile(t, s, "王敏", "13800008818"))
	who := fmt.Sprint(s.StaffID("consultant"))
	b, one := s.As("front"), "/reception/appointments/1"
	b.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T14:00").Want(http.StatusOK)
	b.Post(newBooking, "client", wang, "staff", who, "start", "2026-03-02T16:00").Want(http.StatusOK)

	b.Post(one+"/confirm").Want(http.StatusOK, "已确认")
	b.Post(one + "/confirm").Want(http.StatusConflict)
	b.Post(one+"/move", "staff", who, "start", "2026-03-02T16:00", "note", "改到下午").Want(http.StatusConflict, "王敏", "改到下午", "S1-02")
	b.Post(one+"/move", "staff", who, "start", "2026-03-02T15:00", "note", "改到下午", "_version", "1").
		Want(http.StatusConflict, "改到下午", "_take_start", "_take_note", "用别人刚保存的", "2026-03-02 14:00").Not("_take_staff", "_take_room")
	b.Get(one).Want(http.StatusOK, `name="_was_start" value="2026-03-02T14:00"`)
	b.Post(one+"/move", "staff", who, "start", "2026-03-02T15:00", "note", "改到下午", "_version", "1", "_was_start", "2026-03-02T14:00", "_was_note", "靠窗").
		Want(http.StatusConflict, `value="2026-03-02T15:00"`, "_take_note").Not("_take_start")
	before := slotOf(t, s, 1)
	b.Post(one+"/move", "staff", who, "start", "2026-03-02T15:00", "_version", "").Want(http.StatusConflict, "刚刚被别人改过")
	require.Equal(t, before, slotOf(t, s, 1), "who has not read it does not write over it")
	b.Post(one+"/move", "staff", who, "start", "2026-03-02T15:00", "note", "改到下午", "_version", fmt.Sprint(slotOf(t, s, 1).Version)).Want(http.StatusOK, "15:00", "改到下午")

	b.Post(one+"/no-show").Want(http.StatusConflict, "S1-02")
	b.Post(one+"/cancel").Want(http.StatusUnprocessableEntity, "请写明理由")
	b.Post(one+"/cancel", "_reason", "客户出差").Want(http.StatusOK, "客户出差", "恢复预约")
	require.Equal(t, term.AppointmentCancelled, slotOf(t, s, 1).State)
	b.Post(one+"/move", "staff", who, "start", "2026-03-02T17:00").Want(http.StatusConflict)
	b.Post(one+"/restore", "_reason", "客户改主意").Want(http.StatusOK)
	require.Equal(t, term.AppointmentConfirmed, slotOf(t, s, 1).State)

	for _, login := range []string{"doctor", "nurse", "cashier"} {
		s.As(login).Post(one+"/cancel", "_reason", "x").Want(http.StatusForbidden)
		s.As(login).Post(newBooking, "client", li).Want(http.StatusForbidden)
	}
	s.As("consultant").Post(one + "/no-show").Want(http.StatusForbidden)
}
