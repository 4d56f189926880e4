//go:build e2e

package consultation_test

import (
	"fmt"
	"testing"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/ui/uitest"
)

// TestScreens opens the main pages in a real browser: no script breaks, no policy is
// violated, and axe finds nothing serious.
func TestE2EScreens(t *testing.T) {
	c := open(t)
	c.write(func(tx *store.Tx) error {
		for range 3 {
			if _, err := storetest.Case(tx, c.client.ID, "botulinum"); err != nil {
				return err
			}
		}
		return nil
	})
	c.fill("consultant", "need", "F17", nil).Want(200)
	c.health(map[string]string{"bleeding": "yes", "al_lidocaine": "yes", "bdd_hour": "yes", "bdd_social": "yes"})
	c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
	desk := c.Screen("consultant", uitest.PC)
	desk.Open("/consultation").WaitText("林清禾").Axe().Shot("consultation-list")
	desk.Open(c.page("/record")).Fill(`[name="q.discussion"]`, "零风险").WaitFor(".phrase-hits .phrase-block").Axe().Shot("consultation-record")
	doctor := c.Screen("doctor", [2]int64{1180, 820})
	doctor.Open(c.page("/exam")).WaitText("必须先看").Axe().Touch().Shot("consultation-exam")
	c.fill("doctor", "exam", "F15", nil).Want(200)
	p, l := c.planned(toxin)
	doctor.Open(planPath(p, "")).WaitText("相对").Axe().Touch().Shot("consultation-plan-doctor")
	c.As("doctor").Post(linePath(l, "/rule"), "code", "anticoagulation", "reason", "小针点按压，已与原开药医师确认").Want(200)
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	c.As("consultant").Post(planPath(p, "/papers")).Want(200)
	desk.Open(planPath(p, "")).WaitText("知情同意书").Axe().Shot("consultation-plan")
	desk.Open(c.page("")).WaitText("对比案例").Axe().Shot("consultation-visit")
	doctor.Open(c.page("")).WaitText("打开全文与修订").Touch()
	desk.Click(fmt.Sprintf(`form[action="%s/case/1"] button`, c.page(""))).WaitText("个体差异").Axe().Shot("consultation-case")
	var doc store.Document
	c.read(func(r *store.Read) error {
		docs, err := r.Documents(store.DocumentFilter{Plan: p.ID, Kind: "consent"})
		doc = docs[0]
		return err
	})
	tablet := c.Screen("consultant", [2]int64{1180, 820})
	tablet.Open(fmt.Sprintf("/doc/%d", doc.ID)).WaitText("SHA-256").Axe().Shot("document-desk")
	tablet.Click(`form[action$="/handover"] button`).WaitText("交还工作人员").Axe().Touch().Shot("document-handover")
	tablet.Sign("#sign-client canvas").Click("#sign-client [data-submit]").WaitText("签名已保存").Shot("document-signed")
}
