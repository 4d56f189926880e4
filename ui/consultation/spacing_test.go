package consultation_test

import (
	"fmt"
	"testing"
	"time"

	"meixu/store"
	"meixu/store/term"
)

// had notes a treatment that the client had some time ago.
func (c *clinic) had(code, area string, ago time.Duration) (id term.TreatmentID) {
	c.T.Helper()
	item := c.item(code)
	c.write(func(tx *store.Tx) error {
		o := store.Order{Client: c.client.ID, Visit: c.visit.ID, TotalFen: 130000, State: term.OrderPaid}
		if err := tx.AddOrder(&o); err != nil {
			return err
		}
		l := store.OrderLine{Order: o.ID, Item: item.ID, Sessions: 1, PriceFen: 130000, TotalFen: 130000}
		if err := tx.AddOrderLine(&l); err != nil {
			return err
		}
		then := tx.Now().Add(-ago)
		t := store.Treatment{
			Visit: c.visit.ID, Client: c.client.ID, Line: l.ID, Item: item.ID, SessionNo: 1, Area: area, State: term.TreatmentReleased,
			StartedAt: then, FinishedAt: then, ReleasedAt: then,
		}
		err := tx.AddTreatment(&t)
		id = t.ID
		return err
	})
	return id
}

// TestAPlanTooSoonAfterAnotherTreatmentWantsAReason: filler three days ago stands against light
// on the same face; the picker shows it, and the physician approves with a written reason.
func TestAPlanTooSoonAfterAnotherTreatmentWantsAReason(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.examined()
	chin := c.had("INJ-HA-CHIN", "颏部", 3*24*time.Hour)
	c.had("LSR-HR-LEG", "双小腿", 3*24*time.Hour)
	p, l := c.planned("LSR-IPL", "area", "全面部")
	c.As("doctor").Get(planPath(p, "")).Want(200, "透明质酸填充·颏部", "同一部位的光电治疗应间隔 14 天").Not("激光脱毛·双小腿”，同一部位")
	c.As("consultant").Get(planPath(p, "/choices?q=果酸")).Want(200, "果酸焕肤").Not("应间隔")
	c.As("consultant").Get(planPath(p, "/choices?q=强脉冲光嫩肤")).Want(200, "应间隔 14 天")
	c.As("doctor").Post(planPath(p, "/approve")).Want(409, "S2-05", "应间隔 14 天")
	c.As("doctor").Post(linePath(l, "/rule"), "code", fmt.Sprintf("spacing-%d", chin), "reason", "避开颏部，两周后开始").Want(200)
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
}
