//go:build e2e

package reception_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// TestE2EThePapersOfTheDesk prints the day of a full doctor, the number and the posters: no row is
// cut, every sheet has the heads, each paper has its size, and margins are kept for each kind (row:U5).
func TestE2EThePapersOfTheDesk(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	client := withFile(t, s, "阿依古丽·买买提", "13800008817")
	visit := arrived(t, s, client)
	written(t, s, func(tx *store.Tx) error {
		for n := range 60 {
			at := march(s, 0, 9, 0).Add(time.Duration(n) * 10 * time.Minute)
			long := strings.Repeat("对麻药敏感，请提前备好冰袋", n%3)
			a := store.Appointment{
				Client: client, Staff: s.StaffID("doctor"), StartsAt: at, EndsAt: at.Add(10 * time.Minute), State: term.AppointmentConfirmed,
				Note: fmt.Sprintf("S%02d %s E%02d", n, long, n),
			}
			if err := tx.AddAppointment(&a); err != nil {
				return err
			}
		}
		return nil
	})
	pc := s.Screen("front", uitest.PC)
	size := func(what string, sheet uitest.Sheet, width, height float64) {
		require.InDelta(t, width/25.4*72, sheet.Width, 2, what)
		if height > 0 {
			require.InDelta(t, height/25.4*72, sheet.Height, 2, what)
		}
	}

	pc.Open("/reception/calendar/sheet?day=2026-03-02").WaitText("S59")
	sheets, rows := pc.Words(), 0
	require.Greater(t, len(sheets), 2)
	for i, words := range sheets {
		on := map[string]bool{}
		for _, w := range words {
			on[w.Text] = true
		}
		for n := range 60 {
			from, to := on[fmt.Sprintf("S%02d", n)], on[fmt.Sprintf("E%02d", n)]
			require.Equal(t, from, to, "row %d is cut at the end of sheet %d", n, i+1)
			if from {
				rows++
			}
		}
		require.True(t, on["项目"], "sheet %d has the heads of its columns", i+1)
	}
	require.Equal(t, 60, rows)
	size("day sheet", pc.Sheets()[0], 210, 297)

	for path, mm := range map[string][2]float64{
		fmt.Sprintf("/reception/visit/%d/ticket", visit): {80, 0}, fmt.Sprintf("/reception/visit/%d/ticket?roll=58", visit): {58, 0},
		"/reception/intakes/poster": {210, 297}, "/reception/requests/poster?size=a5": {148, 210},
	} {
		pc.Open(path).WaitFor("main.paper svg")
		list := pc.Sheets()
		require.Len(t, list, 1, path)
		size(path, list[0], mm[0], mm[1])
		if mm[1] == 0 {
			require.Less(t, list[0].Height, 200/25.4*72, "the roll ends below the number")
		}
		// The margin of this kind of paper stays on this PC, and is that of no other.
		require.Equal(t, "0", pc.Value("[data-shift=x]"), path)
		pc.Fill("[data-shift=x]", fmt.Sprint(mm[0]/100)).Open(path).WaitFor("main.paper svg")
		require.Equal(t, fmt.Sprint(mm[0]/100), pc.Value("[data-shift=x]"), path)
		require.Len(t, pc.Sheets(), 1, "%s: moved it stays one sheet", path)
		pc.Mark(`document.body.classList.add("print-test")`)
		require.Len(t, pc.Sheets(), 1, "%s: a test print is one sheet", path)
		require.Contains(t, fmt.Sprint(pc.Words()[0]), "试打", path)
	}
}
