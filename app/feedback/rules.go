package feedback

import (
	"strings"
	"time"

	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// States of an event.
const (
	stateOpen   = "open"
	stateTaken  = "taken"
	stateClosed = "closed"
)

// answerMinutes is the limit of S6-07 while no emergency card says less.
const answerMinutes = 15

// minutesFor is within how many minutes a physician must answer signs of a card.
func minutesFor(card string) int {
	if c, ok := defaults.CardOf(card); ok && c.AnswerMinutes > 0 {
		return min(c.AnswerMinutes, answerMinutes)
	}
	return answerMinutes
}

// gravity orders emergency cards: those that call 120 before the others, then by the minutes
// in which a physician must answer; signs without a card come last.
func gravity(card string) int {
	c, ok := defaults.CardOf(card)
	if !ok {
		return 0
	}
	g := 2*answerMinutes - minutesFor(card)
	if c.Call120 {
		g += 2 * answerMinutes
	}
	return g
}

// within is the time that a physician has to answer an event.
func within(e store.Event) time.Duration { return time.Duration(minutesFor(e.Code)) * time.Minute }

// mayTake is nil while nobody has the red flag in hand.
func mayTake(e store.Event) error {
	if e.State != stateOpen {
		return fault.Clash("feedback.taken.already").At(Path(e.ID))
	}
	return nil
}

// mayStep refuses steps on an event that no physician took, or that is closed (S6-07).
func mayStep(e store.Event, no, steps int) error {
	switch {
	case e.State == stateOpen:
		return fault.Refuse("S6-07", "feedback.refuse.not_taken", e.Number).Ask("physician").At(Path(e.ID))
	case e.State == stateClosed:
		return fault.Refuse("S6-07", "feedback.refuse.closed", e.Number).At(Path(e.ID))
	case no < 1 || no > steps:
		return fault.NotFound("step")
	}
	return nil
}

// Closing is how a red flag ends.
type Closing struct {
	Event    term.EventID
	Outcome  string
	Severity string // A no harm … E death; REG-EVT-08
	Version  int
}

// mayClose refuses to close what nobody took; an event with harm wants its adverse event
// form signed first (REG-EVT-10). Wrong fields are told all at once.
func mayClose(e store.Event, in Closing, reported bool) error {
	var f fault.Fields
	if strings.TrimSpace(in.Outcome) == "" {
		f.Add("outcome", "feedback.outcome.missing")
	}
	if len(in.Severity) != 1 || !strings.Contains("ABCDE", in.Severity) {
		f.Add("severity", "feedback.severity.missing")
	}
	if err := f.Err(); err != nil {
		return err
	}
	switch {
	case e.State == stateOpen:
		return fault.Refuse("S6-07", "feedback.refuse.not_taken", e.Number).Ask("physician").At(Path(e.ID))
	case e.State == stateClosed:
		return fault.Clash("feedback.refuse.closed", e.Number).At(Path(e.ID))
	case in.Severity != "A" && !reported:
		return fault.Refuse("REG-EVT-10", "feedback.refuse.report").Ask("physician").At(Path(e.ID))
	}
	return nil
}

// Clock is one legal time limit of an adverse event.
type Clock struct {
	Rule string
	Key  string
	Due  term.Instant
}

// foundAt is when the event was found, as the form says; registered while it does not say.
func foundAt(a form.Answers, zone *time.Location, registered term.Instant) term.Instant {
	at, err := time.ParseInLocation("2006-01-02 15:04", a.Value("found_on")+" "+a.Value("found_at"), zone)
	if err != nil {
		return registered
	}
	return term.At(at)
}

// qualityLimits are the times of REG-EVT-06 by the level of the event (REG-EVT-07): general,
// major, very major.
var qualityLimits = map[string]time.Duration{"general": 15 * 24 * time.Hour, "major": 12 * time.Hour, "grave": 2 * time.Hour}

// clocksOf are the reporting limits that an F11 starts: drugs (REG-EVT-01), devices
// (REG-EVT-02) and quality events (REG-EVT-06), from the time it was found.
func clocksOf(a form.Answers, at term.Instant) []Clock {
	var list []Clock
	in := func(rule, key string, d time.Duration) { list = append(list, Clock{rule, key, at.Add(d)}) }
	const day = 24 * time.Hour
	severity := a.Value("severity")
	serious := severity == "D" || a.Has("harm", "life") || a.Has("harm", "permanent") || a.Has("harm", "intervention")
	if a.Value("is_drug") == "yes" {
		switch {
		case severity == "E":
			in("REG-EVT-01", "feedback.clock.drug_death", 0)
		case serious || a.Value("adr_kind") == "new" || a.Value("adr_kind") == "serious":
			in("REG-EVT-01", "feedback.clock.drug", 15*day)
		default:
			in("REG-EVT-01", "feedback.clock.drug", 30*day)
		}
	}
	if a.Value("is_device") == "yes" {
		if severity == "E" {
			in("REG-EVT-02", "feedback.clock.device", 7*day)
		} else if serious {
			in("REG-EVT-02", "feedback.clock.device", 20*day)
		}
	}
	if a.Value("is_quality") == "yes" {
		if limit, ok := qualityLimits[a.Value("quality_level")]; ok {
			in("REG-EVT-06", "feedback.clock.quality."+a.Value("quality_level"), limit)
		}
	}
	return list
}

// unhappy says that a rating wants somebody to call: the client asks for it, a low score
// (under 60 of 100), or a detractor (NPS 6 or less).
func unhappy(a form.Answers, score, nps int) bool {
	return a.Value("call") == form.Yes || score < 60 || nps <= 6
}

// Averages are the figures above a list of ratings.
type Averages struct {
	Count   int
	Score   int // 0 … 100
	NPS     int // −100 … 100: promoters less detractors, in per cent
	Unhappy int
}

// averagesOf sums up ratings.
func averagesOf(list []store.Rating) (a Averages) {
	promoters, detractors, sum := 0, 0, 0
	for _, r := range list {
		sum += r.Score
		switch {
		case r.Nps >= 9:
			promoters++
		case r.Nps <= 6:
			detractors++
		}
		if r.Score < 60 {
			a.Unhappy++
		}
	}
	if a.Count = len(list); a.Count > 0 {
		a.Score, a.NPS = sum/a.Count, (promoters-detractors)*100/a.Count
	}
	return a
}
