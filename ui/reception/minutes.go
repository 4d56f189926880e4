package reception

import (
	"time"

	"meixu/app/people"
	"meixu/store/term"
	"meixu/ui/kit"
)

// minutesClock prints minutes since midnight as 09:00.
func minutesClock(n int) string { return people.ClockOf(n) }

// clockMinutes reads a time of day as minutes since midnight; none when it is empty.
func clockMinutes(f *kit.Form, name string, none int) int {
	text := term.Plain(f.Text(name))
	switch text {
	case "":
		return none
	case "24:00":
		return 24 * 60
	}
	t, err := time.Parse("15:04", text)
	if err != nil {
		f.Fields.Add(name, "kit.bad.clock", text)
		return none
	}
	return t.Hour()*60 + t.Minute()
}
