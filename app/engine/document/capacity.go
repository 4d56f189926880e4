package document

import (
	"slices"
	"strings"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Capacity is in what right a name stands in the client's place: the client's own, or that of
// somebody who signs for the client and says so.
type Capacity string

// The capacities of the client's place.
const (
	Own       Capacity = "own"      // 本人
	ForMinor  Capacity = "guardian" // 监护人
	ByMandate Capacity = "agent"    // 委托代理人
)

// Capacities are all of them.
var Capacities = []Capacity{Own, ForMinor, ByMandate}

// StandIn says that another person than the client signs in the client's place.
func (c Capacity) StandIn() bool { return c == ForMinor || c == ByMandate }

// Key is the words key of the capacity.
func (c Capacity) Key() string { return "document.capacity." + string(c) }

// Ages in years (REG-CON-04): below adult the client's own name does not do alone, below child
// it does not do at all and the guardian acts in the client's place.
const (
	adult = 18
	child = 8
)

// Limits of what a stand-in writes, in characters.
const (
	maxName     = 60
	maxRelation = 20
	maxReason   = 200
)

// Child says that somebody is too young to sign anything (REG-CON-04).
func Child(birth, today term.Day) bool { return birth != "" && birth.Age(today) < child }

// CapacitiesFor are the capacities in which the client's place under a paper may be signed. A
// minor signs only papers that the guardian signs as well, and sends no agent (REG-CON-04).
func CapacitiesFor(signers []string, c store.Client, today term.Day) []Capacity {
	switch {
	case c.Birth == "" || c.Birth.Age(today) >= adult:
		return Capacities
	case Child(c.Birth, today) || !slices.Contains(signers, string(Guardian)):
		return []Capacity{ForMinor}
	}
	return []Capacity{Own, ForMinor}
}

// checkName refuses a name that is not the signer's: the client's place wants the name of the
// file or somebody who says for whom and why, the guardian's place the guardian of the file.
// Staff write no name: theirs is known.
func (in Signature) checkName(wrong *fault.Fields, p party) {
	n := shown(in.Name)
	if !in.Role.Staff() && (n < 2 || n > maxName) {
		wrong.Add("name", "document.sign.name")
		n = 0
	}
	switch in.Role {
	case Client:
		in.checkClient(wrong, p, n > 0)
	case Guardian:
		if n > 0 && !SameName(in.Name, p.client.Guardian.Name) {
			wrong.Add("name", "document.sign.name.guardian")
		}
		if SameName(in.Name, p.client.Name) { // nobody is the own guardian (REG-CON-04)
			wrong.Add("name", "document.sign.name.standin")
		}
		p.checkSide(wrong, in)
	default: // a witness has no file
	}
}

func (in Signature) checkClient(wrong *fault.Fields, p party, named bool) {
	switch {
	case !slices.Contains(Capacities, in.Capacity):
		wrong.Add("capacity", "document.sign.capacity")
	case in.Capacity == ByMandate && !slices.Contains(p.may, ByMandate):
		wrong.Add("capacity", "document.sign.minor.agent")
	case !slices.Contains(p.may, in.Capacity):
		wrong.Add("capacity", "document.sign.minor")
	}
	switch {
	case in.Capacity.StandIn():
		in.checkStandIn(wrong, p, named)
	case named && !SameName(in.Name, p.client.Name):
		wrong.Add("name", "document.sign.name.client")
	}
}

// checkStandIn refuses a stand-in who is nobody, the client, not the guardian of the file, or of
// the house's side.
func (in Signature) checkStandIn(wrong *fault.Fields, p party, named bool) {
	guardian := p.client.Guardian.Name
	switch {
	case named && SameName(in.Name, p.client.Name):
		wrong.Add("name", "document.sign.name.standin")
	case named && in.Capacity == ForMinor && guardian != "" && !SameName(in.Name, guardian):
		wrong.Add("name", "document.sign.name.guardian")
	}
	if n := shown(in.Relation); n < 1 || n > maxRelation {
		wrong.Add("relation", "document.sign.relation")
	}
	if n := shown(in.Reason); n < 2 || n > maxReason {
		wrong.Add("reason", "document.sign.reason")
	}
	p.checkSide(wrong, in)
}

// shown counts what a reader sees of a text: a name, a relation or a reason of what shows
// nothing, or of dots alone, has none.
func shown(text string) int {
	if term.Likeness(text) == "" {
		return 0
	}
	return len([]rune(strings.TrimSpace(term.Spelled(text))))
}

// SameName compares two names as people write them: width, letter case, blanks, hyphens and
// the dots between the parts of a name make no difference, nor does what shows nothing.
func SameName(a, b string) bool {
	folded := term.Likeness(a)
	return folded != "" && folded == term.Likeness(b)
}
