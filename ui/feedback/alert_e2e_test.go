//go:build e2e

package feedback_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// A red flag heard on the phone stands on the physician's screen at once, whatever page is
// open there, and comes off when it is closed; nobody reloads.
func TestE2ERedFlagOnTheDoctorsScreen(t *testing.T) {
	t.Parallel()
	d := day.New(t).
		With("F8-AC-BTX", "reached", "yes", "lid", "yes", "double", "yes", "headache", "0", "assessment", "redflag", "action", "马上到院").
		To(day.SignedOut)
	var call store.Task
	d.Read(func(r *store.Read) error {
		tasks, err := r.TasksOfVisit(d.Visit)
		for _, x := range tasks {
			if x.Kind == "followup" && x.Day == 2 {
				call = x
			}
		}
		return err
	})
	desk, tablet := d.Screen("doctor", uitest.PC), d.Screen("manager", uitest.Tablet)
	desk.Open("/consultation").WaitFor("main")
	tablet.Open("/board").WaitFor("main")
	desk.WaitThat(`!document.querySelector(".alertbar")`)
	heard := uitest.Stopwatch()
	d.Post("aftercare", fmt.Sprintf("/aftercare/%d", call.ID), d.Sheet(call.FormCode)...).Want(200)
	desk.WaitFor(".alertbar .alert.open").WaitText("肉毒扩散/中毒样").WaitText("林清禾")
	tablet.WaitFor(".alertbar .alert.open")
	require.Less(t, heard(), 4*time.Second, "two seconds on a calm machine")
	require.Equal(t, "/consultation", desk.Path(), "the page stays as it was")
	desk.Axe().Shot("bar")
	tablet.Shot("bar")
	desk.Press(".alertbar a.alert").WaitText("应急卡步骤").Axe().Shot("open")
	desk.Press(`form[action$="/take"] button`).WaitText("计时开始")
	tablet.WaitFor(".alertbar .alert.taken").WaitText("已接手")
	desk.Press(`form[action$="/step"] button`).Axe().Shot("taken")
	desk.Fill("[name=outcome]", "复诊检查正常").Click(".chip:has([name=severity][value=A])")
	desk.Press(`form[action$="/close"] [type=submit], form[action$="/close"] button`).WaitText("已结案")
	tablet.WaitThat(`!document.querySelector(".alertbar")`)
}

// The rating fits on the screen of a phone and takes three taps; both guest pages can be
// read by everybody.
func TestE2EGuestPagesOnAPhone(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Locked)
	page := d.Post("nurse", "/aftercare/guide/{treatment}/link").Want(200)
	care := regexp.MustCompile(`/care/[A-Z0-9]+`).FindString(page.Body)
	d.Post("nurse", "/aftercare/close/{visit}", "reason", "全程未见异常反应").Want(200)
	page = d.As("aftercare").Get("/feedback/messages").Want(200)
	rate := regexp.MustCompile(`/rate/[A-Z0-9]+`).FindString(page.Body)
	phone := d.Screen("", [2]int64{390, 844})
	phone.OpenURL(d.GuestURL + care)
	phone.WaitText("24 小时应急电话").Axe().Shot("care")
	phone.OpenURL(d.GuestURL + rate)
	phone.WaitText("您满意吗").Axe().Shot("rate")
	phone.WaitThat(`document.documentElement.scrollHeight <= window.innerHeight`)
	phone.Tap(`[name="q.s_overall"][value="5"]`).Tap(`[name="q.nps"][value="10"]`)
	phone.Shot("rated")
	phone.Press(".rate-send button").WaitText("谢谢").Axe().Shot("thanks")
	d.As("manager").Get("/feedback").Want(200, "林清禾")
}
