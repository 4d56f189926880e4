package reception_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

func TestLeads(t *testing.T) {
	t.Parallel()
	t.Run("five minutes, then the manager is told", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		front := site.As("front")
		front.Post("/reception/leads", "name", "", "phone", "12", "channel", "phone", "need", "光子嫩肤").
			Want(http.StatusUnprocessableEntity, `id="f-name-fault"`, `id="f-phone-fault"`, `value="12"`, "光子嫩肤")
		front.Post("/reception/leads", "name", "周女士", "phone", "13800008818", "channel", "phone", "need", "光子嫩肤", "ask_doctor", "on").
			At("/reception/leads").Want(http.StatusOK, "周女士", "请医师回电", "光子嫩肤")
		site.Clock.Forward(6 * 60 * 1e9)
		_, err := site.App.Jobs.Run(t.Context(), access.System("test"), "tasks-escalate")
		require.NoError(t, err)
		read(t, site, func(r *store.Read) error {
			task, err := r.TaskByKey("lead_answer", "lead:1/first")
			require.NoError(t, err)
			require.Equal(t, "manager", task.EscalatedTo)
			asked, err := r.TaskByKey("call_back", "lead:1/doctor")
			require.NoError(t, err)
			require.Equal(t, "physician", asked.Role)
			require.Empty(t, asked.Note, "what the caller said is not kept")
			return nil
		})
		front.Post("/reception/leads/1/reply", "way", "pigeon").Want(http.StatusUnprocessableEntity)
		front.Post("/reception/leads/1/reply", "way", "chat").At("/reception/leads").Want(http.StatusOK, "T-front · 微信/在线")
		front.Post("/reception/leads/1/reply").Want(http.StatusConflict, "已经有人应答")
		read(t, site, func(r *store.Read) error {
			task, err := r.TaskByKey("lead_answer", "lead:1/first")
			require.NoError(t, err)
			require.Equal(t, store.TaskDone, task.State)
			l, err := r.Lead(1)
			require.NoError(t, err)
			require.Equal(t, 6*time.Minute, l.FirstReplyAt.Sub(l.CreatedAt))
			return nil
		})
	})
	t.Run("the clock begins at the opening; the report reckons share, median and spread", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		manager := site.As("manager")
		manager.Get("/reception/leads/answers").Want(http.StatusOK, "这段时间没有咨询")
		site.As("front").Get("/reception/leads/answers").Want(http.StatusForbidden)
		add := func(name string) {
			site.As("front").Post("/reception/leads", "name", name, "phone", "13800008818", "channel", "phone",
				"owner", strconv.Itoa(int(site.StaffID("consultant"))), "go_on", "tel:13800008817").At("/reception/leads")
		}
		add("甲")
		site.Clock.Forward(2 * time.Minute)
		site.As("consultant").Post("/reception/leads/1/reply")
		site.As("consultant").Get("/reception/leads?state=mine").Want(http.StatusOK, "甲")
		site.As("front").Get("/reception/leads?state=mine").Want(http.StatusOK).Not("<b>甲</b>")
		add("乙")
		site.Clock.Forward(8 * time.Minute)
		site.As("consultant").Post("/reception/leads/2/reply")
		site.Clock.Forward(12 * time.Hour) // ten past nine in the evening: closed
		site.As("front").Post("/reception/leads", "name", "丙", "phone", "13800008818", "channel", "phone",
			"owner", strconv.Itoa(int(site.StaffID("consultant"))), "go_on", "tel:13800008817").
			At("/reception/leads").Want(http.StatusOK, "09:00 开门后开始计时").Not("5 分钟应答计时开始")
		rows := site.As("front").Get("/reception/leads")
		rows.Want(http.StatusOK, "开门后计时")
		for i, name := range []string{"丙", "乙", "甲"} { // who waits, then the newest
			at := strings.Index(rows.Body, "<b>"+name+"</b>")
			require.Positive(t, at)
			if i > 0 {
				require.Greater(t, at, strings.Index(rows.Body, "<b>"+[]string{"丙", "乙", "甲"}[i-1]+"</b>"))
			}
		}
		site.As("front").Get("/reception").Want(http.StatusOK, `待应答线索</span><b class="tile-value">1</b>`)
		site.As("manager").Get("/board").Want(http.StatusOK, "待应答的咨询 1")
		site.As("front").Post("/reception/leads/known", "phone", "13800008818").Want(http.StatusOK, "已有未完成的线索")
		site.Clock.Forward(time.Hour)
		escalate := func() {
			_, err := site.App.Jobs.Run(t.Context(), access.System("test"), "tasks-escalate")
			require.NoError(t, err)
		}
		escalate()
		told := func() (to string) {
			read(t, site, func(r *store.Read) error {
				task, err := r.TaskByKey("lead_answer", "lead:3/first")
				to = task.EscalatedTo
				return err
			})
			return to
		}
		require.Empty(t, told(), "nobody is late while the house is closed")
		site.Clock.Forward(10*time.Hour + 56*time.Minute) // six minutes after the opening
		escalate()
		require.Equal(t, "manager", told())
		site.As("manager").Get("/reception/leads/answers").Want(http.StatusOK, "33%", "5:00", "3:00", "未应答", "超时")
		site.As("manager").Get("/reception/leads/answers?staff=999").Want(http.StatusOK).Not("<b>甲</b>")
	})
	t.Run("a known phone shows the file first", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		filed(t, site, "林晚秋", "13800008817")
		front := site.As("front")
		front.Post("/reception/leads/known", "phone", "138 0000 8817").Want(http.StatusOK, "林晚秋", "138****8817")
		front.Post("/reception/leads", "name", "林", "phone", "13800008817", "channel", "phone").
			Want(http.StatusConflict, "这个手机号已有档案", "仍然登记线索", `name="go_on"`)
		front.Post("/reception/leads", "name", "林", "phone", "13800008817", "channel", "phone", "go_on", "tel:13800008817").At("/reception/leads")
	})
	t.Run("lost wants a reason; the file and the visit carry the lead on", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		front := site.As("front")
		front.Post("/reception/leads", "name", "甲", "phone", "13800008801", "channel", "online")
		front.Post("/reception/leads", "name", "林晚秋", "phone", "13800008817", "channel", "online")
		front.Post("/reception/leads/1/lose").Want(http.StatusUnprocessableEntity, "请写明原因")
		front.Post("/reception/leads/1/lose", "reason", "太远").At("/reception/leads")
		front.Post("/reception/leads/1/lose", "reason", "太远").Want(http.StatusConflict)
		front.Get("/reception/clients/new?lead=2").Want(http.StatusOK, `value="林晚秋"`, `value="13800008817"`)
		front.PostForm("/reception/clients/new", person("lead", "2")).At("/reception/arrive?client=1")
		front.Post("/reception/arrive", "client", "1").At("/reception/visit/1")
		read(t, site, func(r *store.Read) error {
			l, err := r.LeadOfVisit(1)
			require.NoError(t, err)
			require.Equal(t, term.LeadArrived, l.State)
			require.Equal(t, "林晚秋", l.Name, "sealed anew with the client's own key")
			return nil
		})
		site.As("doctor").Get("/reception/leads").Want(http.StatusOK).Not(`action="/reception/leads"`)
		site.As("nurse").Get("/reception/leads").Want(http.StatusForbidden)
	})
}

func TestTheVisitEndsEarly(t *testing.T) {
	t.Parallel()
	for deed, state := range map[string]term.VisitState{"leave": term.VisitLeft, "refuse": term.VisitConsentRefused} {
		t.Run(deed, func(t *testing.T) {
			t.Parallel()
			site := uitest.New(t)
			v := arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
			order(t, site, v)
			front := site.As("front")
			front.Post("/reception/visit/1/"+deed).Want(http.StatusUnprocessableEntity, `id="f-reason-fault"`)
			front.Post("/reception/visit/1/"+deed, "reason", "再想想").At("/reception/visit/1").Want(http.StatusOK, "再想想")
			read(t, site, func(r *store.Read) error {
				visit, err := r.Visit(v)
				require.NoError(t, err)
				require.Equal(t, state, visit.State)
				require.Equal(t, term.Gone, visit.Station)
				ticket, err := r.TicketOf(v)
				require.NoError(t, err)
				require.Equal(t, term.TicketDone, ticket.State)
				orders, err := r.OrdersOfVisit(v)
				require.NoError(t, err)
				require.Equal(t, term.OrderCancelled, orders[0].State)
				run, err := r.SOPRun(v)
				require.NoError(t, err)
				require.False(t, run.EndedAt.IsZero())
				return nil
			})
			front.Post("/reception/visit/1/"+deed, "reason", "再想想").Want(http.StatusConflict)
			site.As("stock").Post("/reception/visit/1/"+deed, "reason", "x").Want(http.StatusForbidden)
		})
	}
}

// order puts an unpaid order on the visit.
func order(t *testing.T, s *uitest.Site, v term.VisitID) {
	t.Helper()
	err := s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "order.place"}, func(tx *store.Tx) error {
		return tx.AddOrder(&store.Order{Client: 1, Visit: v, TotalFen: 100, State: term.OrderOpen})
	})
	require.NoError(t, err)
}

func TestConsentAndIdentityOfAKnownClient(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	id := filed(t, site, "林晚秋", "13800008817")
	arrived(t, site, id)
	front := site.As("front")
	front.Get("/reception/visit/1").Want(http.StatusOK, "还没有核对证件原件")
	front.Get("/reception/visit/1/status").Want(http.StatusOK, "还没有核对证件原件", "C01").Not("<html", "提前结束就诊")
	front.Post("/reception/clients/1/identity", "visit", "1").Want(http.StatusUnprocessableEntity, `id="f-id_kind-fault"`)
	front.Post("/reception/clients/1/identity", "visit", "1", "id_kind", "passport").At("/reception/visit/1").Not("还没有核对证件原件")
	front.Get("/reception/clients/1/consent").Want(http.StatusOK, "个人信息处理告知书", "C20260302-001")
	front.Post("/reception/clients/1/consent").Want(http.StatusConflict, "REG-PII-01")
	withdraw(t, site, id, term.ForHealth)
	front.Get("/reception/visit/1").Want(http.StatusOK, "还没有签健康信息单独同意书", "/reception/clients/1/consent")
	front.Post("/reception/clients/1/consent", "sign_privacy", pen, "sign_health", pen).Want(http.StatusConflict)
	seen := []string{"seen_privacy", uitest.Edition("privacy"), "seen_health", uitest.Edition("health_consent")}
	front.Post("/reception/clients/1/consent", append(seen, "sign_privacy", pen, "sign_health", pen)...).
		At("/reception/visit/1").Not("还没有签健康信息单独同意书")
	read(t, site, func(r *store.Read) error {
		all, err := r.ConsentHistory(id)
		require.Len(t, all, 3, "the privacy notice stood and was not signed twice")
		return err
	})
	site.As("nurse").Post("/reception/clients/1/consent", "sign_privacy", pen, "sign_health", pen).Want(http.StatusForbidden)
}

// withdraw takes a consent back.
func withdraw(t *testing.T, s *uitest.Site, id term.ClientID, purpose term.Purpose) {
	t.Helper()
	err := s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "consent.withdraw"}, func(tx *store.Tx) error {
		given, err := tx.Consents(id)
		if err != nil {
			return err
		}
		c := given[purpose]
		c.WithdrawnAt, c.WithdrawReason = tx.Now(), "test"
		return tx.SaveConsent(&c)
	})
	require.NoError(t, err)
}
