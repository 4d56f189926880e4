package people

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// clinicTime is an hour and minute of 2026-03-02 plus days.
func clinicTime(days, hour, minute int) term.Instant {
	return term.At(time.Date(2026, 3, 2+days, hour, minute, 0, 0, shanghai))
}

func TestDuty(t *testing.T) {
	t.Parallel()
	roster := rosterOf([]store.Shift{
		{Staff: 1, Day: "2026-03-02", From: 9 * 60, To: 18 * 60},
		{Staff: 2, Day: "2026-03-02"},
		{Staff: 4, Day: "2026-03-02", From: 9 * 60, To: 20 * 60},
	}, []store.Leave{
		{Staff: 4, From: "2026-03-01", To: "2026-03-02", State: store.LeaveApproved},
		{Staff: 1, From: "2026-03-02", To: "2026-03-02", State: store.LeaveRefused},
		{Staff: 1, From: "2026-03-04", To: "2026-03-05", State: store.LeaveApproved},
	}, shanghai)
	for name, c := range map[string]struct {
		staff    term.StaffID
		from, to term.Instant
		want     Duty
	}{
		"within the shift":               {1, clinicTime(0, 9, 0), clinicTime(0, 18, 0), DutyOn},
		"before it":                      {1, clinicTime(0, 8, 45), clinicTime(0, 9, 15), DutyOutside},
		"beyond it":                      {1, clinicTime(0, 17, 45), clinicTime(0, 18, 15), DutyOutside},
		"a day of rest":                  {2, clinicTime(0, 10, 0), clinicTime(0, 11, 0), DutyRest},
		"not on the day's roster":        {3, clinicTime(0, 10, 0), clinicTime(0, 11, 0), DutyRest},
		"on leave, although drawn":       {4, clinicTime(0, 10, 0), clinicTime(0, 11, 0), DutyAway},
		"no roster of the day":           {1, clinicTime(1, 10, 0), clinicTime(1, 11, 0), DutyOpen},
		"on leave without a roster":      {1, clinicTime(2, 10, 0), clinicTime(2, 11, 0), DutyAway},
		"the last day of leave":          {1, clinicTime(3, 10, 0), clinicTime(3, 11, 0), DutyAway},
		"the day after, still no roster": {1, clinicTime(4, 10, 0), clinicTime(4, 11, 0), DutyOpen},
	} {
		require.Equal(t, c.want, roster.Duty(c.staff, c.from, c.to), name)
		require.Equal(t, c.want == DutyOn || c.want == DutyOpen, roster.Serves(c.staff, c.from, c.to), name)
	}
}

func TestWeekdaysBeginOnMonday(t *testing.T) {
	t.Parallel()
	require.Equal(t, 0, weekdayOf("2026-03-02"))
	require.Equal(t, 6, weekdayOf("2026-03-01"))
	require.Equal(t, 1, weekdayOf("2028-02-29"))
	require.Len(t, daysFrom("2026-02-27", "2026-03-02"), 4)
	require.Equal(t, "09:05", ClockOf(9*60+5))
}

func TestRangesThatAreDrawn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to term.Day
		field    string
	}{
		"a month":          {"2026-03-01", "2026-03-31", ""},
		"no beginning":     {"", "2026-03-31", "from"},
		"no end":           {"2026-03-01", "", "to"},
		"the wrong way":    {"2026-03-31", "2026-03-01", "to"},
		"long past":        {"2025-12-01", "2025-12-31", "from"},
		"too many days":    {"2026-03-01", "2026-06-30", "to"},
		"years from today": {"2028-03-01", "2028-03-07", "to"},
	} {
		var bad fault.Fields
		checkRange(c.from, c.to, "2026-03-02", &bad)
		_, found := bad.Of(c.field)
		require.Equal(t, c.field != "", found, name)
		require.Equal(t, c.field == "", len(bad) == 0, name)
	}
}

func TestLeaveAsItIsAskedFor(t *testing.T) {
	t.Parallel()
	mine := []store.Leave{
		{From: "2026-03-10", To: "2026-03-12", State: store.LeaveApproved}, {From: "2026-03-20", To: "2026-03-22", State: store.LeaveRefused},
	}
	good := LeaveIn{Kind: "annual", From: "2026-03-13", To: "2026-03-14", Reason: "探亲"}
	for name, c := range map[string]struct {
		change func(*LeaveIn)
		field  string
	}{
		"good":            {func(*LeaveIn) {}, ""},
		"over a refused":  {func(l *LeaveIn) { l.From, l.To = "2026-03-20", "2026-03-22" }, ""},
		"no kind":         {func(l *LeaveIn) { l.Kind = "hobby" }, "kind"},
		"no reason":       {func(l *LeaveIn) { l.Reason = " " }, "reason"},
		"no day":          {func(l *LeaveIn) { l.From = "" }, "from"},
		"ends first":      {func(l *LeaveIn) { l.To = "2026-03-12" }, "to"},
		"years":           {func(l *LeaveIn) { l.To = "2027-03-12" }, "to"},
		"last month":      {func(l *LeaveIn) { l.From = "2026-02-01" }, "from"},
		"twice at a time": {func(l *LeaveIn) { l.From = "2026-03-12" }, "from"},
	} {
		in := good
		c.change(&in)
		bad, _ := fault.FieldsOf(checkLeave(in, mine, "2026-03-02"))
		_, found := bad.Of(c.field)
		require.Equal(t, c.field != "", found, name)
		require.Equal(t, c.field == "", len(bad) == 0, name)
	}
}

func TestWhoAnswersALeave(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		leave   store.Leave
		approve bool
		answer  string
		good    bool
	}{
		"approved":             {store.Leave{Staff: 1, State: store.LeaveAsked}, true, "", true},
		"refused with words":   {store.Leave{Staff: 1, State: store.LeaveAsked}, false, "人手不足", true},
		"refused without":      {store.Leave{Staff: 1, State: store.LeaveAsked}, false, "", false},
		"one's own":            {store.Leave{Staff: 9, State: store.LeaveAsked}, true, "", false},
		"called back":          {store.Leave{Staff: 1, State: store.LeaveApproved}, false, "临时手术", true},
		"approved twice":       {store.Leave{Staff: 1, State: store.LeaveApproved}, true, "", false},
		"withdrawn before":     {store.Leave{Staff: 1, State: store.LeaveWithdrawn}, true, "", false},
		"refused and approved": {store.Leave{Staff: 1, State: store.LeaveRefused}, true, "", false},
	} {
		err := mayAnswer(c.leave, 9, c.approve, c.answer)
		require.Equal(t, c.good, err == nil, name)
	}
}
