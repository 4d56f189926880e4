package premises_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// kindOfDevice is a kind that the catalogue asks for.
func kindOfDevice() string {
	for _, i := range defaults.Items() {
		if i.DeviceKind != "" {
			return i.DeviceKind
		}
	}
	return ""
}

func device(with ...string) []string {
	fields := map[string]string{
		"number": "SB-001", "name": "光子机", "kind": kindOfDevice(), "registration": "国械注准20233091001", "room": "1", "maintenance": "2026-09-01",
	}
	return uitest.Pairs(fields, with...)
}

// A new clinic's owner walks from nothing to a room and a device that the gate can ask for.
func TestANewClinicEntersItsHouse(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	o := s.As("owner")
	o.Get("/premises").Want(http.StatusOK, "还没有房间", "/premises/room/new").Not("/premises/device/new")
	o.Post("/premises/room/new", "name", "", "kind", "车库").Want(http.StatusUnprocessableEntity, "请填写", "请选择房间类别")
	o.Post("/premises/room/new", "name", "光电室一", "kind", "光电治疗室").Want(http.StatusOK, "已登记“光电室一”", "还没有设备", "/premises/device/new")
	o.Post("/premises/room/new", "name", "光电室一", "kind", "光电治疗室").Want(http.StatusUnprocessableEntity, "已经有一间", `value="光电室一"`)
	o.Post("/premises/device/new", device("registration", "123", "maintenance", "morgen", "name", "")...).
		Want(http.StatusUnprocessableEntity, "请照铭牌核对", `value="123"`, "请填写", `value="SB-001"`, "3 处")
	o.Post("/premises/device/new", device()...).Want(http.StatusOK, "已登记“光子机”", "国械注准20233091001", "在用")
	s.OnTablet("nurse").Get("/ready").Want(http.StatusOK, "光电室一", "光子机")
}

// open makes a clinic with a room and a device in it.
func open(t *testing.T) *uitest.Site {
	t.Helper()
	s := uitest.New(t)
	m := s.As("manager")
	m.Post("/premises/room/new", "name", "光电室一", "kind", "光电治疗室").Want(http.StatusOK)
	m.Post("/premises/device/new", device()...).Want(http.StatusOK)
	return s
}

func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	s := open(t)
	for login, mayLook := range map[string]bool{
		"manager": true, "owner": true, "nurse": true, "stock": true, "front": false, "consultant": false, "cashier": false, "aftercare": false,
	} {
		want := http.StatusForbidden
		if mayLook {
			want = http.StatusOK
		}
		for _, path := range []string{"/premises", "/premises/room/1", "/premises/device/1"} {
			s.As(login).Get(path).Want(want)
		}
	}
	for _, login := range []string{"nurse", "stock", "front", "doctor", "sysadmin"} {
		b := s.As(login)
		b.Post("/premises/room/new", "name", "库房", "kind", "治疗室").Want(http.StatusForbidden)
		b.Post("/premises/room/1", "name", "库房", "kind", "治疗室", "version", "1").Want(http.StatusForbidden)
		b.Post("/premises/room/1/state", "state", "closed", "reason", "x", "version", "1").Want(http.StatusForbidden)
		b.Post("/premises/device/new", device("number", "SB-2")...).Want(http.StatusForbidden)
		b.Post("/premises/device/1", device("version", "1")...).Want(http.StatusForbidden)
		b.Post("/premises/device/1/service", "kind", "maintenance", "version", "1").Want(http.StatusForbidden)
		b.Post("/premises/device/1/state", "state", "retired", "reason", "x", "version", "1").Want(http.StatusForbidden)
	}
	s.As("nurse").Get("/premises").Want(http.StatusOK, "光子机").Not("/premises/room/new", "/premises/device/new")
	s.As("nurse").Get("/premises/room/1").Want(http.StatusOK, "光子机").Not(`action="/premises/room/1"`, "/state")
}

func TestRoomPage(t *testing.T) {
	t.Parallel()
	m := open(t).As("manager")
	m.Get("/premises/room/1").Want(http.StatusOK, "光电室一", "光子机", "关闭房间")
	m.Post("/premises/room/9", "name", "库房", "kind", "治疗室", "version", "1").Want(http.StatusNotFound)
	m.Post("/premises/room/1", "name", "光电室甲", "kind", "光电治疗室", "version", "1").Want(http.StatusOK, "“光电室甲”已保存")
	m.Post("/premises/room/1", "name", "光电室乙", "kind", "光电治疗室", "version", "1").
		Want(http.StatusConflict, "被别人改过", `value="光电室乙"`, `name="_take_name"`, `name="_theirs_name" value="光电室甲"`, `name="version" value="2"`).Not("_take_kind", "_take_reason")
	m.Post("/premises/room/1/state", "state", "closed", "reason", "漏水", "version", "1").
		Want(http.StatusConflict, "被别人改过", `value="漏水"`, `name="version" value="2"`).Not("_take_")
	m.Post("/premises/room/1/state", "state", "closed", "reason", "", "version", "2").Want(http.StatusUnprocessableEntity, "请填写原因")
	m.Post("/premises/room/1/state", "state", "burnt", "reason", "x", "version", "2").Want(http.StatusUnprocessableEntity)
	m.Post("/premises/room/1/state", "state", "closed", "reason", "装修", "version", "2").Want(http.StatusOK, "房间已关闭", "重新开放")
	m.Get("/premises/device/new").Want(http.StatusOK).Not("光电室甲")
	m.Post("/premises/room/1/state", "state", "open", "reason", "完工", "version", "3").Want(http.StatusOK, "请先消毒登记")
}

func TestDevicePage(t *testing.T) {
	t.Parallel()
	s := open(t)
	m, path := s.As("manager"), "/premises/device/1"
	m.Get(path).Want(http.StatusOK, "光子机", "还没有记录", "登记保养或校准")
	m.Post(path, device("name", "光子机二代", "version", "1")...).Want(http.StatusOK, "设备资料已保存", "光子机二代")
	m.Post(path, device("version", "1", "registration", "国械注准20250000009")...).
		Want(http.StatusConflict, "被别人改过", `value="国械注准20250000009"`, `name="_theirs_name" value="光子机二代"`, `name="_take_registration"`, `name="version" value="2"`).Not("_take_number", "_take_note")
	m.Post(path+"/service", "kind", "maintenance", "on", "2026-03-09", "due", "morgen", "note", "", "version", "2").
		Want(http.StatusUnprocessableEntity, "不能晚于今天", "请写明由谁完成", `value="2026-03-09"`)
	m.Post(path+"/service", "kind", "maintenance", "on", "2026-03-01", "due", "2027-03-01", "note", "厂家王工", "version", "2").
		Want(http.StatusOK, "到期日已更新", "厂家王工", "2027")
	m.Post(path+"/service", "kind", "maintenance", "on", "2026-03-01", "due", "2027-03-01", "note", "厂家王工", "version", "2").Want(http.StatusConflict, "厂家王工", `name="version" value="3"`).Not("_take_")
	m.Post(path+"/state", "state", "stopped", "reason", "", "version", "3").Want(http.StatusUnprocessableEntity, "请填写原因")
	m.Post(path+"/state", "state", "stopped", "reason", "异响", "version", "2").Want(http.StatusConflict, "被别人改过")
	s.As("stock").Post(path+"/state", "state", "stopped", "reason", "异响", "version", "3").Want(http.StatusOK, "设备状态已更新", "停用")
	s.As("stock").Post(path+"/state", "state", "in_use", "reason", "好了", "version", "4").Want(http.StatusForbidden)
	m.Post(path+"/state", "state", "in_use", "reason", "好了", "version", "4", "maintenance", "2026-02-01").Want(http.StatusConflict, "REG-DEV-13")
	m.Post(path+"/state", "state", "in_use", "reason", "好了", "version", "4", "maintenance", "2026-09-01").Want(http.StatusOK, "在用")
	m.Post(path+"/state", "state", "retired", "reason", "换新", "version", "5").Want(http.StatusOK, "已报废")
	m.Post(path, device("version", "6")...).Want(http.StatusConflict, "REG-DEV-14")
	m.Get("/premises").Want(http.StatusOK).Not("光子机二代")
	m.Get("/premises?show=retired").Want(http.StatusOK, "光子机二代")
	s.OnTablet("nurse").Get("/ready/history").Want(http.StatusOK, "保养", "厂家王工")
}

// A device that somebody is being treated with does not leave the house; a fault may stop it
// at any time (REG-DEV-14).
func TestADeviceInARunningTreatmentStays(t *testing.T) {
	t.Parallel()
	s := open(t)
	var running store.Treatment
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.prepare"), func(tx *store.Tx) (err error) {
		if running, err = storetest.Treat(tx, 1); err != nil {
			return err
		}
		running.State, running.Device, running.Operator = term.TreatmentInProgress, 1, s.StaffID("doctor")
		return tx.SaveTreatment(&running)
	}))
	m, path := s.As("manager"), "/premises/device/1/state"
	for _, state := range []string{"repair", "retired"} {
		m.Post(path, "state", state, "reason", "换新", "version", "1").Want(http.StatusConflict, running.Number, "T-doctor", `value="换新"`)
	}
	m.Post(path, "state", "stopped", "reason", "异响", "version", "1").Want(http.StatusOK, "停用")
}
