package forms

import (
	"errors"
	"fmt"

	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/store"
)

// Signed makes the prover of evidence that consists of forms: each of the codes is signed in
// the visit (or treatment, for forms of a treatment). The last one signed is the evidence.
func Signed(codes ...string) sop.Prover {
	return func(r *store.Read, s sop.Subject) (sop.Proof, error) {
		var proof sop.Proof
		for _, code := range codes {
			row, err := answerOf(r, s, code)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return proof, err
			}
			if row.State != store.AnswerSigned {
				return unsigned(r, s, code, row)
			}
			if row.SignedAt.After(proof.At) {
				proof.At, proof.Ref = row.SignedAt, subjectOf(row.ID)
			}
		}
		proof.Done = true
		return proof, nil
	}
}

func answerOf(r *store.Read, s sop.Subject, code string) (store.Answer, error) {
	if s.Treatment != 0 {
		row, err := r.TreatmentAnswer(s.Treatment, code)
		if !errors.Is(err, store.ErrNotFound) {
			return row, err
		}
	}
	return r.VisitAnswer(s.Visit, code)
}

func unsigned(r *store.Read, s sop.Subject, code string, row store.Answer) (sop.Proof, error) {
	t, err := form.Latest(r, code)
	p := sop.Proof{Key: "forms.gap.unsigned", Args: []any{t.Title}, Where: FormPath(row.ID)}
	if row.ID == 0 {
		p.Where = fmt.Sprintf("/form/new?code=%s&visit=%d", code, s.Visit)
		if s.Treatment != 0 {
			p.Where += fmt.Sprintf("&treatment=%d", s.Treatment)
		}
	}
	return p, err
}
