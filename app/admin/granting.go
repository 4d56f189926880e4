package admin

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// crown are the roles that rule over the others; only the owner gives them, takes them, and
// resets the password of whoever holds one.
var crown = []access.Role{access.Owner, access.SysAdmin, access.SecAdmin}

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
		return edit(tx, by, whole)
	})
}

// MayGive says that the actor may give or take the role: the crown is the owner's.
func MayGive(by access.Actor, role access.Role) bool {
	return by.May(access.StaffGrant) && (reigns(by) || !slices.Contains(crown, role))
}

// reigns says that the actor is the owner, or the machine's console.
func reigns(by access.Actor) bool { return by.IsSystem() || by.Is(access.Owner) }

func crownIsTheOwners() error {
	return fault.Refuse("REG-EMR-03", "admin.staff.crown").Ask("owner")
}

// mayTouch says whether the actor may give or take these roles, and the mark of a lead.
func mayTouch(by access.Actor, roles []access.Role, lead bool) error {
	if len(roles) == 0 && !lead {
		return nil
	}
	if !by.May(access.StaffGrant) {
		return fault.Forbidden(string(access.StaffGrant))
	}
	if slices.ContainsFunc(roles, func(r access.Role) bool { return !MayGive(by, r) }) {
		return crownIsTheOwners()
	}
	return nil
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
	return mayTouch(by, in.Roles, in.Lead)
}

// mayRegrant says whether the roles and the mark of a lead may become those of the edit. Only
// the owner changes what is her own.
func mayRegrant(by access.Actor, s store.Staff, in StaffEdit) error {
	touched := differing(s.Roles, in.Roles)
	relead := s.Lead != in.Lead
	if err := mayTouch(by, touched, relead); err != nil {
		return err
	}
	if (len(touched) > 0 || relead) && s.ID == by.Staff && !reigns(by) {
		return crownIsTheOwners()
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
// in as that person.
func mayReset(by access.Actor, s store.Staff) error {
	ruled := slices.ContainsFunc(crown, func(r access.Role) bool { return slices.Contains(s.Roles, string(r)) })
	if ruled && s.ID != by.Staff && !reigns(by) {
		return crownIsTheOwners()
	}
	return nil
}

// Lack is what a person still has to set before the house opens.
type Lack struct {
	Password bool // the present one is a one-time password
	PIN      bool // none of one's own, and the password is a one-time one
}

// Lacks says what the actor still has to set.
func (o *Office) Lacks(ctx context.Context, by access.Actor) (l Lack, err error) {
	err = o.Read(ctx, by, access.ProfileSave, func(r *store.Read) error {
		s, err := r.Staff(by.Staff)
		l = Lack{Password: s.MustChange, PIN: s.MustChange && s.PINHash == ""}
		return err
	})
	return l, err
}
