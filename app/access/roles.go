// Package access says who may do what. A permission is the word of a deed
// (`visit.arrive`), declared once beside the roles that hold it from the start; the same
// word stands beside the route, opens the deed and names the act in the trail. The package
// also knows the actor of a request and which sensitive fields each role sees (rulings 32).
package access

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// Role is a duty of the clinic that a person holds.
type Role string

// The duties of the clinic (rulings 3). The last three are rights held beside a duty:
// whoever administers the system does not thereby see records.
const (
	Reception   Role = "reception"
	Consultant  Role = "consultant"
	Physician   Role = "physician"
	Nurse       Role = "nurse"
	Cashier     Role = "cashier"
	Storekeeper Role = "storekeeper"
	Aftercare   Role = "aftercare"
	Quality     Role = "quality"
	Manager     Role = "manager"
	Owner       Role = "owner"
	SysAdmin    Role = "sysadmin"
	SecAdmin    Role = "secadmin"
	AuditAdmin  Role = "auditadmin"
)

// Roles lists every duty and right in the order of the day.
var Roles = []Role{
	Reception, Consultant, Physician, Nurse, Cashier, Storekeeper, Aftercare,
	Quality, Manager, Owner, SysAdmin, SecAdmin, AuditAdmin,
}

// Duties are the ten roles with a screen of their own, without the three rights.
var Duties = Roles[:10]

// Known says whether the role exists; an unknown role holds nothing.
func (r Role) Known() bool { return slices.Contains(Roles, r) }

// Key is the catalogue key of the role's name.
func (r Role) Key() string { return "access.role." + string(r) }

//go:embed roles_zh.json
var wordsOfRoles []byte

var roleOfWord = readRoleWords()

func readRoleWords() map[string]Role {
	var table map[string]Role
	if err := json.Unmarshal(wordsOfRoles, &table); err != nil {
		panic("access: roles_zh.json: " + err.Error())
	}
	return table
}

// RoleOf maps the Chinese words of the clinic's tables (and the short names of sop.md) to
// roles; lead says that the word demands a lead physician. Unknown words give "".
func RoleOf(word string) (role Role, lead bool) {
	word = strings.TrimSpace(word)
	if r := Role(word); r.Known() {
		return r, false
	}
	r := roleOfWord[word]
	if r == "lead_physician" {
		return Physician, true
	}
	return r, false
}
