package reception_test

import (
	"fmt"
	"net/http"
	"testing"

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
		front.Post(number, "deed", "undo", "_reason", "客户就在门口", "from", "board").At("/board")
		front.Post(number, "deed", "serve", "from", "board").At("/board").Want(http.StatusOK, "已进入房间")
		require.Equal(t, []string{"", "客户就在门口", "叫号未应答", ""}, reasons(access.QueueCall))
	})
	t.Run("others are refused", func(*testing.T) {
		site.As("stock").Post("/reception/queue/2", "deed", "undo", "_reason", "x").Want(http.StatusForbidden)
		site.As("stock").Get("/reception/queue/2/undo").Want(http.StatusForbidden)
		site.As("consultant").Get(path + "/undo").Want(http.StatusForbidden)
		site.As("consultant").Get("/reception/visit/2/undo").Want(http.StatusForbidden)
	})
}
