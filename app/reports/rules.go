package reports

import (
	"slices"
	"time"

	"meixu/app/engine/banner"
	"meixu/store"
	"meixu/store/term"
)

// Lanes are the stations of the board in the order of a client's way through the house.
var Lanes = []term.Station{
	term.AtWaiting, term.AtConsultation, term.AtExamination, term.AtPlan, term.AtTill,
	term.AtPreOp, term.AtProcedure, term.AtObservation, term.AtLeaving,
}

// limits are the minutes after which a station turns red; amber from half of it (screens.md
// section 2). Waiting is S1-04, consultation S2-01; the others are the clinic's own aims.
var limits = map[term.Station]int{
	term.AtWaiting: 15, term.AtConsultation: 30, term.AtExamination: 30, term.AtPlan: 40, term.AtTill: 15,
	term.AtPreOp: 40, term.AtProcedure: 120, term.AtObservation: 60, term.AtLeaving: 20,
}

// Limit is the number of minutes after which a stay at the station is too long.
func Limit(s term.Station) int { return limits[s] }

// percent is part of whole in percent, rounded down; ok is false when there is no whole.
func percent(part, whole int) (n int, ok bool) {
	if whole == 0 {
		return 0, false
	}
	return part * 100 / whole, true
}

// median is the middle of the minutes (the lower of two); ok is false for none.
func median(minutes []int) (n int, ok bool) {
	if len(minutes) == 0 {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(minutes))
	return sorted[(len(sorted)-1)/2], true
}

// answerLimit is the time within which an inquiry is to be answered (S1-01).
const answerLimit = 5 * time.Minute

// answered judges one inquiry: kept is answered in time; due is answered, or its time is over.
func answered(l store.Lead, now term.Instant) (due, kept bool) {
	if l.FirstReplyAt.IsZero() {
		return now.Sub(l.Start()) > answerLimit, false
	}
	return true, l.FirstReplyAt.Sub(l.Start()) <= answerLimit
}

// keptLimit says that a step with a clock was done in its time.
func keptLimit(s store.SOPStamp) bool {
	return (s.State == store.StampDone || s.State == store.StampManual) && !s.DoneAt.After(s.DueAt)
}

// marks are the small badges of a card; what the actor may not see is left out by the caller.
func marks(v store.BoardVisit, alarmed, owes bool) []banner.Badge {
	var list []banner.Badge
	if v.Earlier == 0 {
		list = append(list, banner.Badge{Key: "floor.badge.new", Tone: "info", Icon: "sparkles"})
	}
	if v.VIP {
		list = append(list, banner.Badge{Key: "floor.badge.vip", Tone: "gold", Icon: "diamond"})
	}
	if alarmed {
		list = append(list, banner.Badge{Key: "floor.badge.alarm", Tone: "danger", Icon: "alert-triangle"})
	}
	if owes {
		list = append(list, banner.Badge{Key: "floor.badge.debt", Tone: "warn", Icon: "coin-yuan"})
	}
	return list
}
