package sop

import (
	"errors"

	"meixu/store"
	"meixu/store/term"
)

// Carried is evidence of an earlier visit that counts for this one.
type Carried struct {
	At     term.Instant
	Visit  term.VisitID // 0 when the evidence belongs to no visit
	Number string
}

// OK says that the evidence is older than the visit.
func (c Carried) OK() bool { return !c.At.IsZero() }

// carry fills in, for steps that their evidence fulfils without a stamp, the evidence and its
// time, and from which earlier visit it is taken over.
func (sh *sheet) carry(r *store.Read, steps []RunStep, began term.Instant) error {
	for i := range steps {
		s := &steps[i]
		p := sh.proofs[cell{s.ID, s.Treatment}]
		if s.State != "done" || !s.DoneAt.IsZero() || !p.Done {
			continue
		}
		s.Ref = p.Ref
		if p.At.IsZero() || !p.At.Before(began) {
			s.DoneAt = p.At
			continue
		}
		s.Carried.At = p.At
		visit, err := visitOf(r, p.Ref)
		if err != nil || visit == 0 || visit == sh.on.Visit {
			if err != nil {
				return err
			}
			continue
		}
		v, err := r.Visit(visit)
		if err != nil {
			return err
		}
		s.Carried.Visit, s.Carried.Number = v.ID, v.Number
	}
	return nil
}

// visitOf is the visit in which a piece of evidence was made; 0 for evidence of none.
func visitOf(r *store.Read, ref store.Subject) (term.VisitID, error) {
	switch ref.Noun {
	case "answer":
		row, _, err := known(r.Answer(term.AnswerID(ref.ID)))
		return row.Visit, err
	case "document":
		row, _, err := known(r.Document(term.DocumentID(ref.ID)))
		return row.Visit, err
	case "order":
		row, _, err := known(r.Order(term.OrderID(ref.ID)))
		return row.Visit, err
	case "exam":
		row, _, err := known(r.Exam(ref.ID))
		return row.Visit, err
	}
	return 0, nil
}

// known tells a row that is not there from a failure.
func known[T any](row T, err error) (T, bool, error) {
	if errors.Is(err, store.ErrNotFound) {
		return row, false, nil
	}
	return row, err == nil, err
}
