package consultation_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// TestNoConsentWithoutProductAndDose: an injection whose line names neither is not approved
// and gets no papers; the sentence says what is missing and leads to the line. Once it is
// named, the consent prints it.
func TestNoConsentWithoutProductAndDose(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.examined()
	p, l := c.planned(toxin, "dose", "20 U")
	here := fmt.Sprintf("/plan/%d#line-%d", p.ID, l.ID)
	c.As("consultant").Get(planPath(p, "")).Want(http.StatusOK, "还没有写明产品与剂量", fmt.Sprintf(`id="line-%d"`, l.ID))
	c.As("doctor").Post(planPath(p, "/approve")).Want(http.StatusConflict, "REG-CON-03", "还没有写明产品与剂量", here)
	c.write(func(tx *store.Tx) error { // a plan approved before the rule
		old, err := tx.Plan(p.ID)
		require.NoError(t, err)
		old.State, old.Physician, old.ApprovedAt = "approved", c.StaffID("doctor"), tx.Now()
		return tx.SavePlan(&old)
	})
	c.As("consultant").Post(planPath(p, "/papers")).Want(http.StatusConflict, "REG-CON-03", "还没有写明产品与剂量", here)
	c.As("consultant").Post(linePath(l, ""), "version", c.versionOf(l), "item", fmt.Sprint(l.Item), "area", l.Area, "dose", dose,
		"sessions", "1", "price", l.PriceFen.Plain()).Want(http.StatusOK).Not("还没有写明产品与剂量")
	c.As("doctor").Post(planPath(p, "/approve")).Want(http.StatusOK)
	c.As("consultant").Post(planPath(p, "/papers")).Want(http.StatusOK)
	c.As("consultant").Get(c.consentPath(p)).Want(http.StatusOK, "产品与剂量", dose)
}

// TestNoEmptyLineOfProduct: an item that puts nothing into the body asks for no product, and
// its consent has no line of one.
func TestNoEmptyLineOfProduct(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.examined()
	p, _ := c.planned("LSR-IPL", "dose", "")
	c.As("doctor").Post(planPath(p, "/approve")).Want(http.StatusOK)
	c.As("consultant").Post(planPath(p, "/papers")).Want(http.StatusOK)
	c.As("consultant").Get(c.consentPath(p)).Want(http.StatusOK, "本次目的").Not(">产品", "<td>—</td>")
}

// TestFreeTextFillsNoDose: what the physician advised in free text is shown beside the plan
// and copied into no dose; the purpose of the first item is offered to it alone.
func TestFreeTextFillsNoDose(t *testing.T) {
	t.Parallel()
	d := day.New(t).With("F15", "advice", "眉间纹：注射用 A 型肉毒毒素 20 U", "indication", "中重度眉间动态纹").To(day.Examined)
	d.As("consultant").Post(d.Fill("/consultation/{visit}/plan")).Want(http.StatusOK)
	d.Read(func(r *store.Read) error {
		p, err := r.PlanOf(d.Visit)
		d.Plan = p.ID
		return err
	})
	d.As("consultant").Get(d.Fill("/plan/{plan}?item={item}")).
		Want(http.StatusOK, `name="dose" value=""`, "注射项目须写明产品与剂量", `name="purpose" value="中重度眉间动态纹"`)
	d.Post("consultant", "/plan/{plan}/line", d.PlanLine("purpose", "中重度眉间动态纹")...)
	var light store.Item
	d.Read(func(r *store.Read) (err error) {
		light, err = r.ItemByCode("LSR-IPL")
		return err
	})
	d.As("consultant").Get(d.Fill(fmt.Sprintf("/plan/{plan}?item=%d", light.ID))).Want(http.StatusOK, `name="purpose" value=""`)
}

// TestEachConsentPrintsItsOwnPurpose: of two items the second is not approved without its own
// purpose, and its consent prints that and not the first one's.
func TestEachConsentPrintsItsOwnPurpose(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.examined()
	p, first := c.planned(toxin, "purpose", "改善眉间动态纹")
	light := c.item("LSR-IPL")
	line := []string{"item", fmt.Sprint(light.ID), "area", "全面部", "sessions", "1", "price", light.PriceFen.Plain()}
	c.As("consultant").Post(planPath(p, "/line"), line...).Want(http.StatusOK, "还没有写明本次目的")
	c.As("doctor").Post(planPath(p, "/approve")).Want(http.StatusConflict, "REG-CON-03", "还没有写明本次目的")
	var second store.PlanItem
	c.read(func(r *store.Read) error {
		lines, err := r.PlanItems(p.ID)
		require.Len(t, lines, 2)
		second = lines[1]
		return err
	})
	c.As("consultant").Post(linePath(second, ""), append(line, "version", c.versionOf(second), "purpose", "淡化双颊日光斑")...).
		Want(http.StatusOK).Not("还没有写明本次目的")
	c.As("doctor").Post(planPath(p, "/approve")).Want(http.StatusOK)
	c.As("consultant").Post(planPath(p, "/papers")).Want(http.StatusOK)
	c.read(func(r *store.Read) error {
		list, err := r.Documents(store.DocumentFilter{Client: p.Client, Plan: p.ID, Kind: "consent", NotVoid: true, Limit: 5})
		require.Len(t, list, 2)
		for _, doc := range list {
			own, other := "改善眉间动态纹", "淡化双颊日光斑"
			if doc.PlanItem != first.ID {
				own, other = other, own
			}
			require.Contains(t, doc.Body, own)
			require.NotContains(t, doc.Body, other)
		}
		return err
	})
}

// consentPath is the page of the plan's consent.
func (c *clinic) consentPath(p store.Plan) (path string) {
	c.T.Helper()
	c.read(func(r *store.Read) error {
		list, err := r.Documents(store.DocumentFilter{Client: p.Client, Plan: p.ID, Kind: "consent", NotVoid: true, Limit: 1})
		require.Len(c.T, list, 1)
		path = fmt.Sprintf("/doc/%d", list[0].ID)
		return err
	})
	return path
}
