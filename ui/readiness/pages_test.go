package readiness_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	round "meixu/app/readiness"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/ui/uitest"
)

func open(t *testing.T) *uitest.Site {
	t.Helper()
	s := uitest.New(t)
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.prepare"), func(tx *store.Tx) error {
		require.NoError(t, tx.AddRoom(&store.Room{Name: "注射室 1", Kind: "注射室", State: "open"}))
		return tx.AddDevice(&store.Device{Number: "D1", Name: "光子机", Kind: "ipl", MaintenanceDueOn: "2026-03-02", State: "in_use"})
	}))
	return s
}

func TestReadyPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.OnTablet("nurse")
	b.Get("/ready").Want(http.StatusOK, "就绪检查", "注射室 1", "光子机", "还没有消毒记录", "REG-INF-01", "REG-CON-09")
	page := b.Get("/ready").Want(http.StatusOK, "擦拭 10 分钟，已完成").Body
	require.NotContains(t, page, `checked=""`, "what was done is said by who did it")
	b.Post("/ready/room/1", "minutes", "10").Want(http.StatusUnprocessableEntity, "请选择消毒方式")
	b.Post("/ready/room/1", "method", "wipe", "minutes", "999").Want(http.StatusUnprocessableEntity, "240", `value="999"`)
	b.Post("/ready/room/1", "method", "uv", "minutes", "30").Want(http.StatusOK, "已登记消毒", "1 项就绪")
	b.Post("/ready/room/9", "method", "uv", "minutes", "30").Want(http.StatusNotFound)
	good := []string{"result", "good"}
	for _, p := range round.DevicePoints {
		good = append(good, "passed", p)
	}
	b.Post("/ready/device/1/check", "result", "good").Want(http.StatusUnprocessableEntity, "没有全部确认")
	b.Post("/ready/device/1/check", good...).Want(http.StatusOK, "已登记自检", "2 项就绪")
	b.Post("/ready/fridge", "celsius", "warm").Want(http.StatusUnprocessableEntity, "请填写温度", `value="warm"`)
	b.Post("/ready/fridge", "celsius", "9.5").Want(http.StatusOK, "已报警", "9.5", "REG-DRG-06")
	b.Post("/ready/fridge", "celsius", "4.5").Want(http.StatusOK, "3 项就绪")
	for _, seen := range []string{"", "teddy"} { // nothing was looked at: no check
		b.Post("/ready/kit", "present", seen, "note", " ").Want(http.StatusUnprocessableEntity, "请勾选看到的急救物品")
	}
	b.Get("/ready").Want(http.StatusOK).Not("上次缺")
	b.Post("/ready/kit", "present", "oxygen").Want(http.StatusOK, "急救物品不全", "上次缺")
	b.Get("/ready/history").Want(http.StatusOK, "9.5 ℃", "紫外线", "不合格")
	b.Get("/ready/cards").Want(http.StatusOK, "注射室 1").Not("<html")
	s.Clock.Forward(24 * 60 * 60 * 1e9)
	s.OnTablet("nurse").Post("/ready/device/1/check", good...).Want(http.StatusConflict, "REG-DEV-13", "保养")
	s.As("front").Get("/ready").Want(http.StatusForbidden)
	s.As("owner").Post("/ready/kit", "present", "oxygen").Want(http.StatusForbidden)
}

// Several rooms and devices are stamped by one tap each and one post; a room for talking
// counts for nothing.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.prepare"), func(tx *store.Tx) error {
		for _, room := range []store.Room{{Name: "注射室 2", Kind: "注射室", State: "open"}, {Name: "咨询室 1", Kind: "咨询室", State: "open"}} {
			if err := tx.AddRoom(&room); err != nil {
				return err
			}
		}
		return tx.AddDevice(&store.Device{Number: "D2", Name: "射频仪", Kind: "rf", MaintenanceDueOn: "2026-09-02", State: "in_use"})
	}))
	b := s.OnTablet("nurse")
	b.Get("/ready").Want(http.StatusOK, "6 项待处理", "其他房间（1 间", `action="/ready/rooms"`, `action="/ready/devices"`)
	b.Post("/ready/rooms").Want(http.StatusUnprocessableEntity, "请先勾选")
	b.Post("/ready/rooms", "room", "1", "room", "2").Want(http.StatusOK, "2 项就绪", "4 项待处理").Not(`action="/ready/rooms"`)
	b.Post("/ready/devices", "device", "1", "device", "9").Want(http.StatusNotFound)
	b.Get("/ready").Want(http.StatusOK, "2 项就绪")
	b.Post("/ready/devices", "device", "1", "device", "2").Want(http.StatusOK, "4 项就绪")
	s.As("stock").Post("/ready/rooms", "room", "1").Want(http.StatusForbidden)
	b.Post("/ready/room/3", "method", "wipe", "minutes", "10").Want(http.StatusOK, "4 项就绪", "其他房间（1 间") // it may be done, nobody counts it
}

func TestDevicePage(t *testing.T) {
	t.Parallel()
	s := open(t)
	n, m := s.OnTablet("nurse"), s.As("manager")
	n.Get("/ready/device/1").Want(http.StatusOK, "光子机").Not(`value="in_use"`, `value="retired"`)
	n.Post("/ready/device/1", "state", "stopped", "reason", "").Want(http.StatusUnprocessableEntity, "请填写原因")
	n.Post("/ready/device/1", "state", "stopped", "reason", "异响", "version", "").Want(http.StatusConflict, "刚刚被别人改过", `value="异响"`, `name="version" value="1"`).Not("_take_")
	n.Get("/ready").Want(http.StatusOK).Not("异响")
	n.Post("/ready/device/1", "state", "stopped", "reason", "异响").Want(http.StatusOK, "REG-DEV-14")
	n.Post("/ready/device/1", "state", "in_use", "reason", "修好了").Want(http.StatusForbidden)
	m.Post("/ready/device/1", "state", "in_use", "reason", "已检修", "maintenance", "2026-02-01").Want(http.StatusConflict, "REG-DEV-13", "已检修")
	m.Post("/ready/device/1", "state", "in_use", "reason", "已检修", "maintenance", "morgen").Want(http.StatusUnprocessableEntity)
	m.Post("/ready/device/1", "state", "in_use", "reason", "已检修", "maintenance", "2026-09-01").Want(http.StatusOK, "设备状态已更新")
}

// Whom the gate of a treatment sent here goes back to it when the card is green, and keeps
// the way back when the card was refused.
func TestBackToTheGate(t *testing.T) {
	t.Parallel()
	b := open(t).OnTablet("nurse")
	b.Get("/ready?from=7").Want(http.StatusOK, `href="/procedure/7"`, `name="from" value="7"`, "/ready/cards?from=7")
	b.Get("/ready").Want(http.StatusOK).Not(`name="from"`)
	b.Post("/ready/room/1", "method", "wipe", "minutes", "999", "from", "7").Want(http.StatusUnprocessableEntity, `name="from" value="7"`)
	one := b.Direct()
	require.Equal(t, "/procedure/7", one.Post("/ready/room/1", "method", "wipe", "minutes", "10", "from", "7").Want(http.StatusSeeOther).Header.Get("Location"))
	require.Equal(t, "/ready", one.Post("/ready/room/1", "method", "wipe", "minutes", "10", "from", "//evil").Want(http.StatusSeeOther).Header.Get("Location"))
}
