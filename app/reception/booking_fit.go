package reception

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// fit looks whether the slot is free. A manager may overlap with a reason; who and why stay
// with the booking. Opening hours hold for everybody.
func fit(tx *store.Tx, by access.Actor, want *Slot, overlap bool) (*Taken, error) {
	hours, err := hoursOf(tx.Read)
	if err != nil {
		return nil, err
	}
	standing, err := standingAround(tx.Read, want.StartsAt)
	if err != nil {
		return nil, err
	}
	met := clashes(*want, standing)
	open := hours.within(want.StartsAt, want.EndsAt)
	if open && len(met) == 0 {
		return nil, nil
	}
	if open && overlap {
		if !by.May(access.AppointmentOverlap) {
			return nil, fault.Forbidden(string(access.AppointmentOverlap))
		}
		if strings.TrimSpace(by.Reason) == "" {
			var bad fault.Fields
			bad.Add("_reason", "booking.wrong.reason")
			return nil, bad.Err()
		}
		want.OverlapBy, want.OverlapReason = by.Staff, strings.TrimSpace(by.Reason)
		return nil, nil
	}
	taken := &Taken{Free: nearest(*want, standing, hours, tx.Now())}
	if !open {
		taken.Refusal = fault.Refuse("S1-02", "booking.refuse.closed", clockOf(hours.Open), clockOf(hours.Close))
		return taken, nil
	}
	if taken.Holders, err = holders(tx.Read, *want, met); err != nil {
		return nil, err
	}
	h := taken.Holders[0]
	taken.Refusal = fault.Refuse("S1-02", "booking.refuse.taken", h.What, h.From.Clock(tx.Zone()), h.To.Clock(tx.Zone()), h.Client).Ask("manager")
	return taken, nil
}

// standingAround reads the bookings from a day before the slot to the end of the search.
func standingAround(r *store.Read, at term.Instant) ([]Slot, error) {
	from := at
	if r.Now().Before(from) {
		from = r.Now()
	}
	day := from.Day(r.Zone())
	to := at.Day(r.Zone()).Add(searchDays + 1).Start(r.Zone())
	rows, err := r.AppointmentsBetween(day.Add(-1).Start(r.Zone()), to, 20000)
	if err != nil {
		return nil, err
	}
	items := map[term.ItemID]store.Item{}
	out := make([]Slot, 0, len(rows))
	for _, a := range rows {
		if !living(a) {
			continue
		}
		i, ok := items[a.Item]
		if !ok && a.Item != 0 {
			if i, err = r.Item(a.Item); err != nil {
				return nil, err
			}
			items[a.Item] = i
		}
		out = append(out, Slot{a, cleaning(i)})
	}
	return out, nil
}

// hoursOf reads the opening hours of the settings.
func hoursOf(r *store.Read) (Hours, error) {
	h := ordinary(r.Zone())
	for name, to := range map[string]*time.Duration{SettingOpens: &h.Open, SettingCloses: &h.Close} {
		text, err := r.Setting(name)
		if err != nil {
			return h, err
		}
		if hour, bad := strconv.Atoi(text); bad == nil && hour >= 0 && hour <= 24 {
			*to = time.Duration(hour) * time.Hour
		}
	}
	text, err := r.Setting(SettingClosed)
	if err != nil {
		return h, err
	}
	for _, day := range strings.Split(text, ",") {
		if d, bad := term.ParseDay(strings.TrimSpace(day)); bad == nil && d != "" {
			h.Closed = append(h.Closed, d)
		}
	}
	return h, nil
}

func clockOf(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}
