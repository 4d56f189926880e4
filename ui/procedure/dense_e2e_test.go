//go:build e2e

package procedure_test

import (
	"testing"

	"meixu/ui/uitest"
)

// Every open row of the gate and the big button are in view on the tablet; what is met is one line.
func TestE2EOpenRowsInOneView(t *testing.T) {
	h := open(t, toxin)
	tablet := h.Screen("nurse", uitest.Tablet)
	tablet.Open(h.path("")).WaitText("还没有核对身份").WaitThat(`(() => {
		const bar = document.querySelector(".treatment-bar"), rows = [...document.querySelectorAll("[data-before] .gate-row:is(.open, .soft)")];
		const big = document.querySelector(".treatment-bar .button.primary").getBoundingClientRect();
		return rows.length > 4 && big.bottom < innerHeight && rows.every((r) => r.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top);
	})()`).Axe().Shot("procedure-gate-dense")
	h.ready()
	tablet.Open(h.path("")).WaitThat(`!document.querySelector(".gate-met").open && !document.querySelector(".gate-met .gate-row.ok").checkVisibility()`).
		Click(".gate-met summary").WaitThat(`document.querySelector(".gate-met .gate-row.ok").checkVisibility()`)
}

// "No" to the rest fills what is open and leaves what was said; nothing about food is assumed.
func TestE2ERestIsNo(t *testing.T) {
	h := open(t, toxin)
	tablet := h.Screen("nurse", uitest.Tablet)
	tablet.Open(h.path("/form/today")).Click(`[name="q.sun"][value="yes"]`).Click("[data-rest-no]").WaitThat(`(() => {
		const said = (name) => document.querySelector('[name="q.' + name + '"]:checked')?.value;
		return said("sun") === "yes" && said("fever") === "no" && said("drugs") === "no" && said("ate") === undefined && said("still") === undefined;
	})()`).Shot("procedure-today-rest")
}

// A new point takes over how the last one was done, not its dose or what was seen there; its
// side follows from its place; places are data, not fields; a line per point; arrows move it.
func TestE2EPointsFollowTheLast(t *testing.T) {
	h := open(t, toxin)
	h.ready()
	h.post("nurse", "/start")
	doctor := h.Screen("doctor", uitest.Tablet)
	tap := func(x, y string) string {
		return `(() => { const svg = document.querySelector("[data-form-points]"); svg.scrollIntoView(); svg.setPointerCapture = () => {};
			const r = svg.getBoundingClientRect(), at = { clientX: r.left + r.width * ` + x + `, clientY: r.top + r.height * ` + y + `, bubbles: true, pointerId: 1 };
			svg.dispatchEvent(new PointerEvent("pointerdown", at)); svg.dispatchEvent(new PointerEvent("pointerup", at)); return true; })()`
	}
	of := func(row, column string) string {
		return `document.querySelector('[data-rows="q.points"] tbody tr:nth-child(` + row + `) [data-col="` + column + `"]')`
	}
	doctor.Open(h.path("/form/record")).WaitThat(tap("0.42", "0.37")).
		WaitThat(of("1", "side") + `.value === "right" && ` + of("1", "x") + `.value === "0.42" && ` + of("1", "x") + `.getBoundingClientRect().height === 0`).
		WaitThat(`["muscle", "layer", "units", "needle", "aspiration", "depth_mm"].every((c, i) => document.querySelector('[data-rows="q.points"] tbody tr [data-col="' + c + '"]').value = ["皱眉肌", "intramuscular", "4", "sharp32", "negative", "3"][i])`).
		WaitThat(tap("0.6", "0.37")).
		WaitThat(of("2", "side") + `.value === "left" && ` + of("2", "muscle") + `.value === "皱眉肌" && ` + of("2", "needle") + `.value === "sharp32" && ` + of("2", "depth_mm") + `.value === "3"`).
		WaitThat(of("2", "units") + `.value === "" && ` + of("2", "aspiration") + `.value === ""`).
		WaitThat(`document.querySelector('[data-rows="q.points"] tbody tr:nth-child(2)').getBoundingClientRect().height < 64`).
		WaitThat(`(() => { const n = document.querySelector('[data-rows="q.points"] tbody tr:nth-child(2) [data-n]');
			for (let i = 0; i < 10; i++) n.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true, cancelable: true })); return true; })()`).
		WaitThat(of("2", "x") + `.value === "0.5" && ` + of("2", "side") + `.value === "mid"`).Axe().Shot("procedure-points")
}
