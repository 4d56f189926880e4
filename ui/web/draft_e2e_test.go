//go:build e2e

package web_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// TestE2EDraft types a long form through what happens to people: a reload, lost Wi-Fi, a
// post that never arrived, the server's refusal.
func TestE2EDraft(t *testing.T) {
	s := uitest.New(t)
	c := s.Screen("stock", uitest.PC)
	c.Open("/stock/receive").Fill("[name=supplier]", "浙江示例医药").WaitText("草稿已保存")
	t.Run("a reload brings back what was typed", func(*testing.T) {
		c.Open("/stock/receive").WaitText("已恢复上次未提交的内容")
		require.Equal(t, "浙江示例医药", c.Value("[name=supplier]"))
	})
	t.Run("without Wi-Fi the draft stays on this machine and the post waits on the page", func(*testing.T) {
		c.Offline(true).Fill("[name=invoice]", "FP-2026-77").WaitText("草稿暂存在本机")
		c.Click("form[data-draft] button.primary").WaitText("连上后自动发送一次")
		require.Equal(t, "FP-2026-77", c.Value("[name=invoice]"))
		require.Equal(t, "/stock/receive", c.Path())
	})
	t.Run("back on the net the held post goes by itself and its answer comes into the page", func(*testing.T) {
		c.Offline(false).WaitFor(".faults")
		require.Equal(t, "FP-2026-77", c.Value("[name=invoice]"))
		require.Equal(t, "/stock/receive", c.Path())
	})
	t.Run("everything is there, also after a reload", func(*testing.T) {
		c.Open("/stock/receive").WaitText("已恢复上次未提交的内容")
		require.Equal(t, "浙江示例医药", c.Value("[name=supplier]"))
		require.Equal(t, "FP-2026-77", c.Value("[name=invoice]"))
	})
	t.Run("a post that dies on the way loses nothing", func(*testing.T) {
		c.Fill("[name=registration]", "国械注准20233130001").WaitText("草稿已保存")
		c.Mark("sessionStorage.setItem('meixu-sent', 'lot.receive')") // as after a post whose answer never came
		c.Open("/stock/receive").WaitText("已恢复上次未提交的内容")
		require.Equal(t, "国械注准20233130001", c.Value("[name=registration]"))
	})
	t.Run("a refusal keeps the typed values and marks the fields", func(*testing.T) {
		c.Press("form[data-draft] button.primary").WaitFor(".faults")
		require.Equal(t, "FP-2026-77", c.Value("[name=invoice]"))
	})
}
