//go:build e2e

package premises_test

import (
	"testing"

	"meixu/ui/uitest"
)

// TestE2EANewHouse enters a room and a device with the keyboard and the mouse, as a new clinic
// does on its first day.
func TestE2EANewHouse(t *testing.T) {
	s := uitest.New(t)
	b := s.Screen("manager", uitest.PC)
	b.Open("/premises").Axe().Shot("empty")
	b.Click(".empty a.button")
	b.Fill("input[name=name]", "光电室一")
	b.Fill("select[name=kind]", "光电治疗室")
	b.Click("[data-submit]")
	b.WaitText("还没有设备")
	b.Click("#devices .empty a.button")
	b.Fill("input[name=number]", "SB-001")
	b.Click("[data-submit]")
	b.WaitText("请照铭牌核对")
	b.Axe().Shot("faults")
	s.As("manager").Post("/premises/device/new", device()...)
	b.Open("/premises").Axe().Shot("list")
	b.Open("/premises/device/1").Axe().Shot("device")
	b.Open("/premises/room/1").Axe().Shot("room")
}
