//go:build e2e

package e2e_test

import (
	"testing"

	"meixu/ui/uitest/day"
)

// TestE2EThePadOutlivesAMovingPage: a page that changes its width in the middle of a stroke (a
// turned tablet, a notice that comes in) must not leave the pad deaf.
func TestE2EThePadOutlivesAMovingPage(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Paid)
	c := d.Screen("nurse", tablet).Open(d.Fill("/procedure/{treatment}/form/today")).WaitFor(".sign canvas")
	c.Sign(".sign canvas").Click("[data-sign-clear]")
	c.Mark(`const e = document.querySelector(".sign canvas"), r = e.getBoundingClientRect(), at = {pointerId: 7, button: 0, buttons: 1,
		pointerType: "touch", clientX: r.x + 40, clientY: r.y + 40, bubbles: true, cancelable: true};
		e.dispatchEvent(new PointerEvent("pointerdown", at)); e.closest(".sign").style.width = "300px"; window.__wide = e.offsetWidth;
		requestAnimationFrame(() => requestAnimationFrame(() => {
			window.dispatchEvent(new PointerEvent("pointerup", {...at, buttons: 0})); document.body.append("pen up"); }))`)
	c.WaitText("pen up").Sign(".sign canvas")
}
