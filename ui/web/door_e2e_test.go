//go:build e2e

package web_test

import (
	"testing"

	"meixu/ui/uitest"
)

func TestE2EDoor(t *testing.T) {
	site := uitest.New(t)
	pc := site.Screen("", uitest.PC)
	pc.Open("/login").WaitText("登录名").Axe()
	pc.Fill("#f-login", "owner").Fill("#f-password", uitest.Password)
	pc.Press("[data-submit]")
	pc.Open("/admin/staff").WaitText("T-nurse").Axe().Shot("staff")
	pc.Open("/admin/jobs").WaitText("每日备份").Axe()
	pc.Open("/profile").WaitFor("#f-old").Axe()
	tablet := site.Screen("nurse", uitest.Tablet)
	tablet.Open("/switch").WaitFor("#f-pin").Axe().Shot("switch")
}
