//go:build e2e

package e2e_test

import (
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/readiness"
	"meixu/store"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// till: the list hears of the order, two cashiers take the same money, one wins.
func (w *walk) till() {
	c := w.pc("cashier").Open("/till").WaitText("林清禾").Axe()
	order := w.at("/till/{order}")
	c.Open(order).Press("form[action$='/statement'] button").WaitText("结算清单")
	other := w.Screen("cashier", tablet)
	other.Open(order).Answer("wechat", w.Due())
	c.Answer("cash", "300.00", "tendered", "500", "card", "1000.00", "ref_card", "8817").Axe().Shot("6-pay")
	c.PressTwice(".till-pay [data-submit]").WaitText("请找零 ¥200.00").Shot("6-paid")
	other.WaitText("请勿重复收款").WaitThat(`document.querySelector(".till-pay [data-submit]").disabled`).Shot("6-late")
	require.Equal(w.t, w.Item.PriceFen, w.Money(), "paid once, to the fen")
	w.Read(func(r *store.Read) error {
		list, err := r.TreatmentsOf(w.Visit)
		require.Len(w.t, list, 1)
		w.Treatment, w.Session = list[0].ID, list[0].Line
		return err
	})
}

// gate: every requirement turns green under the nurse's fingers, the doctor's page follows.
func (w *walk) gate() {
	n, d := w.pad("nurse"), w.pc("doctor")
	page := w.at("/procedure/{treatment}")
	n.Open("/ready").Axe().Press(w.at("form[action='/ready/room/{room}'] button")).WaitText("有效至")
	kit := []string{}
	for _, item := range readiness.KitItems {
		kit = append(kit, "present", item)
	}
	n.Answer(kit...).Press("form[action='/ready/kit'] button")
	d.Open(page).WaitText("还没有核对身份").Axe().Shot("7-red")
	n.Open(page + "/assign").Answer(w.fields(w.Team("doctor"))...).Press(send)
	n.Open(page+"/identity").Answer("way", "birth", "birth", "1994-05-06").Press(send)
	d.Within(soon, "T-nurse")
	w.taken(w.fill(n.Open(page+"/form/today"), "F16-TODAY"))
	if w.Item.SideMark {
		w.taken(w.fill(w.pad("doctor").Open(page+"/form/mark"), "F16-MARK"))
	}
	w.taken(w.pad("doctor").Open(page+"/clear").Axe().Answer("verdict", "pass"))
	n.Open(page+"/photos").Axe().Fill("form[action$='/nophoto'] [name=reason]", "客户不同意拍照").Press("form[action$='/nophoto'] [data-submit]")
	require.Equal(w.t, page, n.Path())
	n.Open(page + "/lots").Axe().Answer(w.fields(append(day.Second("stock"), "code", "L-OLD"))...).Press(send).WaitText("REG-DRG-06")
	n.Answer(w.fields(append(day.Second("stock"), "code", "L-FIRST"))...).Press(send).WaitText("T-nurse + T-stock").Shot("7-lots")
	w.taken(w.fill(n.Open(page+"/form/signin").Axe(), "F18", day.Second("doctor")...))
}

// taken sends the form and demands that it leads back to the treatment: it was not refused.
func (w *walk) taken(c *uitest.Chromium) {
	w.t.Helper()
	c.Press(send)
	if c.Path() != w.at("/procedure/{treatment}") {
		c.Shot("refused")
		require.Failf(w.t, "refused", "at %s", c.Path())
	}
}

func (w *walk) fields(pairs []string) (out []string) {
	for _, p := range pairs {
		out = append(out, w.Fill(p))
	}
	return out
}

// procedure: time-out, start, reaction, record, counts, sign-out, signed and locked.
func (w *walk) procedure() {
	n, d := w.pad("nurse"), w.pad("doctor")
	page := w.at("/procedure/{treatment}")
	w.fill(d.Open(page+"/form/timeout").Axe(), "F19", day.Second("nurse")...).Press(send).WaitText("全部就绪")
	n.Open(page).WaitText("全部就绪").Axe().Shot("8-green").PressTwice(".treatment-bar button.primary").WaitText("术中反应")
	w.Clock.Forward(2 * time.Minute)
	n.Press("button[value=calm]").Axe()
	w.fill(d.Open(page+"/form/record").Axe(), w.Item.FormCode).Press(send)
	n.Open(page + "/counts").Answer(w.fields(append(w.Counts("20", "80", "0"), day.Second("stock")...))...).Press(send)
	w.fill(d.Open(page+"/form/signout").Axe(), "F20", day.Second("nurse")...).Press(send).Shot("8-out")
	d.Open(page).Press("form[action$='/sign'] button").WaitText("已签署")
	d.Open(page + "/form/record").WaitText("皱眉肌").Axe()
}

// leaving: nobody leaves before the observation is over and the guide is signed for; the
// guide on the client's phone says nothing about the person.
func (w *walk) leaving() {
	w.later(time.Duration(w.Item.ObserveMinutes) * time.Minute)
	n := w.pad("nurse")
	guide := w.at("/aftercare/guide/{treatment}")
	n.Open(guide).Axe().Press("form[action='" + guide + "'] button").WaitText("SHA-256")
	for _, role := range w.signers() {
		n.Sign("#sign-" + role + " canvas").Press("#sign-" + role + " [data-submit]")
	}
	n.Open(guide).Answer("signs", "on", "phone", "on").Press("form[action$='/told'] [data-submit]").Shot("9-guide")
	n.Press("form[action$='/link'] button").WaitFor("svg.qr").Axe().Shot("9-qr")
	phone := w.Phone(w.GuestURL + guestPath.FindString(n.Text("main p.code")))
	phone.WaitText("0571-88880120").Without("林清禾").Axe().Shot("9-phone")
	w.fill(n.Open(w.at("/procedure/{treatment}/form/observe")).Axe(), "F7-OBS").Press(send)
	n.Open(w.at("/procedure/{treatment}")).Press("form[action$='/release'] button").WaitText("已离")
}

// signers are the roles that the open guide waits for.
func (w *walk) signers() (roles []string) {
	w.Read(func(r *store.Read) error {
		papers, err := r.Documents(store.DocumentFilter{Client: w.Client, State: store.DocumentOpen})
		for _, p := range papers {
			roles = append(roles, p.Signers...)
		}
		return err
	})
	return roles
}

// Phone is a client's phone at an address of the guests' door.
func (w *walk) Phone(url string) *uitest.Chromium { return w.OpenGuest(url, [2]int64{390, 844}) }
