package admin

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
)

// TestWhoMayGrantWhat is the rule of every grant and of one-time passwords as a table.
func TestWhoMayGrantWhat(t *testing.T) {
	t.Parallel()
	who := func(roles ...access.Role) access.Actor { return access.Actor{Staff: 1, Roles: roles} }
	owner, sys, sec := who(access.Owner), who(access.SysAdmin), who(access.SecAdmin)
	const crownKey, joinedKey, forbidden = "admin.staff.crown", "admin.staff.joined", "fault.forbidden.by"
	for name, c := range map[string]struct {
		grant
		key string // of the refusal; "" is allowed
	}{
		"nothing changes":                            {grant{by: sys, have: []string{"nurse"}, want: []access.Role{access.Nurse}}, ""},
		"who rules over rights gives a duty":         {grant{by: sec, have: []string{"nurse"}, want: []access.Role{access.Nurse, access.Aftercare}}, ""},
		"who runs the system gives nothing":          {grant{by: sys, want: []access.Role{access.Nurse}}, forbidden},
		"nor the mark of a lead":                     {grant{by: sys, lead: true}, forbidden},
		"who runs the system closes an account":      {grant{by: sys, have: []string{"nurse"}, want: []access.Role{access.Nurse}, open: true}, ""},
		"but not a fellow administrator's":           {grant{by: sys, have: []string{"secadmin"}, want: []access.Role{access.SecAdmin}, open: true}, crownKey},
		"nor that of who looks on":                   {grant{by: sys, have: []string{"nurse", "auditadmin"}, want: []access.Role{access.Nurse, access.AuditAdmin}, open: true}, crownKey},
		"nor the owner's":                            {grant{by: sys, have: []string{"owner"}, want: []access.Role{access.Owner}, open: true}, crownKey},
		"nor does he touch his own":                  {grant{by: sys, own: true, have: []string{"sysadmin"}, want: []access.Role{access.SysAdmin}, open: true}, crownKey},
		"the owner closes an administrator's":        {grant{by: owner, have: []string{"secadmin"}, want: []access.Role{access.SecAdmin}, open: true}, ""},
		"nobody gives himself a duty":                {grant{by: sec, own: true, have: []string{"secadmin"}, want: []access.Role{access.SecAdmin, access.Nurse}}, crownKey},
		"nor a fellow administrator":                 {grant{by: sec, have: []string{"sysadmin"}, want: []access.Role{access.SysAdmin, access.Physician}}, crownKey},
		"nor who looks on":                           {grant{by: sec, have: []string{"auditadmin"}, want: []access.Role{access.AuditAdmin, access.Physician}}, crownKey},
		"nor makes him a lead":                       {grant{by: sec, have: []string{"sysadmin"}, want: []access.Role{access.SysAdmin}, lead: true}, crownKey},
		"nor takes his right away":                   {grant{by: sec, have: []string{"auditadmin", "nurse"}, want: []access.Role{access.Nurse}}, crownKey},
		"nor makes somebody look on":                 {grant{by: sec, have: []string{"nurse"}, want: []access.Role{access.Nurse, access.AuditAdmin}}, crownKey},
		"nor an owner":                               {grant{by: sec, have: []string{"nurse"}, want: []access.Role{access.Owner}}, crownKey},
		"the owner names an administrator":           {grant{by: owner, have: []string{"nurse"}, want: []access.Role{access.Nurse, access.SecAdmin}}, ""},
		"but joins no two":                           {grant{by: owner, have: []string{"sysadmin"}, want: []access.Role{access.SysAdmin, access.AuditAdmin}}, joinedKey},
		"not in a new person":                        {grant{by: owner, want: []access.Role{access.SecAdmin, access.AuditAdmin}}, joinedKey},
		"not at the console":                         {grant{by: access.System("console"), want: []access.Role{access.SysAdmin, access.SecAdmin}}, joinedKey},
		"unless in an owner":                         {grant{by: access.System("console"), want: []access.Role{access.Owner, access.SysAdmin, access.SecAdmin}}, ""},
		"who stops being the owner keeps no two":     {grant{by: owner, have: []string{"owner", "sysadmin", "secadmin"}, want: []access.Role{access.SysAdmin, access.SecAdmin}}, joinedKey},
		"two that stand from before are not changed": {grant{by: owner, have: []string{"sysadmin", "secadmin"}, want: []access.Role{access.SysAdmin, access.AuditAdmin}}, joinedKey},
		"two that stand from before may become less": {grant{by: owner, have: []string{"sysadmin", "secadmin", "nurse"}, want: []access.Role{access.SysAdmin, access.SecAdmin}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.key, keyOf(c.allowed()))
		})
	}
	for role, key := range map[string]string{"nurse": "", "manager": "", "owner": crownKey, "sysadmin": crownKey, "auditadmin": crownKey} {
		person := store.Staff{ID: 2, Roles: []string{role}}
		require.Equal(t, key, keyOf(mayReset(sec, person)), "a one-time password of %s", role)
		require.NoError(t, mayReset(owner, person))
	}
	require.NoError(t, mayReset(sec, store.Staff{ID: 1, Roles: []string{"secadmin"}}), "one's own")
	require.NoError(t, mayClear(sec, store.Staff{ID: 2, Roles: []string{"auditadmin"}}))
	require.Equal(t, crownKey, keyOf(mayClear(sec, store.Staff{ID: 2, Roles: []string{"auditadmin", "sysadmin"}})))
}

func keyOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}
