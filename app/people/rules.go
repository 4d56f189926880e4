package people

import (
	"slices"

	"meixu/app/access"
	"meixu/app/engine/licence"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Where papers and rights are mended.
const place = "/people"

// MayOperate says whether a person may perform an item here and today. It is nil when the
// house may offer the level (REG-LVL-03, REG-LVL-07), the person works here still, holds the
// paper of the profession for this place, checked by a second person, not suspended and in
// date (physicians REG-STF-04, nurses REG-STF-07; an assistant physician never alone,
// REG-STF-06; nobody without a paper, REG-STF-10), is a lead physician where the item wants
// one (REG-STF-01), and holds the clinic's right for the kind of item: alone, or supervised
// while another lead physician is on shift.
func MayOperate(f Facts, item store.Item) error {
	if err := levelAllowed(f.House, item); err != nil {
		return err
	}
	if f.Staff.ID == 0 {
		return noOperator(item)
	}
	if !f.Staff.Active {
		return refuse("REG-STF-04", "people.refuse.disabled", f.Staff.Name)
	}
	if err := f.profession(item); err != nil {
		return err
	}
	return f.right(item)
}

// MayPractise says whether a physician may see clients here today at all: a physician's paper
// for this place that is checked, not suspended and in date (REG-STF-04, REG-STF-06).
func MayPractise(f Facts) error {
	if !f.Staff.Active {
		return refuse("REG-STF-04", "people.refuse.disabled", f.Staff.Name)
	}
	return f.physician()
}

// MayWitness says whether a person may be the second one where the deed asks for medical
// staff: at work here, with a physician's or nurse's paper that is good today (REG-STF-04,
// REG-STF-07).
func MayWitness(f Facts) error {
	switch {
	case !f.Staff.Active:
		return refuse("REG-STF-04", "people.refuse.disabled", f.Staff.Name)
	case f.has(PaperNurse) && f.nurse() == nil, f.has(PaperPhysician) && f.physician() == nil:
		return nil
	case f.has(PaperPhysician) || slices.Contains(f.Staff.Roles, string(access.Physician)):
		return f.physician()
	}
	return f.nurse()
}

// CheckWitness reads the facts of a person and asks MayWitness.
func CheckWitness(r *store.Read, staff term.StaffID) error {
	f, err := ownFacts(r, staff)
	if err != nil {
		return err
	}
	return MayWitness(f)
}

// levelAllowed says whether a house of this kind may perform the item at all.
func levelAllowed(house licence.House, item store.Item) error {
	if house.Performs(item.Level) {
		return nil
	}
	return fault.Refuse("REG-LVL-03, REG-LVL-07", "people.refuse.level", item.Name,
		fault.Word("people.level."+item.Level)).Ask("manager")
}

func noOperator(item store.Item) error {
	return fault.Refuse("REG-STF-01", "people.refuse.nobody", item.Name).Ask("nurse")
}

func refuse(rule, key string, args ...any) *fault.Error {
	return fault.Refuse(rule, key, args...).Ask("manager").At(place)
}

// profession checks the paper that the item asks for. A physician may do a nurse's item.
func (f Facts) profession(item store.Item) error {
	switch item.Operator {
	case "nurse":
		if f.has(PaperPhysician) && f.physician() == nil {
			return nil
		}
		return f.nurse()
	case "lead_physician":
		if err := f.physician(); err != nil {
			return err
		}
		return f.lead()
	}
	return f.physician()
}

// physician says whether the person may practise as a physician here.
func (f Facts) physician() error {
	if !f.has(PaperPhysician) {
		if f.has(PaperAssistant) {
			return refuse("REG-STF-06", "people.refuse.assistant", f.Staff.Name)
		}
		return refuse("REG-STF-10", "people.refuse.no_physician", f.Staff.Name)
	}
	return f.paper(PaperPhysician, "REG-STF-04")
}

func (f Facts) nurse() error {
	if !f.has(PaperNurse) {
		return refuse("REG-STF-07", "people.refuse.no_nurse", f.Staff.Name)
	}
	return f.paper(PaperNurse, "REG-STF-07")
}

// lead says whether the person counts as a lead physician: the credential itself and, where
// the province registers leads (REG-STF-03), a registration that is good.
func (f Facts) lead() error {
	if !f.Staff.Lead {
		return refuse("REG-STF-01", "people.refuse.not_lead", f.Staff.Name)
	}
	if f.has(PaperLead) {
		return f.paper(PaperLead, "REG-STF-03")
	}
	return nil
}

// medical says that the person holds any paper of a medical profession.
func (f Facts) medical() bool {
	return f.has(PaperPhysician) || f.has(PaperNurse) || f.has(PaperAssistant)
}

func (f Facts) has(kind string) bool {
	return slices.ContainsFunc(f.Licences, func(l store.Licence) bool { return l.Kind == kind })
}

// paper is nil when one paper of the kind is good today; else what is wrong with the newest.
func (f Facts) paper(kind, rule string) error {
	var why error
	for _, l := range f.Licences {
		if l.Kind != kind {
			continue
		}
		if why = f.flaw(l, rule); why == nil {
			return nil
		}
	}
	return why
}

// flaw says what is wrong with one paper; nil when it is good.
func (f Facts) flaw(l store.Licence, rule string) error {
	kind := fault.Word("people.paper." + l.Kind)
	switch flaw := licence.Flaw(l, f.Today); flaw {
	case "":
		return nil
	case licence.Early:
		return refuse(rule, "people.refuse.early", f.Staff.Name, kind, string(l.ValidFrom))
	case licence.Expired:
		return refuse(rule, "people.refuse.expired", f.Staff.Name, kind, string(l.ValidUntil))
	default:
		return refuse(rule, "people.refuse."+flaw, f.Staff.Name, kind)
	}
}

// right checks the clinic's own matrix (F14).
func (f Facts) right(item store.Item) error {
	have := f.Rights[item.Kind]
	kind := fault.Word(ItemKindKey(item.Kind))
	switch {
	case have.Level != RightNone && have.Level != "" && have.ValidUntil.Before(f.Today):
		return refuse("REG-STF-04", "people.refuse.right_ended", f.Staff.Name, kind, string(have.ValidUntil))
	case have.Level == RightIndependent:
		return nil
	case have.Level == RightSupervised && f.LeadHere:
		return nil
	case have.Level == RightSupervised:
		return refuse("REG-STF-01", "people.refuse.alone", f.Staff.Name, kind)
	case have.Level == RightLearning:
		return refuse("REG-STF-04", "people.refuse.learning", f.Staff.Name, kind)
	}
	return refuse("REG-STF-04", "people.refuse.no_right", f.Staff.Name, kind)
}

// ItemKindKey is the words key of a kind of item.
func ItemKindKey(kind string) string { return "people.kind." + kind }

// Paper is how a paper stands.
type Paper string

// How a paper stands, worst last; days are those of REG-STF-07.
const (
	PaperGood      Paper = "valid"
	PaperEnding    Paper = "expiring"
	PaperUnchecked Paper = "unchecked"
	PaperAbroad    Paper = "elsewhere"
	PaperSuspended Paper = "suspended"
	PaperGone      Paper = "expired"
)

// warnDays is how long before its end a paper is shown in yellow (REG-STF-07: 180 days).
const warnDays = 180

// Key is the words key of the badge.
func (p Paper) Key() string { return "people.state." + string(p) }

// stateOf says how a paper stands today.
func stateOf(l store.Licence, today term.Day) Paper {
	switch {
	case l.Suspended:
		return PaperSuspended
	case l.ValidUntil.Before(today):
		return PaperGone
	case !l.PlaceHere:
		return PaperAbroad
	case l.CheckedAt.IsZero():
		return PaperUnchecked
	case l.ValidUntil != "" && l.ValidUntil.Before(today.Add(warnDays)):
		return PaperEnding
	}
	return PaperGood
}
