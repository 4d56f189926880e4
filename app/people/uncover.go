package people

import (
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Uncovers is why a change of the roster was refused: the bookings it leaves without somebody who
// may do them. Who changes it hears of them before it stands (row:O10).
type Uncovers struct{ Gaps []Gap }

// Error is the text for logs.
func (u *Uncovers) Error() string { return fmt.Sprintf("%d bookings lose their cover", len(u.Gaps)) }

// redraw changes the roster of some days, and refuses what takes the cover from a booking unless
// a reason is given. Days that get their first roster are being drawn, person by person: there
// only a booking of somebody who is drawn away from it counts.
func redraw(tx *store.Tx, by access.Actor, from, to term.Day, change func() error) error {
	from = max(from, tx.Today())
	before, had, err := standing(tx.Read, from, to)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	if strings.TrimSpace(by.Reason) != "" {
		return nil
	}
	after, lost, err := standing(tx.Read, from, to)
	if err != nil {
		return err
	}
	lost = slices.DeleteFunc(lost, func(g Gap) bool {
		_, drawn := after.Shift(g.staff, g.Day)
		return slices.ContainsFunc(had, func(h Gap) bool { return h.Appointment == g.Appointment }) || !before.Drawn(g.Day) && !drawn
	})
	if len(lost) == 0 {
		return nil
	}
	return fault.Refuse("row:O10", "roster.refuse.uncovers", len(lost)).Because(&Uncovers{lost})
}

// standing is the roster of some days with the bookings that lack cover.
func standing(r *store.Read, from, to term.Day) (Roster, []Gap, error) {
	t, err := RosterOf(r, from, to)
	if err != nil {
		return t, nil, err
	}
	gaps, err := gapsOf(r, t, from, to)
	return t, gaps, err
}
