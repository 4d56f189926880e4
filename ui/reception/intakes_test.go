package reception_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// telling sends the information form of a guest, changed by pairs, and gives the answer.
func telling(t *testing.T, b *uitest.Browser, path string, change ...string) (*uitest.Answer, string) {
	t.Helper()
	found := regexp.MustCompile(`name="secret" value="([A-Z2-7]{26})"`).FindStringSubmatch(b.Get(path).Want(http.StatusOK, "基本信息表").Body)
	require.Len(t, found, 2)
	typed := map[string]string{"secret": found[1], "name": "苏晓", "phone": "13900002222", "gender": "female", "birth": "1995-05-06", "wechat": "suxiao", "agree": "on"}
	for i := 0; i < len(change); i += 2 {
		typed[change[i]] = change[i+1]
	}
	var pairs []string
	for k, v := range typed {
		pairs = append(pairs, k, v)
	}
	return b.Post(path, pairs...), found[1]
}

func fileOf(t *testing.T, l laser, id term.ClientID) (c store.Client) {
	t.Helper()
	require.NoError(t, l.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		c, err = r.Client(id)
		return err
	}))
	return c
}

// TestAGuestTellsOfOneself is row:B2: the guest fills the form, the desk reviews it.
func TestAGuestTellsOfOneself(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	phone, front := l.AsGuest(), l.As("front")
	li := withFile(t, l.Site, "李静", "13800008817")
	front.Get("/reception/intakes").Want(http.StatusOK, "没有待核对的信息")
	front.Get("/reception/intakes/poster").Want(http.StatusOK, "/hello", "扫码登记")

	t.Run("a form with faults comes back as typed and keeps nothing", func(t *testing.T) {
		said, _ := telling(t, phone, "/hello", "phone", "12", "birth", "2030-01-01", "agree", "", "emergency_name", "苏妈妈")
		said.Want(http.StatusUnprocessableEntity, "请先勾选同意", `value="苏晓"`, `value="12"`, "姓名和电话请一起填写")
		front.Get("/reception/intakes").Want(http.StatusOK, "没有待核对的信息")
	})
	t.Run("a new guest is a new file in one form, filled in already", func(t *testing.T) {
		said, secret := telling(t, phone, "/hello")
		said.Want(http.StatusOK, "J20260302-001", "请到前台").At("/hello/"+secret).Not("苏晓", "13900002222")
		again := []string{"secret", secret, "gender", "female", "birth", "1995-05-06", "wechat", "suxiao", "agree", "on", "name", "苏晓", "phone"}
		phone.Post("/hello", append(again, "13900002222")...).At("/hello/" + secret)
		phone.Post("/hello", append(again, "13900003333")...).Want(http.StatusConflict, "J20260302-001 已经提交过", `value="13900003333"`)
		front.Get("/reception/requests/strip").Want(http.StatusOK, "1 份客人自填信息待核对")
		front.Get("/reception/intakes").Want(http.StatusOK, "苏晓", "139****2222", "没有相同电话").Not("13900002222")
		front.Get("/reception/intakes/1").Want(http.StatusOK, "新建档案并签告知书")
		front.Get("/reception/clients/new?intake=1").Want(http.StatusOK, `value="苏晓"`, "13900002222", "1995-05-06", `name="intake" value="1"`)
		form := person("intake", "1", "name", "苏晓", "phone", "13900002222", "birth", "1995-05-06")
		front.PostForm("/reception/clients/new", form).Want(http.StatusOK)
		c := fileOf(t, l, li+1)
		require.Equal(t, []string{"苏晓", "suxiao"}, []string{c.Name, c.WeChat}, "what the form of the desk does not ask comes along")
		front.Get("/reception/intakes").Want(http.StatusOK, "没有待核对的信息")
		front.Get("/reception/intakes/1").Want(http.StatusConflict, "已经处理过")
	})
	t.Run("a known one is flagged and taken over field by field", func(t *testing.T) {
		said, _ := telling(t, phone, "/hello", "name", "李静静", "phone", "13800008817", "address", "延安路 1 号")
		said.Want(http.StatusOK).Not("李静静")
		front.Get("/reception/intakes").Want(http.StatusOK, "李静", "可能是已有档案")
		front.Get("/reception/intakes/2").Want(http.StatusOK, "李静静", "延安路 1 号", "逐项核对")
		for _, login := range []string{"doctor", "nurse", "cashier", "consultant"} {
			l.As(login).Post("/reception/intakes/2/take", "client", fmt.Sprint(li), "field", "address").Want(http.StatusForbidden)
			l.As(login).Get("/reception/intakes/2").Want(http.StatusForbidden)
		}
		front = l.As("front")
		version := func() string { return fmt.Sprint(fileOf(t, l, li).Version) }
		front.Post("/reception/intakes/2/take", "client", "99", "field", "address").Want(http.StatusUnprocessableEntity, "请选择上面列出的档案")
		old := version()
		write(t, l.Site, func(tx *store.Tx) error { // another desk, meanwhile
			c, err := tx.Client(li)
			if err != nil {
				return err
			}
			c.Address = "解放路 9 号"
			return tx.SaveClient(&c)
		})
		front.Post("/reception/intakes/2/take", "client", fmt.Sprint(li), "version", old, "field", "address").
			Want(http.StatusConflict, "被别人改过", "解放路 9 号", "延安路 1 号", `value="address" checked`, `name="version" value="`+version()+`"`)
		require.Equal(t, "解放路 9 号", fileOf(t, l, li).Address)
		front.Get("/reception/intakes/2?client="+fmt.Sprint(li)).Want(http.StatusOK, "迎宾步骤", "健康信息同意未签", `name="compared"`, "迎宾取号：接收后下一步")
		front.Post("/reception/intakes/2/take", "client", fmt.Sprint(li), "version", version(), "compared", "on", "document", "library_card").Want(http.StatusUnprocessableEntity)
		require.True(t, fileOf(t, l, li).IDCheckedAt.IsZero())
		front.Post("/reception/intakes/2/take", "client", fmt.Sprint(li), "version", version(), "field", "address", "compared", "on", "document", "passport").Want(http.StatusOK).At(fmt.Sprintf("/reception/arrive?client=%d", li))
		c := fileOf(t, l, li)
		require.Equal(t, []string{"李静", "延安路 1 号", ""}, []string{c.Name, c.Address, c.WeChat}, "only what was ticked")
		require.Equal(t, []any{"passport", l.StaffID("front")}, []any{c.IDKind, c.IDCheckedBy}, "S1-06 is ticked in the review")
		require.NoError(t, l.App.DB.Read(t.Context(), func(r *store.Read) error {
			n, err := r.Intake(2)
			require.Equal(t, store.Told{}, n.Told, "nothing is kept twice")
			return err
		}))
	})
	t.Run("or put away", func(t *testing.T) {
		said, secret := telling(t, phone, "/hello", "name", "路过")
		said.Want(http.StatusOK)
		front.Post("/reception/intakes/3/drop").Want(http.StatusOK, "没有待核对的信息")
		front.Post("/reception/intakes/3/drop").Want(http.StatusConflict)
		phone.Get("/hello/" + secret).Want(http.StatusOK)
		phone.Get("/hello/" + strings.Repeat("A", 26)).Want(http.StatusNotFound)
		phone.Get("/way/" + strings.Repeat("A", 26) + "/info").Want(http.StatusNotFound)
	})
	t.Run("one address tells only so often", func(t *testing.T) {
		for range 3 {
			said, _ := telling(t, phone, "/hello")
			said.Want(http.StatusOK)
		}
		said, _ := telling(t, phone, "/hello")
		said.Want(http.StatusConflict, "提交得太频繁", `value="苏晓"`)
	})
}

// TestAGuestTellsOnATabletOfTheHouse: the desk hands the tablet over, it shows the form and nothing
// else, and the PIN leads to what was told, beside the file that may be the guest's (row:B2). It is
// there also where guests may not open the form on their own phones.
func TestAGuestTellsOnATabletOfTheHouse(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	withFile(t, l.Site, "苏晓", "13900002222")
	write(t, l.Site, func(tx *store.Tx) error { return tx.SaveSetting("guest.hello", "no") })
	l.As("doctor").Post("/reception/intakes/handover").Want(http.StatusForbidden)
	front := l.OnTablet("front")
	front.Get("/reception/intakes").Want(http.StatusOK, "平板交给客人填写")
	page := front.Post("/reception/intakes/handover").Want(http.StatusOK, "基本信息表").At("/reception/intakes/tablet").Not("苏晓", "13900002222", "139****2222")
	secret := regexp.MustCompile(`name="secret" value="([A-Z2-7]{26})"`).FindStringSubmatch(page.Body)
	require.Len(t, secret, 2)
	for _, other := range []string{"/reception/intakes", "/reception/intakes/1", "/reception", "/clients", "/form/new?code=F1"} {
		front.Get(other).At("/reception/intakes/tablet")
	}
	typed := []string{"secret", secret[1], "name", "苏 晓", "gender", "female", "birth", "1995-02-30"}
	front.Post("/reception/intakes/tablet", append(typed, "phone", "1")...).
		Want(http.StatusUnprocessableEntity, "请先勾选同意", "“1995-02-30”不是日历上的日期", `value="苏 晓"`, `id="f-phone-fault"`)
	told := front.Post("/reception/intakes/tablet", "secret", secret[1], "name", "苏 晓", "phone", "139 0000 2222", "gender", "female", "birth", "1990-05-06", "agree", "on").
		Want(http.StatusOK, "J20260302-001", "请把平板交还前台").Not("苏", "13900002222", "139****2222")
	require.Contains(t, told.Body, "/reclaim?next=%2freception%2fintakes%2f1")
	front.Get("/reception/intakes/1").Not("13900002222", "139****2222")
	front.Post("/reclaim", "pin", uitest.PIN, "next", "/reception/intakes/1").Want(http.StatusOK, "可能是已有档案", "苏 晓").At("/reception/intakes/1")
	front.Get("/reception/intakes/tablet").Want(http.StatusForbidden) // it is the guest's alone
}
