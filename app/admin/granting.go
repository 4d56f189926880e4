package admin

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// apart are the three rights that nobody but the owner joins in one hand: who runs the system, who
// rules over rights, who looks at what both did (trust.md section 5).
var apart = []access.Role{access.SysAdmin, access.SecAdmin, access.AuditAdmin}

// crown are the roles that rule over the others.
var crown = append([]access.Role{access.Owner}, apart...)

// grant is a change of what a person may do here.
type grant struct {
	by   access.Actor
	own  bool // the person is the actor
	have []string
	want []access.Role
	lead bool // the mark of a lead physician changes
	open bool // the account is closed or opened again, renamed, or its PIN is cleared
}

// allowed is the rule of every grant. Roles are given and taken by whoever may grant them. The
// crown is the owner's to give and to take, and so is everything that becomes of whoever wears a
// part of it: administrators make neither themselves nor each other physicians, and shut neither
// each other nor the owner out. Two of the three rights that are kept apart are joined by nobody,
// at whose word ever, unless in the owner.
func (g grant) allowed() error {
	touched := differing(g.have, g.want)
	rules, grants := slices.ContainsFunc(touched, isCrown), len(touched) > 0 || g.lead
	switch {
	case !grants && !g.open:
		return nil
	case grants && !g.by.May(access.StaffGrant):
		return fault.Forbidden(string(access.StaffGrant))
	case !MayClose(g.by, g.have) || !reigns(g.by) && (rules || g.own && grants):
		return crownIsTheOwners()
	case rules && joined(g.want):
		return fault.Refuse("TR-admins", "admin.staff.joined").Ask("owner")
	}
	return nil
}

// joined says that two of the three rights come together in somebody who is not the owner.
func joined(roles []access.Role) bool {
	n := 0
	for _, r := range apart {
		if slices.Contains(roles, r) {
			n++
		}
	}
	return n > 1 && !slices.Contains(roles, access.Owner)
}

func isCrown(r access.Role) bool { return slices.Contains(crown, r) }

// crowned says that somebody with these roles rules over others.
func crowned(roles []string) bool {
	return slices.ContainsFunc(roles, func(r string) bool { return isCrown(access.Role(r)) })
}

// RoleEdit is what whoever grants roles may change about a person, and nothing besides.
type RoleEdit struct {
	ID      term.StaffID
	Version int64
	Lead    bool
	Roles   []access.Role
}

// GrantRoles gives and takes roles and the mark of a lead physician by the rules of EditStaff;
// name, state and PIN stay: a security admin rules over rights, not over people.
func (o *Office) GrantRoles(ctx context.Context, by access.Actor, in RoleEdit) error {
	return o.WriteOn(ctx, by, access.StaffGrant, store.Subject{Noun: "staff", ID: int64(in.ID)}, func(tx *store.Tx) error {
		s, err := tx.Staff(in.ID)
		if err != nil {
			return err
		}
		whole := StaffEdit{
			ID: in.ID, Version: in.Version, Name: s.Name, Title: s.Title, Lead: in.Lead, OnShift: s.OnShift, Active: s.Active, Roles: in.Roles,
		}
		if err := whole.check(); err != nil {
			return err
		}
		_, err = edit(tx, by, whole) // the state stays: it ends nothing
		return err
	})
}

// MayGive says that the actor may give or take the role: the crown is the owner's.
func MayGive(by access.Actor, role access.Role) bool {
	return by.May(access.StaffGrant) && (reigns(by) || !isCrown(role))
}

// MayClose says that the actor may close and open the account of somebody with these roles, and
// clear the PIN: of whoever wears a part of the crown that is the owner's.
func MayClose(by access.Actor, roles []string) bool { return reigns(by) || !crowned(roles) }

// reigns says that the actor is the owner, or the machine's console.
func reigns(by access.Actor) bool { return by.IsSystem() || by.Is(access.Owner) }

func crownIsTheOwners() error {
	return fault.Refuse("REG-EMR-03", "admin.staff.crown").Ask("owner")
}

// mayAdd keeps secrets with their person, and roles with whoever may grant them.
func mayAdd(by access.Actor, in NewStaff) error {
	if (in.PIN != "" || in.Password != "") && !by.IsSystem() {
		return fault.Forbidden(string(access.StaffAdd))
	}
	if len(in.Roles) == 0 && by.May(access.StaffGrant) {
		var f fault.Fields
		f.Add("roles", "admin.role.none")
		return f.Err()
	}
	return grant{by: by, want: in.Roles, lead: in.Lead}.allowed()
}

// mayRegrant says whether roles, mark of a lead, state and PIN may become those of the edit.
func mayRegrant(by access.Actor, s store.Staff, in StaffEdit) error {
	change := grant{
		by: by, own: s.ID == by.Staff, have: s.Roles, want: in.Roles, lead: s.Lead != in.Lead, open: s.Active != in.Active || in.ClearPIN || in.renames(s),
	}
	if err := change.allowed(); err != nil {
		return err
	}
	if len(in.Roles) == 0 && len(s.Roles) > 0 {
		var f fault.Fields
		f.Add("roles", "admin.role.none")
		return f.Err()
	}
	return nil
}

// differing are the roles that stand in one list only.
func differing(have []string, want []access.Role) (roles []access.Role) {
	for _, r := range want {
		if !slices.Contains(have, string(r)) {
			roles = append(roles, r)
		}
	}
	for _, r := range have {
		if !slices.Contains(want, access.Role(r)) {
			roles = append(roles, access.Role(r))
		}
	}
	return roles
}

// mayReset says whether the actor may have a one-time password of the person: with it one comes
// in as that person, so nobody has one of somebody with more rights than his own. Of whoever
// wears a part of the crown the owner alone has one.
func mayReset(by access.Actor, s store.Staff) error {
	if crowned(s.Roles) && s.ID != by.Staff && !reigns(by) {
		return crownIsTheOwners()
	}
	return nil
}

// mayClear says whether the actor may take the second step of the login from the person. It opens
// nothing without the password, so who rules over rights helps who looks on.
func mayClear(by access.Actor, s store.Staff) error {
	roles := slices.DeleteFunc(slices.Clone(s.Roles), func(r string) bool { return r == string(access.AuditAdmin) })
	s.Roles = roles
	return mayReset(by, s)
}

// Lack is what a person still has to set before the house opens.
type Lack struct {
	Password bool   // the present one is a one-time password
	PIN      bool   // none of one's own, and the password is a one-time one
	given    string // the hash of the present one
}

// Lacks says what the actor still has to set.
func (o *Office) Lacks(ctx context.Context, by access.Actor) (l Lack, err error) {
	err = o.Read(ctx, by, access.ProfileSave, func(r *store.Read) error {
		s, err := r.Staff(by.Staff)
		l = Lack{Password: s.MustChange, PIN: s.MustChange && s.PINHash == "", given: s.PasswordHash}
		return err
	})
	return l, err
}
