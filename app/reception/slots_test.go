package reception

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// at is a clinic time on 2026-03-02 plus days.
func at(days, hour, minute int) term.Instant {
	return term.At(time.Date(2026, 3, 2+days, hour, minute, 0, 0, shanghai))
}

func slot(a store.Appointment, from, to term.Instant) Slot {
	a.StartsAt, a.EndsAt = from, to
	if a.State == "" {
		a.State = term.AppointmentConfirmed
	}
	return Slot{Appointment: a}
}

func TestClashes(t *testing.T) {
	t.Parallel()
	clean := func(s Slot, d time.Duration) Slot { s.Clean = d; return s }
	doctor := slot(store.Appointment{ID: 1, Client: 7, Staff: 3, Room: 2, Device: 5}, at(0, 10, 0), at(0, 10, 30))
	for name, c := range map[string]struct {
		want     Slot
		standing Slot
		in       []string
	}{
		"same doctor":              {slot(store.Appointment{Client: 8, Staff: 3}, at(0, 10, 15), at(0, 10, 45)), doctor, []string{onStaff}},
		"doctor next":              {slot(store.Appointment{Client: 8, Staff: 3}, at(0, 10, 30), at(0, 11, 0)), doctor, nil},
		"room being cleaned":       {slot(store.Appointment{Client: 8, Room: 2}, at(0, 10, 30), at(0, 11, 0)), clean(doctor, 10*time.Minute), []string{onRoom}},
		"room clean again":         {slot(store.Appointment{Client: 8, Room: 2}, at(0, 10, 40), at(0, 11, 0)), clean(doctor, 10*time.Minute), nil},
		"own cleaning reaches in":  {clean(slot(store.Appointment{Client: 8, Device: 5}, at(0, 9, 30), at(0, 9, 55)), 10*time.Minute), doctor, []string{onDevice}},
		"cleaning holds no doctor": {slot(store.Appointment{Client: 8, Staff: 3}, at(0, 10, 30), at(0, 11, 0)), clean(doctor, time.Hour), nil},
		"client twice":             {slot(store.Appointment{Client: 7, Staff: 4}, at(0, 10, 0), at(0, 10, 30)), doctor, []string{onClient}},
		"itself":                   {slot(store.Appointment{ID: 1, Client: 7, Staff: 3}, at(0, 10, 10), at(0, 10, 40)), doctor, nil},
		"cancelled":                {slot(store.Appointment{Client: 8, Staff: 3}, at(0, 10, 0), at(0, 10, 30)), slot(store.Appointment{ID: 1, Staff: 3, State: term.AppointmentCancelled}, at(0, 10, 0), at(0, 10, 30)), nil},
		"all at once": {
			slot(store.Appointment{Client: 7, Staff: 3, Room: 2, Device: 5}, at(0, 10, 0), at(0, 10, 30)), doctor,
			[]string{onStaff, onRoom, onDevice, onClient},
		},
	} {
		met := clashes(c.want, []Slot{c.standing})
		if c.in == nil {
			require.Empty(t, met, name)
			continue
		}
		require.Len(t, met, 1, name)
		require.Equal(t, c.in, met[0].In, name)
	}
}

func TestNearestNamesThreeFreeSlots(t *testing.T) {
	t.Parallel()
	h := ordinary(shanghai)
	want := slot(store.Appointment{Client: 8, Staff: 3}, at(0, 10, 0), at(0, 10, 30))
	busy := []Slot{slot(store.Appointment{ID: 1, Staff: 3}, at(0, 10, 0), at(0, 10, 30))}
	require.Equal(t, []term.Instant{at(0, 9, 15), at(0, 9, 30), at(0, 10, 30)}, nearest(want, busy, h, at(0, 8, 0)))
	require.Equal(t, []term.Instant{at(0, 10, 30), at(0, 10, 45), at(0, 11, 0)}, nearest(want, busy, h, at(0, 9, 50)), "never in the past")

	full := []Slot{slot(store.Appointment{ID: 1, Staff: 3}, at(0, 9, 0), at(0, 20, 0))}
	require.Equal(t, []term.Instant{at(1, 9, 0), at(1, 9, 15), at(1, 9, 30)}, nearest(want, full, h, at(0, 8, 0)))
	h.Closed = []term.Day{"2026-03-03"}
	require.Equal(t, []term.Instant{at(2, 9, 0), at(2, 9, 15), at(2, 9, 30)}, nearest(want, full, h, at(0, 8, 0)), "closed days are never offered")

	late := slot(store.Appointment{Client: 8, Staff: 3}, at(0, 23, 59), at(1, 0, 29))
	for _, free := range nearest(late, nil, ordinary(shanghai), at(0, 8, 0)) {
		require.True(t, ordinary(shanghai).within(free, free.Add(30*time.Minute)))
	}
}

func TestOpeningHours(t *testing.T) {
	t.Parallel()
	h := ordinary(shanghai)
	require.True(t, h.within(at(0, 9, 0), at(0, 20, 0)))
	require.False(t, h.within(at(0, 8, 59), at(0, 9, 30)))
	require.False(t, h.within(at(0, 19, 45), at(0, 20, 15)))
	require.False(t, h.within(at(0, 19, 0), at(1, 9, 30)), "over night")
}
