//go:build e2e

package web_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// TestE2EARefusalStaysOnItsPage: the wrong PIN comes back into the page, the address stays, and
// Back leads to the page before.
func TestE2EARefusalStaysOnItsPage(t *testing.T) {
	s := uitest.New(t)
	c := s.Screen("front", uitest.PC).Open("/home").WaitThat("document.querySelector('[data-clock-apart]').hidden")
	c.Clock(-30 * time.Minute)
	c.Open("/home").WaitThat("/(29|30)分/.test(document.querySelector('[data-clock-apart] b').innerText)") // a device whose clock is wrong is told so
	c.Clock(0)
	c.Open("/profile").WaitFor("#f-old")
	c.Fill("#f-old", "not my password").Fill("#f-password", "a good long password").Press("main [data-submit]").WaitFor(".faults, .refusal, .fault")
	require.Equal(t, "/profile", c.Path())
	c.Mark("setTimeout(() => history.back())").WaitThat("location.pathname === '/home'")
}

// TestE2ELockTakesThePageAway: a session that the server locked leaves nothing on the glass,
// and the PIN leads back to the page one was on.
func TestE2ELockTakesThePageAway(t *testing.T) {
	s := uitest.New(t)
	c := s.Screen("front", uitest.PC).Open("/reception/appointments").WaitFor(".rail")
	s.Clock.Forward(time.Hour)
	c.WaitThat("location.pathname === '/unlock'").WaitFor("#f-pin").Shot("locked")
	require.Equal(t, "/unlock?next=%2Freception%2Fappointments", c.Path())
	c.Fill("#f-pin", uitest.PIN).Press("main [data-submit]").WaitThat("location.pathname === '/reception/appointments'")
}

// TestE2EAPageChangedAfterItWasSent: a page that came back out of the browser's memory carries a
// used key. Changed and sent again, it says that the changes were not saved, keeps them, and the
// next press sends them as a deed of their own.
func TestE2EAPageChangedAfterItWasSent(t *testing.T) {
	s := uitest.New(t)
	s.As("front").Post("/reception/leads", "_once", "USED", "name", "林晚秋", "phone", "13800008817", "channel", "phone",
		"need", "咨询", "owner", idOf(s.StaffID("consultant"))).Want(200)
	c := s.Screen("front", uitest.PC).Open("/reception/leads").WaitFor("#f-name")
	c.Fill("#f-name", "周清和").Fill("#f-phone", "13900001234").Fill("[name=need]", "咨询").Fill("[name=owner]", idOf(s.StaffID("consultant")))
	c.Fill("[name=channel]", "phone")
	c.WaitThat("document.querySelector('form.edit [name=_once]').value = 'USED'")
	c.Press("main [data-submit]").WaitText("之后改动的内容没有保存")
	c.WaitThat("document.querySelector('#f-name').value === '周清和' && document.querySelector('form.edit [name=_once]').value !== 'USED'")
	c.Press("main [data-submit]").WaitThat("[...document.querySelectorAll('td b')].some((b) => b.textContent === '周清和')")
}
