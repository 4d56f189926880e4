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
}
