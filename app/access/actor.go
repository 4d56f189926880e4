package access

import (
	"slices"

	"meixu/app/words"
	"meixu/store/term"
)

// Actor is who does a deed: a person with duties at a workstation, a tablet handed to a
// client, a client's phone on the guest listener, or the system itself.
type Actor struct {
	Staff   term.StaffID
	Name    string
	Roles   []Role
	Lead    bool   // lead physician (a credential, not a role)
	Station string // workstation the browser is enrolled as; may be ""
	Tablet  bool   // the session began on a screen worked by finger
	Session int64  // session row; 0 for system and guests
	Proof   Proof  // what the person typed in the last minutes
	Locked  bool   // idle-locked: only unlocking and logging out are left
	Request string // request id for the trail and the log
	Once    string // one-time key of the posted form
	Posted  string // digest of the posted form; kept only under a key
	Reason  string // reason typed for the trail
	Seen    string // fingerprint of what the page showed on which the deed was decided
	Lang    words.Lang
	Guest   GuestScope // what a handed-over tablet or a client's phone may touch
	system  bool
}

// GuestScope is the one thing that a handed-over tablet or a guest link may touch.
type GuestScope struct {
	Kind    string // "" none; "form", "care", "rating", "queue", …
	Subject int64  // row id of that one thing
	Client  term.ClientID
	Visit   term.VisitID
	Path    string // page the tablet is locked to; other paths are refused
}

// None says that there is no guest scope.
func (g GuestScope) None() bool { return g.Kind == "" }

// System is the actor of jobs, set-up and the command line; name says which one.
func System(name string) Actor { return Actor{Name: name, Lang: words.ZH, system: true} }

// IsSystem says that no person stands behind the deed.
func (a Actor) IsSystem() bool { return a.system }

// SignedIn says that a member of staff is there and not locked out by idling, and that the
// device is not in a client's hands.
func (a Actor) SignedIn() bool { return a.Staff != 0 && !a.Locked && a.Guest.None() }

// Is says whether the actor holds the role. The system holds none.
func (a Actor) Is(r Role) bool { return slices.Contains(a.Roles, r) }

// LeadPhysician is the duty of a physician who holds the credential (rulings 3): no role of its
// own, but a duty that can be asked for.
const LeadPhysician = "lead_physician"

// Holds says whether the actor has the duty that somebody is asked for.
func (a Actor) Holds(duty string) bool {
	if duty == LeadPhysician {
		return a.Lead && a.Is(Physician)
	}
	return a.Is(Role(duty))
}

// May says whether the actor may do what the permission names. Unknown permissions are
// refused to everybody, and a handed-over or locked device may do nothing of its owner's.
func (a Actor) May(p Permission) bool {
	switch p {
	case Anyone:
		return true
	case Lapsed:
		return a.Staff != 0
	case SignedIn:
		return a.system || a.SignedIn()
	case Handover:
		return !a.Guest.None()
	case ProfileSave: // one's own secrets, also before anybody gave a role
		return a.system || a.SignedIn()
	}
	holders, known := registry[p]
	if !known {
		return false
	}
	if a.system {
		return true
	}
	if !a.Guest.None() {
		return handed[p]
	}
	return a.SignedIn() && slices.ContainsFunc(holders, a.Is)
}

// RoleFor is the role under which the actor does p, for the trail.
func (a Actor) RoleFor(p Permission) string {
	if a.system {
		return "system"
	}
	if !a.Guest.None() {
		return "guest"
	}
	for _, r := range a.Roles {
		if slices.Contains(registry[p], r) {
			return string(r)
		}
	}
	if len(a.Roles) > 0 {
		return string(a.Roles[0])
	}
	return ""
}
