package admin

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// StaffEdit is the whole of what the office may change about a person.
type StaffEdit struct {
	ID          term.StaffID
	Version     int64
	Name, Title string
	Lead        bool
	OnShift     bool
	Active      bool
	Roles       []access.Role
	ClearPIN    bool // the person then sets a new one with her password; nobody sets it for her
	// Emergency closes the account at once, with a reason, although others wait for what is hers.
	Emergency bool
	Reason    string
}

func (in StaffEdit) check() error {
	var f fault.Fields
	checkName(&f, in.Name)
	for _, r := range in.Roles {
		if !r.Known() {
			f.Add("roles", "kit.bad.choice")
		}
	}
	if in.Emergency && !in.Active && strings.TrimSpace(in.Reason) == "" {
		f.Add("reason", "admin.staff.emergency.reason.missing")
	}
	return f.Err()
}

// Person reads one person for the edit page.
func (o *Office) Person(ctx context.Context, by access.Actor, id term.StaffID) (s store.Staff, err error) {
	err = o.Read(ctx, by, access.StaffView, func(r *store.Read) error {
		s, err = r.Staff(id)
		return err
	})
	s.PasswordHash, s.PINHash = "", ""
	return s, err
}

// EditStaff changes name, badge, duties and state of a person. It keeps these rules: roles
// want the right to grant them; the clinic keeps one active owner; nobody disables oneself;
// whoever is disabled loses every session at once; nobody is who still holds clients, bookings, tasks
// or complaints, but in an emergency, with a reason: then tasks go back to the role and the rest to
// the manager's list (row:C7). It tells what the edit ended.
func (o *Office) EditStaff(ctx context.Context, by access.Actor, in StaffEdit) (left Left, err error) {
	if err := in.check(); err != nil {
		return left, err
	}
	if !in.Active && strings.TrimSpace(in.Reason) != "" { // why somebody left stays in the trail
		by.Reason = strings.TrimSpace(in.Reason)
	}
	err = o.WriteOn(ctx, by, access.StaffSave, store.Subject{Noun: "staff", ID: int64(in.ID)}, func(tx *store.Tx) error {
		left, err = edit(tx, by, in)
		return err
	})
	return left, err
}

// Left is what ended with an edit that disabled a person.
type Left struct {
	Disabled bool
	Sessions int // that were open
	Held     int // things that wait on the manager's list for a hand-over
}

func edit(tx *store.Tx, by access.Actor, in StaffEdit) (left Left, err error) {
	s, err := tx.Staff(in.ID)
	if err != nil {
		return left, err
	}
	if s.Version != in.Version {
		return left, store.ErrStale
	}
	if !by.May(access.StaffGrant) { // whom no roles are shown to sends none: they stay
		in = in.asBefore(s)
	}
	if err := mayEdit(tx.Read, by, s, in); err != nil {
		return left, err
	}
	if in.Active && (!s.Active || !sameName(s.Name, in.Name)) {
		if err := freeName(tx.Read, s.ID, in.Name); err != nil {
			return left, err
		}
	}
	if err := regrant(tx, s, in.Roles); err != nil {
		return left, err
	}
	if err := tx.TellSeats(s.ID); err != nil {
		return left, err
	}
	leaves, held := s.Active && !in.Active, 0
	if leaves {
		if held, err = mayLeave(tx.Read, s, in); err != nil {
			return left, err
		}
	}
	s.Name, s.Title, s.Lead, s.OnShift, s.Active = tidyName(in.Name), strings.TrimSpace(in.Title), in.Lead, in.OnShift, in.Active
	if in.ClearPIN {
		s.PINHash = ""
	}
	if err := tx.SaveStaff(&s); err != nil {
		return left, err
	}
	tx.Publish("staff")
	tx.Result("staff", int64(s.ID))
	if leaves {
		left, err = relieve(tx, s, held)
	}
	return left, err
}

// mayLeave counts what the person holds, and refuses whoever still holds something, but in an
// emergency.
func mayLeave(r *store.Read, s store.Staff, in StaffEdit) (held int, err error) {
	counts, err := r.HeldCounts(s.ID)
	for _, c := range counts {
		held += c.N
	}
	if err == nil && held > 0 && !in.Emergency {
		err = fault.Refuse("row:C7", "admin.staff.holds", s.Name, held).Ask("manager").At(fmt.Sprintf("/people/handover/%d", s.ID))
	}
	return held, err
}

// renames says that the person would go by another name or title than before.
func (in StaffEdit) renames(s store.Staff) bool {
	return tidyName(in.Name) != s.Name || strings.TrimSpace(in.Title) != s.Title
}

// asBefore is the edit with the roles and the mark of a lead the person has, where none were sent.
func (in StaffEdit) asBefore(s store.Staff) StaffEdit {
	if len(in.Roles) == 0 {
		for _, r := range s.Roles {
			in.Roles = append(in.Roles, access.Role(r))
		}
	}
	in.Lead = in.Lead || s.Lead
	return in
}

// relieve ends every session of a person who leaves. In an emergency what she held waits: her tasks
// with their roles, the rest on the manager's list.
func relieve(tx *store.Tx, s store.Staff, held int) (left Left, err error) {
	if held > 0 {
		if err := toManager(tx, s); err != nil {
			return left, err
		}
	}
	open, err := tx.SessionsOf(s.ID)
	if err != nil {
		return left, err
	}
	return Left{Disabled: true, Sessions: len(open), Held: held}, tx.EndSessions(s.ID, 0)
}

// handoverWithin is how soon the manager hands over what was left in an emergency.
const handoverWithin = 24 * time.Hour

func toManager(tx *store.Tx, s store.Staff) error {
	if _, err := task.HandOver(tx, s.ID, 0); err != nil {
		return err
	}
	_, err := task.Open(tx, task.New{
		Kind: task.Handover, Subject: store.Subject{Noun: "staff", ID: int64(s.ID)}, Key: strconv.FormatInt(int64(tx.ActID()), 10), Role: access.Manager,
		Due: tx.Now().Add(handoverWithin), Warn: tx.Now(), Escalate: []task.Rung{{After: 0, Role: access.Owner}},
		TitleKey: "task.title.handover", Args: []string{s.Name}, Day: task.NoDay, Priority: task.HardDue,
	})
	return err
}

func mayEdit(r *store.Read, by access.Actor, s store.Staff, in StaffEdit) error {
	roles := make([]string, 0, len(in.Roles))
	for _, role := range in.Roles {
		roles = append(roles, string(role))
	}
	slices.Sort(roles)
	if err := mayRegrant(by, s, in); err != nil {
		return err
	}
	if !in.Active && by.Staff == s.ID {
		return fault.Refuse("REG-EMR-03", "admin.staff.self").Ask("owner")
	}
	owner := string(access.Owner)
	if !slices.Contains(s.Roles, owner) || slices.Contains(roles, owner) && in.Active {
		return nil
	}
	owners, err := r.StaffWithRole(owner)
	if err == nil && len(owners) <= 1 {
		err = fault.Refuse("REG-EMR-03", "admin.staff.last_owner").Ask("owner")
	}
	return err
}

// regrant gives and takes roles until the person holds exactly these.
func regrant(tx *store.Tx, s store.Staff, roles []access.Role) error {
	for _, role := range roles {
		if slices.Contains(s.Roles, string(role)) {
			continue
		}
		if err := tx.GrantRole(s.ID, string(role)); err != nil {
			return err
		}
	}
	for _, have := range s.Roles {
		if slices.Contains(roles, access.Role(have)) {
			continue
		}
		if err := tx.EndRole(s.ID, have); err != nil {
			return err
		}
	}
	return nil
}
