package finance_test

import (
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	till "meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// clinic is a site with one client at the till and one order of 10,000.00 yuan.
type clinic struct {
	*uitest.Site
	order  store.Order
	line   term.OrderLineID
	client store.Client
	visit  store.Visit
}

func open(t *testing.T) *clinic {
	t.Helper()
	s := &clinic{Site: uitest.New(t)}
	s.write(func(tx *store.Tx) error {
		s.client = store.Client{Name: "林清禾", Phone: "13800138000", Gender: "female", Birth: "1994-05-06"}
		require.NoError(t, tx.AddClient(&s.client))
		s.visit = store.Visit{
			Client: s.client.ID, State: term.VisitOpen, Stage: term.StagePlan, Station: term.AtTill,
			StationAt: tx.Now(), ArrivedAt: tx.Now(),
		}
		require.NoError(t, tx.AddVisit(&s.visit))
		return s.App.Engines.SOP.Start(tx, s.visit.ID)
	})
	s.place(3, 333333, 0)
	return s
}

// place puts an order on the list; with a plan the SOP asks for contract and consents.
func (s *clinic) place(sessions int, price term.Fen, plan term.PlanID) {
	s.T.Helper()
	s.write(func(tx *store.Tx) error {
		items, err := tx.Items(true)
		require.NoError(s.T, err)
		s.order, err = till.PlaceOrder(tx, till.NewOrder{
			Client: s.client.ID, Visit: s.visit.ID, Plan: plan,
			Lines: []till.Line{{Item: items[0].ID, Sessions: sessions, Price: price}},
		})
		require.NoError(s.T, err)
		lines, err := tx.OrderLines(s.order.ID)
		s.line = lines[0].ID
		return err
	})
}

func (s *clinic) write(fn func(*store.Tx) error) {
	s.T.Helper()
	require.NoError(s.T, s.App.DB.Write(s.T.Context(), store.Act{Role: "system", Station: "test", Action: "test.prepare"}, fn))
}

func (s *clinic) path(format string, args ...any) string {
	return fmt.Sprintf("/till/%d", s.order.ID) + fmt.Sprintf(format, args...)
}

func (s *clinic) balance(kind string, id int64) (n int64) {
	s.T.Helper()
	require.NoError(s.T, s.App.DB.Read(s.T.Context(), func(r *store.Read) (err error) {
		n, err = r.Balance(kind, id)
		return err
	}))
	return n
}

// paid issues the statement and pays the whole order through the pages.
func (s *clinic) paid() term.PaymentID {
	s.T.Helper()
	desk := s.As("cashier")
	desk.Post(s.path("/statement")).Want(http.StatusOK, "结算清单已生成")
	desk.Post(s.path("/pay"), "cash", "4,999.99", "tendered", "5000", "card", "5000", "ref_card", "8817").
		Want(http.StatusOK, "请找零 ¥0.01", "已收费").At(s.path(""))
	var id term.PaymentID
	require.NoError(s.T, s.App.DB.Read(s.T.Context(), func(r *store.Read) error {
		list, err := r.PaymentsOf(s.order.ID)
		id = list[len(list)-1].ID
		return err
	}))
	return id
}

func TestTillShowsWhoWaits(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.As("cashier").Get("/till").Want(http.StatusOK, "林清禾", "¥9,999.99", "缺手续").Not("⟦", " style=")
	s.As("front").Get(s.path("")).Want(http.StatusOK, "收款请由收银员操作").Not("确认收款")
	s.As("consultant").Get(s.path("")).Want(http.StatusOK, s.order.Number, "待收费").Not("收退记录", "确认收款", "till-list")
	s.As("nurse").Get("/till").Want(http.StatusForbidden)
	s.As("cashier").Get("/till/rows?here=1").Want(http.StatusOK, "林清禾").Not("<html")
	s.As("cashier").Get("/till/9999").Want(http.StatusNotFound)
}

func TestPayThroughThePage(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.paid()
	require.Equal(t, int64(999999), s.balance("money", int64(s.order.ID)))
	require.Equal(t, int64(3), s.balance("session", int64(s.line)))
	page := s.As("cashier").Get(s.path("")).Want(http.StatusOK, "8817", "打印小票", "七日无理由退款至")
	page.Not("确认收款", "⟦")
	s.As("cashier").Get("/till").Want(http.StatusOK, "没有待收费的单")
}

func TestWhatWasTypedComesBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	desk := s.As("cashier")
	desk.Post(s.path("/statement"))
	desk.Post(s.path("/pay"), "cash", "100.00", "tendered", "50", "wechat", "abc", "ref_card", "尾号9").
		Want(http.StatusUnprocessableEntity, `value="100.00"`, `value="50"`, `value="abc"`, `value="尾号9"`)
	answer := desk.Post(s.path("/pay"), "cash", "100.00", "tendered", "50", "wechat", "9,900.00", "ref_card", "x").
		Want(http.StatusUnprocessableEntity, "实收现金不能少于现金部分 ¥100.00", "合计多出 ¥0.01", `value="9,900.00"`)
	answer.Not("⟦")
	require.Zero(t, s.balance("money", int64(s.order.ID)))
}

func TestHandedOverCashAlonePaysTheBill(t *testing.T) {
	t.Parallel()
	s := open(t)
	desk := s.As("cashier")
	desk.Post(s.path("/statement"))
	desk.Post(s.path("/pay"), "tendered", "9000").
		Want(http.StatusUnprocessableEntity, "data-left>¥999.99", "data-change>¥0.00", `value="9000"`)
	desk.Post(s.path("/pay"), "tendered", "10000").Want(http.StatusOK, "请找零 ¥0.01", "已收费").At(s.path(""))
	require.Equal(t, int64(999999), s.balance("money", int64(s.order.ID)))
}

func TestGatesHoldAtTheRoute(t *testing.T) {
	t.Parallel()
	t.Run("REG-FEE-03: no statement, no money", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.As("cashier").Post(s.path("/pay"), "card", "9999.99").Want(http.StatusConflict, "REG-FEE-03")
	})
	t.Run("REG-CON-11, REG-CON-01: no contract, no plan signed, no money", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.write(func(tx *store.Tx) error {
			items, err := tx.Items(true)
			require.NoError(t, err)
			plan := store.Plan{Visit: s.visit.ID, Client: s.client.ID, State: term.PlanAccepted}
			require.NoError(t, tx.AddPlan(&plan))
			return tx.AddPlanItem(&store.PlanItem{
				Plan: plan.ID, Item: items[0].ID, Sessions: 1, ListFen: 100, PriceFen: 100, State: "approved",
			})
		})
		desk := s.As("cashier")
		desk.Post(s.path("/statement"))
		desk.Post(s.path("/pay"), "card", "9999.99").Want(http.StatusConflict, "REG-CON-11", "REG-CON-01")
		desk.Get(s.path("")).Want(http.StatusOK, "还不能收款", "REG-CON-11")
	})
	t.Run("S3-06: a paid order is not paid again", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.paid()
		s.As("cashier").Post(s.path("/pay"), "card", "9999.99").Want(http.StatusConflict, "S3-06")
		s.As("cashier").Post(s.path("/cancel"), "reason", "x").Want(http.StatusConflict, "S3-06")
	})
	t.Run("REG-FEE-11: a used session leaves only the refund", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		id := s.paid()
		s.write(func(tx *store.Tx) error { return till.UseSession(tx, s.line, 1) })
		s.As("cashier").Post(fmt.Sprintf("/till/payment/%d/void", id), "reason", "录错",
			"approver", fmt.Sprint(s.StaffID("manager")), "pin", uitest.PIN).Want(http.StatusConflict, "REG-FEE-11")
	})
	t.Run("other roles are sent away", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		for _, login := range []string{"front", "consultant", "doctor", "nurse", "manager", "stock"} {
			s.As(login).Post(s.path("/pay"), "card", "9999.99").Want(http.StatusForbidden)
		}
		s.As("front").Post(s.path("/refund")).Want(http.StatusForbidden)
		s.As("consultant").Get("/till/day").Want(http.StatusForbidden)
	})
}

func TestTwoTabletsOneOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.As("cashier").Post(s.path("/statement"))
	status := s.together("card", "9999.99")
	require.ElementsMatch(t, []int{http.StatusOK, http.StatusConflict}, status)
	require.Equal(t, int64(999999), s.balance("money", int64(s.order.ID)))
}

func TestDoubleClickLandsOnTheSamePage(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.As("cashier").Post(s.path("/statement"))
	status := s.together("card", "9999.99", "_once", "one-click")
	require.Equal(t, []int{http.StatusOK, http.StatusOK}, status)
	require.Equal(t, int64(999999), s.balance("money", int64(s.order.ID)))
}

// together posts the same payment from two browsers at once.
func (s *clinic) together(pairs ...string) []int {
	s.T.Helper()
	status := make([]int, 2)
	browsers := []*uitest.Browser{s.As("cashier"), s.As("cashier")}
	var both sync.WaitGroup
	for i, b := range browsers {
		both.Add(1)
		go func() {
			defer both.Done()
			status[i] = b.Post(s.path("/pay"), pairs...).Status
		}()
	}
	both.Wait()
	return status
}

func TestVoidThroughThePage(t *testing.T) {
	t.Parallel()
	s := open(t)
	path := fmt.Sprintf("/till/payment/%d/void", s.paid())
	desk := s.As("cashier")
	desk.Post(path, "reason", "方式录错", "approver", fmt.Sprint(s.StaffID("manager")), "pin", "9999").
		Want(http.StatusUnprocessableEntity, `value="方式录错"`, "PIN").Not(`value="9999"`)
	desk.Post(path).Want(http.StatusUnprocessableEntity, "请写明原因", "请选择审批人", "请审批人输入 PIN")
	desk.Post(path, "reason", "方式录错", "approver", fmt.Sprint(s.StaffID("manager")), "pin", uitest.PIN).
		Want(http.StatusOK, "收款已作废", "待收费", "方式录错", "确认收款").At(s.path(""))
	require.Zero(t, s.balance("money", int64(s.order.ID)))
	require.Zero(t, s.balance("session", int64(s.line)))
}

func TestRefundThroughThePage(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.paid()
	desk := s.As("cashier")
	sessions := fmt.Sprintf("sessions.%d", s.line)
	desk.Get(s.path("/refund")).Want(http.StatusOK, "¥9,999.99", "七日无理由期内", `value="5000.00"`).Not("⟦")
	desk.Get(s.path("/refund?%s=1", sessions)).Want(http.StatusOK, "¥3,333.33", `value="3333.33"`)
	desk.Get(s.path("/refund?%s=4", sessions)).Want(http.StatusUnprocessableEntity, "最多可退 3 次")
	desk.Post(s.path("/refund"), sessions, "1", "card", "3333.32", "side", "client", "pin", "1", "approver", fmt.Sprint(s.StaffID("cashier"))).
		Want(http.StatusUnprocessableEntity, "还差 ¥0.01", "请写明原因", "审批人不能是操作人本人", `value="3333.32"`)
	desk.Post(s.path("/refund"), sessions, "1", "card", "3333.33", "side", "no_reason", "pin", uitest.PIN,
		"approver", fmt.Sprint(s.StaffID("manager"))).Want(http.StatusOK, "退款已登记", "−¥3,333.33").At(s.path(""))
	require.Equal(t, int64(666666), s.balance("money", int64(s.order.ID)))
	require.Equal(t, int64(2), s.balance("session", int64(s.line)))
	s.As("manager").Get("/till/day").Want(http.StatusOK, "¥6,666.66", "¥9,999.99").Not("⟦")
}

func TestPapers(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.paid()
	desk := s.As("cashier")
	desk.Get(s.path("/statement")).Want(http.StatusOK, "结算清单", "玖仟玖佰玖拾玖元玖角玖分", "doc-a4")
	print := fmt.Sprintf("/till/payment/%d/print", id)
	first := desk.Post(print, "paper", "slip").Want(http.StatusOK, "收据", `class="doc slip"`, "林清禾")
	first.Not("补打")
	desk.Post(print, "paper", "a4").Want(http.StatusOK, "补打 · 第 2 次打印", "doc-a4", "玖仟玖佰玖拾玖元玖角玖分")
	desk.Post(print, "paper", "bill").Want(http.StatusOK, "第 3 次打印", "doc-a4 bill", "玖仟玖佰玖拾玖元玖角玖分", "小票 58")
	desk.Post(print, "paper", "slip58").Want(http.StatusOK, `class="doc slip narrow"`)
	desk.Get(s.path("/statement?paper=a5")).Want(http.StatusOK, "doc-a4 a5", "玖仟玖佰玖拾玖元玖角玖分").Not("小票 58")
	first.Not("文本须由本店医师审定").Want(http.StatusOK, `class="num">¥9,999.99`)
	desk.Get(s.path("/statement")).Not("文本须由本店医师审定")
	desk.Get(fmt.Sprintf("/till/payment/%d", id)).Want(http.StatusOK).At(s.path(""))
	desk.Post(s.path("/invoice"), "number", "1", "amount", "99999").
		Want(http.StatusUnprocessableEntity, "20 位", "不超过可开金额 ¥9,999.99")
	desk.Post(s.path("/invoice"), "number", "24312000000123456789", "title", "林清禾", "amount", "9999.99").
		Want(http.StatusOK, "发票已登记", "24312000000123456789")
}

var unknown = regexp.MustCompile(`⟦[a-z._]+⟧`)

func TestEnglishPagesHaveAllWords(t *testing.T) {
	t.Parallel()
	s := open(t)
	desk := s.As("cashier").With("Cookie", "meixu_lang=en")
	for _, path := range []string{"/till", s.path(""), "/till/day"} {
		require.Empty(t, unknown.FindAllString(desk.Get(path).Want(http.StatusOK).Body, -1), path)
	}
}

// Order 0 is no order: it must not open somebody's statement, and no other page either.
func TestAnOrderThatIsNoneIsNotFound(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.paid()
	desk, boss := s.As("cashier"), s.As("manager")
	for _, id := range []string{"0", "9999", "-1", "x"} {
		desk.Get("/till/" + id).Want(http.StatusNotFound).Not("林清禾")
		desk.Get("/till/" + id + "/statement").Want(http.StatusNotFound).Not("林清禾")
		desk.Get("/till/" + id + "/refund").Want(http.StatusNotFound).Not("林清禾")
		desk.Post("/till/" + id + "/statement").Want(http.StatusNotFound)
		desk.Post("/till/"+id+"/pay", "cash", "1").Want(http.StatusNotFound)
		desk.Post("/till/"+id+"/invoice", "number", "12345678", "amount", "1").Want(http.StatusNotFound)
		boss.Post("/till/"+id+"/cancel", "reason", "客户改日再来").Want(http.StatusNotFound)
		desk.Get("/till/payment/" + id).Want(http.StatusNotFound)
		desk.Get("/till/payment/" + id + "/paper").Want(http.StatusNotFound)
	}
}

func TestPointsThroughThePage(t *testing.T) {
	t.Parallel()
	s := open(t)
	desk := s.As("cashier")
	desk.Get(s.path("")).Want(http.StatusOK).Not(`name="points"`)
	s.write(func(tx *store.Tx) error { // of an earlier bill
		_, err := tx.Move(store.Account{Kind: "earned", ID: int64(s.order.ID)}, 9999, store.Subject{Noun: "payment", ID: 1})
		return err
	})
	s.place(2, 10000, 0)
	desk.Post(s.path("/statement")).Want(http.StatusOK, "结算清单已生成")
	desk.Get(s.path("")).Want(http.StatusOK, "有 9999 分，本单最多抵 ¥60.00", `data-most="60.00"`)
	desk.Post(s.path("/pay"), "points", "61", "card", "139").
		Want(http.StatusUnprocessableEntity, "积分最多抵 ¥60.00", `value="61"`)
	desk.Post(s.path("/pay"), "points", "60", "card", "140").Want(http.StatusOK, "已用积分 6000", "本单获得积分 140")
	desk.Get(s.path("/refund?sessions.%d=1", s.line)).Want(http.StatusOK, "退回积分 3000 分（抵 ¥30.00）", "收回本单所得积分 70 分", `value="70.00"`)
	desk.Get("/till/day").Want(http.StatusOK, "另有积分抵扣 ¥60.00")
	s.As("consultant").Get(fmt.Sprintf("/client/%d", s.client.ID)).Want(http.StatusOK, "积分明细", "抵扣账单", "-6000", "+140")
	s.As("nurse").Get(fmt.Sprintf("/client/%d", s.client.ID)).Want(http.StatusOK).Not("积分明细")
}
