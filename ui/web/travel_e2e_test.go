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
	c := s.Screen("front", uitest.PC).Open("/home").Open("/profile").WaitFor("#f-old")
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
