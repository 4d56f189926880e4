//go:build e2e

package floor_test

import (
	"testing"

	"meixu/store/term"
	"meixu/ui/uitest"
)

// TestE2EHelpSheet presses ? on a page: the sheet says what the page is for, lists its keys, and
// closes by the same key; typed into a field it is a question mark.
func TestE2EHelpSheet(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	open(t, site, "林晚秋", term.AtWaiting)
	press := func(on, key string) string {
		return `(() => { const e = new KeyboardEvent("keydown", {key: "` + key + `", bubbles: true, cancelable: true});
			(` + on + `).dispatchEvent(e); return document.getElementById("help").open; })()`
	}
	c := site.Screen("front", uitest.PC)
	c.Open("/reception").WaitFor("main")
	c.WaitThat("!" + press(`document.getElementById("finder")`, "?"))
	c.WaitThat(press("document.body", "?")).WaitText("先查有没有老档案").WaitText("Alt+N").Axe().Shot("help")
	c.WaitThat("!" + press("document.body", "F1"))

	// One key does the step of the card that the arrows chose; the second half of a double click
	// presses no button; the step is taken back by the key of a usual reason (row:A7).
	c.Open("/board").WaitFor(".visit-card").WaitThat(`(() => { const e = new MouseEvent("click", {detail: 2, bubbles: true, cancelable: true});
		document.querySelector(".visit-deeds button").dispatchEvent(e); return e.defaultPrevented; })()`)
	c.WaitThat("!" + press("document.body", "ArrowDown")).WaitThat("!" + press("document.body", "x"))
	c.WaitText("已叫号")
	c.Press(".flash a").WaitText("撤销上一步").Axe().WaitThat("!" + press("document.body", "1"))
	c.WaitText("已撤销上一步")
}
