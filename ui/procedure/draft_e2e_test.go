//go:build e2e

package procedure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// typePoints puts three points on the map of the record at the path and a row under the
// products, waits until they are kept, and finds them again after a reload.
func typePoints(t *testing.T, c *uitest.Chromium, path string) {
	t.Helper()
	const there = `document.querySelectorAll("[data-rows$=points] tbody tr").length === 3 &&
		document.querySelectorAll("[data-rows$=points] [data-points-layer] .point").length === 3 &&
		document.querySelectorAll("[data-rows$=products] tbody tr").length === 2`
	c.Open(path).WaitFor("[data-rows$=points] [data-row-add]")
	c.Mark(`document.querySelectorAll("[data-rows] [data-row-remove]").forEach(b => b.click())`)
	c.Tap("[data-form-points]").Tap("[data-rows$=points] [data-row-add]").Tap("[data-rows$=points] [data-row-add]")
	c.Tap("[data-rows$=products] [data-row-add]").Tap("[data-rows$=products] [data-row-add]").WaitThat(there)
	c.Fill("[data-rows$=points] tbody tr:nth-child(3) [data-col=units]", "4").Fill("[data-rows$=products] tbody tr:nth-child(2) [data-col=lot]", "L-9")
	c.WaitText("草稿已保存").Open(path).WaitFor("[data-rows$=points] [data-row-add]").WaitThat(there)
	require.Equal(t, "4", c.Value("[data-rows$=points] tbody tr:nth-child(3) [data-col=units]"), path)
	require.Equal(t, "L-9", c.Value("[data-rows$=products] tbody tr:nth-child(2) [data-col=lot]"), path)
	require.NotEmpty(t, c.Value("[data-rows$=points] tbody tr:nth-child(1) [data-col=x]"), path)
}

// escape presses Esc on the record: untouched, the page is left; with something filled in it
// asks, stays at a second Esc, and leaves with the draft kept when told to.
func escape(t *testing.T, h *house, c *uitest.Chromium) {
	t.Helper()
	record := h.path("/form/record")
	c.Open(record).WaitFor("[data-rows$=points] [data-row-add]").Key('\x1b').
		WaitThat(`location.pathname === "` + h.path("") + `"`)
	c.Open(record).WaitFor("[data-form-points]").Tap("[data-form-points]").Key('\x1b').WaitText("离开（草稿已保存）").Axe().Shot("leave")
	c.Key('\x1b').Gone("dialog[open]")
	require.Equal(t, record, c.Path())
	c.Key('\x1b').WaitFor("#leave[open]").Click("#leave button[value=leave]").WaitThat(`location.pathname === "` + h.path("") + `"`)
	c.Open(record).WaitText("已恢复上次未提交的内容")
}

// TestE2EPointsComeBack: rows that were added to a record, by the button and on the map, come
// back after a reload with what stands in them; in an amendment too.
func TestE2EPointsComeBack(t *testing.T) {
	h := open(t, toxin)
	h.ready()
	h.post("nurse", "/start")
	c := h.Screen("doctor", uitest.PC)
	escape(t, h, c)
	typePoints(t, c, h.path("/form/record"))

	h.Clock.Forward(5 * time.Minute)
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)
	h.Clock.Forward(time.Duration(h.item.ObserveMinutes) * time.Minute)
	h.fill("nurse", "observe", observeAnswers).Want(303)
	h.post("nurse", "/release")
	h.post("doctor", "/sign")
	typePoints(t, h.Screen("doctor", uitest.PC), h.path("/amend"))
}
