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
		c.WaitText("草稿已保存").Open("/stock/receive").WaitText("已恢复上次未提交的内容")
		require.Equal(t, "浙江示例医药", c.Value("[name=supplier]"))
		require.Equal(t, "FP-2026-77", c.Value("[name=invoice]"))
	})
	t.Run("what never reached the server comes back from this machine, where nobody reads it", func(*testing.T) {
		c.Mark("window.fetch = () => Promise.reject(new Error('away'))").Fill("[name=supplier]", "江苏示例医药").WaitText("草稿暂存在本机")
		c.Mark(look).WaitThat("window.__looked").WaitThat(`window.__found.includes("sealed") && !window.__found.includes("江苏示例")`)
		c.Open("/stock/receive").WaitThat(`document.querySelector("[name=supplier]").value === "江苏示例医药"`)
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

// look reads all that the browser keeps of the house.
const look = `(async () => { window.__found = ""; for (const d of await indexedDB.databases()) {
			const db = await new Promise(ok => { const r = indexedDB.open(d.name); r.onsuccess = () => ok(r.result); });
			for (const st of db.objectStoreNames) window.__found += JSON.stringify(await new Promise(ok => { const r = db.transaction(st).objectStore(st).getAll(); r.onsuccess = () => ok(r.result); }));
		} window.__found += JSON.stringify(localStorage) + JSON.stringify(sessionStorage); window.__looked = true; })()`

// toasts counts how often the page said that something was restored.
const toasts = `[...document.querySelectorAll("#toasts .toast")].filter(t => t.textContent.includes("已恢复上次未提交的内容")).length`

// TestE2EWhatIsTypedIsThere: the form of a new client keeps what is typed on the server, through a
// reload at once and through the lock; nothing of it stays in the browser, and what one types
// after the load is never overwritten by what was kept.
func TestE2EWhatIsTypedIsThere(t *testing.T) {
	s := uitest.New(t)
	c := s.Screen("front", uitest.PC).Open("/reception/clients/new").WaitFor("[name=name]")
	t.Run("a reload right after the last letter loses nothing", func(*testing.T) {
		c.Fill("[name=name]", "周晓岚").Open("/reception/clients/new").WaitThat(`document.querySelector("[name=name]").value === "周晓岚"`)
		c.WaitThat(toasts + " === 1")
	})
	t.Run("locking right after the last letter loses nothing", func(*testing.T) {
		c.Fill("[name=phone]", "13800000042")
		c.Mark(`document.querySelector("form[action='/lock']").requestSubmit()`).WaitFor("#f-pin")
		c.Fill("#f-pin", uitest.PIN).Press("main [data-submit]").WaitFor("[name=phone]")
		require.Equal(t, "13800000042", c.Value("[name=phone]"))
		require.Equal(t, "周晓岚", c.Value("[name=name]"))
	})
	t.Run("what was typed before the scripts ran stays", func(*testing.T) {
		c.Mark(`sessionStorage.setItem("meixu-late:client.new.0", "1")`).Open("/reception/clients/new").Fill("[name=name]", "周晓蓝")
		c.WaitThat(`!sessionStorage.getItem("meixu-late:client.new.0")`).WaitThat(`document.querySelector("[name=name]").value === "周晓蓝"`)
	})
	t.Run("nothing of the client is kept in the browser in clear", func(*testing.T) {
		c.Mark(look)
		c.WaitThat("window.__looked").WaitThat(`!window.__found.includes("周晓") && !window.__found.includes("13800000042")`)
	})
	t.Run("starting over empties the form and the draft", func(*testing.T) {
		c.Open("/reception/clients/new").WaitText("清空重填").Click("#toasts .toast button").WaitThat(`document.querySelector("[name=name]").value === ""`)
		c.Open("/reception/clients/new").WaitFor("[name=name]").WaitThat(toasts + " === 0")
	})
}

// TestE2ETheDraftGoesWithTheDeed: after a success the form is empty, also when it stands on the
// page that follows.
func TestE2ETheDraftGoesWithTheDeed(t *testing.T) {
	s := uitest.New(t)
	c := s.Screen("front", uitest.PC).Open("/reception/leads").Fill("[name=name]", "线索甲").Fill("[name=phone]", "13900000011")
	c.WaitText("草稿已保存").Open("/reception/leads").WaitThat(toasts + " === 1")
	require.Equal(t, "线索甲", c.Value("[name=name]"))
	c.Open("/reception/leads").WaitFor("[name=phone]")
	c.Mark(`document.querySelectorAll("form.edit select").forEach(e => { if (!e.value) { e.selectedIndex = 1; e.dispatchEvent(new Event("change", {bubbles: true})); } })`)
	c.Press("form.edit [data-submit]").WaitText("线索甲")
	require.Empty(t, c.Value("form.edit [name=name]"))
	c.Open("/reception/leads").WaitFor("form.edit [name=name]").WaitThat(toasts + " === 0")
	require.Empty(t, c.Value("form.edit [name=name]"))
}

// TestE2EAnotherPhoneIsAnotherPerson: what was typed of somebody whom the finder did not find
// stays with that phone; a reload keeps both, Cancel drops it, another phone begins empty.
func TestE2EAnotherPhoneIsAnotherPerson(t *testing.T) {
	const first, second = "13800000042", "13800000043"
	s := uitest.New(t)
	c := s.Screen("front", uitest.PC).Open("/reception")
	find := func(phone string) {
		c.Fill("#finder", phone).WaitText("新建客户“" + phone + "”").Click("#finding-new").WaitThat(`document.querySelector("[name=phone]")?.value === "` + phone + `"`)
	}
	reload := func() {
		c.Mark("window.__old = true; setTimeout(() => location.reload())").WaitThat("!window.__old").WaitFor("[name=phone]")
	}
	find(first)
	t.Run("a reload keeps the phone, and no address shows it", func(*testing.T) {
		reload()
		require.Equal(t, first, c.Value("[name=phone]"))
		require.NotContains(t, c.Path(), first)
	})
	c.Fill("[name=name]", "周晓岚").WaitThat("true")
	t.Run("what was typed comes back after a reload; another phone begins empty", func(*testing.T) {
		reload()
		c.WaitThat(`document.querySelector("[name=name]").value === "周晓岚"`)
		find(second)
		require.Empty(t, c.Value("[name=name]"))
	})
	t.Run("after Cancel nothing of the person comes back", func(*testing.T) {
		c.Fill("[name=name]", "沈以宁").WaitThat(`performance.getEntriesByName(location.origin + "/draft").length > 0`)
		c.Press("[data-cancel]").WaitThat(`location.pathname === "/reception"`)
		find(second)
		require.Empty(t, c.Value("[name=name]"))
		c.Open("/reception/clients/new").WaitFor("[name=name]")
		require.Empty(t, c.Value("[name=name]")+c.Value("[name=phone]"))
	})
}
