package reception_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// write does something to the clinic that no page does here.
func write(t *testing.T, site *uitest.Site, fn func(*store.Tx) error) {
	t.Helper()
	require.NoError(t, site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, fn))
}

var wayPath = regexp.MustCompile(`/way/[A-Z2-7]{26}`)

// TestAClientsOwnWay: the phone of a client shows which step of seven, in both languages, and
// nothing of name, room or what is done; it hears of a call at once, a call that was undone is
// none, and the page ends an hour after the visit.
func TestAClientsOwnWay(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	visit := arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
	front, phone := site.As("front"), site.AsGuest()
	way := wayPath.FindString(front.Get(fmt.Sprintf("/reception/visit/%d/ticket", visit)).Body)
	require.NotEmpty(t, way)
	private := []string{"晚秋", "林", "8817", "注射", "咨询", "治疗", "顾问", "Treatment", "onsult", "/reception"}
	phone.Get(way).Want(http.StatusOK, "第 1 步，共 7 步", "Step 1 of 7", "C01", "轮到您时会叫号").Not(private...)
	site.Clock.Forward(4 * time.Minute)
	front.Post("/reception/queue/1", "deed", "call").Want(http.StatusOK)
	phone.Get(way+"/now").Want(http.StatusOK, "正在叫您的号", "本步已 4 分钟").Not(private...)

	front.Get("/reception/queue").Want(http.StatusOK, "撤销")
	front.Post("/reception/queue/1", "deed", "undo", "_reason", "叫错了人").Want(http.StatusOK, "已撤销上一步")
	front.Post("/reception/queue/1", "deed", "undo", "_reason", "叫错了人").Want(http.StatusConflict, "没有可以撤销的上一步")
	phone.Get(way+"/now").Want(http.StatusOK, "轮到您时会叫号")
	read(t, site, func(r *store.Read) error {
		ticket, err := r.Ticket(1)
		require.Zero(t, ticket.Calls)
		require.True(t, ticket.CalledAt.IsZero())
		stamps, failed := r.SOPStamps(visit)
		require.NoError(t, failed)
		last := store.SOPStamp{}
		for _, s := range stamps {
			if s.Step == "S1-04" {
				last = s
			}
		}
		require.Equal(t, store.StampOpen, last.State, "its clock runs again")
		return err
	})
	write(t, site, func(tx *store.Tx) error { return tx.MoveTo(visit, term.StageConsultation, term.AtPlan) })
	phone.Get(way+"/now").Want(http.StatusOK, "第 3 步，共 7 步", "正在为您服务").Not(private...)
	front.Post(fmt.Sprintf("/reception/visit/%d/leave", visit), "_reason", "临时有事", "reason", "临时有事").Want(http.StatusOK)
	phone.Get(way).Want(http.StatusOK, "今天的服务已结束").Not(private...)
	site.Clock.Forward(61 * time.Minute)
	phone.Get(way).Want(http.StatusNotFound).Not("第 7 步")
	phone.Get(way + "/now").Want(http.StatusNotFound)
}

// TestWaitsOverTheLimit: a wait over the limit of its tier calls the manager once and stands on the
// day's list until somebody says why; a VIP has another limit, and the clinic sets them.
func TestWaitsOverTheLimit(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
	arrived(t, site, filed(t, site, "周清和", "13800008818"))
	write(t, site, func(tx *store.Tx) error {
		v, err := tx.Visit(2)
		require.NoError(t, err)
		v.VIP = true
		return tx.SaveVisit(&v)
	})
	front, manager := site.As("front"), site.As("manager")
	raise := func() {
		_, err := site.App.Jobs.Run(t.Context(), site.Actor("owner"), "tasks-escalate")
		require.NoError(t, err)
	}
	site.Clock.Forward(4 * time.Minute)
	front.Post("/reception/queue/2", "deed", "call")
	raise()
	front.Get("/reception/breaches").Want(http.StatusOK, "这一天没有超时")
	site.Clock.Forward(2 * time.Minute)
	raise()
	raise()
	front.Get("/reception/breaches").Want(http.StatusOK, "超时 1 次", "林晚秋", "首次接待", "还在等", "未写原因").Not("周清和")
	manager.Get("/tasks").Want(http.StatusOK, "首次接待等候超过 5 分钟")
	manager.Get("/board").Want(http.StatusOK, "等候超时", `data-limit="5"`, `data-limit="10"`)
	site.Clock.Forward(5 * time.Minute)
	raise()
	front.Get("/reception/breaches").Want(http.StatusOK, "超时 2 次", "周清和", "进房间", "VIP")
	front.Post("/reception/queue/1", "deed", "serve")
	raise()
	front.Get("/reception/breaches").Want(http.StatusOK, "11分")

	front.Post("/reception/breaches/1", "reason", " ").Want(http.StatusUnprocessableEntity)
	front.Post("/reception/breaches/1", "reason", "两位顾问同时接待").Want(http.StatusOK, "两位顾问同时接待", "1 条没有原因")
	manager.Post("/reception/breaches/2", "reason", "房间消毒").Want(http.StatusOK, "房间消毒")
	manager.Get("/tasks").Want(http.StatusOK).Not("进房间等候超过 10 分钟")
	front.Post("/reception/breaches/9", "reason", "没有").Want(http.StatusNotFound)
	nurse := site.As("nurse")
	nurse.Get("/reception/breaches").Want(http.StatusForbidden)
	nurse.Post("/reception/breaches/1", "reason", "房间消毒").Want(http.StatusForbidden)
	site.As("quality").Post("/reception/breaches/1", "reason", "房间消毒").Want(http.StatusForbidden)
	front.Get("/reception/breaches?day=2026-03-01").Want(http.StatusOK, "这一天没有超时")
}
