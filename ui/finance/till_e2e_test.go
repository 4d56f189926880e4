//go:build e2e

package finance_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	till "meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// queue puts two further clients on the till's list.
func (s *clinic) queue() {
	s.T.Helper()
	for i, name := range []string{"周雨桐", "沈以宁"} {
		s.write(func(tx *store.Tx) error {
			c := store.Client{Name: name, Phone: fmt.Sprintf("1390013800%d", i), Gender: "female", Birth: "1990-01-02"}
			require.NoError(s.T, tx.AddClient(&c))
			v := store.Visit{Client: c.ID, State: term.VisitOpen, Stage: term.StagePlan, Station: term.AtPlan, ArrivedAt: tx.Now(), StationAt: tx.Now()}
			require.NoError(s.T, tx.AddVisit(&v))
			require.NoError(s.T, s.App.Engines.SOP.Start(tx, v.ID))
			items, err := tx.Items(true)
			require.NoError(s.T, err)
			_, err = till.PlaceOrder(tx, till.NewOrder{Client: c.ID, Visit: v.ID, Lines: []till.Line{{Item: items[3+i].ID, Sessions: 1 + i, Price: 128000}}})
			return err
		})
	}
}

// beside says that the first card of the order stands at the height of the list.
const beside = `(() => { const [list, order] = [".till-list", ".till-sum"].map((s) => document.querySelector(s).getBoundingClientRect());
	return Math.abs(list.top - order.top) < 4 && order.left >= list.right; })()`

func TestE2ETill(t *testing.T) {
	s := open(t)
	s.queue()
	pc, other := s.Screen("cashier", uitest.PC), s.Screen("manager", uitest.PC)
	other.Open("/till").WaitText("林清禾")
	pc.Open("/till").WaitText("林清禾").Axe().Shot("till-list")
	pc.Open(s.path("")).WaitText("还不能收款").Shot("till-wait")
	pc.WaitThat(beside) // the order begins beside the list, not under it
	pc.Press(".till-line button").WaitText("结算清单已生成").Axe()
	pc.Key('1')
	pc.Type("#f-cash", "4999.99").Type("#f-tendered", "5000")
	pc.Click("#till-due") // away from the inputs
	pc.Key('4')
	pc.Key('\r')
	pc.WaitText("¥0.01").Shot("till-pay")
	require.Equal(t, "¥0.00", pc.Text("[data-left]"))
	pc.Key('\r') // nothing is left: on to the button
	pc.Press(".till-pay [data-submit]:focus").WaitText("请找零 ¥0.01").Axe().Shot("till-paid")
	require.Eventually(t, func() bool { return !strings.Contains(other.Text(".till-list"), "林清禾") },
		2*time.Second, 50*time.Millisecond, "the other screen hears of it")
	pc.Open(s.path("/refund")).WaitText("应退金额").Axe().Shot("till-refund")
	pc.Open(s.path("/statement")).WaitText("结算清单").Shot("till-statement")
	other.Open("/till/day").WaitText("¥9,999.99").Axe().Shot("till-day")
	other.Answer("counted", "4990").Press("form[action$='/count'] [data-submit]").WaitText("请写明原因").Shot("till-count")
	other.Answer("reason", "找零少收").Press("form[action$='/count'] [data-submit]").WaitText("清点已登记")
	pc.Open(s.path("")).Press(".tools form button").WaitText("收据").Shot("till-slip")
	sheets := pc.Sheets()
	require.Len(t, sheets, 1, "a roll has one page")
	require.InDelta(t, 80/25.4*72, sheets[0].Width, 2, "80 mm wide")
	require.NotContains(t, pc.OnPaper(), "返回收费单")
	for paper, mm := range map[string][2]float64{"slip58": {58, 0}, "bill": {241, 140}, "a5": {148, 210}, "a4": {210, 297}} {
		pc.Press(".paper-back a[href$='paper=" + paper + "']").WaitText("收据").Shot("till-" + paper)
		sheets := pc.Sheets()
		require.Len(t, sheets, 1, "%s: a short receipt is one sheet", paper)
		require.InDelta(t, mm[0]/25.4*72, sheets[0].Width, 2, paper)
		if mm[1] > 0 {
			require.InDelta(t, mm[1]/25.4*72, sheets[0].Height, 2, paper)
		}
		require.Contains(t, pc.OnPaper(), "玖仟玖佰玖拾玖元玖角玖分", paper)
	}
}

// TestE2EOnlyThePaperIsPrinted: a document's own page, printed from the browser's menu, shows
// the document: no alert about another client, no banner, no button.
func TestE2EOnlyThePaperIsPrinted(t *testing.T) {
	s := open(t)
	s.paid()
	var doc store.Document
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
		list, err := r.Documents(store.DocumentFilter{Order: s.order.ID, Kind: "receipt"})
		require.NotEmpty(t, list)
		doc = list[0]
		return err
	}))
	pc := s.Screen("manager", uitest.PC).Open(fmt.Sprintf("/doc/%d", doc.ID)).WaitText(doc.Number)
	pc.Mark(`document.querySelector("main").insertAdjacentHTML("beforebegin", '<div class="alerts"><div class="alertbar"><a class="alert">别的客户</a></div></div>')`).WaitText("别的客户")
	paper := pc.OnPaper()
	require.Contains(t, paper, doc.Number)
	for _, screen := range []string{"别的客户", "返回", "打印", "138****8000"} {
		require.NotContains(t, paper, screen)
	}
}

// press sends Ctrl+Enter to the page and counts the posts that it starts.
const press = `window.__posts = 0; document.addEventListener("submit", (e) => { window.__posts++; e.preventDefault(); e.stopImmediatePropagation(); }, true);
	document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true}))`

// TestE2EAVoidThatWasRefused: the wrong PIN comes back into the page, the right one voids, Back
// leads to pages only; Ctrl+Enter never reaches into a closed form.
func TestE2EAVoidThatWasRefused(t *testing.T) {
	s := open(t)
	s.paid()
	pc := s.Screen("cashier", uitest.PC).Open("/till").Open(s.path("")).WaitText("作废收款")
	pc.Mark(press).WaitThat("window.__posts === 0")
	pc.WaitThat("!document.querySelector('.till-more kbd:not([hidden])')")
	pc.Open(s.path("")).Click(".till-payments .till-more summary")
	void := ".till-payments form.edit "
	pc.Answer("reason", "方式录错", "approver", fmt.Sprint(s.StaffID("manager")), "pin", "9999").Press(void + "[data-submit]").WaitFor(void + ".fault").Shot("void-refused")
	require.Equal(t, s.path(""), pc.Path())
	require.Equal(t, "方式录错", pc.Value(void+"[name=reason]"))
	pc.Answer("approver", fmt.Sprint(s.StaffID("manager")), "pin", uitest.PIN).Press(void + "[data-submit]").WaitText("收款已作废")
	pc.Mark("setTimeout(() => history.back())").WaitThat("!document.querySelector('.flash') && location.pathname.startsWith('/till')").Without("找不到")
}

// TestE2EHandedOverCash: only what the client handed over is typed; the page fills in the rest.
func TestE2EHandedOverCash(t *testing.T) {
	s := open(t)
	s.As("cashier").Post(s.path("/statement"))
	pc := s.Screen("cashier", uitest.PC).Open(s.path("")).WaitText("确认收款")
	pc.Type("#f-tendered", "10000").WaitThat(`document.querySelector("[data-change]").textContent === "¥0.01"`)
	require.Equal(t, "¥0.00", pc.Text("[data-left]"))
	require.Equal(t, "9999.99", pc.Value("#f-cash"))
	pc.Shot("till-tendered").Press(".till-pay [data-submit]").WaitText("请找零 ¥0.01")
}

// TestE2EThePadLeavesWithItsField: the pad of large keys belongs to the field one is in.
func TestE2EThePadLeavesWithItsField(t *testing.T) {
	s := open(t)
	s.As("cashier").Post(s.path("/statement"))
	c := s.Screen("cashier", uitest.Tablet).Open("/till").Mark(`document.cookie = "meixu_view=tablet; path=/"`)
	c.Open(s.path("")).Click("#f-cash").WaitFor(".numpad").Shot("pad")
	c.Mark(`document.body.style.paddingBottom = "4000px"; scrollTo(0, 3500)`).WaitThat("!document.querySelector('.numpad')")
	c.Click("#f-cash").WaitFor(".numpad").Mark(`document.getElementById("f-ref_card").focus()`).WaitThat("!document.querySelector('.numpad')")
	c.Click("#f-cash").WaitFor(".numpad").Mark(`document.getElementById("f-cash").closest(".till-way").remove()`).WaitThat("!document.querySelector('.numpad')")
}

// TestE2ETheSlowerCashierSeesThePaidOrder: two cashiers have the same order open. When one takes
// the money, the other's page says so at once: a page without typing is drawn anew, one with
// typing keeps it and takes no more money.
func TestE2ETheSlowerCashierSeesThePaidOrder(t *testing.T) {
	s := open(t)
	first, typing, looking := s.Screen("cashier", uitest.PC), s.Screen("cashier", uitest.PC), s.Screen("cashier", uitest.PC)
	first.Open(s.path("")).Press(".till-line button").WaitText("结算清单已生成")
	typing.Open(s.path("")).WaitFor(".till-pay")
	looking.Open(s.path("")).WaitFor(".till-pay")
	typing.Type("#f-cash", "123.45")
	first.Mark(`document.querySelector("[data-way] [data-rest]").click()`).Press(".till-pay [data-submit]").WaitText("收据已生成")
	looking.WaitThat(`!document.querySelector(".till-pay")`).WaitThat(`!document.querySelector("#till-tabs .count")`)
	typing.WaitText("请勿重复收款").WaitThat(`document.querySelector(".till-pay [data-submit]").disabled`)
	typing.WaitThat(`!document.querySelector("#sticky").textContent.includes("欠款")`)
	require.Equal(t, "123.45", typing.Value("#f-cash"))
}
