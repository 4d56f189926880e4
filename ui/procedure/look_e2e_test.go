//go:build e2e

package procedure_test

import (
	"testing"
	"time"

	"meixu/ui/uitest"
)

// TestTheRoomInABrowser looks at the pages of a treatment on the tablet and at the desk.
func TestE2ETheRoomInABrowser(t *testing.T) {
	h := open(t, toxin)
	tablet := h.Screen("nurse", uitest.Tablet)
	tablet.Open(h.path("")).WaitText("还没有核对身份").Axe().Touch().Shot("procedure-gate")
	tablet.Open(h.path("/identity")).Gone("[name=second_pin]").Answer("way", "second").WaitFor("[name=second_pin]").Gone("[name=birth]").Axe().Touch().Shot("procedure-identity")
	tablet.Open(h.path("/lots")).WaitThat(`document.querySelector("[name=second_pin]").getBoundingClientRect().bottom < innerHeight - 150`).Axe().Touch().Shot("procedure-lots")
	tablet.Open(h.path("/photos")).Axe().Touch().Shot("procedure-photos")
	tablet.Open(h.path("/form/signin")).Axe().Touch().Shot("procedure-signin")
	h.ready()
	tablet.Open(h.path("")).WaitText("全部就绪").Shot("procedure-green")
	tablet.Press(".treatment-bar button.primary").WaitText("术中反应")
	h.Clock.Forward(2 * time.Minute)
	tablet.Press(`button[value="blanching"]`).WaitText("血管栓塞").Axe().Touch().Shot("procedure-alarm")
	doctor := h.Screen("doctor", uitest.PC)
	doctor.Open(h.path("/form/record")).Axe().Shot("procedure-record")
	h.fill("doctor", "record", with(recordAnswers, "complication", "blanching", "complication.detail", "苍白一处，已处理")).Want(303)
	tablet.WaitText("核对用量与弃置") // the nurse's open page follows the doctor's deed by itself
	tablet.Open(h.path("/counts")).Axe().Touch().Shot("procedure-counts")
	tablet.Open(h.path("/stop")).Shot("procedure-stop")
	tablet.Open(h.path("")).Touch().Shot("procedure-running")
	doctor.Open("/procedure").Axe().Shot("procedure-list")
	doctor.Open(h.path("")).Shot("procedure-desk")
}
