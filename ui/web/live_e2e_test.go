//go:build e2e

package web_test

import (
	"testing"

	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// TestE2EASecondTabMissesNothing: two tabs share one stream. A client who arrives while the page
// of the second is on its way, drawn but not listening yet, stands on it all the same; and when
// the first tab leaves, the second listens and misses nothing of the change.
func TestE2EASecondTabMissesNothing(t *testing.T) {
	d := day.New(t)
	first := d.Screen("manager", uitest.PC).Open("/board").WaitFor("[data-live]")
	first.WaitThat("navigator.locks.query().then((q) => { window.__leads = q.held.length === 1; }), window.__leads")
	second, run := first.Slow("/board")
	d.To(day.Arrived)
	first.WaitText("林清禾")
	run()
	second.WaitText("林清禾")
	first.Open("/profile")
	d.Beside("周晚秋", "13900000022").To(day.Arrived)
	second.WaitText("周晚秋")
}
