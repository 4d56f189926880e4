package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
)

func someone(roles ...access.Role) access.Actor { return access.Actor{Staff: 1, Roles: roles} }

func TestFormDuties(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code                     string
		role                     access.Role
		begin, fill, sign, reads bool
	}{
		{"F1", access.Reception, true, true, true, true},
		{"F1", access.Storekeeper, false, false, false, false},
		{"F2", access.Reception, true, false, false, false},
		{"F2", access.Nurse, true, true, true, true},
		{"F2", access.Consultant, true, false, false, true},
		{"F2", access.Manager, true, false, false, false},
		{"F2-NURSE", access.Reception, false, false, false, false},
		{"F2-NURSE", access.Nurse, true, true, true, true},
		{"F4", access.Consultant, true, true, true, true},
		{"F5", access.Consultant, true, true, false, true},
		{"F5", access.Physician, true, true, true, true},
		{"F7-BTX", access.Physician, true, true, true, true},
		{"F7-BTX", access.Consultant, false, false, false, false},
		{"F8-AC-HA", access.Aftercare, true, true, true, true},
		{"F15", access.Nurse, false, false, false, true},
		{"F16-ROOM", access.Storekeeper, false, false, false, true},
		{"F16-TODAY", access.Storekeeper, false, false, false, false},
		{"F17", access.Reception, true, true, true, true},
		{"F170", access.Owner, false, false, false, false},
		{"F99", access.Physician, false, false, false, false},
	} {
		by := someone(c.role)
		require.Equal(t, c.begin, by.BeginsForm(c.code), "%s begins %s", c.role, c.code)
		require.Equal(t, c.fill, by.FillsForm(c.code), "%s fills %s", c.role, c.code)
		require.Equal(t, c.sign, by.SignsForm(c.code), "%s signs %s", c.role, c.code)
		require.Equal(t, c.reads, by.ReadsForm(c.code), "%s reads %s", c.role, c.code)
	}
}

func TestFormsInTheClientsHands(t *testing.T) {
	t.Parallel()
	by := someone(access.Physician)
	by.Guest = access.GuestScope{Kind: "form", Path: "/form/handover/1"}
	require.True(t, by.FillsForm("F1"))
	require.True(t, by.FillsForm("F2"))
	require.False(t, by.FillsForm("F15"))
	require.False(t, by.SignsForm("F4"))
	require.False(t, by.ReadsForm("F2"), "what was filled is not to be read on a tablet handed over")
	require.False(t, by.BeginsForm("F2"))
	require.True(t, by.SeesLevel("F2", "P3"))
	locked := someone(access.Physician)
	locked.Locked = true
	require.False(t, locked.FillsForm("F15"))
}

func TestSensitivityOfAnswers(t *testing.T) {
	t.Parallel()
	require.False(t, someone(access.Reception).SeesLevel("F2", ""))
	require.True(t, someone(access.Reception).SeesLevel("F1", "P2"), "who fills the basics sees what is asked in them")
	require.False(t, someone(access.Consultant).SeesLevel("F2", "P3"))
	require.True(t, someone(access.Consultant).SeesLevel("F2", ""))
	require.True(t, someone(access.Physician).SeesLevel("F2", "P3"))
	require.False(t, someone(access.Cashier).SeesLevel("F17", "P2"))
}
