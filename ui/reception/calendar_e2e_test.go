//go:build e2e

package reception_test

import (
	"fmt"
	"net/http"
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
	// The library lays its cards as articles and buttons into a table of its own: that one rule is off.
	const library = "aria-required-children"
	c.WaitFor(card).Axe(library).Click(card).WaitText("13800008817")
	c.WaitThat(`document.getElementById("drawer").getAnimations({subtree: true}).length === 0`).Axe(library).Shot("booked") // not while it fades in
}

// TestE2ETheCalendarUnderAFinger: on a tablet a card is held and dragged, drawn longer, and laid over
// another one with a reason; what is typed in its drawer outlives a lost Wi-Fi (row:A3, row:A4).
func TestE2ETheCalendarUnderAFinger(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	who := fmt.Sprint(s.StaffID("consultant"))
	front := s.As("front")
	for i, at := range []string{"10:00", "12:00"} {
		client := withFile(t, s, []string{"李静", "王敏"}[i], fmt.Sprint("1380000881", i))
		front.Post(newBooking, "client", fmt.Sprint(client), "staff", who, "start", "2026-03-02T"+at, "minutes", "60").Want(http.StatusOK)
	}
	at := func(id term.AppointmentID) string {
		a := slotOf(t, s, id)
		return a.StartsAt.Clock(s.App.DB.Zone()) + "–" + a.EndsAt.Clock(s.App.DB.Zone())
	}
	c := s.Screen("manager", [2]int64{1180, 820}).Fingers().Open("/reception/calendar?by=consultants")
	c.WaitFor("[data-calendar][data-ready]").WaitFor(`[data-card="2"]`)
	press := func(selector string) *uitest.Chromium { // the drawer lets no click pass in the moment it opens
		return c.WaitFor(selector).Mark(fmt.Sprintf("document.querySelector(%q).click()", selector))
	}
	moved := func(id term.AppointmentID, to string) {
		c.WaitThat(fmt.Sprintf(`document.querySelector('[data-card="%d"]').textContent.includes(%q)`, id, to)).WaitThat(`!document.querySelector(".ec-preview")`)
		require.Equal(t, to, at(id))
	}
	first, second := `[data-card="1"]`, `[data-card="2"]`
	c.Finger(first, ".ec-preview", first, 34)
	moved(1, "10:30–11:30")
	c.Finger(second+" .ec-resizer", ".ec-preview", second+" .ec-resizer", 34)
	moved(2, "12:00–13:30")
	c.Finger(first, ".ec-preview", second, 0).WaitFor("#drawer [name=overlap]").Shot("overlap")
	press("#drawer [name=overlap]").Fill("#drawer [name=_reason]", "母女同诊")
	press("#drawer [data-submit]").Gone("#drawer form")
	require.Equal(t, s.StaffID("manager"), slotOf(t, s, 1).OverlapBy)

	change := func() {
		c.Open("/reception/calendar?by=consultants").WaitFor("[data-calendar][data-ready]").WaitFor(second).Tap(second)
		press("#drawer a[href$='/change']").WaitFor("#drawer [name=note]")
	}
	change()
	c.Fill("#drawer [name=note]", "靠窗").WaitText("草稿已保存").Shot("change")
	c.Offline(true).Fill("#drawer [name=note]", "靠窗，要安静").WaitText("草稿暂存在本机")
	press("#drawer [data-submit]").WaitFor("#toasts .toast").Offline(false)
	change()
	c.WaitThat(`document.querySelector("#drawer [name=note]").value === "靠窗，要安静"`)
	press("#drawer [data-submit]").Gone("#drawer form")
	require.Equal(t, "靠窗，要安静", slotOf(t, s, 2).Note)
	change()
	c.WaitThat(`document.querySelectorAll("#toasts .toast").length === 0`)
}
