package client_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

const phone = "13800008817"

// treated is a clinic with one client who is being treated and has consented to two things.
func treated(t testing.TB) (*uitest.Site, store.Treatment, int64) {
	t.Helper()
	site := uitest.New(t)
	var x store.Treatment
	consent := store.Consent{Purpose: term.ForHealth}
	err := site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) (err error) {
		item, err := tx.Items(true)
		if err != nil {
			return err
		}
		c := store.Client{Name: "林晚秋", Phone: phone, Gender: "female", Birth: "1990-05-01", Source: "walk_in"}
		if err := tx.AddClient(&c); err != nil {
			return err
		}
		v := store.Visit{Client: c.ID, State: term.VisitOpen, Stage: "S4", Station: term.AtPreOp, StationAt: tx.Now(), ArrivedAt: tx.Now()}
		if err := tx.AddVisit(&v); err != nil {
			return err
		}
		if err := site.App.Engines.SOP.Start(tx, v.ID); err != nil {
			return err
		}
		o := store.Order{Client: c.ID, Visit: v.ID, TotalFen: 130000, State: term.OrderPaid}
		if err := tx.AddOrder(&o); err != nil {
			return err
		}
		l := store.OrderLine{Order: o.ID, Item: item[0].ID, Sessions: 3, PriceFen: 130000, TotalFen: 390000}
		if err := tx.AddOrderLine(&l); err != nil {
			return err
		}
		if _, err := tx.Move(store.Account{Kind: "session", ID: int64(l.ID)}, 3, store.Subject{Noun: "order", ID: int64(o.ID)}); err != nil {
			return err
		}
		p := store.Payment{Order: o.ID, Kind: "payment", AmountFen: 130000, Cashier: site.StaffID("cashier"), At: tx.Now(), Day: tx.Today()}
		if err := tx.AddPayment(&p); err != nil {
			return err
		}
		if err := tx.AddPaymentLeg(&store.PaymentLeg{Payment: p.ID, Method: term.WeChat, AmountFen: 130000}); err != nil {
			return err
		}
		x = store.Treatment{Visit: v.ID, Client: c.ID, Line: l.ID, Item: item[0].ID, SessionNo: 1, State: term.TreatmentScheduled}
		if err := tx.AddTreatment(&x); err != nil {
			return err
		}
		consent.Client, consent.GivenAt = c.ID, tx.Now()
		return tx.AddConsent(&consent)
	})
	require.NoError(t, err)
	return site, x, consent.ID
}

func acts(t testing.TB, site *uitest.Site, p access.Permission) (list []store.ActRow) {
	t.Helper()
	require.NoError(t, site.App.DB.Flush(t.Context()))
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		list, err = r.Acts(store.ActFilter{Action: string(p)})
		return err
	}))
	return list
}

func TestFile(t *testing.T) {
	t.Parallel()
	site, x, consent := treated(t)
	page := fmt.Sprintf("/client/%d", x.Client)

	t.Run("the desk sees person, sessions and money, and that it looked is on record", func(t *testing.T) {
		site.As("front").Get(page).Want(http.StatusOK, "林晚秋", "138****8817", "剩 3 / 3 次", "¥1,300.00", "健康信息处理").Not(phone)
		require.Equal(t, store.Subject{Noun: "client", ID: int64(x.Client)}, acts(t, site, access.ClientView)[0].Act.Subject)
	})
	t.Run("nurses see no money", func(*testing.T) {
		site.As("nurse").Get(page).Want(http.StatusOK, "林晚秋").Not("¥1,300.00", "?show=payment")
		site.As("nurse").Get(page + "?show=payment").Want(http.StatusOK).Not("¥1,300.00")
	})
	t.Run("the whole number is shown for a reason only", func(t *testing.T) {
		b := site.As("front")
		b.Post(page+"/phone", "phone_reason", "").Want(http.StatusUnprocessableEntity, "请写明理由").Not(phone)
		b.Post(page+"/phone", "phone_reason", "约复诊").Want(http.StatusOK, phone)
		list := acts(t, site, access.ClientReveal)
		require.Len(t, list, 1)
		require.Equal(t, "约复诊", list[0].Act.Reason)
		site.As("cashier").Post(page+"/phone", "phone_reason", "x").Want(http.StatusForbidden)
	})
	t.Run("red words come back typed with every fault, and then stand in the banner", func(*testing.T) {
		b := site.As("nurse")
		b.Post(page+"/alerts", "alerts_version", "1", "alerts_allergies", strings.Repeat("长", 41), "alerts_alerts", "孕期", "alerts_reason", "").
			Want(http.StatusUnprocessableEntity, "每项不超过 40 个字", "请写明理由", "孕期", strings.Repeat("长", 41))
		b.Post(page+"/alerts", "alerts_version", "1", "alerts_allergies", "青霉素、利多卡因", "alerts_alerts", "孕期", "alerts_reason", "客户口述").
			Want(http.StatusOK, "青霉素、利多卡因", "孕期")
		b.Post(page+"/alerts", "alerts_version", "1", "alerts_allergies", "", "alerts_alerts", "", "alerts_reason", "旧页面").Want(http.StatusConflict)
		// Two nurses at once: what the other saved stands beside what was typed, and each field is chosen.
		b.Post(page+"/alerts", "alerts_version", "1", "alerts_allergies", "花生", "alerts_alerts", "孕期", "alerts_reason", "复核").
			Want(http.StatusConflict, "用我填写的", "用别人刚保存的", "青霉素\n利多卡因", ">花生<", `name="alerts_version" value="2"`, `value="复核"`).Not("_take_alerts_alerts")
		b.Post(page+"/alerts", "alerts_version", "2", "alerts_allergies", "花生", "_take_alerts_allergies", "theirs",
			"_theirs_alerts_allergies", "青霉素\n利多卡因", "alerts_alerts", "哺乳期", "alerts_reason", "复核").
			Want(http.StatusOK, "青霉素、利多卡因", "哺乳期").Not("花生")
		// Who did not touch the allergies never takes back those that a colleague wrote meanwhile.
		b.Get(page+"/edit").Want(http.StatusOK, `name="_was_alerts_alerts" value="哺乳期"`).Not("_was_alerts_reason")
		b.Post(page+"/alerts", "alerts_version", "2", "alerts_allergies", "", "_was_alerts_allergies", "", "alerts_alerts", "哺乳期\n瘢痕体质",
			"_was_alerts_alerts", "哺乳期", "alerts_reason", "复核").
			Want(http.StatusConflict, ">青霉素\n利多卡因<", "已换成最新的", "瘢痕体质").Not("_take_")
		site.As("front").Post(page+"/alerts", "alerts_version", "2", "alerts_reason", "x").Want(http.StatusForbidden)
	})
	t.Run("a consent is withdrawn once, with a reason", func(*testing.T) {
		b, path := site.As("front"), fmt.Sprintf("%s/consent/%d/withdraw", page, consent)
		field := fmt.Sprintf("withdraw%d_reason", consent)
		b.Post(path, field, " ").Want(http.StatusUnprocessableEntity, "请写明理由")
		b.Post(path, field, "不再同意").Want(http.StatusOK, "已撤回", "不再同意")
		b.Post(path, field, "再撤一次").Want(http.StatusConflict, "已经撤回")
		b.Post(fmt.Sprintf("/client/%d/consent/%d/withdraw", x.Client+9, consent), field, "别人的").Want(http.StatusNotFound)
		site.As("cashier").Post(path, field, "x").Want(http.StatusForbidden)
	})
	t.Run("nobody is not found", func(*testing.T) {
		site.As("front").Get("/client/9999").Want(http.StatusNotFound)
	})
	t.Run("nobody carries the numbers away by the hour", func(*testing.T) {
		b := site.As("front")
		show := func(b *uitest.Browser) *uitest.Answer { return b.Post(page+"/phone", "phone_reason", "约复诊") }
		for range 29 {
			show(b).Want(http.StatusOK, phone)
		}
		show(b).Want(http.StatusConflict, "TR-19", "店长").Not(phone)
		show(site.As("manager")).Want(http.StatusOK, phone)
		site.Clock.Forward(time.Hour + time.Second)
		show(site.As("front")).Want(http.StatusOK, phone)
	})
}

func TestTrail(t *testing.T) {
	t.Parallel()
	site, x, _ := treated(t)
	page := fmt.Sprintf("/client/%d", x.Client)
	site.As("front").Get(page).Want(http.StatusOK)
	site.As("nurse").Post(page+"/alerts", "alerts_version", "1", "alerts_allergies", "青霉素", "alerts_reason", "客户口述").Want(http.StatusOK)
	require.NoError(t, site.App.DB.Flush(t.Context()))

	t.Run("the owner reads who saw and changed what, and no sealed value", func(*testing.T) {
		site.As("owner").Get(page+"/trail").Want(http.StatusOK, "T-front", "T-nurse", "查看档案", "修改红字提示", "客户口述", "过敏", "已加密").
			Not("1380000")
	})
	t.Run("a browser is named as people call it; its code is for who looks after the record", func(*testing.T) {
		site.As("owner").Get(page+"/trail").Want(http.StatusOK, ">T-front</span>", "T-front 于 ").Not(site.Station("front"))
		site.OnTablet("nurse").Get(page).Want(http.StatusOK)
		require.NoError(t, site.App.DB.Flush(t.Context()))
		site.As("auditadmin").Get(page+"/trail").Want(http.StatusOK, ">T-nurse</span>", site.Station("front"))
	})
	t.Run("views and changes are told apart", func(*testing.T) {
		site.As("owner").Get(page+"/trail?kind=view").Want(http.StatusOK, "查看档案").Not("客户口述")
		site.As("owner").Get(page+"/trail?kind=change").Want(http.StatusOK, "客户口述").Not("查看档案")
		site.As("owner").Get(fmt.Sprintf("%s/trail?staff=%d", page, site.StaffID("doctor"))).Want(http.StatusOK, "没有符合条件")
	})
	t.Run("the chain is verified, and that is on record", func(t *testing.T) {
		site.As("owner").Post("/admin/trail/verify").Want(http.StatusOK, "记录链完整")
		require.Len(t, acts(t, site, access.TrailVerify), 1)
	})
	t.Run("others are refused", func(*testing.T) {
		site.As("manager").Get(page + "/trail").Want(http.StatusForbidden)
		site.As("front").Get("/admin/trail").Want(http.StatusForbidden)
		site.As("manager").Post("/admin/trail/verify").Want(http.StatusForbidden)
	})
}

func TestOwner(t *testing.T) {
	t.Parallel()
	site, _, _ := treated(t)
	b := site.As("owner")

	t.Run("the figures come from stamps and ledgers", func(*testing.T) {
		b.Get("/").Want(http.StatusOK, "经营首页", "¥1,300.00", "SOP 符合率", "48 小时回访率", "距最近有效备份", "从未").At("/owner")
	})
	t.Run("each figure opens to its rows", func(*testing.T) {
		for tile, text := range map[string]string{
			"answered": "5 分钟", "followup": "48 小时", "sop": "林晚秋", "money": "¥1,300.00", "visits": "林晚秋", "waiting": "林晚秋",
			"ratings": "没有可列出", "alerts": "没有可列出", "backup": "备份",
		} {
			b.Get("/owner/"+tile).Want(http.StatusOK, text)
		}
		b.Get("/owner/nonsense").Want(http.StatusNotFound)
	})
	t.Run("the manager sees figures; others see nothing", func(*testing.T) {
		site.As("manager").Get("/owner").Want(http.StatusOK, "经营首页")
		site.As("cashier").Get("/owner").Want(http.StatusForbidden)
	})
}

// From the file one gets to what one may do for the client: correct, book, put on the wait list, book
// the sessions that are left, put on a tag; who has no form on the second page does not open it.
func TestWaysOutOfTheFile(t *testing.T) {
	t.Parallel()
	site, x, _ := treated(t)
	self := fmt.Sprintf("/client/%d", x.Client)
	book, wait := fmt.Sprintf("/reception/appointments/new?client=%d", x.Client), fmt.Sprintf("/reception/waits/new?client=%d", x.Client)
	correct, course := fmt.Sprintf("/reception/clients/%d/correct", x.Client), fmt.Sprintf("series?client=%d&amp;line=%d", x.Client, x.Line)
	site.As("front").Get(self).Want(http.StatusOK, book, wait, correct, course, "店里还没有标签").Not(`href="/clients/segments"`)
	site.As("manager").Get(self).Want(http.StatusOK, book, wait, correct, course, "店里还没有标签", `href="/clients/segments"`)
	site.As("consultant").Get(self).Want(http.StatusOK, book, wait, course).Not(correct)
	site.As("doctor").Get(self).Want(http.StatusOK).Not(book, wait, correct, course, "店里还没有标签")
	site.As("quality").Get(self).Want(http.StatusOK).Not(self + "/edit")
	site.As("quality").Get(self + "/edit").Want(http.StatusOK).At(self)
}
