package reception

import (
	"context"
	"errors"
	"strings"
	"time"

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
		bad, err := straight(tx.Read, v, in)
		if err != nil {
			return err
		}
		if f = bad; in.Consultant == 0 {
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

// straight puts the physician on the visit, without a consultant when none is named. Who has the visit
// already loses it with a reason only.
func straight(r *store.Read, v *store.Visit, in Assign) (f fault.Fields, err error) {
	ok, err := onDuty(r, access.Physician, in.Physician)
	if err != nil {
		return nil, err
	}
	if !ok {
		f.Add("physician", "reception.assign.off")
	} else if err := practises(r, in.Physician); err != nil {
		return nil, err
	}
	loser := term.StaffID(0)
	switch {
	case v.Physician != 0 && v.Physician != in.Physician:
		loser = v.Physician
	case v.Consultant != 0 && in.Consultant == 0:
		loser = v.Consultant
	}
	if loser != 0 && in.Reason == "" {
		name, err := staffName(r, loser)
		if err != nil {
			return nil, err
		}
		f.Add("reason", "reception.assign.reason", name)
	}
	if v.Physician = in.Physician; in.Consultant == 0 {
		v.Consultant, v.ConsultantReason = 0, in.Reason
	}
	return f, nil
}

// choose compares the choice with the proposal.
func choose(tx *store.Tx, v *store.Visit, list []Candidate, in Assign) error {
	var f fault.Fields
	var proposed, chosen *Candidate
	before, instead := v.Consultant, ""
	for i := range list {
		if list[i].Proposed {
			proposed = &list[i]
		}
		if list[i].Staff.ID == in.Consultant {
			chosen = &list[i]
		}
	}
	switch chosen {
	case nil:
		f.Add("consultant", "reception.assign.off")
	default:
		var err error
		if instead, err = insteadOf(tx.Read, *v, proposed, chosen); err != nil {
			return err
		}
		if instead != "" && in.Reason == "" {
			f.Add("reason", "reception.assign.reason", instead)
		}
	}
	if len(f) > 0 {
		return f.Err()
	}
	v.Consultant = in.Consultant
	switch {
	case instead != "":
		v.ConsultantReason = words.ZH.T("reception.assign.both", instead, chosen.Staff.Name, in.Reason)
	case before != in.Consultant:
		v.ConsultantReason = ""
	}
	c, err := tx.Client(v.Client)
	if err != nil || c.Consultant != 0 {
		return err
	}
	c.Consultant = in.Consultant // the first consultant stays the client's own
	return tx.SaveClient(&c)
}

// insteadOf is the name of whom the chosen one takes the place of: who has the visit already, else
// who was proposed; "" when it is the same.
func insteadOf(r *store.Read, v store.Visit, proposed, chosen *Candidate) (string, error) {
	switch {
	case v.Consultant != 0 && v.Consultant != chosen.Staff.ID:
		return staffName(r, v.Consultant)
	case v.Consultant == 0 && !chosen.Proposed:
		return proposed.Staff.Name, nil
	}
	return "", nil
}

func onDuty(r *store.Read, role access.Role, id term.StaffID) (bool, error) {
	list, err := r.StaffWithRole(string(role))
	if err != nil {
		return false, err
	}
	here, err := present(r)
	for _, s := range list {
		if s.ID == id && here(s) {
			return true, err
		}
	}
	return false, err
}

// present says who is on shift now: who is in the house and, on a day for which a roster was
// drawn, has a shift at this hour.
func present(r *store.Read) (func(store.Staff) bool, error) {
	roster, err := people.RosterOf(r, r.Today(), r.Today())
	now := r.Now()
	return func(s store.Staff) bool {
		return s.OnShift && s.Active && roster.Serves(s.ID, now, now.Add(time.Minute))
	}, err
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
	here, err := present(r)
	if err != nil {
		return nil, err
	}
	list := make([]Candidate, 0, len(staff))
	for _, s := range staff {
		s.OnShift = here(s)
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
	if err != nil {
		return nil, err
	}
	here, err := present(r)
	list := make([]store.Staff, 0, len(all))
	for _, s := range all {
		if here(s) && practises(r, s.ID) == nil {
			list = append(list, s)
		}
	}
	return list, err
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
