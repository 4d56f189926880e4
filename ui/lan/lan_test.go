package lan_test

import (
	"net/http"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/ui/uitest"
)

var shownCode = regexp.MustCompile(`class="lan-code">([0-9A-HJKMNP-TV-Z]{8})<`)

// enrolled is a stranger's browser that an administrator let the house know.
func enrolled(t *testing.T, site *uitest.Site, name string) *uitest.Browser {
	t.Helper()
	page := site.As("sysadmin").Post("/lan/invite", "name", name, "kind", "tablet").Want(http.StatusOK, "登记“"+name+"”")
	code := shownCode.FindStringSubmatch(page.Body)
	require.Len(t, code, 2, page.Body)
	b := site.Stranger()
	b.Get("/enrol?code="+code[1]).Want(http.StatusOK, code[1])
	b.Post("/enrol", "code", code[1]).Want(http.StatusOK, "这台设备已登记").At("/login")
	site.Stranger().Post("/enrol", "code", code[1]).Want(http.StatusUnprocessableEntity, "登记码不对或已过期")
	return b
}

func come(b *uitest.Browser, login string) {
	b.Post("/login", "login", login, "password", uitest.Password, "next", "/profile").Want(http.StatusOK)
}

// TestPINsOpenOnEnrolledDevicesOnly posts straight to the routes.
func TestPINsOpenOnEnrolledDevicesOnly(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	foreign := site.Stranger()
	come(foreign, "nurse")
	come(foreign, "doctor")
	foreign.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(http.StatusUnprocessableEntity, "这台设备没有登记")
	foreign.Post("/lock").Want(http.StatusOK, "没有登记").Not(`name="pin"`)
	foreign.Post("/unlock", "pin", uitest.PIN).Want(http.StatusUnprocessableEntity, "这台设备没有登记")
	foreign.Post("/unlock", "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-doctor")

	tablet := enrolled(t, site, "治疗室 2 平板")
	come(tablet, "nurse")
	come(tablet, "doctor")
	tablet.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(http.StatusOK)
	tablet.Get("/profile").Want(http.StatusOK, "T-nurse")
	tablet.Post("/lock").Want(http.StatusOK, `name="pin"`)
	tablet.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK, "T-nurse")
}

// TestALostTabletIsRetired: everybody is out at once, and its PINs are worth nothing.
func TestALostTabletIsRetired(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tablet := enrolled(t, site, "术前准备平板")
	come(tablet, "nurse")
	admin := site.As("sysadmin")
	admin.Get("/lan").Want(http.StatusOK, "术前准备平板", "平板（3 分钟无操作锁屏）", "使用中")
	var w store.Workstation
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		list, err := r.Workstations()
		for _, one := range list {
			if one.Name == "术前准备平板" {
				w = one
			}
		}
		return err
	}))
	require.Len(t, w.Mark, len("ws-")+16, "what the trail shows is not what the cookie holds")
	path := "/lan/workstation/" + strconv.FormatInt(int64(w.ID), 10) + "/retire"
	admin.Post(path, "version", "1").Want(http.StatusConflict, "请写明停用原因")
	admin.Post(path, "_reason", "平板丢失").Want(http.StatusConflict)
	for _, login := range []string{"front", "doctor", "nurse", "manager"} {
		site.As(login).Post(path, "version", "1", "_reason", "x").Want(http.StatusForbidden)
		site.As(login).Post("/lan/invite", "name", "我的手机", "kind", "tablet").Want(http.StatusForbidden)
	}
	tablet.Get("/profile").Want(http.StatusOK, "T-nurse")
	admin.Post(path, "version", "1", "_reason", "平板丢失").Want(http.StatusOK, "已停用")
	site.As("owner").Get("/admin/trail").Want(http.StatusOK, "术前准备平板")
	tablet.Get("/profile").Want(http.StatusOK).At("/login?next=%2Fprofile")
	come(tablet, "doctor")
	tablet.Post("/switch", "login", "nurse", "pin", uitest.PIN).Want(http.StatusUnprocessableEntity, "12 小时内")
	tablet.Post("/unlock", "pin", uitest.PIN).Want(http.StatusUnprocessableEntity, "没有登记")
}

func TestWhatAnEnrolmentIsCalled(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	admin := site.Stranger()
	come(admin, "owner")
	admin.Post("/lan/invite", "name", "x", "kind", "toaster").Want(http.StatusUnprocessableEntity, "2 到 20 个字", "请选择平板或电脑", `value="x"`)
	admin.Post("/lan/invite", "name", "前台电脑", "kind", "desk", "here", "on").Want(http.StatusOK, "已登记“前台电脑”", "就是这台")
	admin.Post("/lan/invite", "name", "前台电脑", "kind", "desk").Want(http.StatusUnprocessableEntity, "已有设备叫")
	for _, twin := range []string{"前台 电脑", "前台　电脑", "前\u2800台电\u200d脑", "\u3164前台电脑\ufe0f", "前台-电脑"} {
		admin.Post("/lan/invite", "name", twin, "kind", "desk").Want(http.StatusUnprocessableEntity, "已有设备叫")
	}
	admin.Post("/lan/invite", "name", "\u3164\u3164\u3164", "kind", "desk").Want(http.StatusUnprocessableEntity, "2 到 20 个字")
	page := admin.Post("/lan/invite", "name", "候诊平板", "kind", "tablet").Want(http.StatusOK)
	site.Clock.Forward(11 * 60e9)
	site.Stranger().Post("/enrol", "code", shownCode.FindStringSubmatch(page.Body)[1]).Want(http.StatusUnprocessableEntity, "已过期")
}

// TestStrangersMayNotGuess: the door counts what strangers post from one address.
func TestStrangersMayNotGuess(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	known, b := site.Known(), site.Stranger()
	for range 59 {
		b.Post("/enrol", "code", "AAAAAAAA").Want(http.StatusUnprocessableEntity)
	}
	b.Post("/enrol", "code", "AAAAAAAA").Want(http.StatusTooManyRequests)
	for _, header := range []string{"X-Forwarded-For", "X-Real-IP", "Forwarded"} { // only the peer's own address counts
		site.Stranger().With(header, "10.9.8.7").Post("/enrol", "code", "AAAAAAAA").Want(http.StatusTooManyRequests)
	}
	site.Stranger().Post("/login", "login", "nurse", "password", uitest.Password).Want(http.StatusTooManyRequests)
	come(known, "nurse") // a colleague's own tablet behind the same address
	site.As("front").Post("/lock").Want(http.StatusOK)
	site.Clock.Forward(61e9)
	b.Post("/enrol", "code", "AAAAAAAA").Want(http.StatusUnprocessableEntity)
}

// TestAloneOnThisMachine: without a door on the network there is nothing to trust.
func TestAloneOnThisMachine(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	site.As("owner").Get("/lan").Want(http.StatusOK, "目前只有这台电脑能用", "meixu serve --data "+site.App.DB.Dir()+" --lan", `aria-current="page"`)
	site.As("owner").Post("/lan/invite", "name", "候诊平板", "kind", "tablet").Want(http.StatusOK, "其他设备现在打不开这台电脑").Not(`class="qr"`)
	for _, path := range []string{"/connect", "/connect/meixu.crt", "/connect/meixu.mobileconfig"} {
		site.AsGuest().Get(path).Want(http.StatusNotFound)
	}
}

// TestACodeDoesNotOutliveItsMaker: who has left, or lost the right, lets nobody in any more.
func TestACodeDoesNotOutliveItsMaker(t *testing.T) {
	t.Parallel()
	for name, fall := range map[string]func(*store.Tx, store.Staff) error{
		"left": func(tx *store.Tx, s store.Staff) error {
			s.Active = false
			return tx.SaveStaff(&s)
		},
		"no right": func(tx *store.Tx, s store.Staff) error { return tx.EndRole(s.ID, "sysadmin") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := uitest.New(t)
			page := site.As("sysadmin").Post("/lan/invite", "name", "候诊平板", "kind", "tablet").Want(http.StatusOK)
			code := shownCode.FindStringSubmatch(page.Body)[1]
			require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("staff.save"), func(tx *store.Tx) error {
				who, err := tx.Staff(site.StaffID("sysadmin"))
				if err != nil {
					return err
				}
				return fall(tx, who)
			}))
			b := site.Stranger()
			b.Post("/enrol", "code", code).Want(http.StatusUnprocessableEntity, "生成登记码的人已不能登记设备")
			site.As("owner").Get("/lan").Want(http.StatusOK).Not("候诊平板")
		})
	}
}

// TestADeviceIsNotRenamedInPlace: what the trail calls a device changes only when it was retired.
func TestADeviceIsNotRenamedInPlace(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tablet := enrolled(t, site, "治疗室 1 平板")
	page := site.As("sysadmin").Post("/lan/invite", "name", "院长办公室", "kind", "desk").Want(http.StatusOK)
	tablet.Post("/enrol", "code", shownCode.FindStringSubmatch(page.Body)[1]).
		Want(http.StatusUnprocessableEntity, "这台设备已登记为“治疗室 1 平板”", "停用")
	site.As("owner").Get("/lan").Want(http.StatusOK, "治疗室 1 平板").Not("院长办公室")
	owner := site.As("owner")
	owner.Post("/lan/invite", "name", "新名字", "kind", "desk", "here", "on").Want(http.StatusUnprocessableEntity, "这台设备已登记为“T-owner”")
	owner.Post("/lan/invite", "name", "T-owner", "kind", "tablet", "here", "on").Want(http.StatusOK, "已登记“T-owner”")
}

// TestTheDoorNamesTheDevice: coming in, locking and unlocking stand in the trail at the device
// where they were done.
func TestTheDoorNamesTheDevice(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tablet := enrolled(t, site, "治疗室 5 平板")
	come(tablet, "nurse")
	tablet.Post("/lock").Want(http.StatusOK)
	tablet.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK)
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		stations, err := r.Stations()
		require.NoError(t, err)
		for _, action := range []string{"session.login", "session.lock", "session.unlock"} {
			acts, err := r.Acts(store.ActFilter{Action: action, Limit: 5})
			require.NoError(t, err)
			require.Len(t, acts, 1, action)
			require.Equal(t, "system", acts[0].Act.Role)
			require.Equal(t, "治疗室 5 平板", stations[acts[0].Act.Station].Known, action)
		}
		return nil
	}))
	site.As("owner").Get("/admin/trail").Want(http.StatusOK, "治疗室 5 平板")
}

// TestACopiedSessionIsWorthNoPIN: a PIN opens only in the browser where the session was opened.
func TestACopiedSessionIsWorthNoPIN(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tablet := enrolled(t, site, "治疗室 6 平板")
	come(tablet, "doctor")
	come(tablet, "nurse")
	tablet.Post("/lock").Want(http.StatusOK)
	thief := site.Steal(tablet.Session())
	thief.Get("/unlock").Want(http.StatusOK, "不是在这个浏览器里打开的").Not(`name="pin"`)
	thief.Post("/unlock", "pin", uitest.PIN).Want(http.StatusUnprocessableEntity, "不是在这个浏览器里打开的")
	thief.Post("/switch", "login", "doctor", "pin", uitest.PIN).Want(http.StatusUnprocessableEntity)
	other := enrolled(t, site, "治疗室 7 平板") // also with the mark of another device of the house
	come(other, "doctor")
	site.Adopt(other, tablet.Session()).Post("/switch", "login", "doctor", "pin", uitest.PIN).
		Want(http.StatusUnprocessableEntity, "不是在这个浏览器里打开的")
	thief.Post("/unlock", "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-nurse")
	tablet.Post("/lock").Want(http.StatusOK)
	tablet.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK, "T-nurse")
}
