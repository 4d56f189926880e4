package sheet

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"meixu/store/term"
)

var (
	dayText = regexp.MustCompile(`^(\d{4})\s*[-/.\x{5e74}]\s*(\d{1,2})\s*[-/.\x{6708}]\s*(\d{1,2})\s*\x{65e5}?(?:[ T].*)?$`)
	dayFlat = regexp.MustCompile(`^((?:18|19|20)\d{2})(\d{2})(\d{2})$`)
	serial  = regexp.MustCompile(`^\d{1,6}(\.\d+)?$`)
	powered = regexp.MustCompile(`^(\d+)(?:\.(\d+))?[eE]\+?(\d{1,2})$`)
	whole   = regexp.MustCompile(`^(\d+)\.0+$`)
)

// serialMost is the last day that Excel counts, 9999-12-31.
const serialMost = 2_958_465

// Day reads a calendar day in the ways in which tables hold them: 2026-03-02, 2026/3/2, in Chinese,
// 20260302, or as Excel's count of days. Days that do not exist, and those of which day and month
// could be taken for one another, are none.
func Day(text string, date1904 bool) (term.Day, bool) {
	text = term.Plain(text)
	for _, form := range []*regexp.Regexp{dayText, dayFlat} {
		if m := form.FindStringSubmatch(text); m != nil {
			day, err := term.ParseDay(m[1] + "-" + two(m[2]) + "-" + two(m[3]))
			return day, err == nil
		}
	}
	at, ok := counted(text, date1904)
	if !ok {
		return "", false
	}
	return term.Day(at.Format("2006-01-02")), true
}

// Moment reads a day and a time of day: 2026-03-02 15:04, or Excel's count with its fraction. The
// minute is "2006-01-02 15:04" in the clinic's own time.
func Moment(text string, date1904 bool) (minute string, ok bool) {
	text = strings.TrimSpace(text)
	if at, ok := counted(text, date1904); ok {
		return at.Round(time.Minute).Format("2006-01-02 15:04"), true
	}
	day, clock, _ := strings.Cut(strings.Replace(text, "T", " ", 1), " ")
	d, ok := Day(day, date1904)
	c, ok2 := Clock(clock)
	if !ok || !ok2 {
		return "", false
	}
	return string(d) + " " + c, true
}

// Clock reads a time of day: 9:05, 14:30:00, or Excel's fraction of a day.
func Clock(text string) (string, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), "\uff1a", ":")
	if f, err := strconv.ParseFloat(text, 64); err == nil && f >= 0 && f < 1 {
		return time.Time{}.Add(time.Duration(f * float64(24*time.Hour))).Round(time.Minute).Format("15:04"), true
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.Format("15:04"), true
		}
	}
	return "", false
}

// counted is the moment that Excel counts as days since 1900, of which it thinks a leap year.
func counted(text string, date1904 bool) (time.Time, bool) {
	if !serial.MatchString(text) {
		return time.Time{}, false
	}
	days, err := strconv.ParseFloat(text, 64)
	if err != nil || days < 61 || days > serialMost {
		return time.Time{}, false
	}
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	n := int(days)
	return from.AddDate(0, 0, n).Add(time.Duration((days - float64(n)) * float64(24*time.Hour))), true
}

func two(text string) string {
	if len(text) == 1 {
		return "0" + text
	}
	return text
}

// Digits brings a number that stands for a name (a phone, a card) back to its digits: 1.3800138001E+10
// and 13800138000.0 are what Excel makes of one. Lost says that digits are gone: 1.38E+10 is no
// phone any more.
func Digits(text string) (digits string, lost bool) {
	text = strings.TrimSpace(text)
	if m := whole.FindStringSubmatch(text); m != nil {
		return m[1], false
	}
	m := powered.FindStringSubmatch(text)
	if m == nil {
		return text, false
	}
	power, _ := strconv.Atoi(m[3])
	if len(m[2]) < power-1 { // the last digit may be a nought that was left out
		return text, true
	}
	n, _, err := big.ParseFloat(text, 10, 200, big.ToNearestEven)
	if err != nil {
		return text, true
	}
	return n.Text('f', 0), false
}
