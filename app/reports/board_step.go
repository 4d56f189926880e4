package reports

import (
	"fmt"

	"meixu/store"
	"meixu/store/term"
)

// CardStep is the step of a visit that one click on the board does or opens (row:A7), and whether
// the last one on its number can be taken back.
type CardStep struct {
	Deed    string // call, serve, pay, treat or close; "" when the next step is done elsewhere
	Post    bool   // it is done at once; else To is the page on which it is done
	To      string
	Ticket  int64
	Version int    // of the ticket
	Stood   string // how the number stands, for the deeds that are posted from the board
	Undo    bool
}

// step says what comes next for a visit at its station.
func (f *boardFacts) step(v store.BoardVisit) CardStep {
	s := CardStep{Ticket: v.TicketID, Version: v.TicketVersion, Stood: string(v.TicketState)}
	today := v.ArrivedAt.Day(f.zone) == f.now.Day(f.zone)
	s.Undo = today && v.TicketBefore != "" && v.TicketState != term.TicketDone && v.Station == term.AtWaiting
	switch v.Station {
	case term.AtWaiting:
		s.onTicket(v)
	case term.AtTill:
		if v.Order != 0 {
			s.Deed, s.To = "pay", fmt.Sprintf("/till/%d", v.Order)
		}
	case term.AtPreOp, term.AtProcedure, term.AtObservation:
		for _, t := range f.rows {
			if t.Visit == v.ID && t.State != term.TreatmentCancelled {
				s.Deed, s.To = "treat", fmt.Sprintf("/procedure/%d", t.ID)
				break
			}
		}
	case term.AtLeaving:
		s.Deed, s.To, s.Post = "close", fmt.Sprintf("/aftercare/close/%d", v.ID), true
	case term.AtConsultation, term.AtExamination, term.AtPlan, term.Gone: // their step is a page of work: the card leads there
	}
	return s
}

// onTicket is the step of who waits: called, then taken in.
func (s *CardStep) onTicket(v store.BoardVisit) {
	if v.TicketID == 0 {
		return
	}
	switch v.TicketState {
	case term.TicketWaiting, term.TicketSkipped:
		s.Deed = "call"
	case term.TicketCalled:
		s.Deed = "serve"
	default:
		return
	}
	s.To, s.Post = fmt.Sprintf("/reception/queue/%d", v.TicketID), true
}
