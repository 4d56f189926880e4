//go:build e2e

package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// TestE2EATelevisionAndAPhone: a television shows its code, the queue once that was typed, each call
// without being touched, read twice in Chinese, and how old it is when nobody answers; the phone of
// the client follows the visit by itself.
func TestE2EATelevisionAndAPhone(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	visit := arrived(t, s, filed(t, s, "林晚秋", "13800008817"))
	arrived(t, s, filed(t, s, "周清和", "13800008818"))
	front, tv := s.As("front"), s.Screen("", [2]int64{1920, 1080})
	tv.OpenURL(s.GuestURL + "/screen").WaitText("登记后自动显示叫号").Shot("screen-code")
	front.Post("/reception/screens", "code", tv.Text(".screen-code strong")).Want(http.StatusOK)
	tv.WaitText("C01").WaitFor("#screen-start")
	tv.Mark(`window.said = []; window.speechSynthesis.speak = function (w) { window.said.push(w.lang + " " + w.text); }`)
	tv.Click("#screen-start")
	front.Post("/reception/queue/1", "deed", "call").Want(http.StatusOK)
	tv.WaitFor("li.called.last").WaitThat(`window.said.filter(function (w) { return w === "zh-CN 请 C 0 1 号客户"; }).length === 2`).Shot("screen-queue")
	phone := s.Screen("", [2]int64{390, 844})
	phone.OpenURL(s.GuestURL + wayPath.FindString(front.Get(fmt.Sprintf("/reception/visit/%d/ticket", visit)).Body))
	phone.WaitText("正在叫您的号").Shot("way")
	front.Post("/reception/queue/1", "deed", "serve").Want(http.StatusOK)
	phone.WaitText("正在为您服务")
	require.NotContains(t, phone.Text("body"), "林")
	tv.Offline(true).WaitThat(`document.getElementById("screen-stale").style.display === "block"`).WaitText("连接中断")
	tv.Offline(false).WaitThat(`document.getElementById("screen-stale").style.display === "none"`)
	pc := s.Screen("front", uitest.PC) // the margin of a roll stays on this PC
	pc.Open(fmt.Sprintf("/reception/visit/%d/ticket", visit)).Fill("[data-shift=x]", "3").Shot("slip")
	pc.Open(fmt.Sprintf("/reception/visit/%d/ticket", visit)).WaitThat(`document.querySelector("[data-shift=x]").value === "3" && document.body.style.getPropertyValue("--shift-x") === "3mm"`)
	pc.Open(fmt.Sprintf("/reception/visit/%d/ticket?roll=58", visit)).WaitThat(`document.querySelector("[data-shift=x]").value === "0"`)
}
