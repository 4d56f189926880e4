package reception

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

// FuzzTR25Intervals compares clashes with a minute-by-minute count of who is where.
func FuzzTR25Intervals(f *testing.F) {
	f.Add(0, 30, 0, 30, 0, uint8(7))
	f.Add(0, 30, 35, 30, 5, uint8(6|32))
	f.Add(0, 30, 30, 30, 10, uint8(7))
	f.Add(10, 0, 10, 0, 0, uint8(1))
	f.Add(600, 45, 0, 1439, 30, uint8(15))
	f.Fuzz(func(t *testing.T, start, length, other, otherLength, clean int, same uint8) {
		day := func(n int) int { return (n%1440 + 1440) % 1440 }
		start, other = day(start), day(other)
		length, otherLength, clean = day(length)%240+1, day(otherLength)%240+1, day(clean)%60
		before := 0 // a bit of same says whether room and device are set up for as long as they are cleaned
		if same&32 != 0 {
			before = clean
		}
		make := func(start, length int, match bool) Slot {
			from := at(0, 0, start)
			s := Slot{Appointment: store.Appointment{StartsAt: from, EndsAt: from.Add(time.Duration(length) * time.Minute), State: term.AppointmentConfirmed}, Before: time.Duration(before) * time.Minute, Clean: time.Duration(clean) * time.Minute}
			who := int64(1)
			if !match {
				who = 2
			}
			if same&1 != 0 {
				s.Staff = term.StaffID(who)
			}
			if same&2 != 0 {
				s.Room = term.RoomID(who)
			}
			return s
		}
		match := same&8 == 0
		want, stands := make(start, length, true), make(other, otherLength, match)
		meet, dirty := false, false
		for n := range 3100 {
			m := n - 60
			in := func(from, to int) bool { return m >= from && m < to }
			meet = meet || in(start, start+length) && in(other, other+otherLength)
			dirty = dirty || in(start-before, start+length+clean) && in(other-before, other+otherLength+clean)
		}
		expected := match && (same&1 != 0 && meet || same&2 != 0 && dirty)
		require.Equal(t, expected, len(clashes(want, []Slot{stands})) > 0, "%d+%d and %d+%d, clean %d", start, length, other, otherLength, clean)
		require.Equal(t, expected, len(clashes(stands, []Slot{want})) > 0, "it is the same from both sides")
	})
}
