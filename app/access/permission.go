package access

import (
	"fmt"
	"slices"
	"strings"
)

// Permission is the word of a deed or a view, as `visit.arrive`.
type Permission string

// Specials, for routes that no role table governs.
const (
	// Anyone needs no login: the login page, static files, health.
	Anyone Permission = "anyone"
	// SignedIn is every member of staff with a living session, whatever the role.
	SignedIn Permission = "signed.in"
	// Handover is the session of a tablet handed to a client: one form and nothing else.
	Handover Permission = "handover"
	// Lapsed is a signed-in session that may be idle-locked: unlocking and logging out.
	Lapsed Permission = "lapsed"
)

var registry = map[Permission][]Role{}

// allow declares a permission with the roles that hold it. It is called from package
// variables only, one file per room, so that each word is declared exactly once.
func allow(word string, roles ...Role) Permission {
	p := Permission(word)
	if _, twice := registry[p]; twice || !strings.Contains(word, ".") {
		panic("access: permission declared twice or without a dot: " + word)
	}
	registry[p] = roles
	return p
}

var handed = map[Permission]bool{}

// allowHandover is allow for a deed that a client may also do on a tablet handed over.
func allowHandover(word string, roles ...Role) Permission {
	p := allow(word, roles...)
	handed[p] = true
	return p
}

// everyone is the list of the ten duties, for views that all of the house needs.
func everyone() []Role { return slices.Clone(Duties) }

// All lists the declared permissions in alphabetical order.
func All() []Permission {
	all := make([]Permission, 0, len(registry))
	for p := range registry {
		all = append(all, p)
	}
	slices.Sort(all)
	return all
}

// Holders lists the roles that hold a permission.
func Holders(p Permission) []Role { return slices.Clone(registry[p]) }

// Known says whether the permission was declared.
func (p Permission) Known() bool { _, ok := registry[p]; return ok }

// Matrix prints the authority matrix: one line a permission, one column a role.
// testdata/authority.txt holds it for the owner to read.
func Matrix() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s", "permission")
	for _, r := range Roles {
		fmt.Fprintf(&b, " %-11s", r)
	}
	b.WriteString("\n")
	for _, p := range All() {
		line := fmt.Sprintf("%-28s", p)
		for _, r := range Roles {
			mark := "."
			if slices.Contains(registry[p], r) {
				mark = "yes"
			}
			line += fmt.Sprintf(" %-11s", mark)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	b.WriteString("\nasked again after five minutes\n")
	for _, p := range All() {
		if how, ok := map[Proof]string{ByPIN: "PIN or password", ByPassword: "password"}[p.Proof()]; ok {
			fmt.Fprintf(&b, "%-28s %s\n", p, how)
		}
	}
	b.WriteString("\n" + fieldMatrix())
	return b.String()
}
