package reception_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

const calendar = "/reception/calendar"

// calendarCards reads the cards of a day as the browser does.
func calendarCards(t *testing.T, b *uitest.Browser, query string) (d struct {
	Columns []struct{ ID, Name string }
	Cards   []struct {
		ID, Version                       int64
		Column, Start, Name, Phone, State string
		Moves                             bool
		Marks                             []struct{ Word string }
		Debt                              string
	}
},
) {
	t.Helper()
	a := b.Get(calendar + "/cards?" + query).Want(http.StatusOK)
	require.NoError(t, json.Unmarshal([]byte(a.Body), &d))
	return d
}

// part asks as the calendar does: for a piece of a page.
func part(b *uitest.Browser) *uitest.Browser {
	return b.Direct().With("HX-Request", "true").With("HX-Request-Type", "partial")
}

func TestTheCalendarShowsColumnsAndMaskedCards(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, wang := withFile(t, s, "李静", "13800008817"), withFile(t, s, "王敏", "13800008818")
	who, room := s.StaffID("consultant"), emptyRoom(t, s, "咨询一")
	b := s.As("front")
	b.Post(newBooking, "client", fmt.Sprint(li), "staff", fmt.Sprint(who), "room", fmt.Sprint(room), "start", "2026-03-02T14:00").Want(http.StatusOK)
	b.Post(newBooking, "client", fmt.Sprint(wang), "room", fmt.Sprint(room), "start", "2026-03-02T16:00", "ask_doctor", "on").Want(http.StatusOK)

	b.Get(calendar).Want(http.StatusOK, "2026-03-02 周一", "data-cards", "全部人员").Not("李静")
	d := calendarCards(t, b, "day=2026-03-02")
	require.Len(t, d.Cards, 2)
	require.Equal(t, fmt.Sprintf("staff-%d", who), d.Cards[0].Column)
	require.Equal(t, "none", d.Cards[1].Column, "a booking of a room alone stands in a column of its own")
	require.Equal(t, "none", d.Columns[len(d.Columns)-1].ID)
	require.Equal(t, []string{"李静", "138****8817", "requested", "2026-03-02T14:00"}, []string{d.Cards[0].Name, d.Cards[0].Phone, d.Cards[0].State, d.Cards[0].Start})
	require.True(t, d.Cards[0].Moves)
	require.Len(t, d.Cards[1].Marks, 2, "never here, and the doctor is to be asked")

	require.Len(t, calendarCards(t, b, "day=2026-03-02&by=consultants").Cards, 1)
	require.Len(t, calendarCards(t, b, "day=2026-03-02&by=rooms").Cards, 2)
	require.Empty(t, calendarCards(t, b, "day=2026-03-03").Cards)
	week := fmt.Sprintf("day=2026-03-02&days=7&only=staff-%d", who)
	require.Len(t, calendarCards(t, b, week).Columns, 1)
	b.Get(calendar+"?only="+fmt.Sprintf("staff-%d", who)).Want(http.StatusOK, "T-consultant", "2026-03-08")
	b.Get(calendar + "?only=staff-999").Want(http.StatusNotFound)
	b.Get(calendar + "/cards?day=x").Want(http.StatusUnprocessableEntity)

	b.Get(calendar+"/sheet?day=2026-03-02").Want(http.StatusOK, "当日预约单", "李静", "138****8817", "咨询一", "T-consultant").Not("13800008817")
	nurse := calendarCards(t, s.As("nurse"), "day=2026-03-02")
	require.False(t, nurse.Cards[0].Moves, "who may not move a booking cannot take it")
	s.As("cashier").Get(calendar + "/cards").Want(http.StatusForbidden)
	s.Stranger().Direct().Get(calendar + "/cards").Want(http.StatusSeeOther)

	b.Post("/reception/appointments/1/cancel", "_reason", "出差").Want(http.StatusOK)
	require.Len(t, calendarCards(t, b, "day=2026-03-02").Cards, 1)
	require.Len(t, calendarCards(t, b, "day=2026-03-02&all=1").Cards, 2)
}

// TestACardTellsThatNothingWasPaid: what was agreed to and not paid a fen of carries its badge until
// the first payment; then it is a debt like any other.
func TestACardTellsThatNothingWasPaid(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	client := filed(t, l.Site, "李静", "13800008817")
	visit := arrived(t, l.Site, client)
	_, err := l.book(t, l.want(client, march(l.Site, 3, 10, 0)))
	require.NoError(t, err)
	words := func() (list []string) {
		for _, m := range calendarCards(t, l.As("front"), "day=2026-03-05").Cards[0].Marks {
			list = append(list, m.Word)
		}
		return list
	}
	require.NotContains(t, words(), "未付定金", "nothing was agreed to")
	order := store.Order{Client: client, Visit: visit, TotalFen: 90000, State: term.OrderOpen}
	written(t, l.Site, func(tx *store.Tx) error {
		if err := tx.AddOrder(&order); err != nil {
			return err
		}
		return tx.AddOrderLine(&store.OrderLine{Order: order.ID, Item: l.item.ID, Sessions: 1, PriceFen: 90000, TotalFen: 90000})
	})
	require.Contains(t, words(), "未付定金")
	require.NotContains(t, words(), "有欠款", "one badge for one thing")
	part(l.As("front")).Get(calendar+"/booking/1").Want(http.StatusOK, "未付定金")
	part(l.As("nurse")).Get(calendar + "/booking/1").Want(http.StatusOK).Not("未付定金")
	written(t, l.Site, func(tx *store.Tx) error {
		_, err := tx.Move(store.Account{Kind: "money", ID: int64(order.ID)}, 10000, store.Subject{Noun: "order", ID: int64(order.ID)})
		return err
	})
	require.Equal(t, []string{"有欠款"}, words())
	part(l.As("front")).Get(calendar + "/booking/1").Not("未付定金")
}

func TestACellIsBookedInItsDrawer(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, wang := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(withFile(t, s, "王敏", "13800008818"))
	at := fmt.Sprintf("staff-%d", s.StaffID("consultant"))
	b := part(s.As("front"))
	slot := calendar + "/new?start=2026-03-02T14:00&at=" + at
	b.Get(slot).Want(http.StatusOK, "2026-03-02 14:00", "T-consultant", `id="slot-q"`).Not("<html")
	b.Post(calendar+"/who", "q", "lj", "start", "2026-03-02T14:00", "at", at).Want(http.StatusOK, "李静", "138****8817",
		"/reception/calendar/new?at="+at+"&amp;client="+li+"&amp;start=2026-03-02T14%3A00").Not("王敏")
	b.Get(slot+"&client="+li).Want(http.StatusOK, "李静", `value="2026-03-02T14:00"`, "data-submit")
	s.As("front").Direct().Get(slot).Want(http.StatusSeeOther)

	staff := fmt.Sprint(s.StaffID("consultant"))
	b.Post(calendar+"/book", "client", li, "staff", staff, "start", "2026-03-02T14:00").Want(http.StatusOK, "data-calendar-done")
	b.Post(calendar+"/book", "client", wang, "staff", staff, "start", "2026-03-02T14:15").
		Want(http.StatusConflict, "S1-02", "李静", `name="_at"`, "王敏").Not("overlap")
	b.Post(calendar+"/book", "client", wang, "start", "x").Want(http.StatusUnprocessableEntity, "王敏")
	b.Post(calendar+"/book", "start", "2026-03-02T15:00").Want(http.StatusUnprocessableEntity)
	key := []string{"client", wang, "staff", staff, "start", "2026-03-02T15:00", "_once", "ONE-BOOKING-TWICE"}
	b.Post(calendar+"/book", key...).Want(http.StatusOK, "data-calendar-done")
	b.Post(calendar+"/book", key...)
	require.Len(t, calendarCards(t, s.As("front"), "day=2026-03-02").Cards, 2, "a double post books once")
	for _, login := range []string{"nurse", "doctor", "cashier"} {
		part(s.As(login)).Get(slot).Want(http.StatusForbidden)
		part(s.As(login)).Post(calendar+"/who", "q", "lj").Want(http.StatusForbidden)
		part(s.As(login)).Post(calendar+"/book", "client", li).Want(http.StatusForbidden)
	}
}

func TestACardIsCarried(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, wang := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(withFile(t, s, "王敏", "13800008818"))
	who, room := fmt.Sprint(s.StaffID("consultant")), emptyRoom(t, s, "咨询一")
	front, one := s.As("front"), calendar+"/booking/1/carry"
	front.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T14:00", "note", "靠窗", "ask_doctor", "on").Want(http.StatusOK)
	front.Post(newBooking, "client", wang, "staff", who, "start", "2026-03-02T16:00").Want(http.StatusOK)
	b := part(front)
	version := func() string { return fmt.Sprint(slotOf(t, s, 1).Version) }

	first := version()
	b.Post(one, "_version", first, "start", "2026-03-02T15:00", "minutes", "45", "at", "staff-"+who).Want(http.StatusOK, "data-calendar-done", `data-version="2"`)
	a := slotOf(t, s, 1)
	require.Equal(t, "靠窗", a.Note, "what was not dragged stays")
	require.True(t, a.AskDoctor)
	require.Equal(t, "15:45", a.EndsAt.Clock(s.App.DB.Zone()))

	b.Post(one, "_version", first, "start", "2026-03-02T17:00", "seen_time", "2026-03-02 14:00–14:30", "seen_staff", "T-consultant").
		Want(http.StatusConflict, "2026-03-02 14:00–14:30", "2026-03-02 15:00–15:45", "T-front", "仍然改到").Not("人员</dt>")
	b.Post(one, "_version", "", "start", "2026-03-02T17:00").Want(http.StatusConflict)
	require.Equal(t, a, slotOf(t, s, 1), "who has not seen it does not write over it")
	b.Post(one, "_version", version(), "start", "2026-03-02T16:00").Want(http.StatusConflict, "王敏", `name="_at"`, "S1-02").Not(`name="overlap"`)
	b.Post(one, "_version", version(), "start", "2026-03-02T16:00", "_at", "2026-03-02T17:00").Want(http.StatusOK, "data-calendar-done")
	b.Post(one, "_version", version(), "start", "yesterday").Want(http.StatusUnprocessableEntity)
	b.Post(one, "_version", version(), "start", "2026-03-01T10:00").Want(http.StatusUnprocessableEntity)
	b.Post(one, "_version", version(), "minutes", "9999").Want(http.StatusUnprocessableEntity)
	b.Post(one, "_version", version(), "at", "room-"+fmt.Sprint(room)).Want(http.StatusOK, "data-calendar-done")
	a = slotOf(t, s, 1)
	require.Equal(t, room, a.Room)
	require.Equal(t, s.StaffID("consultant"), a.Staff)
	b.Post(calendar+"/booking/99/carry", "_version", "1").Want(http.StatusNotFound)
	for _, login := range []string{"nurse", "doctor", "cashier"} {
		part(s.As(login)).Post(one, "_version", version(), "start", "2026-03-02T18:00").Want(http.StatusForbidden)
	}

	m := part(s.As("manager"))
	m.Post(one, "_version", version(), "start", "2026-03-02T16:00").Want(http.StatusConflict, `name="overlap"`)
	m.Post(one, "_version", version(), "start", "2026-03-02T16:00", "overlap", "on").Want(http.StatusUnprocessableEntity, "请写明理由")
	m.Post(one, "_version", version(), "start", "2026-03-02T16:00", "overlap", "on", "_reason", "母女同诊").Want(http.StatusOK, "data-calendar-done")
	require.Equal(t, s.StaffID("manager"), slotOf(t, s, 1).OverlapBy)
	a, other := slotOf(t, s, 1), slotOf(t, s, 2)
	note := func(of store.Appointment) []string {
		minutes := fmt.Sprint(int(of.EndsAt.Sub(of.StartsAt).Minutes()))
		return []string{"_version", fmt.Sprint(of.Version), "start", "2026-03-02T16:00", "minutes", minutes, "staff", who, "room", idText(of.Room), "note", "要安静"}
	}
	front.Post("/reception/appointments/2/move", note(other)...).Want(http.StatusOK)
	front.Post("/reception/appointments/1/move", note(a)...).Want(http.StatusOK)
	require.Equal(t, []string{"要安静", "要安静"}, []string{slotOf(t, s, 1).Note, slotOf(t, s, 2).Note})
	require.Equal(t, s.StaffID("manager"), slotOf(t, s, 1).OverlapBy, "who writes a note keeps the slot as it was let in")
}

// TestABookingIsChangedInItsDrawer: all fields, with what is typed kept, and where two change it at
// once each field says mine or theirs (row:U3).
func TestABookingIsChangedInItsDrawer(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, who := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(s.StaffID("consultant"))
	front := s.As("front")
	front.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T14:00", "note", "靠窗").Want(http.StatusOK)
	b, page, move := part(front), calendar+"/booking/1/change", "/reception/appointments/1/move"
	b.Get(page).Want(http.StatusOK, "靠窗", `value="2026-03-02T14:00"`, `data-draft="/reception/appointments/1/move-v1"`).Not("<html")
	s.As("front").Direct().Get(page).Want(http.StatusSeeOther)
	b.Get(calendar+"/new?start=2026-03-02T15:00&at=staff-"+who+"&client="+li).Want(http.StatusOK, `data-draft="/reception/calendar/book:`+li+`::staff-`+who+`:2026-03-02T15:00"`)
	typed := []string{"drawer", "1", "staff", who, "minutes", "30"}
	b.Post(move, append(typed, "_version", "1", "start", "2026-03-02T15:00", "note", "靠门")...).Want(http.StatusOK, "data-calendar-done")
	b.Post(move, append(typed, "_version", "1", "start", "2026-03-02T14:00", "note", "要安静")...).
		Want(http.StatusConflict, `name="_take_note"`, "靠门", "要安静", `name="_take_start"`, `name="_version" value="2"`).Not("data-calendar-done", "<html", `name="_take_staff"`)
	require.Equal(t, "靠门", slotOf(t, s, 1).Note, "nothing is written over silently")
	b.Post(move, append(typed, "_version", "2", "start", "2026-03-02T14:00", "note", "要安静", "_take_start", "theirs", "_theirs_start", "2026-03-02T15:00")...).Want(http.StatusOK, "data-calendar-done")
	a := slotOf(t, s, 1)
	require.Equal(t, []string{"要安静", "15:00"}, []string{a.Note, a.StartsAt.Clock(s.App.DB.Zone())})
	b.Post(move, append(typed, "_version", "3", "start", "x")...).Want(http.StatusUnprocessableEntity, "savebar").Not("<html")
	part(s.As("nurse")).Get(page).Want(http.StatusForbidden)
}

func idText(room term.RoomID) string {
	if room == 0 {
		return ""
	}
	return fmt.Sprint(room)
}

func TestACardIsConfirmedArrivedAndTakenBack(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, who := fmt.Sprint(withFile(t, s, "李静", "13800008817")), fmt.Sprint(s.StaffID("consultant"))
	front, own := s.As("front"), "/reception/appointments/1"
	front.Post(newBooking, "client", li, "staff", who, "start", "2026-03-02T14:00").Want(http.StatusOK)
	b := part(front)
	b.Get(calendar+"/booking/1").Want(http.StatusOK, "李静", "13800008817", "待确认", own+"/confirm", "Alt+A").Not("<html")
	b.Post(own+"/confirm", "drawer", "1").Want(http.StatusOK, "data-calendar-done")
	b.Post(own+"/confirm", "drawer", "1").Want(http.StatusConflict, "已确认")
	b.Post(own+"/restore", "drawer", "1", "as", "unconfirm").Want(http.StatusUnprocessableEntity, "请写明理由")
	b.Post(own+"/restore", "drawer", "1", "as", "unconfirm", "_reason", "点错了").Want(http.StatusOK, "已撤回确认")
	require.Equal(t, term.AppointmentRequested, slotOf(t, s, 1).State)
	b.Post(own+"/cancel", "drawer", "1", "as", "cancel", "_reason", "出差").Want(http.StatusOK, "data-calendar-done")
	b.Post(own+"/restore", "drawer", "1", "as", "restore", "_reason", "又来了").Want(http.StatusOK, "data-calendar-done")
	part(s.As("nurse")).Post(own+"/confirm", "drawer", "1").Want(http.StatusForbidden)
	part(s.As("nurse")).Get(calendar+"/booking/1").Want(http.StatusOK, "李静").Not(own + "/cancel")
}
