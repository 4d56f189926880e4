package papers

import (
	"meixu/app/fault"
	"meixu/store"
)

// over reads whether a paper waits for signatures in a visit that has ended: nobody signs it
// any more (S1-03).
func over(r *store.Read, d store.Document) (v store.Visit, ended bool, err error) {
	if d.Visit == 0 || d.State != store.DocumentOpen {
		return v, false, nil
	}
	v, err = r.Visit(d.Visit)
	return v, err == nil && !v.Open(), err
}

// signable refuses the signature under a paper of a visit that has ended.
func signable(r *store.Read, d store.Document) error {
	v, ended, err := over(r, d)
	if err != nil || !ended {
		return err
	}
	return fault.Refuse("S1-03", "document.over.sign", d.Number, v.Number, fault.Word(v.State.Key())).At(Path(d.ID))
}
