package term

import (
	"errors"
	"regexp"
	"strings"
	"time"
)

const dayLayout = "2006-01-02"

// Day is a clinic-local calendar day as 2026-03-02; "" means none.
type Day string

// ErrDay says that a text is not a calendar day.
var ErrDay = errors.New("term: not a calendar day")

// ParseDay reads 2026-03-02 and refuses days that do not exist.
func ParseDay(text string) (Day, error) {
	if text == "" {
		return "", nil
	}
	if _, err := time.Parse(dayLayout, text); err != nil {
		return "", ErrDay
	}
	return Day(text), nil
}

// spoken are the ways in which people write a day beside 2026-03-02; day and month cannot be taken
// for one another in any of them.
var spoken = regexp.MustCompile(`^(\d{4})(?:[-/.]|\x{5e74})(\d{1,2})(?:[-/.]|\x{6708})(\d{1,2})\x{65e5}?$|^((?:18|19|20)\d{2})(\d{2})(\d{2})$`)

// ReadDay reads a day as it was typed: 2026-03-02, 2026/3/2, 20260302, in Chinese, or with the
// digits of a full-width keyboard.
func ReadDay(typed string) (Day, error) {
	text := strings.ReplaceAll(halfWidth(strings.TrimSpace(typed)), " ", "")
	m := spoken.FindStringSubmatch(text)
	if m == nil {
		return ParseDay(text)
	}
	pad := func(n string) string { return strings.Repeat("0", 2-len(n)) + n }
	if m[4] != "" {
		return ParseDay(m[4] + "-" + m[5] + "-" + m[6])
	}
	return ParseDay(m[1] + "-" + pad(m[2]) + "-" + pad(m[3]))
}

// Start is the first instant of the day in the clinic's zone.
func (d Day) Start(zone *time.Location) Instant {
	t, err := time.ParseInLocation(dayLayout, string(d), zone)
	if err != nil {
		return Instant{}
	}
	return At(t)
}

// End is the first instant of the next day in the clinic's zone.
func (d Day) End(zone *time.Location) Instant { return d.Add(1).Start(zone) }

// Add moves the day by n calendar days.
func (d Day) Add(n int) Day {
	t, err := time.Parse(dayLayout, string(d))
	if err != nil {
		return ""
	}
	return Day(t.AddDate(0, 0, n).Format(dayLayout))
}

// Before says that d lies before other; the empty day lies before none.
func (d Day) Before(other Day) bool { return d != "" && d < other }

// Age is the number of whole years from d (a birthday) to today.
func (d Day) Age(today Day) int {
	born, err := time.Parse(dayLayout, string(d))
	now, err2 := time.Parse(dayLayout, string(today))
	if err != nil || err2 != nil || now.Before(born) {
		return 0
	}
	years := now.Year() - born.Year()
	if now.Month() < born.Month() || now.Month() == born.Month() && now.Day() < born.Day() {
		years--
	}
	return years
}
