package procedure

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Sheet is a form of a treatment, ready to be drawn.
type Sheet struct {
	Page    Page
	Which   Which
	Filled  form.Filled
	Signed  bool
	Persons []store.Staff // who may be the second person
}

// Sheet reads a form of the treatment: its draft, what was signed, or what would begin it.
// Nothing is written: a draft begins with the first save.
func (s *Suite) Sheet(ctx context.Context, by access.Actor, id term.TreatmentID, which Which) (v Sheet, err error) {
	client, err := s.clientOf(ctx, by, id)
	if err != nil {
		return v, err
	}
	if _, ok := sheets[which]; !ok {
		return v, fault.NotFound("form")
	}
	v.Which = which
	err = s.View(ctx, by, sheets[which].need, client, func(r *store.Read) error {
		if v.Page, err = s.page(r, by, id); err != nil {
			return err
		}
		if v.Persons, err = witnesses(r, by); err != nil {
			return err
		}
		v.Filled, err = sheetOf(r, v.Page.Treatment, v.Page.Item, which)
		v.Signed = v.Filled.Row.State == store.AnswerSigned
		return err
	})
	return v, err
}

func sheetOf(r *store.Read, t store.Treatment, item store.Item, which Which) (form.Filled, error) {
	row, err := r.TreatmentAnswer(t.ID, which.code(item))
	if err == nil && (row.State != store.AnswerSigned || !repeats(which)) {
		return form.Fill(r, row)
	}
	if err != nil && !isNone(err) {
		return form.Filled{}, err
	}
	blank, err := form.Latest(r, which.code(item))
	if err != nil {
		return form.Filled{}, err
	}
	facts, known, err := prefill(r, t, item, which)
	answers := merge(blank, blank.Blank(), known)
	for fact, value := range facts {
		answers.Know(fact, value)
	}
	return form.Filled{Template: blank, Answers: answers}, err
}

// witnesses lists who may be the second person beside by, those on shift first.
func witnesses(r *store.Read, by access.Actor) ([]store.Staff, error) {
	all, err := r.AllStaff()
	list := slices.DeleteFunc(all, func(s store.Staff) bool {
		return !s.Active || s.ID == by.Staff || !holds(s, access.ProcedureWitness)
	})
	slices.SortStableFunc(list, func(a, b store.Staff) int {
		switch {
		case a.OnShift == b.OnShift:
			return 0
		case a.OnShift:
			return -1
		}
		return 1
	})
	return list, err
}
