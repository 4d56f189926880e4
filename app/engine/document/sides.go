package document

import (
	"fmt"
	"reflect"
	"slices"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
)

// sides reads who has signed the paper already and who belongs to the house: for an agent
// everybody who is at work here, for a guardian those who have to do with this paper. A parent
// may work here; nobody acts for client and clinic on one paper.
func (p *party) sides(r *store.Read, by access.Actor, d store.Document, in Signature) (err error) {
	if p.signed, err = r.Signatures(d); err != nil || in.Role.Staff() {
		return err
	}
	if in.Role == Client && in.Capacity == ByMandate {
		all, err := r.AllStaff()
		for _, s := range all {
			if s.Active {
				p.house = append(p.house, s.Name)
			}
		}
		return err
	}
	if by.SignedIn() {
		p.house = append(p.house, by.Name)
	}
	for _, s := range p.signed {
		if s.Staff != 0 {
			p.house = append(p.house, s.Name)
		}
	}
	return nil
}

// checkSide refuses somebody of the house in the place of the client's side.
func (p party) checkSide(wrong *fault.Fields, in Signature) {
	if slices.ContainsFunc(p.house, func(name string) bool { return SameName(name, in.Name) }) {
		wrong.Add("name", "document.sign.name.house")
	}
}

// wantGuardian refuses a guardian in the place of a minor of whose guardian the file knows
// nothing: first the file says who it is (REG-CON-04).
func (in Signature) wantGuardian(p party) error {
	stands := in.Role == Guardian || in.Role == Client && in.Capacity == ForMinor
	if !stands || !p.minor || shown(p.client.Guardian.Name) > 0 {
		return nil
	}
	return fault.Refuse("REG-CON-04", "document.sign.guardian.none", p.client.Number).Ask(string(access.Reception)).
		At(fmt.Sprintf("/client/%d", p.client.ID))
}

// copied says that these very strokes stand in another person's place under the same paper: a
// hand never draws the same line twice. A guardian who stands in a child's place as well draws
// once for both.
func (in Signature) copied(p party) bool {
	return !in.Role.Staff() && slices.ContainsFunc(p.signed, func(s store.Signature) bool {
		return s.Staff == 0 && !SameName(s.Name, in.Name) && SameStrokes(s.Strokes, in.Strokes)
	})
}

// SameStrokes says that what came from two pads is one drawing, however it is written down.
func SameStrokes(a, b string) bool {
	one, bad := parseStrokes(a)
	two, worse := parseStrokes(b)
	return bad == nil && worse == nil && reflect.DeepEqual(one, two)
}
