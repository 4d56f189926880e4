package media_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// agreed is a client with two pictures who let them be shown as a case.
func agreed(t *testing.T) (d *day.Day, before, after string) {
	t.Helper()
	d = day.New(t).To(day.Arrived)
	var ids []string
	d.Write(func(tx *store.Tx) error {
		return tx.AddConsent(&store.Consent{Client: d.Client, Purpose: term.ForPhotoCase, GivenAt: tx.Now()})
	})
	for range 2 {
		d.PostPhoto("nurse", "/media/new", "visit", "{visit}", "kind", "baseline", "view", "front").Want(http.StatusOK)
	}
	d.Read(func(r *store.Read) error {
		list, err := r.MediaList(store.MediaFilter{Client: d.Client})
		for _, m := range list {
			ids = append(ids, strconv.FormatInt(int64(m.ID), 10))
		}
		return err
	})
	require.Len(t, ids, 2)
	return d, ids[1], ids[0]
}

// entered is a good case with some fields changed.
func entered(d *day.Day, before, after string, with ...string) []string {
	fields := map[string]string{
		"client": d.Fill("{client}"), "kind": "botulinum", "title": "眉间纹 · 肉毒毒素 20 U", "story": "治疗后两周复查，个体差异存在。",
		"until": "2027-03-02", "before": before, "after": after,
	}
	return uitest.Pairs(fields, with...)
}

func TestACaseIsMadeOfAWillingClientsPhotos(t *testing.T) {
	t.Parallel()
	d, before, after := agreed(t)
	c := d.As("consultant")
	name := ""
	d.Read(func(r *store.Read) error {
		who, err := r.Client(d.Client)
		name = who.Name
		return err
	})
	c.Get("/cases").Want(http.StatusOK, "还没有案例")
	c.Get("/cases/new").Want(http.StatusOK, name, d.Fill("/cases/new?client={client}"))
	c.Get(d.Fill("/cases/new?client={client}")).Want(http.StatusOK, "/media/"+before+"/thumb", d.Fill(`data-draft="cases/new/{client}" data-draft-house="1"`), "最迟 2029-03-01")
	c.Post("/cases/new", entered(d, "", after, "kind", "magic", "title", "", "story", name+"做完保证有效，100%安全", "until", "2031-01-01")...).
		Want(http.StatusUnprocessableEntity, "5 处", "请选择项目类别", "请填写", "最迟 2029-03-01", "请选择或上传一张照片", name)
	c.Post("/cases/new", entered(d, before, after, "story", "用了最先进的设备，顶级团队")...).Want(http.StatusUnprocessableEntity, "请改写", "顶级")
	c.Post("/cases/new", entered(d, before, after, "story", name+"两周后复查")...).Want(http.StatusUnprocessableEntity, "客户的姓名")
	c.Post("/cases/new", entered(d, before, before)...).Want(http.StatusUnprocessableEntity, "不能是同一张")
	c.Post("/cases/new", entered(d, "999", after)...).Want(http.StatusUnprocessableEntity, "请选择或上传一张照片")
	c.Post("/cases/new", entered(d, before, after, "until", "morgen")...).Want(http.StatusUnprocessableEntity, `value="眉间纹`)
	c.Post("/cases/new", entered(d, before, after)...).Want(http.StatusOK, "案例已建立", "眉间纹", "可展示", "2027-03-02").Not(name)
	c.PostFile("/cases/new", "before_file", day.Picture(), entered(d, "", after, "title", "裁切过的照片")...).Want(http.StatusOK, "裁切过的照片", "可展示")
	c.Get("/cases?kind=botulinum&state=shown").Want(http.StatusOK, "眉间纹", "/media/"+after+"/thumb").Not(name)
	c.Get("/cases?state=withdrawn").Want(http.StatusOK, "这一类没有案例")
}

func TestWhoSeesTheLibrary(t *testing.T) {
	t.Parallel()
	d, before, after := agreed(t)
	for _, login := range []string{"manager", "doctor", "quality", "front", "owner", "stock"} {
		d.As(login).Get("/cases/new").Want(http.StatusForbidden)
		d.As(login).Post("/cases/new", entered(d, before, after)...).Want(http.StatusForbidden)
	}
	d.As("nurse").Post("/cases/new", entered(d, before, after)...).Want(http.StatusOK)
	for _, login := range []string{"consultant", "doctor", "nurse", "quality"} {
		d.As(login).Get("/cases/1").Want(http.StatusOK, "眉间纹", "/media/"+before)
	}
	d.As("manager").Get("/cases").Want(http.StatusOK, "/alerts/bar")
	d.As("manager").Get("/cases/1").Want(http.StatusOK, "眉间纹").Not("/media/"+before, "/alerts/bar") // a client looks at it
	for _, login := range []string{"front", "cashier", "stock", "aftercare", "owner", "sysadmin"} {
		d.As(login).Get("/cases").Want(http.StatusForbidden)
		d.As(login).Get("/cases/1").Want(http.StatusForbidden)
		d.As(login).Post("/cases/1/withdraw", "version", "1", "reason", "x").Want(http.StatusForbidden)
	}
	d.As("doctor").Post("/cases/1/withdraw", "version", "1", "reason", "x").Want(http.StatusForbidden)
}

func TestWithdrawing(t *testing.T) {
	t.Parallel()
	d, before, after := agreed(t)
	m := d.As("manager")
	d.As("consultant").Post("/cases/new", entered(d, before, after)...).Want(http.StatusOK)
	m.Get("/cases/9").Want(http.StatusNotFound)
	m.Post("/cases/1/withdraw", "version", "1", "reason", "").Want(http.StatusUnprocessableEntity, "请填写原因")
	m.Post("/cases/1/withdraw", "version", "7", "reason", "不清晰").Want(http.StatusConflict, "被别人改过", `value="不清晰"`, `name="version" value="1"`).Not("_take_")
	m.Post("/cases/1/withdraw", "version", "1", "reason", "不清晰").Want(http.StatusOK, "案例已下架", "不清晰", "T-manager")
	m.Post("/cases/1/withdraw", "version", "2", "reason", "再来").Want(http.StatusConflict, "REG-ADV-17")
	d.Post("consultant", "/consultation/{visit}/case/1").Want(http.StatusConflict, "REG-ADV-17")
}

// When the person takes the consent back, or a picture is voided, or the time is over, no
// screen shows the case any more (REG-ADV-17).
func TestAConsentTakenBackEndsTheShowing(t *testing.T) {
	t.Parallel()
	for how, end := range map[string]func(*day.Day, string){
		"同意已撤回": func(d *day.Day, _ string) {
			d.Write(func(tx *store.Tx) error {
				have, err := tx.Consents(d.Client)
				if err != nil {
					return err
				}
				c := have[term.ForPhotoCase]
				c.WithdrawnAt, c.WithdrawnBy, c.WithdrawReason = tx.Now(), d.StaffID("consultant"), "客户要求"
				return tx.SaveConsent(&c)
			})
		},
		"照片已作废": func(d *day.Day, before string) {
			d.Post("nurse", "/media/"+before+"/void", "reason", "拍糊了").Want(http.StatusOK)
		},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			d, before, after := agreed(t)
			d.As("consultant").Post("/cases/new", entered(d, before, after)...).Want(http.StatusOK)
			d.Post("consultant", "/consultation/{visit}/case/1").Want(http.StatusOK, "眉间纹")
			end(d, before)
			d.Post("consultant", "/consultation/{visit}/case/1").Want(http.StatusConflict, "REG-ADV-17")
			d.As("consultant").Get(d.Fill("/consultation/{visit}/case/1")).Want(http.StatusConflict, "REG-ADV-17")
			d.As("consultant").Get("/cases/1").Want(http.StatusOK, how).Not("/media/" + before)
		})
	}
	t.Run("nobody makes a case of someone who did not agree", func(t *testing.T) {
		t.Parallel()
		d, before, after := agreed(t)
		d.Write(func(tx *store.Tx) error {
			have, err := tx.Consents(d.Client)
			if err != nil {
				return err
			}
			c := have[term.ForPhotoCase]
			c.WithdrawnAt, c.WithdrawnBy, c.WithdrawReason = tx.Now(), d.StaffID("consultant"), "客户要求"
			return tx.SaveConsent(&c)
		})
		d.As("consultant").Get("/cases/new").Want(http.StatusOK, "还没有客户同意")
		d.As("consultant").Post("/cases/new", entered(d, before, after)...).Want(http.StatusConflict, "REG-ADV-17")
		d.As("consultant").Get(d.Fill("/cases/new?client={client}")).Want(http.StatusConflict, "REG-ADV-17").Not("/media/" + before)
	})
}
