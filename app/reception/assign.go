package reception

import (
	"context"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/people"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Assign gives a visit to a consultant, or (Physician) straight to a physician.
type Assign struct {
	Visit      term.VisitID
	Consultant term.StaffID
	Physician  term.StaffID
	Reason     string // why another than the proposed consultant
}

// Assign stamps S1-08. The client's own consultant or the next of the fair rotation is
// proposed; taking another wants a reason, and both names stay on the visit.
func (d *Desk) Assign(ctx context.Context, by access.Actor, in Assign) error {
	in.Reason = strings.TrimSpace(in.Reason)
	if by.Reason == "" {
		by.Reason = in.Reason
	}
	return d.WriteOn(ctx, by, access.VisitAssign, visitRef(in.Visit), func(tx *store.Tx) error {
		v, err := visit(tx.Read, in.Visit)
		if err != nil {
			return err
		}
		if !v.Open() {
			return fault.Clash("reception.end.closed", fault.Word(v.State.Key()))
		}
		tx.Result("visit", int64(v.ID))
		if err := d.take(tx, &v, in); err != nil {
			return err
		}
		if err := tx.SaveVisit(&v); err != nil {
			return err
		}
		news(tx, v.ID)
		return d.SOP.Prove(tx, by, sop.Subject{Visit: v.ID}, ProveAssigned, visitRef(v.ID))
	})
}

// take puts the chosen person on the visit, or says what is wrong with the choice.
func (d *Desk) take(tx *store.Tx, v *store.Visit, in Assign) error {
	var f fault.Fields
	switch {
	case in.Consultant == 0 && in.Physician == 0:
		f.Add("consultant", "reception.assign.nobody")
	case in.Physician != 0:
		ok, err := onDuty(tx.Read, access.Physician, in.Physician)
		if err != nil {
			return err
		}
		if !ok {
			f.Add("physician", "reception.assign.off")
		} else if err := practises(tx.Read, in.Physician); err != nil {
			return err
		}
		v.Physician, v.Consultant, v.ConsultantReason = in.Physician, in.Consultant, in.Reason
		if in.Consultant == 0 {
			return f.Err()
		}
	}
	if len(f) > 0 {
		return f.Err()
	}
	list, err := rotation(tx.Read, *v)
	if err != nil {
		return err
	}
	return choose(tx, v, list, in)
}

// choose compares the choice with the proposal.
func choose(tx *store.Tx, v *store.Visit, list []Candidate, in Assign) error {
	var f fault.Fields
	var proposed, chosen *Candidate
	for i := range list {
		if list[i].Proposed {
			proposed = &list[i]
		}
		if list[i].Staff.ID == in.Consultant {
			chosen = &list[i]
		}
	}
	switch {
	case chosen == nil:
		f.Add("consultant", "reception.assign.off")
	case !chosen.Proposed && in.Reason == "":
		f.Add("reason", "reception.assign.reason", proposed.Staff.Name)
	}
	if len(f) > 0 {
		return f.Err()
	}
	v.Consultant, v.ConsultantReason = in.Consultant, ""
	if !chosen.Proposed {
		v.ConsultantReason = words.ZH.T("reception.assign.both", proposed.Staff.Name, chosen.Staff.Name, in.Reason)
	}
	c, err := tx.Client(v.Client)
	if err != nil || c.Consultant != 0 {
		return err
	}
	c.Consultant = in.Consultant // the first consultant stays the client's own
	return tx.SaveClient(&c)
}

func onDuty(r *store.Read, role access.Role, id term.StaffID) (bool, error) {
	list, err := r.StaffWithRole(string(role))
	for _, s := range list {
		if s.ID == id && s.OnShift {
			return true, err
		}
	}
	return false, err
}

// rotation lists the consultants on shift, the proposed one first. The visit itself is not
// counted against whoever has it.
func rotation(r *store.Read, v store.Visit) ([]Candidate, error) {
	c, err := r.Client(v.Client)
	if err != nil {
		return nil, err
	}
	staff, err := r.StaffWithRole(string(access.Consultant))
	if err != nil {
		return nil, err
	}
	day := r.Today()
	today, err := r.VisitsBetween(day.Start(r.Zone()), day.End(r.Zone()), 500)
	if err != nil {
		return nil, err
	}
	list := make([]Candidate, 0, len(staff))
	for _, s := range staff {
		one := Candidate{Staff: s, Own: s.ID == c.Consultant}
		for _, other := range today {
			if other.ID == v.ID || other.Consultant != s.ID {
				continue
			}
			if other.Open() {
				one.Open++
			}
			if other.ArrivedAt.After(one.Last) {
				one.Last = other.ArrivedAt
			}
		}
		list = append(list, one)
	}
	return propose(list), nil
}

// physicians lists the physicians on shift whose papers are good today.
func physicians(r *store.Read) ([]store.Staff, error) {
	all, err := r.StaffWithRole(string(access.Physician))
	here := make([]store.Staff, 0, len(all))
	for _, s := range all {
		if s.OnShift && practises(r, s.ID) == nil {
			here = append(here, s)
		}
	}
	return here, err
}

// practises says whether a physician may see clients today (REG-STF-04).
func practises(r *store.Read, id term.StaffID) error {
	f, err := people.FactsOf(r, id)
	if err != nil {
		return err
	}
	return people.MayPractise(f)
}

// staffName is the name of a member of staff; "" for none.
func staffName(r *store.Read, id term.StaffID) (string, error) {
	if id == 0 {
		return "", nil
	}
	s, err := r.Staff(id)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return s.Name, err
}
