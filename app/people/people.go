// Package people keeps what lets a person treat clients here: papers (licences and
// registrations, REG-STF-04…07) and the clinic's own matrix of rights by item kind (F14).
// Other rooms ask the pure rule MayOperate with FactsOf; the deeds of the Office change
// papers and rights, always with two pairs of eyes.
package people

import (
	"errors"
	"strings"

	"meixu/app/deed"
	"meixu/app/engine/licence"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of paper.
const (
	PaperPhysician = licence.Physician
	PaperLead      = "lead_physician"
	PaperNurse     = licence.Nurse
	PaperAssistant = "assistant_physician"
	PaperOther     = "other"
)

// PaperKinds lists the kinds of paper in the order of the form.
var PaperKinds = []string{PaperPhysician, PaperLead, PaperNurse, PaperAssistant, PaperOther}

// Levels of a right (F14), from nothing to alone.
const (
	RightNone        = "none"
	RightLearning    = "learning"
	RightSupervised  = "supervised"
	RightIndependent = "independent"
)

// RightLevels lists the levels of a right, lowest first.
var RightLevels = []string{RightNone, RightLearning, RightSupervised, RightIndependent}

// Office is the service of the people room.
type Office struct{ deed.Doer }

// New makes the office.
func New(d deed.Doer) *Office { return &Office{d} }

// Facts are what decides whether a person may perform an item.
type Facts struct {
	Staff    store.Staff
	Licences []store.Licence
	Rights   map[string]store.StaffRight // by item kind
	House    licence.House
	// LeadHere says that another lead physician with valid papers is on shift.
	LeadHere bool
	Today    term.Day
}

// FactsOf reads the facts of one person; a person that does not exist is store.ErrNotFound.
func FactsOf(r *store.Read, staff term.StaffID) (Facts, error) {
	f, err := ownFacts(r, staff)
	if err != nil {
		return f, err
	}
	leads, err := leadsHere(r)
	for _, lead := range leads {
		f.LeadHere = f.LeadHere || lead != staff
	}
	return f, err
}

func ownFacts(r *store.Read, staff term.StaffID) (f Facts, err error) {
	f.Today = r.Today()
	if f.House, err = licence.HouseOf(r); err != nil {
		return f, err
	}
	if f.Staff, err = r.Staff(staff); err != nil {
		return f, err
	}
	if f.Licences, err = r.Licences(staff); err != nil {
		return f, err
	}
	f.Rights, err = r.StaffRights(staff)
	return f, err
}

// leadsHere lists the lead physicians on shift whose papers are good today.
func leadsHere(r *store.Read) ([]term.StaffID, error) {
	all, err := r.AllStaff()
	if err != nil {
		return nil, err
	}
	var leads []term.StaffID
	for _, s := range all {
		if !s.Active || !s.Lead || !s.OnShift {
			continue
		}
		f, err := ownFacts(r, s.ID)
		if err != nil {
			return nil, err
		}
		if f.physician() == nil && f.lead() == nil {
			leads = append(leads, s.ID)
		}
	}
	return leads, nil
}

// Each refusal of an operator has its sentence under the one stem and a few words under the other.
const (
	refuseKey = "people.refuse."
	briefKey  = "people.brief."
)

// Operator is one person with the verdict on an item.
type Operator struct {
	ID    term.StaffID
	Name  string
	Title string
	Lead  bool
	// Here says that the person is on shift; it is told, and refuses nobody.
	Here bool
	// Why is nil when the person may; else the refusal with its rule.
	Why error
}

// Brief is the words key that says in a few words why the person may not, for a list of
// names: that of the refusal itself, so that list and gate cannot differ. "" when the person may.
func (o Operator) Brief() string {
	var why *fault.Error
	if !errors.As(o.Why, &why) {
		return ""
	}
	return briefKey + strings.TrimPrefix(why.Key, refuseKey)
}

// May says that the person may perform the item.
func (o Operator) May() bool { return o.Why == nil }

// Operators lists the medical people of the house with the verdict on an item, those who may
// first.
func Operators(r *store.Read, item store.Item) ([]Operator, error) {
	all, err := r.AllStaff()
	if err != nil {
		return nil, err
	}
	var may, mayNot []Operator
	for _, s := range all {
		f, err := FactsOf(r, s.ID)
		if err != nil {
			return nil, err
		}
		if !s.Active || !f.medical() {
			continue
		}
		o := Operator{s.ID, s.Name, s.Title, s.Lead, s.OnShift, MayOperate(f, item)}
		if o.May() {
			may = append(may, o)
		} else {
			mayNot = append(mayNot, o)
		}
	}
	return append(may, mayNot...), nil
}

// CheckOperator reads the facts of a person and asks MayOperate; nobody is refused too.
func CheckOperator(r *store.Read, staff term.StaffID, item store.Item) error {
	f, err := FactsOf(r, staff)
	if errors.Is(err, store.ErrNotFound) {
		return noOperator(item)
	}
	if err != nil {
		return err
	}
	return MayOperate(f, item)
}
