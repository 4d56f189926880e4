package reception_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/people"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// TestAnywayHoldsForTheNumberThatWasShown: whoever changes the number after the refusal is told of the
// file of that one too, and the form stays the one whose draft goes when it is taken.
func TestAnywayHoldsForTheNumberThatWasShown(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	filed(t, s, "林晚秋", "13800008817")
	filed(t, s, "王敏", "13800008818")
	front, leads := s.As("front"), "/reception/leads"
	front.Get(leads).Want(http.StatusOK, `data-draft="reception/leads"`)
	said := front.Post(leads, "name", "林", "phone", "138 0000 8817", "channel", "phone")
	said.Want(http.StatusConflict, `value="tel:13800008817"`, `data-draft="reception/leads"`, "/reception/appointments/new?client=")
	front.Post(leads, "name", "王", "phone", "13800008818", "channel", "phone", "go_on", "tel:13800008817").Want(http.StatusConflict, "王敏", "tel:13800008818")
	front.Post(leads, "name", "王", "phone", "13800008818", "channel", "phone", "go_on", "tel:13800008818").At(leads)
}

// TestFormsBeginWithWhatIsUsual: what nobody typed is not empty where the house knows it, and no time
// that is past is proposed.
func TestFormsBeginWithWhatIsUsual(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	li := fmt.Sprint(withFile(t, l.Site, "李静", "13800008817"))
	front := l.As("front")
	wait := front.Get("/reception/waits/new?client=" + li + "&item=" + fmt.Sprint(l.item.ID))
	wait.Want(http.StatusOK, `value="2026-03-02"`, `value="2026-03-16"`, `name="urgency" value="0" checked`, fmt.Sprintf(`<option value="%d" selected`, l.item.ID))
	entry := []string{"client", li, "item", fmt.Sprint(l.item.ID), "to_day", "2026-03-10", "urgency", "0"}
	front.Post("/reception/waits/new", append(entry, "part", "noon")...).Want(http.StatusUnprocessableEntity)
	front.Post("/reception/waits/new", append(entry, "part", "morning")...).At("/reception/waits").Want(http.StatusOK, "<small>上午</small>").Not("12:15")
	until(l.Site, 14, 20)
	front = l.As("front")
	front.Get(newBooking+"?client="+li+"&day=2026-03-02").Want(http.StatusOK, `value="2026-03-02T14:30"`)
	front.Get(newBooking+"?client="+li).Want(http.StatusOK, `value="2026-03-02T14:30"`)
	front.Get(newBooking+"?client="+li+"&day=2026-03-03").Want(http.StatusOK, `value="2026-03-03T10:00"`)
	_, err := l.book(t, l.want(withFile(t, l.Site, "王敏", "13800008818"), march(l.Site, 1, 10, 0)))
	require.NoError(t, err)
	front.Get(newBooking+"?client=2&day=2026-03-03").Want(http.StatusOK, fmt.Sprintf(`<option value="%d" selected`, l.item.ID))
}

// TestPeopleAreFoundWhileOneTypes on the pages of a booking and of the wait list, as in the drawer.
func TestPeopleAreFoundWhileOneTypes(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li := fmt.Sprint(withFile(t, s, "李静", "13800008817"))
	front := s.As("front")
	front.Get(newBooking+"?day=2026-03-05").Want(http.StatusOK, `data-finder-url="/reception/appointments/who?day=2026-03-05"`)
	for path, link := range map[string]string{
		"/reception/appointments/who?day=2026-03-05": newBooking + "?client=" + li + "&amp;day=2026-03-05",
		"/reception/waits/who":                       "/reception/waits/new?client=" + li,
	} {
		part(front).Post(path, "q", "8817").Want(http.StatusOK, `role="option"`, link, "138****8817").Not("<html")
	}
}

// TestNoConsultantDoesASession: a session of a course takes a room and somebody who treats, while a
// consultant only receives the client.
func TestNoConsultantDoesASession(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	li := withFile(t, l.Site, "李静", "13800008817")
	q := url.Values{"client": {fmt.Sprint(li)}, "item": {fmt.Sprint(l.item.ID)}, "staff": {fmt.Sprint(l.StaffID("consultant"))}, "first": {"2026-03-03T14:00"}, "count": {"3"}}
	front, path := l.As("front"), "/reception/appointments/series"
	front.Get(path+"?client="+q.Get("client")).Want(http.StatusOK, "T-doctor").Not("T-consultant")
	front.Get(path+"?"+q.Encode()).Want(http.StatusUnprocessableEntity, "是接待人员")
	front.Post(path, "client", q.Get("client"), "item", q.Get("item"), "staff", q.Get("staff"), "sessions", "2", "start0", "2026-03-03T14:00", "start1", "2026-03-31T14:00").
		Want(http.StatusUnprocessableEntity, "是接待人员")
	require.Zero(t, booked(t, l))
}

// TestANurseIsOfferedBeforeAPhysician where both may do what is waited for.
func TestANurseIsOfferedBeforeAPhysician(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	li, nurse := withFile(t, l.Site, "李静", "13800008817"), l.StaffID("nurse")
	written(t, l.Site, func(tx *store.Tx) error {
		l.item.Operator = "nurse"
		paper := store.Licence{Staff: nurse, Kind: people.PaperNurse, Number: "210", PlaceHere: true, ValidFrom: "2020-01-01", CheckedAt: tx.Now(), CheckedBy: l.StaffID("owner")}
		err := errors.Join(tx.SaveItem(&l.item), tx.AddLicence(&paper), tx.AddStaffRight(&store.StaffRight{Staff: nurse, ItemKind: "pico", Level: people.RightIndependent}))
		if err != nil {
			return err
		}
		w := store.Wait{Client: li, Item: l.item.ID, FromDay: "2026-03-03", ToDay: "2026-03-03", To: 24 * 60, Minutes: 30, State: store.WaitWaiting}
		return tx.AddWait(&w)
	})
	list, err := l.App.Rooms.Desk.Waits(t.Context(), l.front, 0)
	require.NoError(t, err)
	require.Len(t, list.Rows, 1)
	for _, m := range list.Rows[0].Matches {
		require.Equal(t, nurse, m.Staff)
	}
}

// TestAnInquiryStaysBookedWhenTheArrivalIsTakenBack: the booking stands again, and so does what it came of.
func TestAnInquiryStaysBookedWhenTheArrivalIsTakenBack(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	b := s.As("front")
	b.Post("/reception/leads", "name", "李静", "phone", "13800008817", "channel", "phone", "answered", "on").At("/reception/leads")
	b.Post(newBooking, "lead", "1", "staff", fmt.Sprint(s.StaffID("consultant")), "start", "2026-03-02T14:00").Want(http.StatusOK)
	li := filed(t, s, "李静", "13800008817")
	written(t, s, func(tx *store.Tx) error {
		l, err := tx.Lead(1)
		if err != nil {
			return err
		}
		l.Client = li
		return tx.SaveLead(&l)
	})
	b.Post("/reception/arrive", "client", fmt.Sprint(li), "appointment", "1").Want(http.StatusOK)
	s.Clock.Forward(time.Minute)
	b.Post("/reception/visit/1/undo", "reason", "点错人").Want(http.StatusOK)
	require.Equal(t, term.AppointmentRequested, slotOf(t, s, 1).State)
	read(t, s, func(r *store.Read) error {
		l, err := r.Lead(1)
		require.Equal(t, term.LeadBooked, l.State)
		return err
	})
}

// TestWhoMayNotPractiseHasNoColumn on the calendar, until a booking of hers must be given to somebody else.
func TestWhoMayNotPractiseHasNoColumn(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	front, cards := l.As("front"), calendar+"/cards?day=2026-03-03"
	front.Get(cards).Want(http.StatusOK, "T-doctor")
	_, err := l.book(t, l.want(withFile(t, l.Site, "李静", "13800008817"), march(l.Site, 1, 10, 0)))
	require.NoError(t, err)
	written(t, l.Site, func(tx *store.Tx) error {
		list, err := tx.Licences(l.StaffID("doctor"))
		if err != nil {
			return err
		}
		list[0].Suspended = true
		return tx.SaveLicence(&list[0])
	})
	front.Get(cards).Want(http.StatusOK, "T-doctor", "李静")
	front.Get(calendar+"/cards?day=2026-03-04").Want(http.StatusOK, "T-consultant").Not("T-doctor")
}

// TestATaskSaysWhoseInquiryItIs on the work list, on the first page and on the board.
func TestATaskSaysWhoseInquiryItIs(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	s.As("front").Post("/reception/leads", "name", "唐先生", "phone", "13800008817", "channel", "phone", "owner", fmt.Sprint(s.StaffID("consultant"))).At("/reception/leads")
	s.Clock.Forward(6 * time.Minute)
	who := s.As("consultant")
	for _, path := range []string{"/tasks", "/home"} {
		who.Get(path).Want(http.StatusOK, "首次应答咨询", "唐先生")
	}
	s.As("manager").Get("/board").Want(http.StatusOK, "<b>首次应答咨询（5 分钟内）</b><small>唐先生")
}

// TestWhoIsBookedElsewhereIsNamedOnce: the client holds the time herself.
func TestWhoIsBookedElsewhereIsNamedOnce(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	li := withFile(t, l.Site, "李静", "13800008817")
	_, err := l.book(t, l.want(li, march(l.Site, 1, 10, 0)))
	require.NoError(t, err)
	l.As("front").Post(newBooking, "client", fmt.Sprint(li), "staff", fmt.Sprint(l.StaffID("consultant")), "start", "2026-03-03T10:15").
		Want(http.StatusConflict, "李静在 10:00 至 10:30 已有别的预约。").Not("已有预约（李静）")
}
