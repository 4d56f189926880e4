//go:build e2e

package consultation_test

import (
	"fmt"
	"testing"

	"meixu/ui/uitest"
)

// TestE2EAllPapersInOneHandOver signs one paper after the other with a finger: the next one
// opens by itself, thanks in the end, the PIN leads back to the plan.
func TestE2EAllPapersInOneHandOver(t *testing.T) {
	c := open(t)
	p := c.issued(toxin)
	tablet := c.Screen("consultant", [2]int64{1180, 820})
	tablet.Open(planPath(p, "")).Click(fmt.Sprintf(`form[action="/papers/%d/handover"] button`, p.ID)).WaitText("林清禾，您好").Axe().Shot("hand-greet")
	tablet.Click(".tablet-hello a.primary").WaitText("第 1 份，共 3 份").Axe().Shot("hand-first")
	for n, next := range []string{"第 2 份，共 3 份", "第 3 份，共 3 份", "全部签好了"} {
		tablet.Sign("#sign-client canvas").Click("#sign-client [data-submit]").WaitText(next).Axe().Shot(fmt.Sprintf("hand-next-%d", n+1))
	}
	tablet.Click(".tablet-hello a.primary").WaitText("PIN").Fill(`[name="pin"]`, uitest.PIN).
		Click(`form[action="/reclaim"] button[type="submit"], form[action="/reclaim"] .primary`).WaitText("从方案到开单").Shot("hand-back")
	doctor := c.Screen("doctor", [2]int64{1180, 820})
	doctor.Open(planPath(p, "")).Click(`a[href^="/doc/"].primary`).WaitText("知情同意书").Axe().Shot("hand-doctor")
}
