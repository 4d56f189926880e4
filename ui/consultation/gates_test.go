package consultation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/form"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// planPath is the page of a plan or below it.
func planPath(p store.Plan, below string) string { return fmt.Sprintf("/plan/%d%s", p.ID, below) }

func linePath(l store.PlanItem, below string) string {
	return fmt.Sprintf("/plan/%d/line/%d%s", l.Plan, l.ID, below)
}

// ready brings a plan of the item to the point where only the order is missing.
func (c *clinic) ready(code string) (store.Plan, store.PlanItem) {
	c.T.Helper()
	c.examined()
	p, l := c.planned(code)
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	c.As("consultant").Post(planPath(p, "/papers")).Want(200)
	c.signAll(p)
	return p, l
}

// orders counts the orders of the visit.
func (c *clinic) orders() (n int) {
	c.T.Helper()
	c.read(func(r *store.Read) error {
		list, err := r.OrdersOfVisit(c.visit.ID)
		n = len(list)
		return err
	})
	return n
}

const toxin = "INJ-BTX-GL"

// TestGates posts straight to the routes what must be refused; each refusal names its rule.
func TestGates(t *testing.T) {
	t.Parallel()
	for _, g := range []struct {
		name string
		rule string
		post func(t *testing.T, c *clinic) *uitest.Answer
	}{
		{"no examination, no approval", "REG-STF-09", func(_ *testing.T, c *clinic) *uitest.Answer {
			c.health(nil)
			p, _ := c.planned(toxin)
			return c.As("doctor").Post(planPath(p, "/approve"))
		}},
		{"no examination, no order", "REG-STF-09", func(_ *testing.T, c *clinic) *uitest.Answer {
			p, _ := c.planned(toxin)
			return c.As("consultant").Post(planPath(p, "/order"))
		}},
		{"examination says wait, no approval", "REG-STF-09", func(_ *testing.T, c *clinic) *uitest.Answer {
			c.health(nil)
			c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
			c.fill("doctor", "exam", "F15", map[string]string{"verdict": "defer", "verdict.detail": "x", "defer_until": "2026-04-01"})
			p, _ := c.planned(toxin)
			return c.As("doctor").Post(planPath(p, "/approve"))
		}},
		{"pregnant: hard, no approval", "S2-02", func(_ *testing.T, c *clinic) *uitest.Answer {
			c.health(map[string]string{"pregnant": "yes"})
			c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
			c.fill("doctor", "exam", "F15", nil).Want(200)
			p, _ := c.planned(toxin)
			return c.As("doctor").Post(planPath(p, "/approve"))
		}},
		{"pregnant: no second person overrules it", "S2-02", func(_ *testing.T, c *clinic) *uitest.Answer {
			c.health(map[string]string{"pregnant": "yes"})
			_, l := c.planned(toxin)
			return c.As("doctor").Post(linePath(l, "/rule"), "code", "pregnancy", "reason", "客户坚持",
				"second", fmt.Sprint(c.StaffID("quality")), "pin", uitest.PIN)
		}},
		{"hard contraindication found after approval, no order", "S2-02", func(_ *testing.T, c *clinic) *uitest.Answer {
			p, _ := c.ready(toxin)
			c.write(func(tx *store.Tx) error {
				cl, err := tx.Client(c.client.ID)
				if err != nil {
					return err
				}
				cl.Alerts = []string{"妊娠"}
				return tx.SaveClient(&cl)
			})
			return c.As("consultant").Post(planPath(p, "/order"))
		}},
		{"soft contraindication without the physician's reason", "S2-05", func(_ *testing.T, c *clinic) *uitest.Answer {
			c.health(map[string]string{"bleeding": "yes"})
			c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
			c.fill("doctor", "exam", "F15", nil).Want(200)
			p, _ := c.planned(toxin)
			return c.As("doctor").Post(planPath(p, "/approve"))
		}},
		{"level above the clinic's", "REG-LVL-03", func(_ *testing.T, c *clinic) *uitest.Answer {
			p, l := c.planned(toxin)
			var two store.Item
			c.read(func(r *store.Read) error {
				all, err := r.Items(false)
				for _, i := range all {
					if i.Level == "2" {
						two = i
					}
				}
				return err
			})
			_ = l
			return c.As("doctor").Post(planPath(p, "/line"), "item", fmt.Sprint(two.ID), "area", "面部", "sessions", "1", "price", two.PriceFen.Plain())
		}},
		{"price far from the list without a manager", "S2-12", func(_ *testing.T, c *clinic) *uitest.Answer {
			c.examined()
			i := c.item(toxin)
			p, _ := c.planned(toxin, "price", "", "reason", "老客户")
			var l store.PlanItem
			c.read(func(r *store.Read) error {
				lines, err := r.PlanItems(p.ID)
				l = lines[0]
				return err
			})
			c.As("consultant").Post(linePath(l, ""), "version", c.versionOf(l), "item", fmt.Sprint(i.ID), "area", "眉间", "sessions", "1",
				"dose", dose, "price", (i.PriceFen / 2).Plain(), "reason", "老客户").Want(200)
			return c.As("doctor").Post(planPath(p, "/approve"))
		}},
		{"no papers before approval", "S3-01", func(_ *testing.T, c *clinic) *uitest.Answer {
			c.examined()
			p, _ := c.planned(toxin)
			return c.As("consultant").Post(planPath(p, "/papers"))
		}},
		{"no quote, no order", "REG-FEE-01", func(_ *testing.T, c *clinic) *uitest.Answer {
			c.examined()
			p, _ := c.planned(toxin)
			c.As("doctor").Post(planPath(p, "/approve")).Want(200)
			return c.As("consultant").Post(planPath(p, "/order"))
		}},
		{"no signed contract, no order", "REG-CON-11", func(_ *testing.T, c *clinic) *uitest.Answer {
			c.examined()
			p, _ := c.planned(toxin)
			c.As("doctor").Post(planPath(p, "/approve")).Want(200)
			c.As("consultant").Post(planPath(p, "/papers")).Want(200)
			return c.As("consultant").Post(planPath(p, "/order"))
		}},
		{"a plan changed after signing, no order", "REG-CON-11", func(_ *testing.T, c *clinic) *uitest.Answer {
			p, l := c.ready(toxin)
			c.As("consultant").Post(linePath(l, ""), "item", fmt.Sprint(l.Item), "area", "前额", "sessions", "1", "price", l.PriceFen.Plain(), "version", c.versionOf(l)).Want(200)
			return c.As("consultant").Post(planPath(p, "/order"))
		}},
		{"photos without consent", "REG-PII-01", func(_ *testing.T, c *clinic) *uitest.Answer {
			return c.upload("nurse", "/media/new")
		}},
		{"a case that is not authorised", "REG-ADV-17", func(_ *testing.T, c *clinic) *uitest.Answer {
			var k store.Case
			c.write(func(tx *store.Tx) error {
				k = store.Case{ItemKind: "botulinum", Title: "眉间纹", State: "withdrawn"}
				return tx.AddCase(&k)
			})
			return c.As("consultant").Post(c.page(fmt.Sprintf("/case/%d", k.ID)))
		}},
	} {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			c := open(t)
			g.post(t, c).Want(409, g.rule)
			require.Zero(t, c.orders())
		})
	}
}

func TestMinorNeedsAGuardian(t *testing.T) {
	t.Parallel()
	c := open(t, func(cl *store.Client) { cl.Birth = "2010-05-06" })
	c.examined()
	p, _ := c.planned(toxin)
	c.As("doctor").Post(planPath(p, "/approve")).Want(409, "REG-CON-04")
	c.write(func(tx *store.Tx) error {
		cl, err := tx.Client(c.client.ID)
		if err != nil {
			return err
		}
		cl.Guardian = store.Contact{Name: "林建国", Relation: "父亲", Phone: "13900139000"}
		return tx.SaveClient(&cl)
	})
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	c.As("consultant").Post(planPath(p, "/papers")).Want(200, "监护人")
	_, quote, _ := byKind(c.openPapers(p))
	path := fmt.Sprintf("/doc/%d", quote.ID)
	c.As("consultant").Get(path).Want(200, "这份文件由监护人签名", `value="林建国"`, `value="父亲"`).Not(`value="own"`, `value="agent"`)
	c.As("consultant").Post(path+"/sign", "role", "client", "name", "林清禾", "strokes", pen, "_seen", quote.SHA256).Want(422, "须由监护人签名")
	c.signAll(p)
	c.As("consultant").Get(path).Want(200, "监护人 林建国（与客户关系：父亲）", "代签依据：未满 18 周岁")
	c.As("consultant").Post(planPath(p, "/cases"), "reason", "暂无已授权案例").Want(200)
	c.As("consultant").Post(planPath(p, "/order")).Want(200)
}

func TestOtherRolesAreRefused(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, l := c.planned(toxin)
	for _, x := range []struct{ login, path string }{
		{"consultant", c.page("/exam")},
		{"nurse", c.page("/exam")},
		{"nurse", c.page("/record")},
		{"consultant", c.page("/review")},
		{"cashier", c.page("/receive")},
		{"consultant", planPath(p, "/approve")},
		{"consultant", linePath(l, "/rule")},
		{"nurse", planPath(p, "/order")},
		{"cashier", planPath(p, "/line")},
		{"front", planPath(p, "/papers")},
		{"stock", "/media/new"},
	} {
		c.As(x.login).Post(x.path, "_step", "done").Want(403)
	}
	c.As("cashier").Get("/media/1").Want(403)
	c.As("front").Get(c.page("")).Want(403)
}

func TestRefusedLineComesBackAsTyped(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, _ := c.planned(toxin)
	i := c.item(toxin)
	a := c.As("consultant").Post(planPath(p, "/line"), "item", fmt.Sprint(i.ID), "area", "", "sessions", "99", "price", "1.00", "dose", "二十单位")
	a.Want(422, "二十单位", `value="99"`, `value="1.00"`, "请写明部位", "次数在 1 到 50 之间", "价格区间")
}

// TestLinesHaveTheirOwnFields: two forms of lines on one page share no element id, the area
// stands in the name of the item, and a stopped line can be taken out where it says so.
func TestLinesHaveTheirOwnFields(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.health(map[string]string{"pregnant": "yes"})
	p, l := c.planned(toxin)
	page := c.As("consultant").Get(fmt.Sprintf("%s?item=%d", planPath(p, ""), c.item(toxin).ID))
	page.Want(200, fmt.Sprintf(`id="f-%d-area"`, l.ID), `id="f-area"`, `value="眉间纹"`)
	require.Equal(t, 1, strings.Count(page.Body, `id="f-area"`))
	stop := page.Body[strings.Index(page.Body, "此项停止"):]
	require.Less(t, strings.Index(stop, linePath(l, "/remove")), strings.Index(stop, "<details"), "the button stands beside the words")
}

func TestBannedWording(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.As("consultant").With("HX-Request", "true").Post("/phrase", "text", "我们保证永久有效，零风险").Want(200, "phrase-block")
	c.fill("consultant", "record", "F4", map[string]string{"discussion": "已说明零风险"}).Want(422, "已说明零风险", "不可使用")
	c.read(func(r *store.Read) error {
		_, err := r.VisitAnswer(c.visit.ID, "F4")
		require.ErrorIs(t, err, store.ErrNotFound)
		return nil
	})
	for _, promise := range []string{"我们保证效果", "打一次永久有效"} {
		c.fill("consultant", "record", "F4", map[string]string{"discussion": promise}).Want(422, promise, "不可使用")
	}
	c.fill("consultant", "record", "F4", map[string]string{"client_goal": "想要零风险", "discussion": "客户问独家技术"}).Want(422, "须写明保留理由")
	c.fill("consultant", "record", "F4", map[string]string{
		"client_goal": "想要零风险", "discussion": "客户问独家技术", "_reason": "转述客户原话",
	}).Want(200, "转述客户原话").At(c.page(""))
}

func TestHardOnlyHereIsOverruledByTwo(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.health(map[string]string{"keloid": "yes"})
	c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
	c.fill("doctor", "exam", "F15", nil).Want(200)
	var needle store.Item
	c.read(func(r *store.Read) error {
		all, err := r.Items(true)
		for _, i := range all {
			if i.Kind == "microneedle" {
				needle = i
			}
		}
		return err
	})
	p, l := c.planned(needle.Code)
	c.As("doctor").Post(planPath(p, "/approve")).Want(409, "S2-02")
	c.As("doctor").Post(linePath(l, "/rule"), "code", "keloid", "reason", "既往切口愈合良好").Want(422)
	c.As("doctor").Post(linePath(l, "/rule"), "code", "keloid", "reason", "既往切口愈合良好",
		"second", fmt.Sprint(c.StaffID("quality")), "pin", uitest.PIN).Want(200)
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
}

func TestUnhappyEnds(t *testing.T) {
	t.Parallel()
	t.Run("the doctor refuses", func(t *testing.T) {
		t.Parallel()
		c := open(t)
		c.health(nil)
		c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
		c.refuse()
		require.Equal(t, term.VisitDoctorRefused, c.state())
		c.fill("consultant", "record", "F4", nil).Want(409)
	})
	t.Run("the client refuses the consent", func(t *testing.T) {
		t.Parallel()
		c := open(t)
		p, l := c.ready(toxin)
		c.As("doctor").Post(linePath(l, "/refused"), "reason", "担心风险", "then", "end").Want(200)
		require.Equal(t, term.VisitConsentRefused, c.state())
		c.As("consultant").Post(planPath(p, "/order")).Want(409)
		c.read(func(r *store.Read) error {
			docs, err := r.Documents(store.DocumentFilter{Plan: p.ID, NotVoid: true})
			require.Empty(t, docs)
			return err
		})
	})
	t.Run("the client does not take the plan", func(t *testing.T) {
		t.Parallel()
		c := open(t)
		p, _ := c.planned(toxin)
		c.As("consultant").Post(planPath(p, "/decline"), "outcome", "", "reason", "").Want(422, "请选择结果", "请写明原因")
		c.As("consultant").Post(planPath(p, "/decline"), "outcome", "pending", "reason", "与家人商量").Want(200, "再考虑：与家人商量")
		require.Equal(t, term.VisitLeft, c.state())
	})
}

func (c *clinic) state() (s term.VisitState) {
	c.read(func(r *store.Read) error {
		v, err := r.Visit(c.visit.ID)
		s = v.State
		return err
	})
	return s
}

// refuse signs an examination that says no.
func (c *clinic) refuse() {
	c.T.Helper()
	var t form.Template
	c.read(func(r *store.Read) (err error) { t, err = form.Latest(r, "F15"); return err })
	pairs := []string{"_step", "done", "q.verdict.detail", "期望不现实"}
	for link, ans := range harmless(t) {
		v := ans.Values[0]
		if link == "verdict" {
			v = "refuse"
		}
		pairs = append(pairs, form.Name(link), v)
	}
	c.As("doctor").Post(c.page("/exam"), pairs...).Want(200, "医师劝退")
}

// TestSaidOnceIsEnough: the wish on the need card begins the record and the examination.
func TestSaidOnceIsEnough(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.health(nil)
	c.fill("consultant", "need", "F17", map[string]string{"goal": "想淡化眉间纹，怕疼", "budget": "mid", "past": "做过水光，效果短"}).Want(200)
	c.As("consultant").Get(c.page("/record")).Want(200, "想淡化眉间纹，怕疼")
	for _, login := range []string{"front", "consultant", "doctor"} {
		c.As(login).Get(c.file()).Want(200, "请直接往下问", "怕疼", "做过水光，效果短", "2000–10000 元")
	}
	for _, login := range []string{"nurse", "aftercare"} { // what she wants to spend is not for them
		c.As(login).Get(c.file()).Want(200, "请直接往下问", "做过水光，效果短").Not("2000–10000 元")
	}
	c.As("cashier").Get(c.file()).Want(200).Not("请直接往下问", "怕疼")
	c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
	c.As("doctor").Get(c.page("/exam")).Want(200, "想淡化眉间纹，怕疼")
}
