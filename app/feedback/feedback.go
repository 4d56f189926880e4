// Package feedback is what comes back to the clinic: red flags on the doctor's screen with
// their emergency card (S6-07), adverse events with their legal clocks (F11), what clients
// think of a visit (F9, S6-08), and the messages that ask them.
package feedback

import (
	"fmt"

	"meixu/app/deed"
	"meixu/app/engine/sop"
	"meixu/app/forms"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of evidence that this room gives to the SOP.
const (
	ProveRedFlag = "redflag.handled" // S6-07
	ProveRating  = "rating.given"    // S6-08
)

// Kinds of events.
const (
	RedFlag = "red_flag"
	Adverse = "adverse"
)

// Office is the service of the room.
type Office struct {
	deed.Doer
	flow  *sop.Engine
	forms *forms.Cabinet
}

// New makes the office and tells the SOP engine what it proves.
func New(d deed.Doer, flow *sop.Engine, cabinet *forms.Cabinet) *Office {
	o := &Office{Doer: d, flow: flow, forms: cabinet}
	flow.Prover(ProveRedFlag, proveHandled)
	flow.Place(ProveRedFlag, func(sop.Subject) string { return "/alerts" })
	flow.Prover(ProveRating, proveRated)
	return o
}

// Path is the page of an event.
func Path(id term.EventID) string { return fmt.Sprintf("/alerts/%d", id) }

func ref(id term.EventID) store.Subject { return store.Subject{Noun: "event", ID: int64(id)} }
