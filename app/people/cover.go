package people

import (
	"slices"

	"meixu/app/engine/licence"
	"meixu/store"
	"meixu/store/term"
)

// Cover is what decides who may do what, of the whole house, read once.
type Cover struct {
	facts []Facts
	names map[term.StaffID]string
	may   map[term.ItemID][]term.StaffID
}

// CoverOf reads the papers and rights of everybody who works here.
func CoverOf(r *store.Read) (e Cover, err error) {
	e = Cover{names: map[term.StaffID]string{}, may: map[term.ItemID][]term.StaffID{}}
	all, err := r.AllStaff()
	if err != nil {
		return e, err
	}
	for _, s := range all {
		e.names[s.ID] = s.Name
		if !s.Active {
			continue
		}
		f, err := ownFacts(r, s.ID)
		if err != nil {
			return e, err
		}
		f.LeadHere = true // who supervises is asked at the gate before the procedure
		e.facts = append(e.facts, f)
	}
	return e, nil
}

// papersLooked bounds how many papers are looked at together.
const papersLooked = 5000

// Suspended are those whose practice is suspended and who have no other good paper to practise with.
func Suspended(r *store.Read) (map[term.StaffID]bool, error) {
	papers, err := r.AllLicences(papersLooked)
	barred := map[term.StaffID]bool{}
	for _, l := range papers {
		if l.Kind == PaperPhysician || l.Kind == PaperNurse {
			barred[l.Staff] = barred[l.Staff] || l.Suspended
		}
	}
	for _, l := range papers {
		if (l.Kind == PaperPhysician || l.Kind == PaperNurse) && licence.Flaw(l, r.Today()) == "" {
			delete(barred, l.Staff)
		}
	}
	return barred, err
}

// May lists who may do an item: with papers and a right for it, at work or not.
func (e Cover) May(item store.Item) []term.StaffID {
	if list, known := e.may[item.ID]; known {
		return list
	}
	list := []term.StaffID{}
	for _, f := range e.facts {
		if f.medical() && MayOperate(f, item) == nil {
			list = append(list, f.Staff.ID)
		}
	}
	e.may[item.ID] = list
	return list
}

// lack says what a booking lacks on the roster; "" for nothing.
func (e Cover) lack(t Roster, a store.Appointment, item store.Item) string {
	if a.Staff != 0 && !t.Serves(a.Staff, a.StartsAt, a.EndsAt) {
		return "roster.gap.person"
	}
	if item.ID == 0 {
		return ""
	}
	if slices.ContainsFunc(e.May(item), func(id term.StaffID) bool { return t.Serves(id, a.StartsAt, a.EndsAt) }) {
		return ""
	}
	return "roster.gap.cover"
}

// could lists who might take a booking over (row:O10).
func (e Cover) could(t Roster, a store.Appointment, item store.Item, booked []store.Appointment) (list []Stand) {
	if item.ID == 0 {
		return nil
	}
	day := a.StartsAt.Day(t.Zone)
	for _, id := range e.May(item) {
		busy := slices.ContainsFunc(booked, func(b store.Appointment) bool {
			return b.Staff == id && b.ID != a.ID && b.StartsAt.Before(a.EndsAt) && a.StartsAt.Before(b.EndsAt)
		})
		if id != a.Staff && !busy && !t.Away(id, day) {
			list = append(list, Stand{e.names[id], t.Serves(id, a.StartsAt, a.EndsAt)})
		}
	}
	slices.SortStableFunc(list, func(a, b Stand) int {
		if a.On == b.On {
			return 0
		}
		if a.On {
			return -1
		}
		return 1
	})
	return list[:min(len(list), couldShown)]
}

// couldShown is how many who could step in are named.
const couldShown = 4
