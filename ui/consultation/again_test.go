package consultation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

// TestSecondVisitOnSessionsLeft: plan, quote, contract, examination and consent of the first
// visit count for the session that was paid then, while they are fresh.
func TestSecondVisitOnSessionsLeft(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, l := c.ready(toxin)
	c.As("consultant").Post(planPath(p, "/cases"), "reason", "暂无已授权案例").Want(200)
	c.As("consultant").Post(planPath(p, "/order")).Want(200)
	var x store.Treatment
	again := func() {
		c.write(func(tx *store.Tx) error {
			v, err := tx.Visit(c.visit.ID)
			if err != nil {
				return err
			}
			orders, err := tx.OrdersOfVisit(v.ID)
			if err != nil {
				return err
			}
			lines, err := tx.OrderLines(orders[0].ID)
			if err != nil {
				return err
			}
			v.State, v.ClosedAt = term.VisitCompleted, tx.Now()
			if err := tx.SaveVisit(&v); err != nil {
				return err
			}
			c.visit = store.Visit{
				Client: c.client.ID, State: term.VisitOpen, Stage: term.StagePreOp, Station: term.AtPreOp,
				StationAt: tx.Now(), ArrivedAt: tx.Now(),
			}
			if err := tx.AddVisit(&c.visit); err != nil {
				return err
			}
			if err := c.App.Engines.SOP.Start(tx, c.visit.ID); err != nil {
				return err
			}
			x = store.Treatment{
				Visit: c.visit.ID, Client: c.client.ID, Line: lines[0].ID, Item: l.Item, PlanItem: l.ID, SessionNo: 2, Area: "眉间",
				State: term.TreatmentScheduled,
			}
			return tx.AddTreatment(&x)
		})
	}
	c.Clock.Forward(30 * 24 * time.Hour)
	again()
	rules := c.rules(x.ID)
	for _, rule := range []string{"REG-STF-09", "S2-02", "REG-ADV-17", "REG-FEE-01", "REG-CON-01", "REG-CON-03", "REG-CON-11"} {
		require.NotContains(t, rules, rule)
	}
	c.Clock.Forward(200 * 24 * time.Hour)
	rules = c.rules(x.ID)
	for _, rule := range []string{"REG-STF-09", "S2-02", "REG-CON-03"} {
		require.Contains(t, rules, rule, "half a year later everything is asked again")
	}
}

// TestOffLabelUse: the physician's reason first, then a consent of its own (REG-CON-07).
func TestOffLabelUse(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.examined()
	p, l := c.planned("INJ-BTX-TRAP")
	c.As("doctor").Post(planPath(p, "/approve")).Want(409, "REG-CON-07")
	c.As("doctor").Post(linePath(l, ""), "version", c.versionOf(l), "item", fmt.Sprint(l.Item), "area", "斜方肌", "dose", "A 型肉毒毒素 60 单位", "sessions", "1",
		"price", l.PriceFen.Plain(), "offlabel", "国内外专家共识支持，客户已了解其他方法").Want(200)
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	c.As("consultant").Post(planPath(p, "/papers")).Want(200, "超说明书用药告知同意书")
	c.signAll(p)
	c.read(func(r *store.Read) error {
		stamps, err := r.SOPStamps(c.visit.ID)
		done := map[string]bool{}
		for _, s := range stamps {
			done[s.Step] = done[s.Step] || s.State == store.StampDone
		}
		require.True(t, done["S3-02"])
		require.True(t, done["S3-03"])
		return err
	})
}

// TestANewExaminationAsksForANewApproval: what was approved rested on the old one.
func TestANewExaminationAsksForANewApproval(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, _ := c.ready(toxin)
	page := c.As("doctor").Get(c.page("/exam")).Want(200).Body
	require.Less(t, strings.Index(page, `name="_reason"`), strings.Index(page, `name="q.`), "the reason comes first")
	require.Equal(t, 1, strings.Count(page, "[10,40,0]"), "the client's on the questionnaire stands, the physician's is not carried over")
	require.Contains(t, page, `data-draft="F15:`)
	change := map[string]string{"diagnosis": "动态性皱纹加重"}
	c.fill("doctor", "exam", "F15", change).Want(422, "请写明理由", "请签名")
	change["_reason"] = "补充诊断"
	c.fill("doctor", "exam", "F15", change).Want(422, "请签名", `value="补充诊断"`)
	change["doctor_sign"] = strings.Replace(pen, "[10,40,0]", "[12,41,0]", 1)
	var now store.Answer
	c.read(func(r *store.Read) (err error) { now, err = r.VisitAnswer(c.visit.ID, "F15"); return err })
	c.As("doctor").Post(c.page("/exam"), "_step", "done", "_version", "", "_reason", "没看过", "q.diagnosis", "没看过就改").Want(409, "刚刚被别人改过")
	c.read(func(r *store.Read) error {
		row, err := r.VisitAnswer(c.visit.ID, "F15")
		require.Equal(t, now, row, "who has not read it does not write over it")
		return err
	})
	c.fill("doctor", "exam", "F15", change).Want(200)
	c.As("consultant").Post(planPath(p, "/order")).Want(409, "REG-CON-01")
}
