package aftercare

import (
	"slices"
	"strconv"
	"time"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Times of the follow-ups (S6-03 … S6-05).
const (
	firstCall  = 48 * time.Hour // the hard one (D: 术后48小时必回访)
	firstWarn  = 24 * time.Hour
	secondWarn = 36 * time.Hour
	riskCall   = 24 * time.Hour // D1 of high-risk items
	riskTier   = 4
	slackDays  = 2
	// eveningCall is how long before its end the call on the day itself is pressing: for
	// all of a day at the same hour.
	eveningCall = 4 * time.Hour
)

// call is one follow-up that a treatment asks for.
type call struct {
	Day      int
	Due      term.Instant
	Warn     term.Instant
	Priority int
	Title    string
	Ladder   []task.Rung
}

// callsOf are the follow-ups of an item after it was signed out: the days of the catalogue,
// always the 48-hour one, and the next day for tier 4 and above.
func callsOf(item store.Item, finished term.Instant, zone *time.Location) []call {
	days := slices.Clone(item.FollowupDays)
	days = append(days, 2)
	if item.RiskTier >= riskTier {
		days = append(days, 1)
	}
	slices.Sort(days)
	days = slices.DeleteFunc(slices.Compact(days), func(d int) bool { return d < 0 })
	list := make([]call, 0, len(days))
	for _, day := range days {
		list = append(list, callOn(day, item.RiskTier, finished, zone))
	}
	return list
}

func callOn(day, tier int, finished term.Instant, zone *time.Location) call {
	on := finished.Day(zone).Add(day)
	c := call{
		Day: day, Warn: on.Start(zone), Due: lastMinute(on.Add(slackDays), zone), Title: "task.title.followup",
		Ladder: []task.Rung{{After: 0, Role: access.Manager}},
	}
	switch {
	case day == 0:
		c.Due = lastMinute(on, zone)
		c.Warn = c.Due.Add(-eveningCall)
	case day == 1 && tier >= riskTier:
		c.Warn, c.Due, c.Priority = finished.Add(riskCall/2), finished.Add(riskCall), task.HardDue
		c.Ladder = []task.Rung{{After: -riskCall / 2, Role: access.Nurse}, {After: 0, Role: access.Manager}}
	case day == 1:
		c.Warn, c.Due = on.Start(zone), lastMinute(on, zone)
	case day == 2:
		c.Warn, c.Due, c.Priority, c.Title = finished.Add(firstWarn), finished.Add(firstCall), task.HardDue, "task.title.followup48"
		c.Ladder = []task.Rung{
			{After: secondWarn - firstCall, Role: access.Nurse},
			{After: 0, Role: access.Manager},
			{After: 4 * time.Hour, Role: access.Owner},
		}
	}
	return c
}

// lastMinute is 23:59 of a day, which nobody reads as the day after.
func lastMinute(d term.Day, zone *time.Location) term.Instant { return d.End(zone).Add(-time.Minute) }

// Outcomes of a call, as the answer "assessment" of F8 says them.
const (
	unreached = "unreached"
	revisit   = "revisit"
	redFlag   = "redflag"
)

// assessment is the question of F8 for the caller's conclusion, which is no sign itself.
const assessment = "assessment"

// Verdict is what a filled F8 means for the clinic.
type Verdict struct {
	Outcome string
	Reached bool
	// Red is the most urgent emergency card; "" when nothing must be answered today.
	Red string
	// Review says that the client is to come within a day.
	Review bool
}

// verdictOf reads a filled F8: signs for now or today are red flags, signs within a day want
// a review, whatever the caller concluded.
func verdictOf(t form.Template, a form.Answers) Verdict {
	v := Verdict{Outcome: a.Value(assessment), Reached: a.Value("reached") == form.Yes}
	for _, f := range form.RedFlags(t, a) {
		switch {
		case f.Urgency == string(defaults.WithinDay):
			v.Review = true
		case v.Red == "" || v.Red == review && f.Escalation != review:
			v.Red = f.Escalation
		}
	}
	return v
}

// review is the escalation of signs that have no emergency card.
const review = "ESC-REVIEW"

// mayConclude refuses a conclusion that the answers contradict (S6-07): nothing is "normal"
// with a red flag, and nobody was asked when nobody was reached.
func mayConclude(v Verdict) error {
	var f fault.Fields
	switch {
	case !v.Reached && v.Outcome != unreached && v.Outcome != redFlag:
		f.Add(form.Name("assessment"), "aftercare.conclude.unreached")
	case v.Reached && v.Outcome == unreached:
		f.Add(form.Name("assessment"), "aftercare.conclude.reached")
	case v.Red != "" && v.Outcome != redFlag:
		f.Add(form.Name("assessment"), "aftercare.conclude.red")
	case v.Review && v.Red == "" && v.Outcome == "normal":
		f.Add(form.Name("assessment"), "aftercare.conclude.review")
	}
	return f.Err()
}

// untilText says after how long something is allowed again: hours, or days when Days.
type untilText struct {
	Key  string
	N    int
	Days bool
}

// limitsOf lists the limits of a care template that are set.
func limitsOf(l defaults.CareLimits) (list []untilText) {
	for _, x := range []untilText{
		{"water", l.WaterHours, false},
		{"makeup", l.MakeupHours, false},
		{"exercise", l.ExerciseDays, true},
		{"alcohol", l.AlcoholDays, true},
		{"heat", l.HeatDays, true},
		{"sun", l.SunDays, true},
		{"light", l.LightDays, true},
		{"injection", l.InjectionDays, true},
		{"massage", l.MassageDays, true},
	} {
		if x.N > 0 {
			list = append(list, x)
		}
	}
	return list
}

func number(n int) string { return strconv.Itoa(n) }
