package reception

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/people"
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
		"room being set up":        {Slot{Appointment: slot(store.Appointment{Client: 8, Room: 2}, at(0, 10, 30), at(0, 11, 0)).Appointment, Before: 5 * time.Minute}, doctor, []string{onRoom}},
		"set up holds no doctor":   {Slot{Appointment: slot(store.Appointment{Client: 8, Staff: 3}, at(0, 10, 30), at(0, 11, 0)).Appointment, Before: 5 * time.Minute}, doctor, nil},
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

// days is a board with the slots that are taken and no roster.
func days(busy ...Slot) *board {
	b := &board{hours: ordinary(shanghai), roster: people.Roster{Zone: shanghai}, days: map[term.Day][]Slot{}}
	for _, s := range busy {
		b.days[s.StartsAt.Day(shanghai)] = append(b.days[s.StartsAt.Day(shanghai)], s)
	}
	return b
}

func TestNearestNamesThreeFreeSlots(t *testing.T) {
	t.Parallel()
	want := slot(store.Appointment{Client: 8, Staff: 3}, at(0, 10, 0), at(0, 10, 30))
	busy := slot(store.Appointment{ID: 1, Staff: 3}, at(0, 10, 0), at(0, 10, 30))
	require.Equal(t, []term.Instant{at(0, 9, 15), at(0, 9, 30), at(0, 10, 30)}, days(busy).nearest(want, at(0, 8, 0)))
	require.Equal(t, []term.Instant{at(0, 10, 30), at(0, 10, 45), at(0, 11, 0)}, days(busy).nearest(want, at(0, 9, 50)), "never in the past")

	full := days(slot(store.Appointment{ID: 1, Staff: 3}, at(0, 9, 0), at(0, 20, 0)))
	require.Equal(t, []term.Instant{at(1, 9, 0), at(1, 9, 15), at(1, 9, 30)}, full.nearest(want, at(0, 8, 0)))
	full.hours.Closed = []term.Day{"2026-03-03"}
	require.Equal(t, []term.Instant{at(2, 9, 0), at(2, 9, 15), at(2, 9, 30)}, full.nearest(want, at(0, 8, 0)), "closed days are never offered")

	late := slot(store.Appointment{Client: 8, Staff: 3}, at(0, 23, 59), at(1, 0, 29))
	for _, free := range days().nearest(late, at(0, 8, 0)) {
		require.True(t, ordinary(shanghai).within(free, free.Add(30*time.Minute)))
	}
}

// TestRoomsAndDevicesAreChosen takes the first free room and device of the kind; the room with
// such a device in it comes first, and a device of the room before others.
func TestRoomsAndDevicesAreChosen(t *testing.T) {
	t.Parallel()
	h := house{
		rooms:   []store.Room{{ID: 1, Kind: "激光室"}, {ID: 2, Kind: "激光室"}, {ID: 3, Kind: "咨询室"}},
		devices: []store.Device{{ID: 7, Kind: "皮秒"}, {ID: 8, Kind: "皮秒", Room: 2}, {ID: 9, Kind: "射频", Room: 1}},
	}
	want := slot(store.Appointment{Client: 8, Staff: 3}, at(0, 10, 0), at(0, 10, 30))
	want.RoomKind, want.DeviceKind = "激光室", "皮秒"
	taken := func(room term.RoomID, device term.DeviceID) Slot {
		return slot(store.Appointment{ID: 50, Staff: 9, Room: room, Device: device}, at(0, 10, 15), at(0, 10, 45))
	}
	for name, c := range map[string]struct {
		standing []Slot
		change   func(*Slot)
		room     term.RoomID
		device   term.DeviceID
		free     bool
	}{
		"the room with its device":   {nil, nil, 2, 8, true},
		"the other room":             {[]Slot{taken(2, 0)}, nil, 1, 7, true},
		"the other device":           {[]Slot{taken(0, 8)}, nil, 2, 7, true},
		"no room left":               {[]Slot{taken(1, 0), taken(2, 0)}, nil, 2, 8, false},
		"no device left":             {[]Slot{taken(0, 7), taken(0, 8)}, nil, 2, 8, false},
		"the named room stays":       {nil, func(s *Slot) { s.Room = 1 }, 1, 7, true},
		"the named device stays":     {nil, func(s *Slot) { s.Device = 7 }, 1, 7, true},
		"none of the kind":           {nil, func(s *Slot) { s.RoomKind, s.DeviceKind = "手术室", "" }, 0, 0, true},
		"the doctor is busy anyway":  {[]Slot{slot(store.Appointment{ID: 51, Staff: 3}, at(0, 10, 0), at(0, 11, 0))}, nil, 2, 8, false},
		"nothing is chosen for talk": {nil, func(s *Slot) { s.RoomKind, s.DeviceKind = "", "" }, 0, 0, true},
	} {
		try := want
		if c.change != nil {
			c.change(&try)
		}
		b := days(c.standing...)
		b.house = h
		placed, free := b.free(try, c.standing)
		require.Equal(t, c.free, free, name)
		require.Equal(t, []int64{int64(c.room), int64(c.device)}, []int64{int64(placed.Room), int64(placed.Device)}, name)
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
