package reception

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/people"
	"meixu/store"
	"meixu/store/term"
)

// longestTurn is the longest that room and device are set up before a booking or cleaned after it.
const longestTurn = 240 * time.Minute

// fit looks whether the slot is free, and chooses room and device where none was named. A
// manager may overlap, or book somebody who is not at work, with a reason; who and why stay with
// the booking. Opening hours hold for everybody. It is done under the write lock, so it reads
// only what lies beside the slot; free slots are looked for afterwards (offer).
func fit(r *store.Read, by access.Actor, want *Slot, overlap bool) (*Taken, error) {
	hours, err := hoursOf(r)
	if err != nil {
		return nil, err
	}
	if !hours.within(want.StartsAt, want.EndsAt) {
		return &Taken{Refusal: hours.refusal(), want: *want}, nil
	}
	wanted := *want
	if err := furnish(r, want); err != nil {
		return nil, err
	}
	met, err := beside(r, *want)
	if err != nil {
		return nil, err
	}
	off, err := offDuty(r, *want)
	if err != nil || off == nil && len(met) == 0 {
		return nil, err
	}
	if overlap {
		return nil, overlapped(by, want)
	}
	taken := &Taken{Refusal: off, Override: true, want: wanted}
	if taken.Holders, err = holders(r, *want, met); err != nil {
		return nil, err
	}
	if off == nil {
		taken.Refusal = taken.Holders[0].refusal(r.Zone()).Ask("manager")
	}
	return taken, nil
}

// refusal says when the house is open.
func (h Hours) refusal() *fault.Error {
	return fault.Refuse("S1-02", "booking.refuse.closed", clockOf(h.Open), clockOf(h.Close))
}

// refusal says who has the slot, and from when to when.
func (h Holder) refusal(zone *time.Location) *fault.Error {
	if h.In == onClient {
		return fault.Refuse("S1-02", "booking.refuse.own", h.What, h.From.Clock(zone), h.To.Clock(zone))
	}
	return fault.Refuse("S1-02", "booking.refuse.taken", h.What, h.From.Clock(zone), h.To.Clock(zone), h.Client)
}

// overlapped notes who books over another booking or the roster, and why.
func overlapped(by access.Actor, want *Slot) error {
	if !by.May(access.AppointmentOverlap) {
		return fault.Forbidden(string(access.AppointmentOverlap))
	}
	if strings.TrimSpace(by.Reason) == "" {
		var bad fault.Fields
		bad.Add("_reason", "booking.wrong.reason")
		return bad.Err()
	}
	want.OverlapBy, want.OverlapReason = by.Staff, strings.TrimSpace(by.Reason)
	return nil
}

// offDuty is the refusal of a person who does not work at the time; nil when she does.
func offDuty(r *store.Read, want Slot) (*fault.Error, error) {
	if want.Staff == 0 {
		return nil, nil
	}
	err := people.CheckDuty(r, want.Staff, want.StartsAt, want.EndsAt)
	var off *fault.Error
	if errors.As(err, &off) && off.Kind == fault.KindRefused {
		return off, nil
	}
	return nil, err
}

// beside reads what stands in the way of a slot.
func beside(r *store.Read, want Slot) ([]Clash, error) {
	rows, err := r.Beside(want.Appointment, max(want.Before, want.Clean)+longestTurn, maxMinutes*time.Minute)
	if err != nil {
		return nil, err
	}
	standing, err := slotsOf(r, rows)
	return clashes(want, standing), err
}

// slotsOf adds to bookings how long their items are set up and cleaned.
func slotsOf(r *store.Read, rows []store.Appointment) ([]Slot, error) {
	items := map[term.ItemID]store.Item{}
	out := make([]Slot, 0, len(rows))
	for _, a := range rows {
		i, ok := items[a.Item]
		if !ok && a.Item != 0 {
			var err error
			if i, err = r.Item(a.Item); err != nil {
				return nil, err
			}
			items[a.Item] = i
		}
		out = append(out, buffered(a, i))
	}
	return out, nil
}

// buffered is a booking with the times before and after it; where no room is needed nothing is
// set up or cleaned.
func buffered(a store.Appointment, i store.Item) Slot {
	return Slot{Appointment: a, Before: time.Duration(i.BeforeMinutes) * time.Minute, Clean: time.Duration(i.AfterMinutes) * time.Minute}
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
