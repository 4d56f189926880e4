package feedback

import (
	"errors"

	"meixu/app/engine/sop"
	"meixu/store"
)

// proveHandled: every red flag of the treatment (or of the visit) is closed (S6-07).
func proveHandled(r *store.Read, s sop.Subject) (p sop.Proof, err error) {
	v, err := r.Visit(s.Visit)
	if err != nil {
		return p, err
	}
	events, err := r.EventsOf(v.Client, 200)
	if err != nil {
		return p, err
	}
	p.Done = true
	for _, e := range events {
		if e.Kind != RedFlag || e.Visit != s.Visit || s.Treatment != 0 && e.Treatment != s.Treatment {
			continue
		}
		if e.State != stateClosed {
			return sop.Proof{Key: "feedback.gap.open", Args: []any{e.Number}, Where: Path(e.ID), Ref: ref(e.ID)}, nil
		}
		if e.ClosedAt.After(p.At) {
			p.At, p.Ref = e.ClosedAt, ref(e.ID)
		}
	}
	return p, nil
}

// proveRated: the client rated the visit (S6-08).
func proveRated(r *store.Read, s sop.Subject) (sop.Proof, error) {
	row, err := r.RatingOf(s.Visit)
	if errors.Is(err, store.ErrNotFound) {
		return sop.Proof{}, nil
	}
	return sop.Proof{Done: err == nil, At: row.At, Ref: store.Subject{Noun: "rating", ID: row.ID}}, err
}
