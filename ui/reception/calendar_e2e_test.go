//go:build e2e

package reception_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
	"meixu/ui/uitest"
)

// TestE2EAReturningClientIsBookedWithSixKeys stands on an empty cell: a few letters, Enter, Enter,
// and the card is on the screen of the desk beside (row:A3).
func TestE2EAReturningClientIsBookedWithSixKeys(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	withFile(t, s, "王敏", "13800008818")
	client := withFile(t, s, "张晓敏", "13800008817")
	c, other := s.Screen("front", uitest.PC), s.Screen("manager", uitest.PC)
	other.Open("/reception/calendar?by=consultants").WaitFor("[data-calendar][data-ready]")
	c.Open("/reception/calendar?by=consultants").WaitFor("[data-calendar][data-ready]")
	c.WaitFor(".ec-bg-event.now") // the clinic's clock, not that of the machine
	c.Key('j').Key('j').WaitFor(".ec-bg-event.cursor")

	keys := 0
	press := func(typed ...rune) {
		for _, key := range typed {
			c.Key(key)
			keys++
		}
	}
	press('\r')
	c.WaitFor("#slot-q:focus")
	press('z', 'x', 'm', '\r')
	c.WaitFor("#drawer [data-submit]:focus")
	press('\r')
	card := `[data-card="1"]`
	other.WaitFor(card).WaitThat(fmt.Sprintf(`document.querySelector('%s').textContent.includes("张晓敏")`, card))
	require.LessOrEqual(t, keys, 6, "Enter on the cell, three letters, Enter for the client, Enter to book")
	a := slotOf(t, s, 1)
	require.Equal(t, client, a.Client)
	require.Equal(t, s.StaffID("consultant"), a.Staff)
	require.Equal(t, term.Day("2026-03-02"), a.StartsAt.Day(s.App.DB.Zone()))
	c.WaitFor(card).Click(card).WaitText("13800008817").Shot("booked")
}
