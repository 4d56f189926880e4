package consultation

import (
	"errors"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// turn is the next step of the actor in one visit, as lists say it (Next… words keys); a visit
// that is over has none.
func turn(r *store.Read, by access.Actor, v store.Visit) (string, error) {
	if !v.Open() {
		return "", nil
	}
	far, err := howFar(r, []store.Visit{v})
	if err != nil || len(far) == 0 {
		return "", err
	}
	return far[0].next(by), nil
}

// FormOf is the form that a next step asks for; "" for steps without one.
func FormOf(next string) string {
	return map[string]string{
		NextNeed: FormNeed, NextTalk: FormTalk, NextReview: FormNurse, NextSkin: FormSkin, NextExam: FormExam,
	}[next]
}

// Receivable says that the actor has yet to take the client in: who was received already is
// not received again.
func Receivable(by access.Actor, v store.Visit) bool {
	switch {
	case !v.Open() || !by.May(access.VisitReceive) || v.Stage > term.StagePlan:
		return false
	case v.Station == term.AtWaiting:
		return true
	case by.Is(access.Physician):
		return v.Physician != by.Staff || v.Station == term.AtConsultation
	case by.Is(access.Consultant):
		return v.Consultant == 0
	}
	return false
}

// halts is what stands in the way of an order beside the gaps of the SOP: the sentence with
// which PlaceOrder would refuse. Other errors stay errors.
func (d *Desk) halts(r *store.Read, p store.Plan) (*fault.Error, error) {
	b, err := d.brief(r, p)
	if err != nil {
		return nil, err
	}
	if err = b.filled(); err == nil {
		err = b.clear(r)
	}
	var no *fault.Error
	if errors.As(err, &no) && no.Kind == fault.KindRefused {
		return no, nil
	}
	return nil, err
}
