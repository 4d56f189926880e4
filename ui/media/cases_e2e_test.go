//go:build e2e

package media_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// TestE2EACase makes a case on a screen: a photo chosen by a tap, one uploaded, words that must
// go marked, then the preview without the name.
func TestE2EACase(t *testing.T) {
	d, before, _ := agreed(t)
	cut := filepath.Join(t.TempDir(), "cut.jpg")
	require.NoError(t, os.WriteFile(cut, day.Picture(), 0o600))
	b := d.Screen("consultant", uitest.PC)
	b.Open("/cases").Axe().Shot("cases-empty")
	b.Click(".empty a.button")
	b.Click("tbody a.button")
	b.WaitFor("input[name=title]")
	b.Axe().Shot("case-new")
	b.Click("label:has(> input[name=before][value='" + before + "'])")
	b.Upload("input[name=after_file]", cut)
	b.Fill("select[name=kind]", "botulinum")
	b.Fill("input[name=title]", "顶级效果")
	b.Fill("textarea[name=story]", "治疗后两周复查，个体差异存在。")
	b.Click("[data-submit]")
	b.WaitText("请改写")
	b.Axe().Shot("case-faults")
	b.Fill("input[name=title]", "眉间纹 · 肉毒毒素 20 U")
	b.Upload("input[name=after_file]", cut)
	b.Click("[data-submit]")
	b.WaitText("案例已建立")
	b.Axe().Shot("case-preview")
	b.Open("/cases").WaitText("可展示")
	b.Axe().Shot("cases")
}
