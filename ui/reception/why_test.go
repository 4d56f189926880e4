package reception_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// TestOffTheUsualWayAsksWhy: what skips, puts back or undoes a step of a visit is refused without
// a reason, whoever posts, and the trail keeps the reason (row:A7).
func TestOffTheUsualWayAsksWhy(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	client := filed(t, site, "林晚秋", "13800008817")
	who, file := fmt.Sprint(site.StaffID("consultant")), fmt.Sprint(client)
	front := site.As("front")
	front.Post(newBooking, "client", file, "staff", who, "start", "2026-03-02T10:00").At("/reception/appointments/1")
	const path = "/reception/appointments/1"
	reasons := func(p access.Permission) (said []string) {
		read(t, site, func(r *store.Read) error {
			acts, err := r.Acts(store.ActFilter{Action: string(p)})
			for _, a := range acts {
				said = append(said, a.Act.Reason)
			}
			return err
		})
		return said
	}

	t.Run("confirming is one click from the board, which stays, and is taken back with a reason", func(t *testing.T) {
		front.Post(path+"/confirm", "back", "board").At("/board").Want(http.StatusOK, "已确认", path+"/undo?back=board")
		front.Get(path+"/undo?back=board").Want(http.StatusOK, "撤销确认", "点错了", "林晚秋")
		front.Post(path+"/restore", "back", "board", "why", "1").Want(http.StatusUnprocessableEntity, "撤销确认", "原因")
		front.Post(path+"/restore", "back", "board", "why", "1", "_reason", "联系错了人").At("/board")
		require.Equal(t, []string{"联系错了人"}, reasons(access.AppointmentRestore))
	})
	t.Run("arriving is one click from the board and is taken back with a reason", func(*testing.T) {
		front.Post("/reception/arrive", "client", file, "appointment", "1", "from", "board").At("/board").Want(http.StatusOK, "已登记到店", "/reception/visit/1/undo?from=board")
		front.Get("/reception/visit/1/undo?from=board").Want(http.StatusOK, "撤销到店", "登记错了人")
		front.Post("/reception/visit/1/undo", "from", "board", "why", "1").Want(http.StatusUnprocessableEntity, "撤销到店")
		front.Post("/reception/visit/1/undo", "from", "board", "why", "1", "reason", "登记错了人").At("/board")
		front.Post("/reception/arrive", "client", file, "appointment", "1", "from", "board").At("/board")
	})
	t.Run("skip, back and undo of a number want a reason", func(t *testing.T) {
		const number = "/reception/queue/2"
		front.Get("/board").Want(http.StatusOK, `action="`+number+`"`, `value="call"`)
		front.Post(number, "deed", "call", "from", "board").At("/board").Want(http.StatusOK, number+"/undo?from=board", `value="serve"`)
		for _, deed := range []string{"skip", "back", "undo"} {
			front.Get(number+"/"+deed).Want(http.StatusOK, "常见原因", "林晚秋")
			front.Post(number, "deed", deed, "_reason", " ").Want(http.StatusUnprocessableEntity, "常见原因")
		}
		front.Get(number + "/serve").Want(http.StatusNotFound)
		read(t, site, func(r *store.Read) error {
			k, err := r.Ticket(2)
			require.Equal(t, term.TicketCalled, k.State)
			return err
		})
		front.Post(number, "deed", "skip", "_reason", "叫号未应答", "from", "board").At("/board")
		front.Get("/reception").Want(http.StatusOK, "林晚秋", "过号", `action="`+number+`"`)
		front.Post(number, "deed", "undo", "_reason", "客户就在门口", "from", "board").At("/board")
		front.Post(number, "deed", "serve", "from", "board").At("/board").Want(http.StatusOK, "已进入房间")
		require.Equal(t, []string{"", "客户就在门口", "叫号未应答", ""}, reasons(access.QueueCall))
	})
	t.Run("of two desks that call one number the second is told, and nobody undoes what a colleague did", func(t *testing.T) {
		next := fmt.Sprint(filed(t, site, "周清和", "13800008818"))
		front.Post("/reception/arrive", "client", next, "from", "board").At("/board")
		const number, other = "/reception/queue/3", "同事刚刚动过号码"
		manager := site.As("manager")
		front.Get("/reception/queue").Want(http.StatusOK, `name="stood" value="waiting.0"`)
		front.Get("/reception/visit/3").Want(http.StatusOK, `name="stood" value="waiting.0"`)
		called := front.Post(number, "deed", "call", "stood", "waiting.0", "from", "board").At("/board")
		called.Want(http.StatusOK, number+"/undo?from=board&amp;stood=called", `name="stood" value="called"`)
		manager.Post(number, "deed", "call", "stood", "waiting.0").Want(http.StatusConflict, other)
		manager.Post(number, "deed", "call", "stood", "waiting").Want(http.StatusConflict, other)
		manager.Post(number, "deed", "call", "stood", "called.1").At("/reception/queue") // again, on purpose
		manager.Post(number, "deed", "serve", "stood", "called.2").At("/reception/queue")
		front.Get(number+"/undo?from=board&stood=called").Want(http.StatusOK, `name="stood" value="called"`)
		front.Post(number, "deed", "undo", "stood", "called", "_reason", "叫错了").Want(http.StatusConflict, other)
		front.Post(number, "deed", "skip", "stood", "<b>", "_reason", "叫错了").Want(http.StatusConflict, other)
		read(t, site, func(r *store.Read) error {
			k, err := r.Ticket(3)
			require.Equal(t, term.TicketServing, k.State)
			require.Equal(t, 2, k.Calls)
			return err
		})
	})
	t.Run("others are refused", func(*testing.T) {
		site.As("stock").Post("/reception/queue/2", "deed", "undo", "_reason", "x").Want(http.StatusForbidden)
		site.As("stock").Get("/reception/queue/2/undo").Want(http.StatusForbidden)
		site.As("consultant").Get(path + "/undo").Want(http.StatusForbidden)
		site.As("consultant").Get("/reception/visit/2/undo").Want(http.StatusForbidden)
	})
}

// TestAnEarlyLeaveIsTakenBack on its day and with a reason; a number waits again, once (row:A7).
func TestAnEarlyLeaveIsTakenBack(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	client := filed(t, s, "林晚秋", "13800008817")
	visit := arrived(t, s, client)
	page := fmt.Sprintf("/reception/visit/%d", visit)
	front, why := s.As("front"), page+"/resume"
	front.Post(why, "_reason", "点错了").Want(http.StatusConflict)
	front.Get(page).Want(http.StatusOK).Not("撤销提前离开")
	front.Post(page+"/leave", "reason", "临时有事").Want(http.StatusOK, "撤销提前离开")
	front.Get(why).Want(http.StatusOK, "客户又回来了", "林晚秋")
	front.Post(why).Want(http.StatusUnprocessableEntity, "请写明原因")
	s.As("nurse").Get(why).Want(http.StatusOK, "林晚秋")
	for _, login := range []string{"doctor", "cashier", "consultant"} {
		s.As(login).Post(why, "_reason", "点错了").Want(http.StatusForbidden)
	}
	front.Post(why, "_reason", "客户又回来了").Want(http.StatusOK, "就诊已恢复", "C01").At(page)
	read(t, s, func(r *store.Read) error {
		v, err := r.Visit(visit)
		require.Equal(t, []any{term.VisitOpen, term.AtWaiting, ""}, []any{v.State, v.Station, v.CloseReason})
		require.NoError(t, err)
		ticket, err := r.TicketOf(visit)
		require.Equal(t, term.TicketWaiting, ticket.State)
		return err
	})
	front.Get("/reception/queue").Want(http.StatusOK, "C01")
	front.Post(page+"/assign", "to", "consultant", "consultant", fmt.Sprint(s.StaffID("consultant"))).Want(http.StatusOK)
	front.Post(page+"/leave", "reason", "临时有事").Want(http.StatusOK)
	arrived(t, s, client)
	front.Post(why, "_reason", "点错了").Want(http.StatusConflict)
	s.Clock.Forward(24 * time.Hour)
	s.As("front").Get(page).Want(http.StatusOK).Not("撤销提前离开")
	s.As("front").Post(why, "_reason", "点错了").Want(http.StatusConflict, "只能撤销当天")
}

// TestAnArrivalTakenBackIsNoEarlyEnd: a client who never came is not taken in again by undoing that she
// left; she is registered anew.
func TestAnArrivalTakenBackIsNoEarlyEnd(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	file := fmt.Sprint(filed(t, s, "李静", "13800008817"))
	front := s.As("front")
	front.Post("/reception/arrive", "client", file).At("/reception/visit/1")
	front.Post("/reception/visit/1/undo", "reason", "点错人").Want(http.StatusOK)
	front.Post("/reception/visit/1/resume", "_reason", "又来了").Want(http.StatusConflict, "重新登记到店")
	front.Post("/reception/arrive", "client", file).At("/reception/visit/2")
}
