package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/words"
)

func TestMay(t *testing.T) {
	t.Parallel()
	owner := access.Actor{Staff: 1, Roles: []access.Role{access.Owner}}

	t.Run("a permission nobody declared is refused to everybody, the system too", func(t *testing.T) {
		t.Parallel()
		require.False(t, owner.May("made.up"))
		require.False(t, access.System("job").May("made.up"))
	})

	t.Run("a locked session may only unlock", func(t *testing.T) {
		t.Parallel()
		locked := owner
		locked.Locked = true
		require.True(t, owner.May(access.StaffView))
		require.False(t, locked.May(access.StaffView))
		require.False(t, locked.May(access.SignedIn))
		require.True(t, locked.May(access.Lapsed))
	})

	t.Run("a tablet in a client's hands may nothing of its owner's", func(t *testing.T) {
		t.Parallel()
		handed := owner
		handed.Guest = access.GuestScope{Kind: "form", Path: "/form/1"}
		for _, p := range access.All() {
			if handed.May(p) {
				require.Contains(t, []access.Permission{access.DraftSave, access.FormView, access.FormSave, access.FormSign, access.RatingGive, access.RequestMake, access.IntakeGive, "document.sign", "document.view", "consent.refuse"}, p)
			}
		}
		for _, f := range access.Fields {
			require.False(t, handed.Sees(f))
		}
	})

	t.Run("the audit administrator reads and never writes", func(t *testing.T) {
		t.Parallel()
		audit := access.Actor{Staff: 2, Roles: []access.Role{access.AuditAdmin}}
		require.True(t, audit.May(access.TrailView))
		for _, p := range []access.Permission{access.StaffAdd, access.StaffGrant, access.SettingsSave, access.BackupMake} {
			require.False(t, audit.May(p), p)
		}
	})
}

func TestSees(t *testing.T) {
	t.Parallel()
	front := access.Actor{Staff: 1, Roles: []access.Role{access.Reception}}
	require.True(t, front.Sees(access.FieldPhone))
	require.True(t, front.Sees(access.FieldAlarm), "that there are red words, not which")
	for _, f := range []access.Field{access.FieldAllergies, access.FieldAnswers, access.FieldDiagnosis, access.FieldPhotos, access.FieldTrail} {
		require.False(t, front.Sees(f), "row:Q1, the front desk and %s", f)
	}
}

func TestRoleOf(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]access.Role{
		"主诊医师": access.Physician, "医师": access.Physician, "护士": access.Nurse, "qa": access.Quality,
		"lead_physician": access.Physician, "dpo": access.Owner, "reception": access.Reception, "路人": "",
	} {
		role, lead := access.RoleOf(word)
		require.Equal(t, want, role, word)
		require.Equal(t, word == "主诊医师" || word == "lead_physician", lead, word)
	}
}

func TestRolesHaveNames(t *testing.T) {
	t.Parallel()
	for _, r := range access.Roles {
		require.True(t, words.ZH.Has(r.Key()) && words.EN.Has(r.Key()), r)
	}
}
