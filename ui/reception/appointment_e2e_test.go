//go:build e2e

package reception_test

import (
	"fmt"
	"testing"

	"meixu/ui/uitest"
)

func TestE2EBookingPagesInABrowser(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li, wang := withFile(t, s, "李静", "13800008817"), withFile(t, s, "王敏", "13800008818")
	who, room := fmt.Sprint(s.StaffID("consultant")), fmt.Sprint(emptyRoom(t, s, "咨询一"))
	b := s.As("manager")
	b.Post(newBooking, "client", fmt.Sprint(li), "staff", who, "room", room, "start", "2026-03-02T14:00", "ask_doctor", "on").Want(200)
	b.Post(newBooking, "client", fmt.Sprint(wang), "staff", who, "start", "2026-03-02T10:00", "confirmed", "on", "note", "第一次来").Want(200)
	c := s.Screen("manager", [2]int64{1440, 900})
	c.Open("/reception/appointments").Axe().Shot("1-day")
	c.Click("a[href='/reception/appointments/1']").WaitText("13800008817").Axe().Shot("2-one")
	c.Open(newBooking).Fill("[name=q]", "王敏").Click("main .button.primary").WaitText("138****8818").Axe().Shot("3-who")
	c.Click(".finding").WaitText("新预约").Fill("[name=start]", "2026-03-02T14:15")
	c.Fill("[name=staff]", who).Click("[data-submit]").WaitText("最近的空闲时段").Axe().Shot("4-taken")
	c.Click("[name='_at']").WaitText("已预约").Shot("5-booked")
}
