//go:build e2e

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// consultation: need card, record with a banned phrase marked while typing, the draft that
// comes back after a reload.
func (w *walk) consultation() {
	c := w.pc("consultant").Open("/consultation").WaitText("林清禾").Axe()
	c.Open(w.at("/consultation/{visit}")).Press("form[action$='/receive'] button").WaitText("需求卡").Axe()
	w.fill(c.Open(w.at("/consultation/{visit}/need")).Axe(), "F17").Press(send).WaitText("面部年轻化")
	record := w.at("/consultation/{visit}/record")
	c.Open(record).Type("[name='q.discussion']", "我们保证效果，零风险").WaitFor(".phrase-hits .phrase-block").Shot("3-phrase")
	c.Fill("[name='q.past_attempts']", "五年前打过一次").WaitText("草稿已保存")
	c.Open("/consultation").Open(record).WaitText("已恢复")
	w.fill(c, "F4").Gone(".phrase-hits").Press(send).WaitText("咨询面诊")
}

// picture writes a photo to be uploaded.
func (w *walk) picture() string {
	file := filepath.Join(w.t.TempDir(), "photo.jpg")
	require.NoError(w.t, os.WriteFile(file, day.Picture(), 0o600))
	return file
}

// examination: the nurse reviews and photographs, the doctor examines on the tablet.
func (w *walk) examination() {
	n := w.pad("nurse")
	w.fill(n.Open(w.at("/consultation/{visit}/review")).Axe(), "F2-NURSE").Press(send)
	n.Open(w.at("/media/new?visit={visit}")).Upload("[name=photo]", w.picture()).Answer("kind", "baseline")
	n.WaitFor("[data-upload-list] > *").Answer("photo_choice", "front").Shot("4-photo")
	n.Press(send).WaitFor(".photos img")
	w.fill(n.Open(w.at("/consultation/{visit}/skin")), "F3").Press(send)
	d := w.pad("doctor").Open(w.at("/consultation/{visit}")).WaitText("林清禾").Axe()
	w.fill(d.Open(w.at("/consultation/{visit}/exam")).Axe(), "F15").Press(send).WaitText("眉间动力性皱纹").Shot("4-exam")
}

// plan: searched and priced by the consultant, approved by the doctor on the other screen,
// three cases shown, the papers signed by finger.
func (w *walk) plan() {
	c := w.pc("consultant").Open(w.at("/consultation/{visit}")).Press("form[action$='/plan'] button").WaitText("治疗方案").Axe()
	w.Read(func(r *store.Read) error {
		p, err := r.PlanOf(w.Visit)
		w.Plan = p.ID
		return err
	})
	c.Type("#q", "眉间纹").WaitText(w.Item.Code).Press(w.at("a[href='/plan/{plan}?item={item}#add']"))
	c.Answer("area", "眉间", "dose", "注射用 A 型肉毒毒素 20 U", "sessions", "1").Press("#add [data-submit]").WaitText("眉间").Shot("5-plan")
	for _, id := range w.cases {
		c.Open(w.at("/consultation/{visit}")).Press(fmt.Sprintf("form[action$='/case/%d'] button", id)).WaitText("个体差异")
	}
	c.Axe().Open(w.at("/plan/{plan}")).WaitText("3 / 3")
	d := w.pad("doctor").Open(w.at("/plan/{plan}")).Axe()
	d.Press("form[action$='/approve'] button").WaitText("方案已批准")
	c.Open(w.at("/plan/{plan}")).Press("form[action$='/papers'] button").WaitText("知情同意书").Axe().Shot("5-papers")
	w.papers(c, d)
	c.Open(w.at("/plan/{plan}")).PressTwice("form[action$='/order'] button").WaitText("已开单").Shot("5-order")
	w.Read(func(r *store.Read) error {
		orders, err := r.OrdersOfVisit(w.Visit)
		require.Len(w.t, orders, 1, "a double click places one order")
		w.Order = orders[0].ID
		return err
	})
}

// papers signs every open paper: the client on a tablet locked to the paper, the doctor on
// the doctor's own.
func (w *walk) papers(consultant, doctor *uitest.Chromium) {
	var open []store.Document
	w.Read(func(r *store.Read) (err error) {
		open, err = r.Documents(store.DocumentFilter{Plan: w.Plan, State: store.DocumentOpen})
		return err
	})
	require.NotEmpty(w.t, open)
	for i, p := range open {
		path := fmt.Sprintf("/doc/%d", p.ID)
		for _, role := range p.Signers {
			c := consultant
			if role == string(access.Physician) {
				c = doctor
			}
			pad := "#sign-" + role
			c.Open(path).WaitText(p.SHA256[:8])
			if i == 0 {
				c.Axe()
			}
			c.Sign(pad + " canvas").Press(pad + " [data-submit]")
		}
	}
	consultant.Open(fmt.Sprintf("/doc/%d/print", open[0].ID)).WaitText(open[0].Number)
}
