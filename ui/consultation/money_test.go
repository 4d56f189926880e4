package consultation_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
)

// TestMoneyFollowsTheFieldTable: on the plan, the picker and the list of plans prices stand
// for those who see money and for nobody else (rulings 32).
func TestMoneyFollowsTheFieldTable(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.issued(toxin)
	price := c.item(toxin).PriceFen.String()
	c.As("manager").Get(planPath(p, "")).Want(200, "合计")
	for _, login := range []string{"consultant", "doctor", "nurse", "quality", "manager"} {
		for _, path := range []string{planPath(p, ""), "/consultation/plans"} {
			body := c.As(login).Get(path).Want(200).Body
			if c.Actor(login).Sees(access.FieldMoney) {
				require.Contains(t, body, price, "%s sees prices on %s", login, path)
			} else {
				require.NotContains(t, body, "¥", "%s sees no price on %s", login, path)
			}
		}
	}
	quote := ""
	for _, d := range c.openPapers(p) {
		if d.Kind == "quote" {
			quote = fmt.Sprintf(`href="/doc/%d"`, d.ID)
		}
	}
	require.NotEmpty(t, quote)
	c.As("consultant").Get(planPath(p, "")).Want(200, quote)
	require.NotContains(t, c.As("nurse").Get(planPath(p, "")).Want(200).Body, quote, "no link that would be refused")
}

// TestAdviceStaysOnThePlan: what the physician advised stands beside the plan before and
// after approval, until the order, for those who see diagnoses.
func TestAdviceStaysOnThePlan(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.health(nil)
	c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
	c.fill("doctor", "exam", "F15", map[string]string{"advice": "眉间二十单位，两周后复看"}).Want(200)
	p, _ := c.planned(toxin)
	stands := func() {
		for login, sees := range map[string]bool{"doctor": true, "nurse": true, "quality": true, "consultant": false, "manager": false} {
			body := c.As(login).Get(planPath(p, "")).Want(200).Body
			require.Equal(t, sees, c.Actor(login).Sees(access.FieldDiagnosis), login)
			if sees {
				require.Contains(t, body, "两周后复看", login)
			} else {
				require.NotContains(t, body, "两周后复看", login)
			}
		}
	}
	stands()
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	stands()
	c.As("consultant").Post(planPath(p, "/papers")).Want(200)
	c.signAll(p)
	c.As("consultant").Post(planPath(p, "/cases"), "reason", "暂无已授权案例").Want(200)
	c.As("consultant").Post(planPath(p, "/order")).Want(200)
	stands()
}
