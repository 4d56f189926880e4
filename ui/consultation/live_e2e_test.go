//go:build e2e

package consultation_test

import (
	"testing"

	"meixu/ui/uitest"
)

// TestE2EThePlanFollowsThePhysician: the consultant's plan page shows the approval and the
// physician's home the consent that waits for him, without a reload; typing is not disturbed.
func TestE2EThePlanFollowsThePhysician(t *testing.T) {
	c := open(t)
	p, _ := c.planned(toxin)
	c.examined()
	desk := c.Screen("consultant", uitest.PC)
	desk.Open(planPath(p, "")).WaitText("等待主诊医师")
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	desk.WaitText("生成或更新文件")
	home := c.Screen("doctor", uitest.Tablet)
	home.Open("/home").WaitText("没有等您签名的文件")
	c.As("consultant").Post(planPath(p, "/papers")).Want(200)
	home.WaitText("知情同意书").Axe().Shot("home-papers")
	desk.WaitText("签我的文件")
}
