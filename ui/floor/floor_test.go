package floor_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// open puts a client with an open visit and a running SOP into the clinic.
func open(t testing.TB, site *uitest.Site, name string, station term.Station) store.Visit {
	t.Helper()
	var v store.Visit
	err := site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
		c := store.Client{Name: name, Phone: "13800138000", Gender: "female", Birth: "1991-04-05", Source: "walk_in", Allergies: []string{"青霉素"}}
		if err := tx.AddClient(&c); err != nil {
			return err
		}
		v = store.Visit{
			Client: c.ID, State: term.VisitOpen, Stage: term.StageReception, Station: station, StationAt: tx.Now(), ArrivedAt: tx.Now(), VIP: true,
		}
		if err := tx.AddVisit(&v); err != nil {
			return err
		}
		k := store.Ticket{Visit: v.ID, Day: tx.Today(), Stream: "C", Number: fmt.Sprintf("C%02d", v.ID), State: term.TicketWaiting}
		if err := tx.AddTicket(&k); err != nil {
			return err
		}
		tx.Publish(live.Board)
		return site.App.Engines.SOP.Start(tx, v.ID)
	})
	require.NoError(t, err)
	return v
}

func TestBoard(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	v := open(t, site, "林晚秋", term.AtWaiting)

	t.Run("every open visit stands at its station with what it misses", func(*testing.T) {
		site.As("manager").Get("/board").Want(http.StatusOK, "林晚秋", "C01", "候诊", "健康警示", "VIP", "新客", "S1-05", fmt.Sprintf("/visit/%d", v.ID))
	})
	t.Run("who may not find clients sees no name, and no allergy", func(*testing.T) {
		site.As("stock").Get("/board").Want(http.StatusOK, "林**", "C01").Not("林晚秋", "健康警示", `href="/visit/`)
	})
	t.Run("the piece is kept until the board changes", func(t *testing.T) {
		b := site.As("front")
		b.Get("/board/rows").Want(http.StatusOK, "林晚秋").Not("周若兰")
		open(t, site, "周若兰", term.AtTill)
		b.Get("/board/rows").Want(http.StatusOK, "周若兰")
	})
	t.Run("a clock that ran out is overdue without any news", func(*testing.T) {
		site.Clock.Forward(90 * time.Minute)
		site.As("manager").Get("/board").Want(http.StatusOK, "超时")
	})
}

func TestStepsByHand(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	v := open(t, site, "林晚秋", term.AtConsultation)
	page := fmt.Sprintf("/visit/%d", v.ID)

	t.Run("the visit shows its run with score and what comes next", func(*testing.T) {
		site.As("manager").Get(page).Want(http.StatusOK, "SOP 执行记录", "符合率", "S1-05", "下一步", "林晚秋")
	})
	t.Run("a stamp without a reason comes back with the fault", func(*testing.T) {
		site.As("consultant").Post(page+"/step/S2-09/stamp", "stamp_reason", " ").Want(http.StatusUnprocessableEntity, "请写明")
	})
	t.Run("a reason is kept when the gate says no, and the rule is named", func(*testing.T) {
		site.As("nurse").Post(page+"/step/S1-05/skip", "skip_reason", "客户赶时间").
			Want(http.StatusConflict, "客户赶时间", "REG-PII-01", "任何人都不能跳过")
	})
	t.Run("a hard step that a room proves is not stamped by hand", func(*testing.T) {
		site.As("front").Post(page+"/step/S1-05/stamp", "stamp_reason", "纸质已签").Want(http.StatusConflict, "REG-PII-01", "不能手工盖章")
	})
	t.Run("a soft step is left out with its reason, once", func(t *testing.T) {
		b := site.As("consultant")
		b.Post(page+"/step/S2-09/skip", "skip_reason", "没有口头推介").Want(http.StatusOK, "没有口头推介")
		b.Post(page+"/step/S2-09/skip", "skip_reason", "再来一次").Want(http.StatusConflict, "已经盖过章")
		acts := trail(t, site, access.StepSkip)
		require.Len(t, acts, 1)
		require.Equal(t, store.Subject{Noun: "visit", ID: int64(v.ID)}, acts[0].Act.Subject)
		require.Equal(t, "没有口头推介", acts[0].Act.Reason)
	})
	t.Run("an undone stamp no longer counts and stays to be read", func(*testing.T) {
		site.As("manager").Post(page+"/step/S2-09/undo", "undo_reason", "其实有推介").Want(http.StatusOK, "其实有推介", "没有口头推介")
	})
	t.Run("other roles are refused", func(*testing.T) {
		site.As("stock").Get(page).Want(http.StatusForbidden)
		site.As("owner").Post(page+"/step/S2-09/stamp", "stamp_reason", "x").Want(http.StatusForbidden)
		site.As("front").Post(page+"/step/S2-09/undo", "undo_reason", "x").Want(http.StatusForbidden)
	})
	t.Run("a step that is not in the SOP is not found", func(*testing.T) {
		site.As("manager").Get(page + "/step/S9-99").Want(http.StatusNotFound)
		site.As("manager").Post(page+"/step/S9-99/skip", "skip_reason", "x").Want(http.StatusNotFound)
	})
}

// trail lists the acts of a permission.
func trail(t testing.TB, site *uitest.Site, p access.Permission) (acts []store.ActRow) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		acts, err = r.Acts(store.ActFilter{Action: string(p)})
		return err
	}))
	return acts
}

func TestHome(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	open(t, site, "林晚秋", term.AtWaiting)

	t.Run("every role begins at what waits for it", func(*testing.T) {
		for login, title := range map[string]string{
			"front": "候诊", "consultant": "我的客户", "doctor": "等面诊", "nurse": "待术前核对", "cashier": "待收费订单",
			"stock": "低库存", "aftercare": "我的待办", "quality": "符合率最低", "sysadmin": "我的待办",
		} {
			site.As(login).Get("/").Want(http.StatusOK, title).At("/home")
		}
	})
	t.Run("managers begin at the board", func(*testing.T) {
		site.As("manager").Get("/").Want(http.StatusOK, "今日进度").At("/board")
	})
}

func TestAVisitIsEndedFromItsPage(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	v := open(t, site, "林晚秋", term.AtTill)
	page := fmt.Sprintf("/visit/%d", v.ID)
	b := site.As("consultant")
	b.Get(page).Want(http.StatusOK, "提前结束本次就诊", fmt.Sprintf(`action="/reception/visit/%d/leave"`, v.ID))
	b.Post(fmt.Sprintf("/reception/visit/%d/leave", v.ID), "reason", "家里有事")
	b.Get(page).Want(http.StatusOK, "提前离开", "家里有事").Not("提前结束本次就诊")
	site.As("nurse").Get(page).Want(http.StatusOK).Not("提前结束本次就诊")
}
