package reception

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Streams of queue numbers.
const (
	StreamConsult   = "C"
	StreamTreatment = "T"
)

// Candidate is a consultant of the rotation.
type Candidate struct {
	Staff store.Staff
	Open  int          // open visits now
	Last  term.Instant // when the last visit of the day came to this person
	Own   bool         // is this client's own consultant
	// Proposed says that the rotation would take this one.
	Proposed bool
}

// propose marks who should take the visit: the client's own consultant when on shift, else
// whoever has the fewest open visits, then whoever had none for longest, then the lowest id.
// Only people on shift count. The list comes back best first.
func propose(all []Candidate) []Candidate {
	here := slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool { return !c.Staff.OnShift || !c.Staff.Active })
	slices.SortStableFunc(here, func(a, b Candidate) int {
		if a.Own != b.Own {
			if a.Own {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Open, b.Open), a.Last.Time().Compare(b.Last.Time()), cmp.Compare(a.Staff.ID, b.Staff.ID))
	})
	if len(here) > 0 {
		here[0].Proposed = true
	}
	return here
}

// moves are what the desk and the rooms may do to a queue number: from, deed, to.
var moves = map[term.TicketState]map[string]term.TicketState{
	term.TicketWaiting: {"call": term.TicketCalled, "serve": term.TicketServing, "skip": term.TicketSkipped},
	term.TicketCalled:  {"call": term.TicketCalled, "serve": term.TicketServing, "skip": term.TicketSkipped, "back": term.TicketWaiting},
	term.TicketSkipped: {"call": term.TicketCalled, "back": term.TicketWaiting},
	term.TicketServing: {"back": term.TicketWaiting},
}

// Deeds on a queue number.
const (
	Call  = "call"
	Serve = "serve"
	Skip  = "skip"
	Back  = "back"
	// UndoMove takes the last deed back; StepCalled is the step that calls and serving stamp.
	UndoMove   = "undo"
	StepCalled = "S1-04"
)

// moveTicket says where a deed takes a queue number.
func moveTicket(from term.TicketState, deed string) (term.TicketState, error) {
	to, ok := moves[from][deed]
	if !ok {
		return "", fault.Clash("reception.ticket.not_now", fault.Word(from.Key()))
	}
	return to, nil
}

// MayMove says that the deed may be done to a number in this state.
func MayMove(from term.TicketState, deed string) bool {
	_, ok := moves[from][deed]
	return ok
}

// mayArrive: one open visit a client, and a blocked file needs the manager.
func mayArrive(c store.Client, open *store.Visit, manager bool) error {
	switch {
	case open != nil:
		return fault.Clash("reception.arrive.open", open.Number).At(fmt.Sprintf("/reception/visit/%d", open.ID))
	case c.State == "merged" || c.Voided():
		return fault.NotFound("client")
	case c.State == "blocked" && !manager:
		return fault.Refuse("S1-03", "reception.arrive.blocked").Ask("manager")
	}
	return nil
}

// mayEnd: a visit may end before its time only while nothing is being done to the client
// and nothing was (then it is released and closed instead).
func mayEnd(v store.Visit, treatments []store.Treatment) error {
	if !v.Open() {
		return fault.Clash("reception.end.closed", fault.Word(v.State.Key()))
	}
	for _, t := range treatments {
		switch t.State {
		case term.TreatmentScheduled, term.TreatmentSignedIn, term.TreatmentTimedOut, term.TreatmentCancelled:
		case term.TreatmentInProgress, term.TreatmentSignedOut, term.TreatmentObserving:
			return fault.Refuse("S5-10", "reception.end.treating").Ask("nurse").At(fmt.Sprintf("/procedure/%d", t.ID))
		default:
			return fault.Refuse("S6-01", "reception.end.treated").Ask("nurse").At(fmt.Sprintf("/visit/%d", v.ID))
		}
	}
	return nil
}

// mayUndo: only an arrival of today of which nothing came yet may be taken back.
func mayUndo(v store.Visit, today term.Day, arrived term.Day, used bool) error {
	switch {
	case !v.Open():
		return fault.Clash("reception.end.closed", fault.Word(v.State.Key()))
	case today != arrived:
		return fault.Refuse("S1-03", "reception.undo.late").Ask("manager")
	case used:
		return fault.Refuse("S1-03", "reception.undo.used").At(fmt.Sprintf("/reception/visit/%d", v.ID))
	}
	return nil
}

func wantReason(reason string) error {
	var f fault.Fields
	if strings.TrimSpace(reason) == "" {
		f.Add("reason", "reception.reason.missing")
	}
	return f.Err()
}
