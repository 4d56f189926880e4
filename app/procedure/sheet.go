package procedure

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/inventory"
	"meixu/app/people"
	"meixu/store"
	"meixu/store/term"
)

// Sheet is a form of a treatment, ready to be drawn.
type Sheet struct {
	Page   Page
	Which  Which
	Filled form.Filled
	Signed bool
	// Past says that the form is only read: it is signed, or the time to fill it has gone by.
	Past    bool
	Persons []store.Staff // who may be the second person
	Stock   []store.Staff // who may witness a toxic drug
	// Seen is the fingerprint of what stands here; who signs the form carries it.
	Seen string
	// Editions are the signed states of a record, newest first.
	Editions []Edition
	// Recital is what a time-out reads aloud; nil on other forms.
	Recital *Recital
	// Earlier is where today's state was asked before, from which answers are taken over; nil for
	// nowhere.
	Earlier *Earlier
	// Flags are the red flags that a sign-out must answer for.
	Flags []feedback.Sighting
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
		if err := v.extras(r, by); err != nil {
			return err
		}
		v.Filled, err = sheetOf(r, v.Page.Treatment, v.Page.Item, which)
		v.Signed = v.Filled.Row.State == store.AnswerSigned
		v.Past = v.Signed || gone(v.Page, which)
		if err != nil || v.Past {
			return err
		}
		v.Seen, err = sheetSeen(r, by, signed{t: v.Page.Treatment, item: v.Page.Item}, which)
		return err
	})
	return v, err
}

// extras reads what single forms show beside their questions.
func (v *Sheet) extras(r *store.Read, by access.Actor) (err error) {
	switch v.Which {
	case FormToday:
		v.Earlier, err = earlierToday(r, v.Page)
	case FormRecord:
		if v.Stock, err = handlers(r, by); err != nil {
			return err
		}
		v.Editions, err = v.Page.editions(r, by.Lang)
	case FormTimeOut:
		v.Recital, err = v.Page.recite(r)
	case FormSignOut:
		var seen []feedback.Sighting
		seen, err = feedback.Seen(r, v.Page.Client, v.Page.ID)
		v.Flags = slices.DeleteFunc(seen, feedback.Sighting.Closed)
	default: // nothing beside the questions
	}
	return err
}

// Earlier is a check of another treatment of the visit.
type Earlier struct {
	At   term.Instant
	By   string
	Item store.Item
}

// earlierToday says where the answers come from that a form about today's state begins with.
func earlierToday(r *store.Read, p Page) (*Earlier, error) {
	f, err := sameDay(r, p.Treatment)
	if err != nil || f.Row.ID == 0 {
		return nil, err
	}
	other, err := r.Treatment(f.Row.Treatment)
	if err != nil {
		return nil, err
	}
	e := Earlier{At: f.Row.SignedAt, By: p.Names[f.Row.SignedBy]}
	e.Item, err = r.Item(other.Item)
	return &e, err
}

// gone says that the time to fill a form has gone by.
func gone(p Page, which Which) bool {
	switch which {
	case FormRecord:
		return p.Locked()
	case FormObserve:
		return !p.ReleasedAt.IsZero()
	case FormSignOut:
		return p.Over()
	default: // the forms before the start
	}
	return !p.Before()
}

func filledOf(r *store.Read, row store.Answer, err error) (form.Filled, error) {
	if err != nil {
		return form.Filled{}, err
	}
	return form.Fill(r, row)
}

func sheetOf(r *store.Read, t store.Treatment, item store.Item, which Which) (form.Filled, error) {
	row, err := r.TreatmentAnswer(t.ID, which.code(item))
	if which == FormObserve && !t.ReleasedAt.IsZero() { // what was signed is all there is to read
		if signed, ok, err := observation(r, t); err != nil || ok {
			return filledOf(r, signed, err)
		}
	}
	if err == nil && (row.State != store.AnswerSigned || !repeats(which, row)) {
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

// handlers lists who may witness a toxic drug beside by.
func handlers(r *store.Read, by access.Actor) (list []store.Staff, err error) {
	all, err := r.AllStaff()
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		ok, err := inventory.MayWitness(r, by.Staff, p.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, p)
		}
	}
	return list, nil
}

// witnesses lists who may be the second person beside by, those on shift first.
func witnesses(r *store.Read, by access.Actor) ([]store.Staff, error) {
	all, err := r.AllStaff()
	list := slices.DeleteFunc(all, func(s store.Staff) bool {
		return !s.Active || s.ID == by.Staff || !holds(s, access.ProcedureWitness) || people.CheckWitness(r, s.ID) != nil
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
